"""Texts of a network at rest: each sealed with the key of who wrote it, for its own place in its own row."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.tables import PERSON_KEYS
from shared import sealing
from shared.sealing import marked
from shared.views import Columns, Scalar

_KEY = PERSON_KEYS.c


async def sealed(
    session: AsyncSession, author_id: UUID, row_id: UUID, texts: Mapping[str, str | None]
) -> dict[str, bytes | None]:
    """Raises `KeyDestroyed`."""
    keys = sealing.keys_of(session)
    return {
        name: None
        if text is None
        else await keys.seal(session, author_id, text, bound_to=row_id.bytes)
        for name, text in texts.items()
    }


async def opened(session: AsyncSession, author_id: UUID, row: Any, *names: str) -> dict[str, Any]:
    """The texts of these columns; nothing once the key is gone."""
    keys = sealing.keys_of(session)
    wrapped = await session.scalar(select(_KEY.wrapped).where(_KEY.person_id == author_id))
    return {
        name: keys.open(
            wrapped, stored, tenant_id=row.tenant_id, person_id=author_id, bound_to=row.id.bytes
        )
        if (stored := getattr(row, name)) is not None
        else None
        for name in names
    }


def shown(name: str, author: str = "owner_id") -> Scalar:
    """For views: the text marked, to be opened outside of the database."""

    def text(row: Columns) -> ColumnElement[str]:
        key = select(_KEY.wrapped).where(_KEY.person_id == row[author])
        return marked.mark(
            tenant_id=row.tenant_id,
            person_id=row[author],
            bound_to=(row.id,),
            wrapped=key.correlate_except(PERSON_KEYS).scalar_subquery(),
            sealed=row[name],
        )

    return Scalar(text)
