"""How a connection is asked, who was in its listing, and each comparison of the listing with what was told."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from services.gateway.integrations.fetching.rules import ReconciliationState
from services.gateway.integrations.tables import Base
from shared.db import TenantRow


def _of_connection(column: str = "connection_id") -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["tenant_id", column],
        ["connections_connection.tenant_id", "connections_connection.id"],
        ondelete="CASCADE",
    )


class Source(TenantRow, Base):
    """Where and as whom a connection is asked; the id is the connection's, the secret is sealed.

    Until `paused_until` nothing is asked, for the `problem` that came last. Without `reconcile_hour` (UTC) there is no
    nightly comparison.
    """

    __tablename__ = "fetching_source"

    base_url: Mapped[str]
    client_id: Mapped[str | None]
    sealed: Mapped[bytes]
    most_at_once: Mapped[int]
    reconcile_hour: Mapped[int | None]
    reconcile_at: Mapped[datetime | None]
    paused_until: Mapped[datetime | None]
    problem: Mapped[str | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    __table_args__ = (_of_connection("id"),)


class Listed(TenantRow, Base):
    """Somebody or something that a listing has named: last by `run_id`, last as present at `present_at`."""

    __tablename__ = "fetching_listed"

    connection_id: Mapped[UUID]
    external_id: Mapped[str]
    run_id: Mapped[UUID]
    present_at: Mapped[datetime | None]
    gone_at: Mapped[datetime | None]

    __table_args__ = (
        _of_connection(),
        Index(None, "tenant_id", "connection_id", "run_id"),
    )


class ReconciliationRun(TenantRow, Base):
    """One comparison: how many were `seen`, facts `told`, people `vanished` and leavers `held`."""

    __tablename__ = "fetching_reconciliation"

    connection_id: Mapped[UUID]
    state: Mapped[ReconciliationState]
    asked_by: Mapped[str]
    approved: Mapped[bool]
    asked_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(server_default=text("0"))
    seen: Mapped[int] = mapped_column(server_default=text("0"))
    told: Mapped[int] = mapped_column(server_default=text("0"))
    vanished: Mapped[int] = mapped_column(server_default=text("0"))
    held: Mapped[int] = mapped_column(server_default=text("0"))
    unread: Mapped[int] = mapped_column(server_default=text("0"))
    error: Mapped[str | None]

    __table_args__ = (
        _of_connection(),
        Index(None, "tenant_id", "connection_id", "id"),
        Index(
            "ix_fetching_reconciliation_open",
            "tenant_id",
            "connection_id",
            unique=True,
            postgresql_where=text("state IN ('WAITING', 'RUNNING')"),
        ),
    )
