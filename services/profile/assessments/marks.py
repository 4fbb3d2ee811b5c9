"""Marks of what is sealed, for views: they are opened once the statement has run."""

from typing import Any

from sqlalchemy import ColumnElement, select

from services.profile.tables import PERSON_KEYS
from shared.sealing import marked
from shared.views import Columns


def mark(
    row: Columns, bound_to: ColumnElement[Any], kept: ColumnElement[Any]
) -> ColumnElement[str]:
    """`kept` is sealed with the key of the row's person, for the row whose id is `bound_to`."""
    return marked.mark(
        tenant_id=row.tenant_id,
        person_id=row.person_id,
        bound_to=[bound_to],
        wrapped=_wrapped(row.person_id),
        sealed=kept,
    )


def _wrapped(person_id: ColumnElement[Any]) -> ColumnElement[bytes]:
    key = select(PERSON_KEYS.c.wrapped).where(PERSON_KEYS.c.person_id == person_id)
    return key.correlate_except(PERSON_KEYS).scalar_subquery()
