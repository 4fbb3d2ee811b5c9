"""Deliveries to other systems on the wire."""

from typing import Self
from uuid import UUID

from pydantic import AwareDatetime, Field, model_validator

from services.gateway.integrations.outbound.rules import OutboundState
from services.gateway.integrations.subscriptions.rules import SubscriptionState
from shared.schemas import Input, Output


class AttemptRead(Output):
    """One request; without an answer `status` is null and `outcome` says why."""

    attempted_at: AwareDatetime
    millis: int
    status: int | None
    outcome: str


class OutboundDeliveryRead(Output):
    """A fact on its way to a subscriber; `webhookId` is what the receiver sees at every attempt."""

    id: UUID
    webhook_id: UUID
    type: str
    subject: str
    occurred_at: AwareDatetime
    state: OutboundState
    tries: int
    due_at: AwareDatetime | None
    settled_at: AwareDatetime | None


class OutboundDeliveryDetail(OutboundDeliveryRead):
    """With every attempt, oldest first."""

    attempts: list[AttemptRead]


class ReplayRange(Input):
    """Facts of that time, the end not included."""

    since: AwareDatetime = Field(alias="from")
    until: AwareDatetime = Field(alias="to")

    @model_validator(mode="after")
    def _forwards(self) -> Self:
        if self.until <= self.since:
            raise ValueError("`to` must be later than `from`")
        return self


class Replayed(Output):
    """How many deliveries will be made again or for the first time."""

    deliveries: int


class TestOutcome(Output):
    """What a test led to; `outcome` is DELIVERED or the word for what went wrong."""

    outcome: str
    status: int | None
    millis: int
    state: SubscriptionState
