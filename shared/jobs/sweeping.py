"""Long work over many rows in portions: each in a transaction of its own, none read twice in vain."""

from collections.abc import Awaitable, Callable
from typing import TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from shared.db import Database

After = TypeVar("After")


async def sweep(
    database: Database,
    tenant_id: UUID,
    portion: Callable[[AsyncSession, After | None], Awaitable[After | None]],
) -> None:
    """Passes over the rows in the order of their keys, until a whole pass finds nothing left to do.

    `portion` does the rows next after a key (None: from the first on) and answers the last key that it took, None when
    none was left. What comes in behind its back, or is turned to be done again, is found by the next pass.
    """
    after = None
    while True:
        async with database.transaction(tenant_id) as session:
            last = await portion(session, after)
        if last is None and after is None:
            return
        after = last
