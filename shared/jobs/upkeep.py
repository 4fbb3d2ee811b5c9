"""Jobs as an operator sees them: of one tenant, or with None of the whole installation and its schedules."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession


class JobState(StrEnum):
    """WAITING for its time or a worker, RUNNING, or FAILED for good until somebody acts."""

    WAITING = "WAITING"
    RUNNING = "RUNNING"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True)
class Kept:
    """A job in the queue. It holds ids only; `reason` is the class of its last failure."""

    id: UUID
    name: str
    tenant_id: UUID | None
    arguments: dict[str, Any]
    state: JobState
    attempts: int
    reason: str | None
    due_at: datetime
    failed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Load:
    """How many jobs of a name there are of each state, and for how long the oldest that is due has waited."""

    name: str
    waiting: int
    running: int
    failed: int
    oldest_seconds: float


async def page(
    session: AsyncSession,
    *,
    tenant_id: UUID | None,
    state: JobState | None = None,
    name: str | None = None,
    after: UUID | None = None,
    limit: int = 100,
) -> tuple[list[Kept], UUID | None]:
    """Oldest first, and the id to go on after."""
    wanted = {"tenant": tenant_id, "state": state, "name": name, "after": after, "rows": limit + 1}
    found = [_kept(row) for row in (await session.execute(_PAGE, wanted)).all()]
    return found[:limit], found[limit - 1].id if len(found) > limit else None


async def find(session: AsyncSession, job_id: UUID, *, tenant_id: UUID | None) -> Kept | None:
    row = (await session.execute(_FIND, {"id": job_id, "tenant": tenant_id})).first()
    return _kept(row) if row else None


async def retry(session: AsyncSession, job_id: UUID, *, tenant_id: UUID | None) -> bool:
    """Makes a job that failed for good due again, with all its attempts; False when it is not one."""
    return await _change(session, _RETRY, job_id, tenant_id)


async def drop(session: AsyncSession, job_id: UUID, *, tenant_id: UUID | None) -> bool:
    """Removes a job that failed for good; False when it is not one."""
    return await _change(session, _DROP, job_id, tenant_id)


async def loads(session: AsyncSession, *, tenant_id: UUID | None) -> list[Load]:
    rows = (await session.execute(_LOADS, {"tenant": tenant_id})).all()
    return [Load(*row) for row in rows]


async def _change(
    session: AsyncSession, statement: Any, job_id: UUID, tenant_id: UUID | None
) -> bool:
    result = await session.execute(statement, {"id": job_id, "tenant": tenant_id})
    return result.first() is not None


def _kept(row: Any) -> Kept:
    fields = row._asdict()
    return Kept(**fields | {"state": JobState(fields["state"])})


_JOB = """
    (SELECT id, name, tenant_id, arguments,
            CASE WHEN failed_at IS NOT NULL THEN 'FAILED' WHEN holder IS NOT NULL THEN 'RUNNING'
                 ELSE 'WAITING' END AS state,
            attempts, reason, due_at, failed_at, wanted_at
     FROM queue.job
     WHERE wanted_at <> 'infinity' AND (CAST(:tenant AS uuid) IS NULL OR tenant_id = :tenant)) AS job
"""
_COLUMNS = "id, name, tenant_id, arguments, state, attempts, reason, due_at, failed_at"

_PAGE = text(
    f"""
    SELECT {_COLUMNS} FROM {_JOB}
    WHERE (CAST(:state AS text) IS NULL OR state = :state)
      AND (CAST(:name AS text) IS NULL OR name = :name)
      AND (CAST(:after AS uuid) IS NULL OR id > :after)
    ORDER BY id LIMIT :rows
    """  # noqa: S608 - constants of this module
)

_FIND = text(f"SELECT {_COLUMNS} FROM {_JOB} WHERE id = :id")  # noqa: S608

# Its first attempt stays counted: only a job that was never taken may be joined by an equal one.
_RETRY = text(
    """
    UPDATE queue.job SET failed_at = NULL, attempts = 1, due_at = now(), wanted_at = now()
    WHERE id = :id AND failed_at IS NOT NULL AND (CAST(:tenant AS uuid) IS NULL OR tenant_id = :tenant)
    RETURNING id
    """
)

_DROP = text(
    """
    DELETE FROM queue.job
    WHERE id = :id AND failed_at IS NOT NULL AND (CAST(:tenant AS uuid) IS NULL OR tenant_id = :tenant)
    RETURNING id
    """
)

_LOADS = text(
    f"""
    SELECT name, count(*) FILTER (WHERE state = 'WAITING'), count(*) FILTER (WHERE state = 'RUNNING'),
           count(*) FILTER (WHERE state = 'FAILED'),
           greatest(0, coalesce(extract(epoch FROM now() - min(wanted_at)
               FILTER (WHERE state <> 'FAILED' AND wanted_at <= now())), 0))::double precision
    FROM {_JOB} GROUP BY name ORDER BY name
    """  # noqa: S608
)
