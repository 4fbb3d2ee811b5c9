"""The table `queue.job`: one row a job, removed when it is done. It holds ids only, apart from the tenants' rows.

`due_at` is both the time from which a job may be taken and, once taken, the end of its lease: a job whose worker was
killed is simply due again. Workers look; no NOTIFY, whose lock makes all commits of a server wait for each other.
"""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from shared.db import Database, Writer
from shared.ids import new_id
from shared.tenancy import Principal

NOW = timedelta(0)


@dataclass(frozen=True, slots=True)
class Job:
    """A job that this worker holds; `attempt` counts from 1."""

    id: UUID
    name: str
    tenant_id: UUID | None
    arguments: dict[str, Any]
    attempt: int


@dataclass(frozen=True, slots=True)
class NewJob:
    """A job to store. With a `dedupe_key` it joins an equal one that is not yet taken; arguments are ids, no text."""

    name: str
    arguments: dict[str, Any] = field(default_factory=dict)
    dedupe_key: str | None = None
    delay: timedelta = NOW


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many jobs of one name wait or have failed for good, and for how many seconds the oldest is overdue."""

    name: str
    jobs: int
    items: int
    failed: int
    overdue_seconds: float


async def enqueue(
    session: AsyncSession,
    principal: Principal,
    *,
    name: str,
    arguments: dict[str, Any] | None = None,
    dedupe_key: str | None = None,
    delay: timedelta = NOW,
) -> None:
    """Stores a job in the business transaction; it runs once that has committed."""
    job = NewJob(name, arguments or {}, dedupe_key, delay)
    await enqueue_many(session, principal, jobs=[job])


async def enqueue_many(
    session: AsyncSession, principal: Principal, *, jobs: Iterable[NewJob]
) -> None:
    """One statement for any number of jobs, whose keys differ. An equal key of an open transaction is waited for."""
    rows = [
        {
            "id": str(new_id()),
            "name": job.name,
            "arguments": job.arguments,
            "dedupe_key": job.dedupe_key,
            "delay": job.delay.total_seconds(),
        }
        for job in jobs
    ]
    if rows:
        await session.execute(_ENQUEUE, {"tenant": principal.tenant_id, "rows": json.dumps(rows)})


async def enqueue_bare(
    connection: Writer, tenant_id: UUID, *, name: str, arguments: dict[str, Any]
) -> None:
    """`enqueue` for a transaction on the bare driver, without a key or a delay."""
    await connection.execute(_ENQUEUE_BARE, new_id(), tenant_id, name, json.dumps(arguments))


async def done(session: AsyncSession, finished: Sequence[Job]) -> None:
    """Ends jobs in the transaction of their effect, so that the effect happens once whatever is killed."""
    await session.execute(_DONE, {"ids": [job.id for job in finished]})


async def waiting(database: Database) -> list[Waiting]:
    """The backlog by name over all tenants; `items` counts the ids in `arguments.ids`, or 1 a job."""
    async with database.engine.connect() as connection:
        rows = (await connection.execute(_WAITING)).all()
    return [Waiting(*row) for row in rows]


def install_sql(runtime_role: str) -> list[str]:
    """The statements for a migration, run by the owner: schema `queue`, its table, and what the runtime role may do."""
    if not re.fullmatch(r"[a-z_][a-z0-9_]*", runtime_role):
        raise ValueError("A role's name is lower-case letters, digits and underscores.")
    return [
        "CREATE SCHEMA queue",
        _TABLE,
        "CREATE INDEX ix_job_due ON queue.job (name, due_at, id) WHERE failed_at IS NULL",
        _DEDUPE,
        f"GRANT USAGE ON SCHEMA queue TO {runtime_role}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON queue.job TO {runtime_role}",
    ]


def uninstall_sql() -> list[str]:
    return ["DROP SCHEMA queue CASCADE"]


_TABLE = """
CREATE TABLE queue.job (
    id uuid PRIMARY KEY,
    tenant_id uuid,
    name text NOT NULL,
    arguments jsonb NOT NULL,
    dedupe_key text,
    due_at timestamptz NOT NULL DEFAULT now(),
    attempts integer NOT NULL DEFAULT 0,
    holder uuid,
    reason text,
    failed_at timestamptz,
    wanted_at timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000)
"""

_DEDUPE = """
CREATE UNIQUE INDEX uq_job_dedupe ON queue.job (tenant_id, name, dedupe_key)
WHERE dedupe_key IS NOT NULL AND attempts = 0
"""

# The update holds the waiting job until commit: a worker that took it earlier could miss what this transaction wrote.
_ENQUEUE = text(
    """
    INSERT INTO queue.job AS job (id, tenant_id, name, arguments, dedupe_key, due_at, wanted_at)
    SELECT new.id, :tenant, new.name, new.arguments, new.dedupe_key,
           now() + make_interval(secs => new.delay), now() + make_interval(secs => new.delay)
    FROM jsonb_to_recordset(CAST(:rows AS jsonb))
         AS new(id uuid, name text, arguments jsonb, dedupe_key text, delay double precision)
    ORDER BY new.dedupe_key
    ON CONFLICT (tenant_id, name, dedupe_key) WHERE dedupe_key IS NOT NULL AND attempts = 0
    DO UPDATE SET due_at = LEAST(job.due_at, excluded.due_at), wanted_at = LEAST(job.wanted_at, excluded.wanted_at)
    """
)

_ENQUEUE_BARE = "INSERT INTO queue.job (id, tenant_id, name, arguments) VALUES ($1, $2, $3, $4)"

_DONE = text("DELETE FROM queue.job WHERE id = ANY(:ids)")

_WAITING = text(
    """
    SELECT name, count(*) FILTER (WHERE waits),
           coalesce(sum(CASE jsonb_typeof(arguments -> 'ids') WHEN 'array'
                        THEN jsonb_array_length(arguments -> 'ids') ELSE 1 END) FILTER (WHERE waits), 0),
           count(failed_at),
           coalesce(extract(epoch FROM now() - min(wanted_at) FILTER (WHERE waits)), 0)::double precision
    FROM (SELECT *, failed_at IS NULL AND wanted_at <= now() AS waits
          FROM queue.job WHERE wanted_at <> 'infinity') AS job
    GROUP BY name ORDER BY name
    """
)
