"""Deliveries of webhooks."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from shared.migrations import protect

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLES = ("webhooks_delivery",)


def upgrade() -> None:
    op.create_table(
        "webhooks_delivery",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("connection_id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_body", sa.LargeBinary(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("event_type", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "connection_id"],
            ["connections_connection.tenant_id", "connections_connection.id"],
            name=op.f("fk_webhooks_delivery_tenant_id_connection_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_webhooks_delivery")),
    )
    op.create_index(
        op.f("ix_webhooks_delivery_tenant_id_connection_id_message_id"),
        "webhooks_delivery",
        ["tenant_id", "connection_id", "message_id"],
        unique=True,
    )
    op.create_index(
        op.f("ix_webhooks_delivery_tenant_id_state_id"),
        "webhooks_delivery",
        ["tenant_id", "state", "id"],
    )
    protect(op, TABLES)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
