"""A fact once, its deliveries, and what became of each attempt. No body of any answer is kept."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKeyConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from services.gateway.integrations.outbound.rules import OutboundState
from services.gateway.integrations.tables import Base
from shared.db import TenantRow


class OutboundEvent(TenantRow, Base):
    """A fact that somebody subscribed to; `id` is the event's own."""

    __tablename__ = "outbound_event"

    type: Mapped[str]
    subject: Mapped[str]
    sequence: Mapped[int | None] = mapped_column(BigInteger)
    occurred_at: Mapped[datetime]
    payload: Mapped[dict[str, Any]]

    __table_args__ = (Index(None, "tenant_id", "occurred_at"),)


class OutboundDelivery(TenantRow, Base):
    """A fact for one subscription. `tries` counts since it was last asked for; `claim` names who is sending it now."""

    __tablename__ = "outbound_delivery"

    subscription_id: Mapped[UUID]
    event_id: Mapped[UUID]
    state: Mapped[OutboundState] = mapped_column(default=OutboundState.WAITING)
    tries: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime]
    claim: Mapped[UUID | None]
    claimed_until: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]

    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "subscription_id"],
            ["subscriptions_subscription.tenant_id", "subscriptions_subscription.id"],
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(
            ["tenant_id", "event_id"],
            ["outbound_event.tenant_id", "outbound_event.id"],
            ondelete="CASCADE",
        ),
        Index(None, "tenant_id", "subscription_id", "event_id", unique=True),
        Index(None, "tenant_id", "event_id"),
        Index(
            "ix_outbound_delivery_waiting",
            "tenant_id",
            "subscription_id",
            "due_at",
            postgresql_where=text("state = 'WAITING'"),
        ),
        Index(
            "ix_outbound_delivery_claimed",
            "tenant_id",
            "subscription_id",
            postgresql_where=text("claim IS NOT NULL"),
        ),
    )


class OutboundAttempt(TenantRow, Base):
    """One request: `status` when there was an answer, `outcome` in a word, `millis` until then."""

    __tablename__ = "outbound_attempt"

    delivery_id: Mapped[UUID]
    attempted_at: Mapped[datetime]
    millis: Mapped[int]
    status: Mapped[int | None]
    outcome: Mapped[str]

    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "delivery_id"],
            ["outbound_delivery.tenant_id", "outbound_delivery.id"],
            ondelete="CASCADE",
        ),
        Index(None, "tenant_id", "delivery_id"),
    )
