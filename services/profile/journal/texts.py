"""Texts of a journal at rest: sealed with their person's key, each for its own row."""

from collections.abc import Callable
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.tables import PERSON_KEYS
from shared import sealing
from shared.sealing import marked
from shared.views import Columns, Scalar

_KEY = PERSON_KEYS.c

Opener = Callable[[UUID, bytes | None], str | None]


async def seal(session: AsyncSession, person_id: UUID, row_id: UUID, text: str) -> bytes:
    """Raises `KeyDestroyed`."""
    return await sealing.keys_of(session).seal(session, person_id, text, bound_to=row_id.bytes)


async def opener(session: AsyncSession, person_id: UUID) -> Opener:
    """Opens what is sealed for this person, by the row's id; nothing once the key is gone."""
    wrapped = await session.scalar(select(_KEY.wrapped).where(_KEY.person_id == person_id))
    keys, tenant_id = sealing.keys_of(session), session.info["tenant_id"]

    def opened(row_id: UUID, sealed: bytes | None) -> str | None:
        if sealed is None:
            return None
        return keys.open(
            wrapped, sealed, tenant_id=tenant_id, person_id=person_id, bound_to=row_id.bytes
        )

    return opened


def shown(of: str = "id") -> Scalar:
    """For views: the row's text marked, to be opened outside of the database. `of`: the id that it is sealed for."""

    def text(row: Columns) -> ColumnElement[str]:
        key = select(_KEY.wrapped).where(_KEY.person_id == row.person_id)
        return marked.mark(
            tenant_id=row.tenant_id,
            person_id=row.person_id,
            bound_to=(row[of],),
            wrapped=key.correlate_except(PERSON_KEYS).scalar_subquery(),
            sealed=row.sealed,
        )

    return Scalar(text)
