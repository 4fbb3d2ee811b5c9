"""Taking what is due for a subscription, and settling what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, func, insert, select, text, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from services.gateway.integrations.backlogs import Ahead
from services.gateway.integrations.outbound.models import (
    OutboundAttempt,
    OutboundDelivery,
    OutboundEvent,
)
from services.gateway.integrations.outbound.rules import (
    OutboundState,
    Told,
    next_try,
    outcome_of,
    payload_for,
    retry_after,
    written,
)
from services.gateway.integrations.sealing import Vault
from services.gateway.integrations.subscriptions import commands
from services.gateway.integrations.subscriptions.models import Subscription
from services.gateway.integrations.subscriptions.queries import keys_of
from services.gateway.integrations.subscriptions.rules import (
    UNBROKEN_FAILURE,
    DisabledBecause,
    SubscriptionState,
    WebhookContent,
    WebhookFormat,
    WebhookSigning,
)
from shared import clock
from shared.ids import new_id
from shared.outward import Reply
from shared.tenancy import Principal

CLAIM = timedelta(seconds=20)
"""Longer than an attempt may take: a killed worker's deliveries are sent again after it, under the same id."""


@dataclass(frozen=True, slots=True)
class Receiver:
    """A subscription as its sender needs it."""

    id: UUID
    version: int
    url: str
    format: WebhookFormat
    content: WebhookContent
    signing: WebhookSigning
    keys: Sequence[bytes]


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery that is this worker's for a while, with the bytes to send."""

    id: UUID
    claim: UUID
    told: Told
    body: bytes
    receiver: Receiver


@dataclass(frozen=True, slots=True)
class Attempted:
    """What became of one request: a reply, or the word for why there was none."""

    attempted_at: datetime
    millis: int
    reply: Reply | None
    outcome: str

    @classmethod
    def answered(cls, attempted_at: datetime, reply: Reply) -> "Attempted":
        return cls(attempted_at, reply.millis, reply, outcome_of(reply.status))


@dataclass(frozen=True, slots=True)
class Settled:
    """What an attempt led to."""

    outcome: str
    given_up: bool = False
    disabled: DisabledBecause | None = None


async def receiver_of(session: AsyncSession, vault: Vault, row: Subscription) -> Receiver:
    keys = await keys_of(session, vault, row.id, now=clock.now())
    return Receiver(row.id, row.version, row.url, row.format, row.content, row.signing, keys)


async def claim(session: AsyncSession, vault: Vault, subscription_id: UUID) -> list[Claimed]:
    """What is due, together with other workers at most as many as the subscription allows at once."""
    active = Subscription.state == SubscriptionState.ACTIVE
    found = select(Subscription).where(Subscription.id == subscription_id, active)
    subscription = await session.scalar(found.with_for_update(key_share=True))
    if subscription is None:
        return []
    held = OutboundDelivery.claim.is_not(None), _claimed(clock.now())
    in_flight = await session.scalar(_waiting(func.count(), subscription_id, *held)) or 0
    room = subscription.most_at_once - in_flight
    if room <= 0:
        return []
    receiver = await receiver_of(session, vault, subscription)
    return await take(session, receiver, most=room)


async def take(session: AsyncSession, receiver: Receiver, *, most: int) -> list[Claimed]:
    """The next that are due, in the places of the caller; nothing once the subscription has been changed."""
    now, mark = clock.now(), new_id()
    parameters = {
        "tenant": session.info["tenant_id"],
        "subscription": receiver.id,
        "version": receiver.version,
        "most": most,
        "now": now,
        "mark": mark,
        "until": now + CLAIM,
    }
    rows = (await session.execute(_TAKE, parameters)).all()
    return [_claimed_row(row, mark, receiver) for row in sorted(rows, key=lambda each: each.due_at)]


async def settle(
    session: AsyncSession, principal: Principal, claimed: Claimed, attempted: Attempted
) -> Settled:
    """Notes the attempt and what follows from it. A claim that has been lost changes nothing."""
    if attempted.outcome != "DELIVERED":
        return await _settle_failure(session, principal, claimed, attempted)
    done = {"state": OutboundState.DELIVERED, "settled_at": clock.now()}
    result = await session.execute(
        update(OutboundDelivery)
        .where(OutboundDelivery.id == claimed.id, OutboundDelivery.claim == claimed.claim)
        .values(done | {"claim": None, "claimed_until": None})
        .returning(OutboundDelivery.id)
    )
    if result.one_or_none() is None:
        return Settled("LOST")
    await _log(session, claimed, attempted)
    failing = Subscription.id == claimed.receiver.id, Subscription.failing_since.is_not(None)
    await session.execute(update(Subscription).where(*failing).values(failing_since=None))
    return Settled(attempted.outcome)


