"""Read models that are copies: of each thing what was told of it last."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlalchemy.ext.asyncio import AsyncSession


async def keep(session: AsyncSession, model: type[Any], rows: Sequence[Mapping[str, Any]]) -> None:
    """Writes whole rows over those with the same key, in their order and by one prepared statement."""
    await session.execute(_over(model.__table__), rows)


@lru_cache
def _over(table: Table) -> Insert:
    statement = insert(table)
    told = {
        column.name: statement.excluded[column.name]
        for column in table.columns
        if not column.primary_key
    }
    return statement.on_conflict_do_update(
        index_elements=list(table.primary_key.columns), set_=told
    )
