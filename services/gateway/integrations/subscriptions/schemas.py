"""Subscriptions on the wire."""

from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, Field, StringConstraints

from services.gateway.integrations.subscriptions.catalogue import Leaves
from services.gateway.integrations.subscriptions.rules import (
    MOST_PATTERNS,
    DisabledBecause,
    SubscriptionState,
    WebhookContent,
    WebhookFormat,
    WebhookSigning,
)
from shared.addresses import LONGEST_URL
from shared.schemas import Input, Output

Name = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f]*$")]
Url = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_URL)]
Pattern = Annotated[
    str, StringConstraints(pattern=r"^waymark(\.[a-z0-9_]+)*(\.\*)?$", max_length=200)
]
Patterns = Annotated[list[Pattern], Field(min_length=1, max_length=MOST_PATTERNS)]
AtOnce = Annotated[int, Field(ge=1, le=10)]


class SubscriptionCreate(Input):
    """Where to send what; `eventTypes` are types, or beginnings of types and `.*`."""

    name: Name
    url: Url
    event_types: Patterns
    format: WebhookFormat = WebhookFormat.STANDARD
    content: WebhookContent = WebhookContent.THIN
    signing: WebhookSigning = WebhookSigning.V1
    most_at_once: AtOnce = 4


class SubscriptionUpdate(Input):
    """What is left out stays. Another address or format must be verified again."""

    name: Name | None = None
    url: Url | None = None
    event_types: Patterns | None = None
    format: WebhookFormat | None = None
    content: WebhookContent | None = None
    most_at_once: AtOnce | None = None


class SubscriptionRead(Output):
    """A subscription; `publicKeys` verify V1A signatures, newest first."""

    id: UUID
    name: str
    url: str
    event_types: list[str]
    format: WebhookFormat
    content: WebhookContent
    signing: WebhookSigning
    most_at_once: int
    state: SubscriptionState
    disabled_because: DisabledBecause | None
    failing_since: AwareDatetime | None
    public_keys: list[str] = Field(default_factory=list)
    version: int
    created_at: AwareDatetime
    updated_at: AwareDatetime


class SubscriptionWithSecret(SubscriptionRead):
    """The only answer that holds the secret; with V1A there is none to hand over."""

    secret: str | None


class KeyRotate(Input):
    """How long the key of now goes on signing beside the new one; 0 when it has leaked."""

    overlap_hours: int = Field(default=24, ge=0, le=168)


class EventTypeRead(Output):
    """A fact that may be subscribed to; a THIN one never leaves with its payload."""

    type: str
    content: Leaves
