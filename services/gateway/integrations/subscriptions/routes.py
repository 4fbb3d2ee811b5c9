"""/webhook-subscriptions and /webhook-event-types."""

from datetime import timedelta
from uuid import UUID

from fastapi import Request, Response

from services.gateway.integrations.connections.routes import NotKeyed
from services.gateway.integrations.policy import POLICY, SUBSCRIPTION
from services.gateway.integrations.sealing import Sealing
from services.gateway.integrations.subscriptions import commands, queries
from services.gateway.integrations.subscriptions.addressing import Rules
from services.gateway.integrations.subscriptions.catalogue import CATALOGUE
from services.gateway.integrations.subscriptions.models import Subscription
from services.gateway.integrations.subscriptions.rules import WebhookSigning
from services.gateway.integrations.subscriptions.schemas import (
    EventTypeRead,
    KeyRotate,
    SubscriptionCreate,
    SubscriptionRead,
    SubscriptionUpdate,
    SubscriptionWithSecret,
)
from services.gateway.integrations.subscriptions.signing import spelled_secret
from shared.door import Acting, ExpectedVersion, Transaction, etag, router
from shared.paging import Paging, link_next

routes = router("/webhook-subscriptions", "webhook subscriptions")
types = router("/webhook-event-types", "webhook subscriptions")


@types.get("")
async def list_event_types(session: Transaction, principal: Acting) -> list[EventTypeRead]:
    """The facts that may be subscribed to."""
    await POLICY.require(session, principal, SUBSCRIPTION, "READ", None)
    return [EventTypeRead(type=name, content=leaves) for name, leaves in CATALOGUE.items()]


@routes.post("", status_code=201, dependencies=[NotKeyed])
async def create_subscription(
    response: Response,
    session: Transaction,
    principal: Acting,
    vault: Sealing,
    rules: Rules,
    wanted: SubscriptionCreate,
) -> SubscriptionWithSecret:
    """Makes a subscription, not yet verified; a V1 secret is in this answer only."""
    subscription, key = await commands.create(session, principal, vault, wanted=wanted, rules=rules)
    response.headers["Location"] = f"/webhook-subscriptions/{subscription.id}"
    return await _with_secret(response, session, subscription, key)


@routes.get("")
async def list_subscriptions(
    request: Request, response: Response, session: Transaction, principal: Acting, paging: Paging
) -> list[SubscriptionRead]:
    """The tenant's subscriptions, without secrets."""
    rows, after = await queries.page(session, principal, paging)
    link_next(request, response, after)
    return await queries.described(session, rows)


@routes.get("/{subscription_id}")
async def read_subscription(
    response: Response, session: Transaction, principal: Acting, subscription_id: UUID
) -> SubscriptionRead:
    """One subscription, without its secret."""
    return await _shown(response, session, await queries.get(session, principal, subscription_id))


@routes.patch("/{subscription_id}")
async def update_subscription(
    response: Response,
    session: Transaction,
    principal: Acting,
    rules: Rules,
    expected: ExpectedVersion,
    subscription_id: UUID,
    wanted: SubscriptionUpdate,
) -> SubscriptionRead:
    """Changes what is sent; another address or format has to be verified again."""
    subscription = await commands.update(
        session,
        principal,
        subscription_id=subscription_id,
        wanted=wanted,
        expected=expected,
        rules=rules,
    )
    return await _shown(response, session, subscription)


@routes.delete("/{subscription_id}", status_code=204)
async def delete_subscription(
    session: Transaction, principal: Acting, subscription_id: UUID
) -> None:
    """Sends no more, and forgets what was sent."""
    await commands.remove(session, principal, subscription_id=subscription_id)


@routes.post("/{subscription_id}/rotate-secret", dependencies=[NotKeyed])
async def rotate_secret(
    response: Response,
    session: Transaction,
    principal: Acting,
    vault: Sealing,
    subscription_id: UUID,
    wanted: KeyRotate | None = None,
) -> SubscriptionWithSecret:
    """A new key beside the one of now: both sign, so that the receiver can change over without a gap."""
    overlap = timedelta(hours=(wanted or KeyRotate()).overlap_hours)
    subscription, key = await commands.rotate_key(
        session, principal, vault, subscription_id=subscription_id, overlap=overlap
    )
    return await _with_secret(response, session, subscription, key)


@routes.post("/{subscription_id}/pause")
async def pause_subscription(
    response: Response, session: Transaction, principal: Acting, subscription_id: UUID
) -> SubscriptionRead:
    """Facts wait, and are sent after `resume`; none for longer than 30 days."""
    paused = await commands.pause(session, principal, subscription_id=subscription_id)
    return await _shown(response, session, paused)


async def _shown(
    response: Response, session: Transaction, subscription: Subscription
) -> SubscriptionRead:
    etag(response, subscription.version)
    (shown,) = await queries.described(session, [subscription])
    return shown


async def _with_secret(
    response: Response, session: Transaction, subscription: Subscription, key: bytes
) -> SubscriptionWithSecret:
    shown = await _shown(response, session, subscription)
    secret = spelled_secret(key) if subscription.signing is WebhookSigning.V1 else None
    return SubscriptionWithSecret(**shown.model_dump(), secret=secret)
