"""Listening to every service: what somebody has subscribed to is stored with its deliveries as it is marked as seen."""

from collections.abc import Sequence

from pydantic import ConfigDict
from sqlalchemy.ext.asyncio import AsyncSession

from services.gateway.integrations.outbound import spreading
from services.gateway.integrations.registry import handlers
from services.gateway.integrations.subscriptions.catalogue import CATALOGUE
from shared.events import Incoming, Payload
from shared.tenancy import Principal


class AnyFact(Payload):
    """Every field, as it came."""

    model_config = ConfigDict(extra="allow")


@handlers.on("waymark.profile.*.*.v1", group="outbound-profile", every=True)
@handlers.on("waymark.goals.*.*.v1", group="outbound-goals", every=True)
@handlers.on("waymark.feedback.*.*.v1", group="outbound-feedback", every=True)
@handlers.on("waymark.integrations.*.*.v1", group="outbound-integrations", every=True)
async def keep_for_subscribers(
    session: AsyncSession, principal: Principal, events: Sequence[Incoming[AnyFact]]
) -> None:
    leaving = [event for event in events if event.type in CATALOGUE]
    await spreading.spread(session, principal, events=leaving)
