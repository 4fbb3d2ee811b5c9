"""Deliveries on the wire, and what the integrations say of them."""

from uuid import UUID

from pydantic import AwareDatetime

from services.gateway.integrations.webhooks.rules import DeliveryState
from shared.schemas import Input, Output


class DeliveryReceipt(Output):
    """The delivery is stored and will not be lost."""

    id: UUID
    state: DeliveryState


class DeliveryRead(Output):
    """What became of a delivery; never what was in it."""

    id: UUID
    connection_id: str
    message_id: str
    event_type: str | None
    state: DeliveryState
    reason: str | None
    sent_at: AwareDatetime
    received_at: AwareDatetime
    settled_at: AwareDatetime | None
    decided_by: str | None
    decided_at: AwareDatetime | None


class HeldOfConnection(Input):
    """All that is held of one connection."""

    connection_id: str


class Decided(Output):
    """How many deliveries it was."""

    deliveries: int
