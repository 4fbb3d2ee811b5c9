"""From the outbox to the broker: at least once, in the order of each aggregate."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from shared import jobs
from shared.db import Database
from shared.events.facts import Envelope
from shared.events.metrics import RELAYED
from shared.events.outbox import RELAY
from shared.events.retention import Retention
from shared.jobs import Job, Lane

EVENTS_AT_ONCE = 1_000
JOBS_AT_ONCE = 250
GATHER = timedelta(milliseconds=50)
CLOCK_SKEW_MILLISECONDS = 2_000

Send = Callable[[Sequence[Envelope]], Awaitable[None]]


def add_relay(
    registry: jobs.Jobs, send: Send, *, ready: Callable[[], bool], retention: Retention
) -> None:
    """Adds the relay to a service's jobs; it takes nothing while the broker is away."""

    async def relay(database: Database, held: Sequence[Job]) -> None:
        tenant_id = held[0].tenant_id
        assert tenant_id is not None
        sent = await relay_events(database, tenant_id, held, send=send)
        RELAYED.labels(registry.service).inc(sent)
        await retention.plan(database, tenant_id)

    registry.add(
        Lane(
            RELAY,
            relay,
            size=JOBS_AT_ONCE,
            at_once=4,
            per_tenant=1,
            most_attempts=None,
            longest_delay=timedelta(seconds=15),
            ready=ready,
            finishes_itself=True,
            gather=GATHER,
        )
    )


async def relay_events(
    database: Database, tenant_id: UUID, held: Sequence[Job], *, send: Send
) -> int:
    """Sends the unrelayed events of these jobs, waits for the broker, then marks events and jobs as done.

    One relay a tenant at a time, and with an event go those before it of its subject, whichever job they are of: a
    relay that failed or was killed is not overtaken. Answers how many were sent. Killed before the mark, they are sent
    again under the same id.
    """
    ids = sorted(UUID(each) for job in held for each in job.arguments["ids"])
    sent = 0
    for start in range(0, len(ids), EVENTS_AT_ONCE):
        chunk = ids[start : start + EVENTS_AT_ONCE]
        last = start + EVENTS_AT_ONCE >= len(ids)
        async with database.transaction(tenant_id) as session:
            await alone(session, tenant_id)
            found = {"ids": chunk, "newest": _a_little_after(chunk[-1])}
            rows = (await session.execute(_UNRELAYED, found)).all()
            unrelayed = [Envelope(**row._asdict()) for row in rows]
            if unrelayed:
                await send(unrelayed)
            finished = [job.id for job in held] if last else []
            marks = {"ids": [each.id for each in unrelayed], "job_ids": finished}
            await session.execute(_RELAYED, marks)
        sent += len(unrelayed)
    return sent


async def alone(session: AsyncSession, tenant_id: UUID) -> None:
    """Waits until no relay of the tenant sends, and keeps them all out until the transaction ends."""
    await session.execute(_ALONE, {"tenant": tenant_id})


def _a_little_after(event_id: UUID) -> UUID:
    """Ids are UUIDv7; a predecessor that a server with a fast clock made may bear a later one."""
    return UUID(int=event_id.int + (CLOCK_SKEW_MILLISECONDS << 80))


_ALONE = text(
    "SELECT pg_advisory_xact_lock(hashtextextended('events.relay' || CAST(:tenant AS uuid), 0))"
)

_UNRELAYED = text(
    """
    SELECT id, type, subject, sequence, occurred_at, tenant_id, traceparent,
           convert_to(payload::text, 'UTF8') AS body
    FROM outbox_event
    WHERE relayed_at IS NULL AND id <= :newest
      AND (id = ANY(:ids) OR subject IN (SELECT subject FROM outbox_event WHERE id = ANY(:ids)))
    ORDER BY id
    """
)

_RELAYED = text(
    """
    WITH job AS (DELETE FROM queue.job WHERE id = ANY(:job_ids))
    UPDATE outbox_event SET relayed_at = now() WHERE id = ANY(:ids) AND relayed_at IS NULL
    """
)
