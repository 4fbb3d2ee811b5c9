"""Work that only one worker does at a time: a row of `queue.job` that is held and never done.

A lease and not a lock of the database's session, which a pooler between transactions would not keep.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from uuid import NAMESPACE_OID, uuid5

import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.db import Database
from shared.ids import new_id

log = structlog.get_logger("jobs")

LEASE_SECONDS = 4.0
RENEW_SECONDS = 1.0


class Turn:
    """One worker's claim to a turn. Whoever holds it renews it; of a killed one it is free after LEASE_SECONDS."""

    def __init__(self, database: Database, name: str) -> None:
        self._engine = database.engine.execution_options(isolation_level="AUTOCOMMIT")
        self._identity = {
            "id": uuid5(NAMESPACE_OID, f"turn.{name}"),
            "name": f"turn.{name}",
            "holder": new_id(),
            "seconds": LEASE_SECONDS,
        }
        self.lost = asyncio.Event()

    @asynccontextmanager
    async def mine(self, stop: asyncio.Event) -> AsyncIterator[bool]:
        """Waits for the turn and keeps it for the block; False when `stop` came first.

        `lost` is set when it could not be kept. Raises when the database is away.
        """
        asked_at = time.monotonic()
        while not await self._claim():
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), RENEW_SECONDS / 2)
            if stop.is_set():
                yield False
                return
            asked_at = time.monotonic()
        self.lost.clear()
        keeping = asyncio.create_task(self._keep(asked_at + LEASE_SECONDS))
        try:
            yield True
        finally:
            keeping.cancel()
            with suppress(Exception):
                async with self._connection() as connection:
                    await connection.execute(_END, self._identity)

    async def _keep(self, sure_until: float) -> None:
        """The clock runs from before the question, so that this side gives up first."""
        while time.monotonic() + RENEW_SECONDS < sure_until:
            await asyncio.sleep(RENEW_SECONDS)
            asked_at = time.monotonic()
            with suppress(Exception):
                async with asyncio.timeout(max(0.1, sure_until - asked_at)):
                    if not await self._claim():
                        break
                sure_until = asked_at + LEASE_SECONDS
        log.warning("turn lost", turn=self._identity["name"])
        self.lost.set()

    async def _claim(self) -> bool:
        async with self._connection() as connection:
            return (await connection.execute(_CLAIM, self._identity)).first() is not None

    def _connection(self) -> AsyncConnection:
        return self._engine.connect()


_CLAIM = text(
    """
    INSERT INTO queue.job AS job (id, name, arguments, attempts, holder, due_at, wanted_at)
    VALUES (:id, :name, '{}', 1, :holder, now() + make_interval(secs => :seconds), 'infinity')
    ON CONFLICT (id) DO UPDATE SET holder = excluded.holder, due_at = excluded.due_at
    WHERE job.holder = excluded.holder OR job.holder IS NULL OR job.due_at < now()
    RETURNING 1
    """
)

_END = text(
    "UPDATE queue.job SET holder = NULL, due_at = now() WHERE id = :id AND holder = :holder"
)
