"""The states of a subscription and the steps between them."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum

PING = "waymark.webhook.test"
MOST_SUBSCRIPTIONS = 50
MOST_PATTERNS = 50
UNBROKEN_FAILURE = timedelta(days=5)


class WebhookFormat(StrEnum):
    """STANDARD: `type`, `timestamp`, `data`, as Standard Webhooks has it. CLOUDEVENTS: 1.0, structured mode."""

    STANDARD = "STANDARD"
    CLOUDEVENTS = "CLOUDEVENTS"


class WebhookContent(StrEnum):
    """THIN: type, id, subject, sequence and time. FULL: the fact too, where the catalogue lets it leave."""

    THIN = "THIN"
    FULL = "FULL"


class WebhookSigning(StrEnum):
    """V1: HMAC-SHA256 with a shared secret. V1A: ed25519, of which the receiver has the public key only."""

    V1 = "V1"
    V1A = "V1A"


class SubscriptionState(StrEnum):
    """Only an ACTIVE one is sent to; for a PAUSED one facts wait."""

    PENDING_VERIFICATION = "PENDING_VERIFICATION"
    ACTIVE = "ACTIVE"
    PAUSED = "PAUSED"
    DISABLED = "DISABLED"


class DisabledBecause(StrEnum):
    """Why Waymark has stopped sending."""

    GONE = "GONE"
    FAILING = "FAILING"


_STEPS: Mapping[SubscriptionState, tuple[SubscriptionState, ...]] = {
    SubscriptionState.PENDING_VERIFICATION: (SubscriptionState.ACTIVE, SubscriptionState.DISABLED),
    SubscriptionState.ACTIVE: (SubscriptionState.PAUSED, SubscriptionState.DISABLED),
    SubscriptionState.PAUSED: (SubscriptionState.ACTIVE, SubscriptionState.DISABLED),
    SubscriptionState.DISABLED: (SubscriptionState.PENDING_VERIFICATION,),
}
TOLD = (SubscriptionState.ACTIVE, SubscriptionState.PAUSED)
"""For these every fact becomes a delivery."""


def steps_from(state: SubscriptionState) -> tuple[SubscriptionState, ...]:
    return _STEPS[state]


def resumed(state: SubscriptionState) -> SubscriptionState:
    """A disabled address has to prove itself again, and one that has not yet cannot do so by being resumed."""
    unproven = (SubscriptionState.DISABLED, SubscriptionState.PENDING_VERIFICATION)
    if state in unproven:
        return SubscriptionState.PENDING_VERIFICATION
    return SubscriptionState.ACTIVE
