"""Noting who looked: views note by themselves, other doors by `noted`."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Text,
    and_,
    case,
    cast,
    exists,
    func,
    literal_column,
    null,
    or_,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from services.goals.accesses.rules import AccessPath, Kept
from services.goals.goals.models import Goal
from services.goals.goals.queries import told
from services.goals.goals.rules import Visibility
from services.goals.people.models import NOBODY, Person, org_unit_tree, person_tree
from services.goals.tables import ACCESS_LOG
from shared import accesses
from shared.accesses import Accesses
from shared.accesses.table import Given
from shared.tenancy import Principal


async def noted(
    session: AsyncSession, principal: Principal, *, what: Kept, people: Iterable[UUID]
) -> None:
    """In the transaction of the reading; what one reads of oneself is no news."""
    await accesses.note(session, principal, ACCESSES, what=what, people=people)


def _via(given: Given) -> ColumnElement[str]:
    """As of the moment of writing, a breath after the reading, by this service's copy of the organisation."""
    leads = exists().where(
        person_tree.c.ancestor_id == given.reader_id,
        person_tree.c.descendant_id == given.subject_id,
        person_tree.c.depth >= 1,
    )
    return case(
        (given.reader_id.is_(None), _text(AccessPath.CLIENT)),
        (leads, _text(AccessPath.MANAGER)),
        (_looks_after(given), _text(AccessPath.HR_PARTNER)),
        (and_(given.what == Kept.GOALS.value, _shows(given)), _text(AccessPath.SHARED)),
        else_=_text(AccessPath.OTHER),
    )


def _text(path: AccessPath) -> ColumnElement[str]:
    return literal_column(f"'{path}'", Text())


def _looks_after(given: Given) -> Any:
    reader, subject = aliased(Person), aliased(Person)
    over_unit = exists().where(
        subject.id == given.subject_id,
        org_unit_tree.c.descendant_id == subject.org_unit_id,
        _grants(reader, cast(org_unit_tree.c.ancestor_id, Text)),
    )
    return exists().where(
        reader.id == given.reader_id, or_(_grants(reader, null()), over_unit.correlate(reader))
    )


def _grants(reader: Any, unit: ColumnElement[Any]) -> ColumnElement[bool]:
    grant = func.jsonb_build_object("role", "HR_PARTNER", "org_unit_id", unit)
    held: ColumnElement[bool] = cast(reader.grants, JSONB).contains(func.jsonb_build_array(grant))
    return held


def _shows(given: Given) -> Any:
    """Whether the person has a goal that is for everybody, or for the team of which the reader is."""
    reader, subject = aliased(Person), aliased(Person)
    together = exists().where(
        reader.id == given.reader_id,
        subject.id == given.subject_id,
        reader.manager_id == subject.manager_id,
    )
    return exists().where(
        Goal.person_id == given.subject_id,
        told(Goal),
        or_(
            Goal.visibility == Visibility.ORG.value,
            and_(Goal.visibility == Visibility.TEAM.value, together),
        ),
    )


def _is_erased(given: Given) -> Any:
    return exists().where(Person.id == given.subject_id, Person.display_name == NOBODY)


ACCESSES = Accesses(ACCESS_LOG, _via, _is_erased)
