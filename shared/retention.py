"""Rows that have served: removed after a time, in small transactions, and counted.

Row-level security hides all tenants but one, so each tenant has a job of its own. It is planned for the next day
whenever the tenant has something to do, and comes again for as long as there are rows: also of who has fallen silent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

import structlog
from prometheus_client import Counter
from sqlalchemy import text

from shared import clock, jobs
from shared.db import Database
from shared.jobs import Job, Jobs, NewJob
from shared.tenancy import Principal

log = structlog.get_logger("retention")

ROWS_AT_ONCE = 1_000
REMOVED = Counter(
    "waymark_retention_removed", "Rows removed because they have served", ["service", "kind"]
)


@dataclass(frozen=True, slots=True)
class Kind:
    """Rows of `table` that are kept for so long.

    `purge` removes at most `:rows` of the tenant's that have served since before `:before`, and answers one row for
    each. `:oldest` is the first id of that instant, for ids are UUIDv7.
    """

    name: str
    table: str
    kept: timedelta
    purge: str


class Retention:
    """The kinds of one job; remembers for which tenants today's is planned."""

    def __init__(self, job: str, kinds: Sequence[Kind]) -> None:
        self.kinds = kinds
        self._job = job
        self._day: date | None = None
        self._planned: set[UUID] = set()

    def add_job(self, registry: Jobs, *, formerly: Sequence[str] = ()) -> None:
        """`formerly`: names under which a worker of before may still have planned it."""

        async def purge(database: Database, principal: Principal, _job: Job) -> None:
            await self.sweep(database, principal.tenant_id, service=registry.service)
            await self._plan_again(database, principal.tenant_id)

        for name in (self._job, *formerly):
            registry.job(name, at_once=1, most_attempts=None)(purge)

    async def plan(self, database: Database, tenant_id: UUID) -> None:
        """The first time of a day that a tenant has something to do, its purge is planned for the next day."""
        today = clock.today()
        if today != self._day:
            self._day, self._planned = today, set()
        if tenant_id not in self._planned:
            await self._enqueue(database, tenant_id)
            self._planned.add(tenant_id)

    async def sweep(self, database: Database, tenant_id: UUID, *, service: str) -> dict[str, int]:
        """Removes of each kind what is old enough; answers and reports how many."""
        now = clock.now()
        removed = {
            kind.name: await _purge(database, tenant_id, kind, before=now - kind.kept)
            for kind in self.kinds
        }
        report(service, tenant_id, removed)
        return removed

    async def _plan_again(self, database: Database, tenant_id: UUID) -> None:
        tables = sorted({kind.table for kind in self.kinds})
        held = " OR ".join(f"EXISTS (SELECT FROM {table})" for table in tables)
        async with database.transaction(tenant_id) as session:
            more = await session.scalar(text(f"SELECT {held}"))
        if more:
            await self._enqueue(database, tenant_id)

    async def _enqueue(self, database: Database, tenant_id: UUID) -> None:
        principal = Principal.system(tenant_id, self._job)
        key = clock.today().isoformat()
        job = NewJob(self._job, dedupe_key=key, delay=timedelta(days=1))
        async with database.transaction(tenant_id) as session:
            await jobs.enqueue_many(session, principal, jobs=[job])


def report(service: str, tenant_id: UUID, removed: Mapping[str, int]) -> None:
    """A line for what was removed, if anything was; and the metric."""
    for kind, count in removed.items():
        REMOVED.labels(service, kind).inc(count)
    if any(removed.values()):
        log.info("rows removed", service=service, tenant=str(tenant_id), **removed)


async def _purge(database: Database, tenant_id: UUID, kind: Kind, *, before: datetime) -> int:
    removed = 0
    parameters = {"before": before, "oldest": _oldest_id(before), "rows": ROWS_AT_ONCE}
    while True:
        async with database.transaction(tenant_id) as session:
            count = len((await session.execute(text(kind.purge), parameters)).all())
        removed += count
        if count < ROWS_AT_ONCE:
            return removed


def _oldest_id(instant: datetime) -> UUID:
    return UUID(int=int(instant.timestamp() * 1000) << 80)
