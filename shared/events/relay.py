"""From the outbox to the broker: at least once, in the order of each aggregate."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import text

from shared import jobs
from shared.db import Database
from shared.events.facts import Envelope, in_order
from shared.events.metrics import RELAYED
from shared.events.outbox import RELAY
from shared.events.retention import Retention
from shared.jobs import Job, Lane

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
            size=100,
            at_once=4,
            per_tenant=1,
            most_attempts=None,
            longest_delay=timedelta(seconds=15),
            ready=ready,
            finishes_itself=True,
        )
    )


async def relay_events(
    database: Database, tenant_id: UUID, held: Sequence[Job], *, send: Send
) -> int:
    """Sends the unrelayed events of these jobs, waits for the broker, then marks events and jobs in one transaction.

    Answers how many were sent. Killed in between, they are sent again under the same id.
    """
    ids = [UUID(each) for job in held for each in job.arguments["ids"]]
    async with database.transaction(tenant_id) as session:
        rows = (await session.execute(_UNRELAYED, {"ids": ids})).all()
    unrelayed = in_order([Envelope(**row._asdict()) for row in rows])
    if unrelayed:
        await send(unrelayed)
    async with database.transaction(tenant_id) as session:
        await session.execute(_RELAYED, {"ids": ids, "job_ids": [job.id for job in held]})
    return len(unrelayed)


_UNRELAYED = text(
    """
    SELECT id, type, subject, sequence, occurred_at, tenant_id, traceparent,
           convert_to(payload::text, 'UTF8') AS body
    FROM outbox_event WHERE id = ANY(:ids) AND relayed_at IS NULL ORDER BY id
    """
)

_RELAYED = text(
    """
    WITH job AS (DELETE FROM queue.job WHERE id = ANY(:job_ids))
    UPDATE outbox_event SET relayed_at = now() WHERE id = ANY(:ids) AND relayed_at IS NULL
    """
)
