"""Noting who looked: views note by themselves, other doors by `noted`."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Text, case, exists, literal_column
from sqlalchemy.ext.asyncio import AsyncSession

from services.feedback.accesses.rules import CHECK_INS, AccessPath
from services.feedback.people.models import NOBODY, REPORTING, Person
from services.feedback.tables import ACCESS_LOG
from shared import accesses
from shared.accesses import Accesses
from shared.accesses.table import Given
from shared.tenancy import Principal


async def noted(session: AsyncSession, principal: Principal, *, people: Iterable[UUID]) -> None:
    """Of whom check-ins were shown, in the transaction of the reading; one's own are no news."""
    await accesses.note(session, principal, ACCESSES, what=CHECK_INS, people=people)


def _via(given: Given) -> ColumnElement[str]:
    """As of the moment of writing, a breath after the reading, by this service's copy of the organisation."""
    leads = exists().where(
        REPORTING.c.ancestor_id == given.reader_id,
        REPORTING.c.descendant_id == given.subject_id,
        REPORTING.c.depth >= 1,
    )
    return case(
        (given.reader_id.is_(None), _text(AccessPath.CLIENT)),
        (leads, _text(AccessPath.MANAGER)),
        else_=_text(AccessPath.OTHER),
    )


def _text(path: AccessPath) -> ColumnElement[str]:
    return literal_column(f"'{path}'", Text())


def _is_erased(given: Given) -> Any:
    return exists().where(Person.id == given.subject_id, Person.display_name == NOBODY)


ACCESSES = Accesses(ACCESS_LOG, _via, _is_erased)
