"""Sending again, and finding out whether an address takes what we send."""

from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Uuid, and_, func, literal, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.gateway.integrations.outbound.claiming import (
    Attempted,
    Claimed,
    Receiver,
    receiver_of,
)
from services.gateway.integrations.outbound.models import OutboundDelivery, OutboundEvent
from services.gateway.integrations.outbound.rules import (
    MOST_REPLAYED,
    OutboundState,
    Told,
    written,
)
from services.gateway.integrations.outbound.schemas import ReplayRange
from services.gateway.integrations.outbound.sending import Sender
from services.gateway.integrations.outbound.spreading import wake
from services.gateway.integrations.sealing import Vault
from services.gateway.integrations.subscriptions import commands as subscriptions
from services.gateway.integrations.subscriptions import queries
from services.gateway.integrations.subscriptions.catalogue import types_of
from services.gateway.integrations.subscriptions.models import Subscription
from services.gateway.integrations.subscriptions.rules import (
    PING,
    TOLD,
    SubscriptionState,
    WebhookFormat,
)
from shared import clock
from shared.db import Database
from shared.ids import new_id
from shared.problems import Conflict, Invalid, NotFound
from shared.tenancy import Principal


class SubscriptionNotActive(Conflict):
    """Nothing is sent to this subscription now."""


async def resume(
    session: AsyncSession, principal: Principal, *, subscription_id: UUID
) -> Subscription:
    """And what waits is sent. Raises `NotFound`, `Forbidden`."""
    resumed = await subscriptions.resume(session, principal, subscription_id=subscription_id)
    if resumed.state is SubscriptionState.ACTIVE:
        await wake(session, principal, ids=[subscription_id])
    return resumed


async def replay_range(
    session: AsyncSession, principal: Principal, *, subscription_id: UUID, wanted: ReplayRange
) -> int:
    """Delivers the stored facts of that time again, under the same ids, and those that it missed while it was disabled.

    Raises `NotFound`, `Forbidden`, `SubscriptionNotActive`, `Invalid` for more than 10,000.
    """
    subscription = await _told(session, principal, subscription_id)
    within = and_(
        OutboundEvent.occurred_at >= max(wanted.since, subscription.created_at),
        OutboundEvent.occurred_at < wanted.until,
        OutboundEvent.type.in_(types_of(subscription.event_types)),
    )
    found = await session.scalar(select(func.count(OutboundEvent.id)).where(within)) or 0
    if found > MOST_REPLAYED:
        raise Invalid.field(
            "/to", f"{found} facts lie in this time: choose at most {MOST_REPLAYED}"
        )
    return await _again(session, principal, subscription, within)


async def replay_one(
    session: AsyncSession, principal: Principal, *, subscription_id: UUID, delivery_id: UUID
) -> None:
    """Raises `NotFound`, `Forbidden`, `SubscriptionNotActive`."""
    subscription = await _told(session, principal, subscription_id)
    event_id = await session.scalar(
        select(OutboundDelivery.event_id).where(
            OutboundDelivery.id == delivery_id, OutboundDelivery.subscription_id == subscription_id
        )
    )
    if event_id is None:
        raise NotFound
    await _again(session, principal, subscription, OutboundEvent.id == event_id)


async def test(
    database: Database,
    principal: Principal,
    sender: Sender,
    vault: Vault,
    *,
    subscription_id: UUID,
    origin: str,
) -> tuple[Attempted, SubscriptionState]:
    """Asks and pings the address as it is now, outside a transaction; a first success verifies it.

    Raises `NotFound`, `Forbidden`.
    """
    async with database.transaction(principal.tenant_id) as session:
        row = await queries.get(session, principal, subscription_id, action="CHANGE")
        receiver = await receiver_of(session, vault, row)
    attempted = await _try(sender, receiver, origin=origin)
    async with database.transaction(principal.tenant_id) as session:
        row = await queries.get(session, principal, subscription_id, action="CHANGE")
        same = (row.url, row.format) == (receiver.url, receiver.format)
        if attempted.outcome == "DELIVERED" and same:
            await subscriptions.verified(session, row)
            if row.state is SubscriptionState.ACTIVE:
                await wake(session, principal, ids=[row.id])
        return attempted, row.state


async def _try(sender: Sender, receiver: Receiver, *, origin: str) -> Attempted:
    """A receiver of CloudEvents is asked first, and pinged only when it allows it."""
    if receiver.format is WebhookFormat.CLOUDEVENTS:
        asked = await sender.ask(receiver.url, origin=origin)
        if asked.outcome != "DELIVERED":
            return asked
    now, told_id = clock.now(), new_id()
    told = Told(told_id, PING, str(receiver.id), None, now, None)
    ping = Claimed(told_id, told_id, told, written(told, receiver.format), receiver)
    return await sender.attempt(ping)


async def _told(session: AsyncSession, principal: Principal, subscription_id: UUID) -> Subscription:
    subscription = await queries.get(session, principal, subscription_id, action="CHANGE")
    if subscription.state not in TOLD:
        raise SubscriptionNotActive(
            f"It is {subscription.state.value}: verify it by `test`, after `resume` if it is disabled."
        )
    return subscription


async def _again(
    session: AsyncSession,
    principal: Principal,
    subscription: Subscription,
    which: ColumnElement[bool],
) -> int:
    """From the first try on; what is just being sent is left to who sends it."""
    now = clock.now()
    events = (
        await session.scalars(select(OutboundEvent.id).where(which).order_by(OutboundEvent.id))
    ).all()
    rows = func.unnest(
        literal([new_id() for _ in events], ARRAY(Uuid)), literal(events, ARRAY(Uuid))
    ).table_valued("id", "event_id")
    rows = rows.render_derived()
    same = {"state": OutboundState.WAITING, "tries": 0, "due_at": now}
    values = [literal(each) for each in (principal.tenant_id, subscription.id)]
    statement = insert(OutboundDelivery).from_select(
        ["tenant_id", "subscription_id", "id", "event_id", *same],
        select(*values, rows.c.id, rows.c.event_id, literal("WAITING"), literal(0), literal(now)),
    )
    idle = or_(OutboundDelivery.claimed_until.is_(None), OutboundDelivery.claimed_until <= now)
    upserted = statement.on_conflict_do_update(
        index_elements=["tenant_id", "subscription_id", "event_id"],
        set_=same | {"settled_at": None},
        where=idle,
    ).returning(OutboundDelivery.id)
    count = len((await session.execute(upserted)).all())
    await wake(session, principal, ids=[subscription.id])
    return count
