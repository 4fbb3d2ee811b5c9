"""Making, changing, pausing and disabling subscriptions."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.gateway.integrations.policy import POLICY, SUBSCRIPTION
from services.gateway.integrations.sealing import Vault
from services.gateway.integrations.subscriptions import queries, signing
from services.gateway.integrations.subscriptions.catalogue import CATALOGUE, covers
from services.gateway.integrations.subscriptions.events import SubscriptionDisabled
from services.gateway.integrations.subscriptions.models import SigningKey, Subscription
from services.gateway.integrations.subscriptions.rules import (
    MOST_SUBSCRIPTIONS,
    TOLD,
    DisabledBecause,
    SubscriptionState,
    resumed,
    steps_from,
)
from services.gateway.integrations.subscriptions.schemas import (
    SubscriptionCreate,
    SubscriptionUpdate,
)
from shared import clock, events
from shared.addresses import AddressRefused, AddressRules
from shared.ids import new_id
from shared.problems import Conflict, Invalid, PreconditionFailed, StateTransition
from shared.tenancy import Principal


class SubscriptionExists(Conflict):
    """There is a subscription of that name."""


class TooManySubscriptions(Conflict):
    """There are as many subscriptions as a tenant may have."""


async def create(
    session: AsyncSession,
    principal: Principal,
    vault: Vault,
    *,
    wanted: SubscriptionCreate,
    rules: AddressRules,
) -> tuple[Subscription, bytes]:
    """The subscription and its key, which is never shown again.

    Raises `Invalid`, `SubscriptionExists`, `TooManySubscriptions`.
    """
    await POLICY.require(session, principal, SUBSCRIPTION, "CHANGE", None)
    _check(rules, wanted.url, wanted.event_types)
    await _refuse_taken(session, wanted.name)
    count = await session.scalar(select(func.count(Subscription.id))) or 0
    if count >= MOST_SUBSCRIPTIONS:
        raise TooManySubscriptions(f"Delete one: a tenant has at most {MOST_SUBSCRIPTIONS}.")
    now = clock.now()
    subscription = Subscription(
        id=new_id(),
        **wanted.model_dump(),
        state=SubscriptionState.PENDING_VERIFICATION,
        created_at=now,
        updated_at=now,
    )
    session.add(subscription)
    await session.flush()
    return subscription, await _add_key(session, vault, subscription)


async def update(
    session: AsyncSession,
    principal: Principal,
    *,
    subscription_id: UUID,
    wanted: SubscriptionUpdate,
    expected: int,
    rules: AddressRules,
) -> Subscription:
    """Raises `NotFound`, `Forbidden`, `PreconditionFailed`, `Invalid`, `SubscriptionExists`."""
    subscription = await queries.get(session, principal, subscription_id, action="CHANGE")
    if subscription.version != expected:
        raise PreconditionFailed(f"The subscription is at version {subscription.version} by now.")
    changes = {
        name: value
        for name, value in wanted.model_dump(exclude_none=True).items()
        if value != getattr(subscription, name)
    }
    _check(rules, changes.get("url"), changes.get("event_types", ()))
    if "name" in changes:
        await _refuse_taken(session, changes["name"])
    for name, value in changes.items():
        setattr(subscription, name, value)
    if changes.keys() & {"url", "format"} and subscription.state in TOLD:
        subscription.state = SubscriptionState.PENDING_VERIFICATION
    if changes:
        subscription.updated_at = clock.now()
    await session.flush()
    return subscription


async def remove(session: AsyncSession, principal: Principal, *, subscription_id: UUID) -> None:
    """With its keys and its deliveries. Raises `NotFound`, `Forbidden`."""
    subscription = await queries.get(session, principal, subscription_id, action="CHANGE")
    await session.delete(subscription)


async def rotate_key(
    session: AsyncSession,
    principal: Principal,
    vault: Vault,
    *,
    subscription_id: UUID,
    overlap: timedelta,
) -> tuple[Subscription, bytes]:
    """A new key; the one of now signs on for the overlap, older ones end at once. Raises `NotFound`, `Forbidden`."""
    subscription = await queries.get(session, principal, subscription_id, action="CHANGE")
    mine = SigningKey.subscription_id == subscription.id
    await session.execute(delete(SigningKey).where(mine, SigningKey.retires_at.is_not(None)))
    for key in await session.scalars(select(SigningKey).where(mine)):
        key.retires_at = clock.now() + overlap
    subscription.updated_at = clock.now()
    return subscription, await _add_key(session, vault, subscription)


async def pause(
    session: AsyncSession, principal: Principal, *, subscription_id: UUID
) -> Subscription:
    """Facts wait from now on; again changes nothing. Raises `NotFound`, `Forbidden`, `StateTransition`."""
    subscription = await queries.get(session, principal, subscription_id, action="CHANGE")
    await step(session, subscription, SubscriptionState.PAUSED)
    return subscription


async def resume(
    session: AsyncSession, principal: Principal, *, subscription_id: UUID
) -> Subscription:
    """A paused one is sent to again, a disabled one may be verified again. Raises `NotFound`, `Forbidden`."""
    subscription = await queries.get(session, principal, subscription_id, action="CHANGE")
    wanted = resumed(subscription.state)
    if subscription.state is not wanted:
        subscription.failing_since = None
        await step(session, subscription, wanted)
    return subscription


async def verified(session: AsyncSession, subscription: Subscription) -> None:
    """Its address has answered as asked; the row is locked by the caller."""
    if subscription.state is SubscriptionState.PENDING_VERIFICATION:
        subscription.failing_since = None
        await step(session, subscription, SubscriptionState.ACTIVE)


async def disable(
    session: AsyncSession,
    principal: Principal,
    subscription: Subscription,
    *,
    because: DisabledBecause,
    now: datetime,
) -> None:
    """Stops sending and says so; the row is locked by the caller."""
    await step(session, subscription, SubscriptionState.DISABLED)
    subscription.disabled_because = because
    await session.flush()
    fact = SubscriptionDisabled(
        subscription_id=subscription.id,
        name=subscription.name,
        reason=because,
        disabled_at=now,
        failing_since=subscription.failing_since,
    )
    await events.publish(
        session, principal, fact, subject=subscription.id, sequence=subscription.version
    )


async def step(
    session: AsyncSession, subscription: Subscription, wanted: SubscriptionState
) -> None:
    """Raises `StateTransition`; the state that it has already is no step and no error."""
    if subscription.state is wanted:
        return
    possible = steps_from(subscription.state)
    if wanted not in possible:
        raise StateTransition(
            subscription.state.value, wanted.value, [each.value for each in possible]
        )
    subscription.state, subscription.disabled_because = wanted, None
    subscription.updated_at = clock.now()
    await session.flush()


async def _add_key(session: AsyncSession, vault: Vault, subscription: Subscription) -> bytes:
    key, key_id = signing.new_key(subscription.signing), new_id()
    session.add(
        SigningKey(
            id=key_id,
            subscription_id=subscription.id,
            sealed=vault.seal(key, bound_to=key_id.bytes),
            public=signing.public_key(subscription.signing, key),
            created_at=clock.now(),
        )
    )
    await session.flush()
    return key


async def _refuse_taken(session: AsyncSession, name: str) -> None:
    if await session.scalar(select(Subscription.id).where(Subscription.name == name)):
        raise SubscriptionExists(f"Change {name!r}, or choose another name.")


def _check(rules: AddressRules, url: str | None, patterns: Sequence[str]) -> None:
    """Raises `Invalid`."""
    try:
        if url is not None:
            rules.target(url)
    except AddressRefused as refused:
        raise Invalid.field("/url", str(refused)) from None
    for index, pattern in enumerate(patterns):
        if not any(covers(pattern, each) for each in CATALOGUE):
            raise Invalid.field(
                f"/eventTypes/{index}",
                "no fact of this name may be subscribed to; GET /webhook-event-types lists those that may",
            )
