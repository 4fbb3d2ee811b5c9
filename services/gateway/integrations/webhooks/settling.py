"""What becomes of a stored delivery: facts, requests to fetch, or a reason why neither."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.gateway.integrations.connections.models import Connection
from services.gateway.integrations.connections.settings import ConnectionSettings
from services.gateway.integrations.sealing import Vault
from services.gateway.integrations.webhooks import fetching, telling
from services.gateway.integrations.webhooks.mapping import MAPPERS, Mapped, Origin, Unmappable
from services.gateway.integrations.webhooks.metrics import counted
from services.gateway.integrations.webhooks.models import Delivery
from services.gateway.integrations.webhooks.rules import DeliveryState
from shared import clock
from shared.tenancy import Principal

LONGEST_REASON = 1000
HELD = (
    "More people than usual would be terminated: approve or reject it. Limits: the connection's "
    "settings, terminations."
)


@dataclass(frozen=True, slots=True)
class _Settling:
    """One delivery under its lock, with its connection."""

    delivery: Delivery
    connection_id: UUID
    settings: ConnectionSettings
    now: datetime


async def settle(
    session: AsyncSession, principal: Principal, vault: Vault, *, delivery_id: UUID
) -> None:
    """Maps a waiting delivery and tells what it says, or keeps it with the reason; once, whoever asks again."""
    found = (
        select(Delivery, Connection)
        .join(Connection, Connection.id == Delivery.connection_id)
        .where(Delivery.id == delivery_id, Delivery.state == DeliveryState.RECEIVED)
    )
    row = (await session.execute(found.with_for_update(of=Delivery))).one_or_none()
    if row is None:
        return
    delivery, connection = row.Delivery, row.Connection
    settings = ConnectionSettings.model_validate(connection.settings)
    settling = _Settling(delivery, connection.id, settings, clock.now())
    body = vault.open(delivery.sealed_body, bound_to=delivery.id.bytes)
    try:
        mapped = MAPPERS[connection.vendor](body, _origin(connection, settling))
    except Unmappable as reason:
        delivery.event_type = reason.event_type
        _end(settling, DeliveryState.REJECTED, reason.reason)
    else:
        delivery.event_type = mapped.event_type
        await _apply(session, principal, settling, mapped)


async def bury(session: AsyncSession, *, delivery_id: UUID, error: Exception) -> None:
    """Gives up a delivery that we fail on; the reason is the error's class, a message could quote the body."""
    counted(DeliveryState.DEAD)
    await session.execute(
        update(Delivery)
        .where(Delivery.id == delivery_id, Delivery.state == DeliveryState.RECEIVED)
        .values(
            state=DeliveryState.DEAD,
            reason=f"Waymark failed on it: {type(error).__name__}.",
            settled_at=clock.now(),
        )
    )


async def _apply(
    session: AsyncSession, principal: Principal, settling: _Settling, mapped: Mapped
) -> None:
    if mapped.ignored is not None:
        _end(settling, DeliveryState.IGNORED, mapped.ignored)
    elif await _must_wait(session, settling, mapped):
        _end(settling, DeliveryState.HELD, HELD)
    else:
        now = settling.now
        told = await telling.tell(session, principal, facts=mapped.facts, now=now)
        await fetching.ask(session, principal, settling.delivery, mapped.fetch_backs, now=now)
        notes = list(mapped.notes)
        if old := len(mapped.facts) - told:
            notes.insert(0, f"{old} of {len(mapped.facts)} older than what is known.")
        _end(settling, _outcome(mapped, told), "; ".join(notes) or None)


async def _must_wait(session: AsyncSession, settling: _Settling, mapped: Mapped) -> bool:
    """Not again once somebody has approved it."""
    if settling.delivery.decided_at is not None:
        return False
    return await telling.would_end_too_many(
        session,
        connection_id=settling.connection_id,
        facts=mapped.facts,
        limit=settling.settings.terminations,
        now=settling.now,
    )


def _outcome(mapped: Mapped, told: int) -> DeliveryState:
    if told:
        return DeliveryState.PUBLISHED
    return DeliveryState.ASKED if mapped.fetch_backs else DeliveryState.STALE


def _end(settling: _Settling, state: DeliveryState, reason: str | None) -> None:
    delivery = settling.delivery
    delivery.state, delivery.settled_at = state, settling.now
    delivery.reason = reason[:LONGEST_REASON] if reason else None
    counted(state)


def _origin(connection: Connection, settling: _Settling) -> Origin:
    delivery, settings = settling.delivery, settling.settings
    return Origin(
        connection_id=connection.id,
        delivery_id=delivery.id,
        system=settings.system or connection.name,
        received_at=delivery.received_at,
        sent_at=delivery.sent_at,
        course_provider=settings.course_provider,
    )
