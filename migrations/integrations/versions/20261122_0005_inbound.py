"""What connections are told beside their secret, what was last said of each thing, and what is still to be fetched."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.migrations import protect

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLES = ("webhooks_source_object", "webhooks_fetch_back")


def upgrade() -> None:
    op.add_column(
        "connections_connection",
        sa.Column("settings", postgresql.JSONB(), server_default="{}", nullable=False),
    )
    op.add_column("webhooks_delivery", sa.Column("decided_by", sa.Text(), nullable=True))
    op.add_column(
        "webhooks_delivery", sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.create_table(
        "webhooks_source_object",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("connection_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        _of_connection("webhooks_source_object"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_webhooks_source_object")),
    )
    op.create_index(
        op.f("ix_webhooks_source_object_tenant_id_connection_id_kind_ended_at"),
        "webhooks_source_object",
        ["tenant_id", "connection_id", "kind", "ended_at"],
    )
    op.create_table(
        "webhooks_fetch_back",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("connection_id", sa.Uuid(), nullable=False),
        sa.Column("delivery_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("changed_fields", postgresql.JSONB(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        _of_connection("webhooks_fetch_back"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_webhooks_fetch_back")),
    )
    op.create_index(
        "ix_webhooks_fetch_back_waiting",
        "webhooks_fetch_back",
        ["tenant_id", "connection_id", "kind", "external_id"],
        unique=True,
        postgresql_where=sa.text("state = 'WAITING'"),
    )
    protect(op, TABLES)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    op.drop_column("webhooks_delivery", "decided_at")
    op.drop_column("webhooks_delivery", "decided_by")
    op.drop_column("connections_connection", "settings")


def _of_connection(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id", "connection_id"],
        ["connections_connection.tenant_id", "connections_connection.id"],
        name=op.f(f"fk_{table}_tenant_id_connection_id"),
    )
