"""What is on its way: facts that the broker has not stored yet, and facts that a group has not applied yet."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import nats.errors
from nats.js.errors import APIError, NotFoundError
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from shared.events.broker import Broker
from shared.events.handlers import Group, Handlers
from shared.events.letters import LetterState, counts, groups_of

BROKER_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class OutboxLoad:
    """Facts of the tenant that wait for the broker, and for how long the oldest does."""

    events: int
    oldest_seconds: float


@dataclass(frozen=True, slots=True)
class GroupLoad:
    """A group's state for the tenant; `pending` is None when the broker did not say.

    `newest_applied_at` is when the newest fact that it applied was stored.
    """

    group: str
    source: str
    pending: int | None
    waiting: int
    retrying: int
    dead: int
    newest_applied_at: datetime | None


async def outbox(session: AsyncSession) -> OutboxLoad:
    """Of the session's tenant."""
    row = (await session.execute(_OUTBOX)).one()
    return OutboxLoad(row.events, row.oldest_seconds)


async def groups(
    session: AsyncSession, handlers: Handlers | None, *, pending: dict[str, int]
) -> list[GroupLoad]:
    """Of the session's tenant, each group with its letters; `pending` comes from `pending_of`."""
    letters = await counts(session)
    found = []
    for group in groups_of(handlers):
        of_state = letters.get(group.name, {})
        newest = (await session.execute(_NEWEST, {"group": group.name})).scalar()
        found.append(
            GroupLoad(
                group=group.name,
                source=group.source,
                pending=pending.get(group.name),
                waiting=of_state.get(LetterState.WAITING, 0),
                retrying=of_state.get(LetterState.RETRYING, 0),
                dead=of_state.get(LetterState.DEAD, 0),
                newest_applied_at=_made_at(newest) if newest else None,
            )
        )
    return found


async def pending_of(
    handlers: Handlers | None, *, nats_url: str, tenant_id: UUID | None
) -> dict[str, int]:
    """How many events each group has not applied, of one tenant or of all; empty when the broker is away."""
    found: dict[str, int] = {}
    try:
        async with asyncio.timeout(BROKER_SECONDS):
            broker = await Broker.connect(nats_url, name="backlog")
            try:
                for group in groups_of(handlers):
                    found[group.name] = await pending(broker, group, tenant_id)
            finally:
                await broker.close()
    except (TimeoutError, OSError, nats.errors.Error, APIError):
        return {}
    return found


async def pending(broker: Broker, group: Group, tenant_id: UUID | None) -> int:
    filters = group.filters(str(tenant_id)) if tenant_id else None
    try:
        return await broker.pending(group.source, consumer=group.name, filters=filters)
    except NotFoundError:
        return 0


def _made_at(event_id: UUID) -> datetime:
    """A UUIDv7 begins with its milliseconds."""
    return datetime.fromtimestamp((event_id.int >> 80) / 1000, UTC)


_OUTBOX = text(
    """
    SELECT count(*) AS events,
           greatest(0, coalesce(extract(epoch FROM now() - min(occurred_at)), 0))::double precision
               AS oldest_seconds
    FROM outbox_event
    WHERE tenant_id = (SELECT current_setting('app.tenant')::uuid) AND relayed_at IS NULL
    """
)

_NEWEST = text(
    """
    SELECT event_id FROM inbox_event
    WHERE tenant_id = (SELECT current_setting('app.tenant')::uuid) AND consumer = :group
    ORDER BY event_id DESC LIMIT 1
    """
)
