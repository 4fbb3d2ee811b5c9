"""The durable inbox of what other systems send."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped

from services.gateway.integrations.tables import Base
from services.gateway.integrations.webhooks.rules import DeliveryState
from shared.db import TenantRow


class Delivery(TenantRow, Base):
    """One message of one connection. The body is sealed; the fingerprint tells a repeated one from another one."""

    __tablename__ = "webhooks_delivery"

    connection_id: Mapped[UUID]
    message_id: Mapped[str]
    fingerprint: Mapped[bytes]
    sealed_body: Mapped[bytes]
    sent_at: Mapped[datetime]
    received_at: Mapped[datetime]
    state: Mapped[DeliveryState]
    event_type: Mapped[str | None]
    reason: Mapped[str | None]
    settled_at: Mapped[datetime | None]

    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "connection_id"],
            ["connections_connection.tenant_id", "connections_connection.id"],
        ),
        Index(None, "tenant_id", "connection_id", "message_id", unique=True),
        Index(None, "tenant_id", "state", "id"),
    )
