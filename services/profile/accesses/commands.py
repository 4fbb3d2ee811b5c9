"""Noting who looked: views note by themselves, other doors by `noted`."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Text, case, exists, func, literal_column, or_
from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.accesses.rules import AccessPath
from services.profile.consents.models import ConsentGrant
from services.profile.people.models import Person, PersonGrant, org_tree, reporting_line
from services.profile.people.rules import NOBODY, GrantRole
from services.profile.tables import ACCESS_LOG
from shared import accesses
from shared.accesses import Accesses
from shared.accesses.table import Given
from shared.tenancy import Principal


async def noted(
    session: AsyncSession, principal: Principal, *, what: str, people: Iterable[UUID]
) -> None:
    """In the transaction of the reading; what one reads of oneself is no news."""
    await accesses.note(session, principal, ACCESSES, what=what, people=people)


def _via(given: Given) -> ColumnElement[str]:
    """As of the moment of writing, a breath after the reading."""
    leads = exists().where(
        reporting_line.c.ancestor_id == given.reader_id,
        reporting_line.c.descendant_id == given.subject_id,
        reporting_line.c.depth >= 1,
    )
    by_path: tuple[tuple[ColumnElement[bool], AccessPath], ...] = (
        (given.reader_id.is_(None), AccessPath.CLIENT),
        (leads, AccessPath.MANAGER),
        (_looks_after(given), AccessPath.HR_PARTNER),
        (_is_let_in(given), AccessPath.CONSENT),
        (_holds(given, GrantRole.ADMIN), AccessPath.ADMIN),
    )
    chosen = ((condition, _text(path)) for condition, path in by_path)
    return case(*chosen, else_=_text(AccessPath.OTHER))


def _text(path: AccessPath) -> ColumnElement[str]:
    return literal_column(f"'{path}'", Text())


def _holds(given: Given, role: GrantRole, *further: ColumnElement[bool]) -> Any:
    return exists().where(
        PersonGrant.person_id == given.reader_id, PersonGrant.role == role, *further
    )


def _looks_after(given: Given) -> Any:
    covered = exists().where(
        Person.id == given.subject_id,
        org_tree.c.descendant_id == Person.org_unit_id,
        org_tree.c.ancestor_id == PersonGrant.org_unit_id,
    )
    return _holds(given, GrantRole.HR_PARTNER, or_(PersonGrant.org_unit_id.is_(None), covered))


def _is_let_in(given: Given) -> Any:
    return exists().where(
        ConsentGrant.subject_id == given.subject_id,
        or_(ConsentGrant.grantee_id == given.reader_id, ConsentGrant.grantee_id.is_(None)),
        ConsentGrant.revoked_at.is_(None),
        or_(ConsentGrant.until.is_(None), ConsentGrant.until > func.now()),
    )


def _is_erased(given: Given) -> Any:
    return exists().where(Person.id == given.subject_id, Person.display_name == NOBODY)


ACCESSES = Accesses(ACCESS_LOG, _via, _is_erased)
