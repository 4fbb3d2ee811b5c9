"""What Waymark says of its own webhooks."""

from uuid import UUID

from pydantic import AwareDatetime

from services.gateway.integrations.subscriptions.rules import DisabledBecause
from shared.events import Fact


class SubscriptionDisabled(Fact, type="waymark.integrations.subscription.disabled.v1"):
    """Waymark has stopped sending to an address that is gone, or that has failed for five days."""

    subscription_id: UUID
    name: str
    reason: DisabledBecause
    disabled_at: AwareDatetime
    failing_since: AwareDatetime | None = None


FACTS = (SubscriptionDisabled,)
