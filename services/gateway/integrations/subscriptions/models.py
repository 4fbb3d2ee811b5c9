"""Subscriptions and the keys that sign for them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from services.gateway.integrations.subscriptions.rules import (
    DisabledBecause,
    SubscriptionState,
    WebhookContent,
    WebhookFormat,
    WebhookSigning,
)
from services.gateway.integrations.tables import Base
from shared.db import TenantRow


class Subscription(TenantRow, Base):
    """Where facts go. `version` counts what users change; `failing_since` is set from a first failure to a success."""

    __tablename__ = "subscriptions_subscription"

    name: Mapped[str]
    url: Mapped[str]
    event_types: Mapped[list[str]]
    format: Mapped[WebhookFormat]
    content: Mapped[WebhookContent]
    signing: Mapped[WebhookSigning]
    most_at_once: Mapped[int]
    state: Mapped[SubscriptionState]
    disabled_because: Mapped[DisabledBecause | None]
    failing_since: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    __table_args__ = (Index(None, "tenant_id", "name", unique=True),)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form


class SigningKey(TenantRow, Base):
    """A sealed key: the newest has no end, the one before it signs too until `retires_at`."""

    __tablename__ = "subscriptions_signing_key"

    subscription_id: Mapped[UUID]
    sealed: Mapped[bytes]
    public: Mapped[bytes | None]
    created_at: Mapped[datetime]
    retires_at: Mapped[datetime | None]

    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "subscription_id"],
            ["subscriptions_subscription.tenant_id", "subscriptions_subscription.id"],
            ondelete="CASCADE",
        ),
        Index(None, "tenant_id", "subscription_id"),
    )
