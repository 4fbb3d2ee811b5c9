"""What people decide about deliveries: to try one again, to let one through that is held, or to refuse it."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.gateway.integrations.connections.rules import Address
from services.gateway.integrations.policy import DELIVERY, POLICY
from services.gateway.integrations.webhooks.commands import MAP
from services.gateway.integrations.webhooks.models import Delivery
from services.gateway.integrations.webhooks.rules import REPLAYABLE, DeliveryState
from shared import clock, jobs
from shared.jobs import NewJob
from shared.problems import NotFound, StateTransition
from shared.tenancy import Principal

REFUSED = "Refused by an administrator."


async def replay_delivery(
    session: AsyncSession, principal: Principal, *, delivery_id: UUID
) -> Delivery:
    """Maps it again, as the mapping is now. Raises `NotFound`, `Forbidden`, `StateTransition`."""
    delivery = await _locked(session, principal, delivery_id)
    if delivery.state not in REPLAYABLE:
        raise StateTransition(delivery.state, DeliveryState.RECEIVED, [])
    if delivery.state is DeliveryState.REJECTED:
        delivery.decided_by = delivery.decided_at = None
    delivery.state = DeliveryState.RECEIVED
    delivery.reason = delivery.settled_at = None
    await _map_again(session, principal, [delivery.id])
    return delivery


async def approve(session: AsyncSession, principal: Principal, *, delivery_id: UUID) -> Delivery:
    """Lets a held delivery through. Raises `NotFound`, `Forbidden`, `StateTransition`."""
    return await _decide(session, principal, delivery_id, DeliveryState.RECEIVED)


async def reject(session: AsyncSession, principal: Principal, *, delivery_id: UUID) -> Delivery:
    """Refuses a held delivery. Raises `NotFound`, `Forbidden`, `StateTransition`."""
    return await _decide(session, principal, delivery_id, DeliveryState.REJECTED)


async def decide_all(
    session: AsyncSession, principal: Principal, *, connection: str, through: bool
) -> int:
    """The same for all that are held of a connection; answers how many. Raises `NotFound`, `Forbidden`."""
    await POLICY.require(session, principal, DELIVERY, "CHANGE", None)
    state = DeliveryState.RECEIVED if through else DeliveryState.REJECTED
    held = update(Delivery).where(
        Delivery.connection_id == Address.parse(connection).connection_id,
        Delivery.state == DeliveryState.HELD,
    )
    decided = held.values(
        state=state,
        reason=None if through else REFUSED,
        decided_by=principal.subject,
        decided_at=clock.now(),
    )
    ids = list(await session.scalars(decided.returning(Delivery.id)))
    if through:
        await _map_again(session, principal, sorted(ids))
    return len(ids)


async def _decide(
    session: AsyncSession, principal: Principal, delivery_id: UUID, state: DeliveryState
) -> Delivery:
    delivery = await _locked(session, principal, delivery_id)
    if delivery.state is not DeliveryState.HELD:
        raise StateTransition(delivery.state, state, [])
    delivery.state = state
    delivery.decided_by, delivery.decided_at = principal.subject, clock.now()
    if state is DeliveryState.RECEIVED:
        delivery.reason = None
        await _map_again(session, principal, [delivery.id])
    else:
        delivery.reason = REFUSED
    return delivery


async def _locked(session: AsyncSession, principal: Principal, delivery_id: UUID) -> Delivery:
    await POLICY.require(session, principal, DELIVERY, "CHANGE", None)
    found = select(Delivery).where(Delivery.id == delivery_id).with_for_update()
    delivery = await session.scalar(found)
    if delivery is None:
        raise NotFound
    return delivery


async def _map_again(session: AsyncSession, principal: Principal, ids: Sequence[UUID]) -> None:
    wanted = [NewJob(MAP, {"id": str(delivery_id)}) for delivery_id in ids]
    await jobs.enqueue_many(session, principal, jobs=wanted)
