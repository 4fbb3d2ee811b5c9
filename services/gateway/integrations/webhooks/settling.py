"""What becomes of stored deliveries: facts, requests to fetch, or a reason why neither."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.gateway.integrations.connections.models import Connection
from services.gateway.integrations.connections.settings import ConnectionSettings
from services.gateway.integrations.sealing import Vault
from services.gateway.integrations.webhooks import fetching, telling, things
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
    connection: Connection
    settings: ConnectionSettings
    now: datetime


@dataclass(frozen=True, slots=True)
class _Understood:
    """A delivery that says something."""

    settling: _Settling
    mapped: Mapped

    @property
    def ends_employments(self) -> bool:
        return any(things.is_departure(fact) for fact in self.mapped.facts)


async def settle(
    session: AsyncSession, principal: Principal, vault: Vault, *, delivery_ids: Sequence[UUID]
) -> None:
    """Maps waiting deliveries and tells what they say, or keeps them with the reason; once, whoever asks again.

    In the order in which they came, but as many as possible by the same statements: a termination is counted against
    all that was told before it.
    """
    together: list[_Understood] = []
    for settling in await _waiting(session, delivery_ids):
        mapped = _mapped(settling, vault)
        if mapped is None:
            continue
        understood = _Understood(settling, mapped)
        if understood.ends_employments:
            await _tell(session, principal, together)
            together = []
            if await _must_wait(session, understood):
                _end(settling, DeliveryState.HELD, HELD)
                continue
        together.append(understood)
    await _tell(session, principal, together)


async def _waiting(session: AsyncSession, delivery_ids: Sequence[UUID]) -> list[_Settling]:
    found = (
        select(Delivery, Connection)
        .join(Connection, Connection.id == Delivery.connection_id)
        .where(Delivery.id.in_(delivery_ids), Delivery.state == DeliveryState.RECEIVED)
        .order_by(Delivery.id)
        .with_for_update(of=Delivery)
    )
    now, settings = clock.now(), dict[UUID, ConnectionSettings]()
    waiting = []
    for delivery, connection in (await session.execute(found)).all():
        if connection.id not in settings:
            settings[connection.id] = ConnectionSettings.model_validate(connection.settings)
        waiting.append(_Settling(delivery, connection, settings[connection.id], now))
    return waiting


def _mapped(settling: _Settling, vault: Vault) -> Mapped | None:
    """None when it says nothing that can be used; then it is settled."""
    delivery = settling.delivery
    body = vault.open(delivery.sealed_body, bound_to=delivery.id.bytes)
    try:
        mapped = MAPPERS[settling.connection.vendor](body, _origin(settling))
    except Unmappable as reason:
        delivery.event_type = reason.event_type
        _end(settling, DeliveryState.REJECTED, reason.reason)
        return None
    delivery.event_type = mapped.event_type
    if mapped.ignored is not None:
        _end(settling, DeliveryState.IGNORED, mapped.ignored)
        return None
    return mapped


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


async def _tell(
    session: AsyncSession, principal: Principal, together: Sequence[_Understood]
) -> None:
    if not together:
        return
    now = together[0].settling.now
    facts = [each.mapped.facts for each in together]
    told = await telling.tell_each(session, principal, words=facts, now=now)
    asked = [(each.settling.delivery, each.mapped.fetch_backs) for each in together]
    await fetching.ask(session, principal, asked, now=now)
    for each, fresh in zip(together, told, strict=True):
        notes = list(each.mapped.notes)
        if old := len(each.mapped.facts) - fresh:
            notes.insert(0, f"{old} of {len(each.mapped.facts)} older than what is known.")
        _end(each.settling, _outcome(each.mapped, fresh), "; ".join(notes) or None)


async def _must_wait(session: AsyncSession, understood: _Understood) -> bool:
    """Not again once somebody has approved it."""
    settling = understood.settling
    if settling.delivery.decided_at is not None:
        return False
    return await telling.would_end_too_many(
        session,
        connection_id=settling.connection.id,
        facts=understood.mapped.facts,
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


def _origin(settling: _Settling) -> Origin:
    delivery, settings = settling.delivery, settling.settings
    return Origin(
        connection_id=settling.connection.id,
        delivery_id=delivery.id,
        system=settings.system or settling.connection.name,
        received_at=delivery.received_at,
        sent_at=delivery.sent_at,
        course_provider=settings.course_provider,
    )
