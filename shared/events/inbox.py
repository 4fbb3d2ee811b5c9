"""An event's effect happens once: admission, effect and mark are one transaction of the event's tenant."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from shared.db import Database
from shared.events.facts import Envelope, in_order
from shared.events.handlers import Group

WAITS = "waits for an earlier fact of its subject"


class Rebuilding(Exception):
    """The consumer's read model of this tenant is being rebuilt: come back later."""


@dataclass(frozen=True, slots=True)
class Applied:
    """How many of a batch had an effect, had it before, or are older than what was applied; which must wait."""

    applied: int
    duplicate: int
    stale: int
    held: frozenset[UUID] = frozenset()


async def apply_batch(
    session: AsyncSession, group: Group, tenant_id: UUID, events: Sequence[Envelope]
) -> Applied:
    """Applies one tenant's events within the open transaction. Raises `Rebuilding` and whatever a handler raises.

    Held back is an event whose predecessor of the same subject is being tried again.
    """
    distinct = in_order(list({event.id: event for event in events}.values()))
    rows = (await session.execute(_ADMIT, _admission(group, tenant_id, distinct))).all()
    if not rows:
        raise Rebuilding(group.name)
    held = frozenset(row.event_id for row in rows if row.held)
    last = {row.event_id: row.last for row in rows if row.event_id and not row.held}
    fresh = [event for event in distinct if event.id in last and not _stale(event, last[event.id])]
    await group.apply(session, fresh)
    duplicate = len(events) - len(last) - len(held)
    return Applied(len(fresh), duplicate, len(last) - len(fresh), held)


def _stale(event: Envelope, last: int | None) -> bool:
    """Two facts of one change have the same sequence: only a lower one is stale."""
    return event.sequence is not None and last is not None and event.sequence < last


def _admission(
    group: Group, tenant_id: UUID, events: Sequence[Envelope]
) -> dict[str, str | UUID | list[UUID] | list[str] | list[int | None]]:
    return {
        "tenant": tenant_id,
        "consumer": group.name,
        "ids": [event.id for event in events],
        "subjects": [event.subject for event in events],
        "sequences": [None if group.every else event.sequence for event in events],
    }


async def forget(session: AsyncSession, group: Group, tenant_id: UUID) -> None:
    """Keeps the live consumer of this tenant out until the transaction ends, and forgets what it has applied."""
    identity = {"tenant": tenant_id, "consumer": group.name}
    await session.execute(text("SET LOCAL statement_timeout = 0"))
    await session.execute(_EXCLUDE, identity)
    for statement in _FORGET:
        await session.execute(statement, identity)


async def note_failure(
    database: Database, group: Group, event: Envelope, error: Exception, *, most: int
) -> bool:
    """Keeps the event with the reason of its last failure; True when it has failed `most` times and is dead."""
    async with database.transaction(event.tenant_id) as session:
        noted = _letter(group, event) | {"reason": reason_of(error), "most": most}
        dead: bool = (await session.execute(_FAILED, noted)).scalar_one()
    return dead


async def note_dead(session: AsyncSession, group: Group, event: Envelope, error: Exception) -> None:
    """Keeps an event that is not tried again, within the open transaction."""
    noted = _letter(group, event) | {"reason": reason_of(error), "most": 1}
    await session.execute(_FAILED, noted)


async def note_held(session: AsyncSession, group: Group, event: Envelope) -> None:
    """Keeps an event that waits for its predecessor: the next one of its subject waits for it in turn."""
    await session.execute(_HELD, _letter(group, event) | {"reason": WAITS})


async def note_recovery(
    session: AsyncSession, group: Group, tenant_id: UUID, event_ids: Sequence[UUID]
) -> None:
    """Removes the notes of earlier failures, in the transaction in which the events succeeded."""
    await session.execute(
        _RECOVERED, {"tenant": tenant_id, "consumer": group.name, "ids": event_ids}
    )


def _letter(group: Group, event: Envelope) -> dict[str, Any]:
    return {
        "tenant": event.tenant_id,
        "consumer": group.name,
        "id": event.id,
        "type": event.type,
        "subject": event.subject,
        "sequence": event.sequence,
        "occurred_at": event.occurred_at,
        "traceparent": event.traceparent,
        "payload": _json(event.body),
    }


def _json(body: bytes) -> str:
    """The body if it is JSON, else its text as a JSON string: nothing is lost for being broken."""
    written = body.decode(errors="replace")
    try:
        json.loads(body)
    except ValueError:
        return json.dumps(written)
    return written


