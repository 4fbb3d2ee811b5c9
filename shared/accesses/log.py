"""The log of one process: readings gather in memory and are written together every few moments.

A process that is killed loses what it gathered since the last writing, at most `access_log_seconds` of it; one that is
asked to stop writes first. What must not be lost is written before the answer goes out.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from uuid import UUID

import structlog
from prometheus_client import Counter

from shared import clock
from shared.accesses.marks import CERTAIN, MARK, take_out
from shared.accesses.table import Accesses, Reading, Seen, reader_of, write
from shared.db import Database
from shared.tenancy import Principal

MOST_WAITING = 20_000
LOST = Counter("waymark_access_log_lost_total", "Readings that were not written.", ["service"])

log = structlog.get_logger()


class AccessLog:
    """`database` answers the database of the moment."""

    def __init__(self, name: str, accesses: Accesses, database: Callable[[], Database]) -> None:
        self._accesses = accesses
        self._database = database
        self._lost = LOST.labels(name).inc
        self._waiting: dict[tuple[UUID, Reading], Seen] = {}
        self._one_writer = asyncio.Lock()

    @property
    def waiting(self) -> int:
        """How many readings are not written yet."""
        return len(self._waiting)

    async def take(self, texts: Sequence[str], principal: Principal) -> list[str]:
        """Answers without their marks, which are remembered; waits only for what must not be lost."""
        clean: list[str] = []
        shown: dict[str, None] = {}
        for text in texts:
            if MARK not in text:
                clean.append(text)
                continue
            without, marks = take_out(text)
            clean.append(without)
            shown.update(dict.fromkeys(marks))
        if shown and self._remember(shown, principal):
            await self._write()
        return clean

    def _remember(self, marks: Iterable[str], principal: Principal) -> bool:
        """Each once, however many rows of an answer it stood behind; whether one must not be lost."""
        now, reader, certain = clock.now(), reader_of(principal), False
        today, waiting = now.date(), self._waiting
        for each in marks:
            what, _, subject = each.partition(":")
            if what[0] == CERTAIN:
                what, certain = what[1:], True
            key = (principal.tenant_id, (reader, subject, what, today))
            if (seen := waiting.get(key)) is not None:
                seen.times += 1
                seen.last_at = now
            elif len(waiting) < MOST_WAITING or certain:
                waiting[key] = Seen(1, now, now)
            else:
                self._lost()
        return certain

    async def write(self) -> None:
        """Writes what has gathered; what cannot be written now stays for the next time."""
        try:
            await self._write()
        except Exception as error:  # noqa: BLE001 - whatever it was, the next time may go well
            log.warning("access_log.not_written", error=type(error).__name__)

    async def _write(self) -> None:
        """Each tenant's in a transaction; what one cannot write keeps the others from nothing."""
        async with self._one_writer:
            gathered, self._waiting = self._waiting, {}
            of_tenant: dict[UUID, dict[Reading, Seen]] = defaultdict(dict)
            for (tenant_id, reading), seen in gathered.items():
                of_tenant[tenant_id][reading] = seen
            failed: Exception | None = None
            try:
                for tenant_id in [*of_tenant]:
                    try:
                        await self._write_tenant(tenant_id, of_tenant[tenant_id])
                        del of_tenant[tenant_id]
                    except Exception as error:  # noqa: BLE001 - raised below
                        failed = error
            finally:
                for tenant_id, readings in of_tenant.items():
                    self._put_back(tenant_id, readings)
            if failed is not None:
                raise failed

    async def _write_tenant(self, tenant_id: UUID, readings: dict[Reading, Seen]) -> None:
        async with self._database().transaction(tenant_id) as session:
            await write(session, self._accesses, readings)

    def _put_back(self, tenant_id: UUID, readings: dict[Reading, Seen]) -> None:
        for reading, earlier in readings.items():
            later = self._waiting.setdefault((tenant_id, reading), earlier)
            if later is not earlier:
                later.times += earlier.times
                later.first_at = earlier.first_at

    @asynccontextmanager
    async def kept(self, *, every_seconds: float) -> AsyncIterator[None]:
        """Writes every few moments while the block runs, and once more when it ends."""
        writing = asyncio.create_task(self._keep(every_seconds))
        try:
            yield
        finally:
            writing.cancel()
            with suppress(asyncio.CancelledError):
                await writing
            await self.write()
            self._lost(len(self._waiting))

    async def _keep(self, every_seconds: float) -> None:
        while True:
            await asyncio.sleep(every_seconds)
            if self._waiting:
                await self.write()
