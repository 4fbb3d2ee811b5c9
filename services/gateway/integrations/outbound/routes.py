"""What was sent to a subscription, sending it again, and testing its address."""

from collections.abc import Awaitable, Callable
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request, Response

from services.gateway.integrations.outbound import commands, queries
from services.gateway.integrations.outbound.rules import OutboundState
from services.gateway.integrations.outbound.schemas import (
    OutboundDeliveryDetail,
    OutboundDeliveryRead,
    Replayed,
    ReplayRange,
    TestOutcome,
)
from services.gateway.integrations.outbound.sending import Sender
from services.gateway.integrations.sealing import Sealing
from services.gateway.integrations.subscriptions.queries import described
from services.gateway.integrations.subscriptions.schemas import SubscriptionRead
from shared.door import Acting, Transaction, VerifiedClaims, etag, router
from shared.paging import Paging, link_next
from shared.service import Service

routes = router("/webhook-subscriptions", "webhook subscriptions")


def provide(sender: Sender) -> Callable[[Request], Awaitable[None]]:
    """A dependency for a router, like the vault's."""

    async def provided(request: Request) -> None:
        request.state.sender = sender

    return provided


async def _handed_down(request: Request) -> Sender:
    sender: Sender = request.state.sender
    return sender


Sending = Annotated[Sender, Depends(_handed_down)]


@routes.post("/{subscription_id}/resume")
async def resume_subscription(
    response: Response, session: Transaction, principal: Acting, subscription_id: UUID
) -> SubscriptionRead:
    """Sends what has waited; a disabled subscription has to be verified again."""
    resumed = await commands.resume(session, principal, subscription_id=subscription_id)
    etag(response, resumed.version)
    (shown,) = await described(session, [resumed])
    return shown


@routes.post("/{subscription_id}/test")
async def test_subscription(
    request: Request,
    claims: VerifiedClaims,
    sender: Sending,
    vault: Sealing,
    subscription_id: UUID,
) -> TestOutcome:
    """Sends a `waymark.webhook.test` now and says what came of it; the first success verifies the address.

    A receiver of CloudEvents is asked for its permission first, by OPTIONS.
    """
    service: Service = request.app.state.service
    async with service.database.transaction(claims.tenant_id) as session:
        principal = await service.callers.find(session, claims)
    attempted, state = await commands.test(
        service.database,
        principal,
        sender,
        vault,
        subscription_id=subscription_id,
        origin=request.url.hostname or "waymark",
    )
    status = attempted.reply.status if attempted.reply else None
    return TestOutcome(
        outcome=attempted.outcome, status=status, millis=attempted.millis, state=state
    )


@routes.post("/{subscription_id}/replay", status_code=202)
async def replay_range(
    session: Transaction, principal: Acting, subscription_id: UUID, wanted: ReplayRange
) -> Replayed:
    """Delivers the facts of that time again under the same `webhook-id`, and those missed while disabled."""
    count = await commands.replay_range(
        session, principal, subscription_id=subscription_id, wanted=wanted
    )
    return Replayed(deliveries=count)


@routes.get("/{subscription_id}/deliveries")
async def list_outbound_deliveries(
    request: Request,
    response: Response,
    session: Transaction,
    principal: Acting,
    paging: Paging,
    subscription_id: UUID,
    state: OutboundState | None = None,
) -> list[OutboundDeliveryRead]:
    """What was and will be sent, oldest first; kept for 30 days."""
    found, after = await queries.page(
        session, principal, subscription_id=subscription_id, state=state, page=paging
    )
    link_next(request, response, after)
    return found


@routes.get("/{subscription_id}/deliveries/{delivery_id}")
async def read_outbound_delivery(
    session: Transaction, principal: Acting, subscription_id: UUID, delivery_id: UUID
) -> OutboundDeliveryDetail:
    """One delivery with its attempts."""
    return await queries.one(
        session, principal, subscription_id=subscription_id, delivery_id=delivery_id
    )


@routes.post("/{subscription_id}/deliveries/{delivery_id}/replay", status_code=202)
async def replay_delivery(
    session: Transaction, principal: Acting, subscription_id: UUID, delivery_id: UUID
) -> Replayed:
    """Delivers one fact again under the same `webhook-id`."""
    await commands.replay_one(
        session, principal, subscription_id=subscription_id, delivery_id=delivery_id
    )
    return Replayed(deliveries=1)