def reason_of(error: Exception) -> str:
    """What failed and where, without values: fields and error types of a payload, else the class and the line."""
    if isinstance(error, ValidationError):
        found = [
            f"{'.'.join(map(str, each['loc']))}: {each['type']}"
            for each in error.errors(include_input=False, include_context=False, include_url=False)
        ]
        return f"{error.title}: {'; '.join(found)}"
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    place = f" at {trace.tb_frame.f_code.co_qualname}:{trace.tb_lineno}" if trace else ""
    return f"{type(error).__name__}{place}"


# The update waits for another worker's transaction on the same subject and then reads what that one wrote: that is why
# the value before comes out of the row and not out of a SELECT, which would answer as of the statement's beginning.
_ADMIT = text(
    """
    WITH fence AS MATERIALIZED (
        SELECT 1 WHERE pg_try_advisory_xact_lock_shared(
            hashtextextended(CAST(:consumer AS text) || CAST(:tenant AS uuid), 0))
    ), arrived AS MATERIALIZED (
        SELECT new.* FROM fence, unnest(
            CAST(:ids AS uuid[]), CAST(:subjects AS text[]), CAST(:sequences AS bigint[])
        ) AS new(event_id, subject, sequence)
    ), held AS MATERIALIZED (
        SELECT DISTINCT arrived.event_id FROM arrived JOIN inbox_dead_letter AS letter
          ON letter.tenant_id = :tenant AND letter.consumer = :consumer
         AND letter.subject = arrived.subject AND letter.sequence < arrived.sequence
        WHERE letter.dead_at IS NULL AND letter.failed_at > now() - interval '5 minutes'
          AND letter.event_id <> ALL (CAST(:ids AS uuid[]))
          AND NOT EXISTS (
              SELECT FROM inbox_event AS done WHERE done.tenant_id = :tenant
                 AND done.consumer = :consumer AND done.event_id = letter.event_id)
    ), incoming AS MATERIALIZED (
        SELECT * FROM arrived WHERE event_id NOT IN (SELECT event_id FROM held)
    ), seen AS (
        INSERT INTO inbox_event (tenant_id, consumer, event_id)
        SELECT :tenant, :consumer, event_id FROM incoming ORDER BY event_id
        ON CONFLICT DO NOTHING RETURNING event_id
    ), last AS (
        INSERT INTO inbox_sequence AS known (tenant_id, consumer, subject, sequence)
        SELECT :tenant, :consumer, subject, max(sequence) FROM incoming
        WHERE sequence IS NOT NULL GROUP BY subject ORDER BY subject
        ON CONFLICT (tenant_id, consumer, subject) DO UPDATE
        SET sequence = greatest(known.sequence, excluded.sequence), previous = known.sequence
        RETURNING subject, previous
    )
    SELECT seen.event_id, last.previous AS last, false AS held
    FROM fence
    LEFT JOIN seen ON true
    LEFT JOIN incoming ON incoming.event_id = seen.event_id
    LEFT JOIN last ON last.subject = incoming.subject
    UNION ALL SELECT event_id, NULL, true FROM held
    """
)

_EXCLUDE = text(
    "SELECT pg_advisory_xact_lock("
    "hashtextextended(CAST(:consumer AS text) || CAST(:tenant AS uuid), 0))"
)

_FORGET = [
    text(f"DELETE FROM {table} WHERE tenant_id = :tenant AND consumer = :consumer")  # noqa: S608
    for table in ("inbox_event", "inbox_sequence", "inbox_dead_letter")
]

_FAILED = text(
    """
    INSERT INTO inbox_dead_letter AS letter
        (tenant_id, consumer, event_id, type, subject, sequence, occurred_at, traceparent, payload,
         reason, failures, failed_at, dead_at)
    VALUES (:tenant, :consumer, :id, :type, :subject, :sequence, :occurred_at, :traceparent,
            CAST(:payload AS jsonb), :reason, 1, now(), CASE WHEN :most <= 1 THEN now() END)
    ON CONFLICT (tenant_id, consumer, event_id) DO UPDATE
    SET reason = excluded.reason, failures = letter.failures + 1, failed_at = now(),
        dead_at = CASE WHEN letter.failures + 1 >= :most THEN now() END
    RETURNING dead_at IS NOT NULL
    """
)

_HELD = text(
    """
    INSERT INTO inbox_dead_letter AS letter
        (tenant_id, consumer, event_id, type, subject, sequence, occurred_at, traceparent, payload,
         reason, failures, failed_at)
    VALUES (:tenant, :consumer, :id, :type, :subject, :sequence, :occurred_at, :traceparent,
            CAST(:payload AS jsonb), :reason, 0, now())
    ON CONFLICT (tenant_id, consumer, event_id) DO UPDATE SET failed_at = now()
    """
)

_RECOVERED = text(
    """
    DELETE FROM inbox_dead_letter
    WHERE tenant_id = :tenant AND consumer = :consumer AND event_id = ANY(:ids)
    """
)
