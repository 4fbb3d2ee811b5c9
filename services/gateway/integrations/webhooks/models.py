"""The durable inbox of what other systems send, what was last said of each thing, and what is to be fetched."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKeyConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from services.gateway.integrations.tables import Base
from services.gateway.integrations.webhooks.rules import DeliveryState, FetchBackState, ThingKind
from shared.db import TenantRow


def _of_connection() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["tenant_id", "connection_id"],
        ["connections_connection.tenant_id", "connections_connection.id"],
    )


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
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None]

    __table_args__ = (
        _of_connection(),
        Index(None, "tenant_id", "connection_id", "message_id", unique=True),
        Index(None, "tenant_id", "state", "id"),
    )


class SourceObject(TenantRow, Base):
    """The newest word of one connection about one thing; the id is made of them, so no name lies here in clear.

    `ended_at`: when a termination of this person was last taken in. `fingerprint` is of what that word said.
    """

    __tablename__ = "webhooks_source_object"

    connection_id: Mapped[UUID]
    kind: Mapped[ThingKind]
    said_at: Mapped[datetime]
    sequence: Mapped[int] = mapped_column(BigInteger)
    ended_at: Mapped[datetime | None]
    fingerprint: Mapped[bytes | None]

    __table_args__ = (
        _of_connection(),
        Index(None, "tenant_id", "connection_id", "kind", "ended_at"),
    )


class FetchBackRequest(TenantRow, Base):
    """Something has changed at the source, and its webhook did not say how; one waiting request a thing."""

    __tablename__ = "webhooks_fetch_back"

    connection_id: Mapped[UUID]
    delivery_id: Mapped[UUID]
    kind: Mapped[str]
    external_id: Mapped[str]
    changed_fields: Mapped[list[str]]
    said_at: Mapped[datetime]
    state: Mapped[FetchBackState]
    asked_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(server_default=text("0"))
    due_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    claim: Mapped[UUID | None]
    claimed_until: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    reason: Mapped[str | None]
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None]

    __table_args__ = (
        _of_connection(),
        Index(
            "ix_webhooks_fetch_back_waiting",
            "tenant_id",
            "connection_id",
            "kind",
            "external_id",
            unique=True,
            postgresql_where=text("state = 'WAITING'"),
        ),
        Index(
            "ix_webhooks_fetch_back_due",
            "tenant_id",
            "connection_id",
            "due_at",
            postgresql_where=text("state IN ('WAITING', 'FETCHING')"),
        ),
    )