async def next_look(session: AsyncSession, subscription_id: UUID) -> Ahead | None:
    """What is still to be sent, and when there will be a place to send it from; None when nothing waits."""
    active = Subscription.state == SubscriptionState.ACTIVE
    limit = select(Subscription.most_at_once).where(Subscription.id == subscription_id, active)
    most = await session.scalar(limit)
    if most is None:
        return None
    now = clock.now()
    held = _claimed(now)
    columns = (
        func.count().label("waiting"),
        func.count().filter(held).label("in_flight"),
        func.min(OutboundDelivery.claimed_until).filter(held).label("freed_at"),
        func.min(OutboundDelivery.due_at).filter(~held).label("due_at"),
        func.min(OutboundEvent.occurred_at).label("oldest_at"),
    )
    event = OutboundEvent.id == OutboundDelivery.event_id
    row = (
        await session.execute(_waiting(columns, subscription_id).join(OutboundEvent, event))
    ).one()
    times = [row.freed_at] if row.in_flight >= most else [row.freed_at, row.due_at]
    known = [each for each in times if each is not None]
    if not known:
        return None
    return Ahead(max(min(known) - now, timedelta(0)), row.waiting, row.oldest_at)


def _waiting(what: Any, subscription_id: UUID, *further: ColumnElement[bool]) -> Select[Any]:
    columns = what if isinstance(what, tuple) else (what,)
    return (
        select(*columns)
        .select_from(OutboundDelivery)
        .where(
            OutboundDelivery.subscription_id == subscription_id,
            OutboundDelivery.state == OutboundState.WAITING,
            *further,
        )
    )


def _claimed(now: datetime) -> ColumnElement[bool]:
    until = OutboundDelivery.claimed_until
    return func.coalesce(until > now, False)


def _claimed_row(row: Row[Any], mark: UUID, receiver: Receiver) -> Claimed:
    payload = payload_for(receiver.content, row.type, row.payload)
    told = Told(row.event_id, row.type, row.subject, row.sequence, row.occurred_at, payload)
    return Claimed(row.id, mark, told, written(told, receiver.format), receiver)


async def _settle_failure(
    session: AsyncSession, principal: Principal, claimed: Claimed, attempted: Attempted
) -> Settled:
    now = clock.now()
    found = select(Subscription).where(Subscription.id == claimed.receiver.id)
    subscription = await session.scalar(found.with_for_update(key_share=True))
    mine = OutboundDelivery.id == claimed.id, OutboundDelivery.claim == claimed.claim
    delivery = await session.scalar(select(OutboundDelivery).where(*mine))
    if subscription is None or delivery is None:
        return Settled("LOST")
    await _log(session, claimed, attempted)
    delivery.claim = delivery.claimed_until = None
    _postpone(delivery, attempted, now)
    disabled = await _failed(session, principal, subscription, attempted, now)
    return Settled(attempted.outcome, delivery.state is OutboundState.FAILED, disabled)


async def _log(session: AsyncSession, claimed: Claimed, attempted: Attempted) -> None:
    made = insert(OutboundAttempt).values(
        tenant_id=session.info["tenant_id"],
        id=new_id(),
        delivery_id=claimed.id,
        attempted_at=attempted.attempted_at,
        millis=attempted.millis,
        status=attempted.reply.status if attempted.reply else None,
        outcome=attempted.outcome,
    )
    await session.execute(made)


def _postpone(delivery: OutboundDelivery, attempted: Attempted, now: datetime) -> None:
    delivery.tries += 1
    asked = attempted.reply.headers.get("retry-after") if attempted.reply else None
    wait = next_try(delivery.tries, retry_after=retry_after(asked, now=now))
    if wait is None:
        delivery.state, delivery.settled_at = OutboundState.FAILED, now
    else:
        delivery.due_at = now + wait


async def _failed(
    session: AsyncSession,
    principal: Principal,
    subscription: Subscription,
    attempted: Attempted,
    now: datetime,
) -> DisabledBecause | None:
    since = subscription.failing_since or attempted.attempted_at
    if subscription.failing_since is None:
        mine = Subscription.id == subscription.id
        await session.execute(update(Subscription).where(mine).values(failing_since=since))
    gone = attempted.outcome == "GONE"
    if not gone and now - since < UNBROKEN_FAILURE:
        return None
    if subscription.state is SubscriptionState.DISABLED:
        return None
    because = DisabledBecause.GONE if gone else DisabledBecause.FAILING
    await commands.disable(session, principal, subscription, because=because, now=now)
    return because


# Places are counted by the caller. Who is changed in the meantime is left to the next call, which reads it anew.
_TAKE = text(
    """
    WITH due AS MATERIALIZED (
        SELECT id FROM outbound_delivery
        WHERE tenant_id = :tenant AND subscription_id = :subscription AND state = 'WAITING'
          AND due_at <= :now AND (claimed_until IS NULL OR claimed_until <= :now)
          AND EXISTS (SELECT FROM subscriptions_subscription
                      WHERE tenant_id = :tenant AND id = :subscription
                        AND state = 'ACTIVE' AND version = :version)
        ORDER BY due_at, id LIMIT :most FOR UPDATE SKIP LOCKED
    )
    UPDATE outbound_delivery AS delivery SET claim = :mark, claimed_until = :until
    FROM due, outbound_event AS event
    WHERE delivery.tenant_id = :tenant AND delivery.id = due.id
      AND event.tenant_id = :tenant AND event.id = delivery.event_id
    RETURNING delivery.id, delivery.due_at, event.id AS event_id, event.type, event.subject,
              event.sequence, event.occurred_at, event.payload
    """
).columns(payload=JSONB)
