"""How long entries stay: for their term, and until the person whom they are about is erased.

What somebody who is erased had looked at stays in the logs of those others, under an id that leads to nothing.
"""

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import Table, delete
from sqlalchemy.ext.asyncio import AsyncSession

from shared import clock, jobs
from shared.jobs import Jobs
from shared.retention import Kind, Retention
from shared.tenancy import Principal

PURGE = "accesses.purge"


def retention(*, kept: timedelta) -> Retention:
    return Retention(PURGE, (Kind("access_log", "access_log_entry", kept, _ENTRIES),))


def with_purge(registry: Jobs | None, service: str, *, kept: timedelta) -> Jobs:
    """A copy of a service's jobs with the purge of its log added."""
    mine = Jobs(service)
    if registry is not None:
        mine.lanes.update(registry.lanes)
        mine.schedules.update(registry.schedules)
    retention(kept=kept).add_job(mine)
    return mine


async def plan(session: AsyncSession, planned: dict[UUID, date]) -> None:
    """The first entry that a process writes a tenant on a day plans the purge of the next day."""
    tenant_id: UUID = session.info["tenant_id"]
    today = clock.today()
    if planned.get(tenant_id) == today:
        return
    planned[tenant_id] = today
    await jobs.enqueue(
        session,
        Principal.system(tenant_id, PURGE),
        name=PURGE,
        dedupe_key=today.isoformat(),
        delay=timedelta(days=1),
    )


async def forget(session: AsyncSession, table: Table, person_id: UUID) -> int:
    """Removes what is about the person; answers how many entries."""
    about = delete(table).where(table.c.subject_id == person_id).returning(table.c.id)
    return len((await session.execute(about)).all())


_ENTRIES = """
    DELETE FROM access_log_entry WHERE (tenant_id, id) IN (
        SELECT tenant_id, id FROM access_log_entry
        WHERE id < :oldest AND last_at < :before ORDER BY id LIMIT :rows
    ) RETURNING 1
"""
