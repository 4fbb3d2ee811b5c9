"""Connections and their secrets."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from services.gateway.integrations.connections.rules import (
    Address,
    ConnectionKind,
    ConnectionState,
    Vendor,
    VerifierKind,
)
from services.gateway.integrations.tables import Base
from shared.db import TenantRow


class Connection(TenantRow, Base):
    """A link to one system of the tenant's; its name stands for the system where a payload names none."""

    __tablename__ = "connections_connection"

    name: Mapped[str]
    kind: Mapped[ConnectionKind]
    vendor: Mapped[Vendor]
    verifier: Mapped[VerifierKind]
    state: Mapped[ConnectionState]
    settings: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    __table_args__ = (Index(None, "tenant_id", "name", unique=True),)

    @property
    def address(self) -> str:
        return str(Address(self.tenant_id, self.id))


class Secret(TenantRow, Base):
    """A sealed secret: the newest has no end, the one before it works until `retires_at`."""

    __tablename__ = "connections_secret"

    connection_id: Mapped[UUID]
    sealed: Mapped[bytes]
    created_at: Mapped[datetime]
    retires_at: Mapped[datetime | None]

    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "connection_id"],
            ["connections_connection.tenant_id", "connections_connection.id"],
            ondelete="CASCADE",
        ),
        Index(None, "tenant_id", "connection_id"),
    )
