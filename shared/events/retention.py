"""Removing what has served: relayed events of the outbox, ids of applied events in the inbox.

Row-level security hides all tenants but one, so each tenant has a job of its own, planned for the next day whenever
it has events.
"""

from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import text

from shared import clock, jobs
from shared.db import Database
from shared.jobs import Job, Jobs, NewJob
from shared.tenancy import Principal

PURGE = "events.purge"
ROWS_AT_ONCE = 5_000


class Retention:
    """How long relayed events and the ids of applied ones are kept; remembers for which tenants today is planned."""

    def __init__(
        self, *, outbox: timedelta = timedelta(days=7), inbox: timedelta = timedelta(days=30)
    ) -> None:
        self.outbox = outbox
        self.inbox = inbox
        self._day: date | None = None
        self._planned: set[UUID] = set()

    def add_job(self, registry: Jobs) -> None:
        async def purge(database: Database, principal: Principal, _job: Job) -> None:
            now = clock.now()
            await purge_outbox(database, principal.tenant_id, before=now - self.outbox)
            await purge_inbox(database, principal.tenant_id, before=now - self.inbox)

        registry.job(PURGE, at_once=1, most_attempts=None)(purge)

    async def plan(self, database: Database, tenant_id: UUID) -> None:
        """The first time of a day that a tenant has events, its purge is planned for the next day."""
        today = clock.today()
        if today != self._day:
            self._day, self._planned = today, set()
        if tenant_id in self._planned:
            return
        principal = Principal.system(tenant_id, PURGE)
        job = NewJob(PURGE, dedupe_key=today.isoformat(), delay=timedelta(days=1))
        async with database.transaction(tenant_id) as session:
            await jobs.enqueue_many(session, principal, jobs=[job])
        self._planned.add(tenant_id)


async def purge_outbox(database: Database, tenant_id: UUID, *, before: datetime) -> int:
    """Removes the relayed events of before that instant, in transactions of their own; answers how many."""
    return await _purge(database, tenant_id, _OUTBOX, before)


async def purge_inbox(database: Database, tenant_id: UUID, *, before: datetime) -> int:
    return await _purge(database, tenant_id, _INBOX, before)


async def _purge(database: Database, tenant_id: UUID, statement: str, before: datetime) -> int:
    removed = 0
    while True:
        async with database.transaction(tenant_id) as session:
            parameters = {"oldest": _oldest_id(before), "rows": ROWS_AT_ONCE}
            result = await session.execute(text(statement), parameters)
            count = len(result.all())
        removed += count
        if count < ROWS_AT_ONCE:
            return removed


def _oldest_id(instant: datetime) -> UUID:
    """Ids are UUIDv7, so those of before an instant are the smaller ones: no index of times is needed."""
    return UUID(int=int(instant.timestamp() * 1000) << 80)


_OUTBOX = """
    DELETE FROM outbox_event WHERE (tenant_id, id) IN (
        SELECT tenant_id, id FROM outbox_event
        WHERE id < :oldest AND relayed_at IS NOT NULL ORDER BY id LIMIT :rows
    ) RETURNING 1
"""

_INBOX = """
    DELETE FROM inbox_event WHERE (tenant_id, consumer, event_id) IN (
        SELECT tenant_id, consumer, event_id FROM inbox_event
        WHERE event_id < :oldest LIMIT :rows
    ) RETURNING 1
"""
