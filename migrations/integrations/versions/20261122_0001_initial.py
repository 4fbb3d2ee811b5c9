"""Connections, deliveries, who administers them, and what the chassis needs."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.jobs import install_sql, uninstall_sql
from shared.migrations import protect

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLES = (
    "connections_connection",
    "connections_secret",
    "idempotency_key",
    "inbox_dead_letter",
    "inbox_event",
    "inbox_sequence",
    "outbox_event",
    "people_grant_holder",
    "webhooks_delivery",
)


def upgrade() -> None:
    op.create_table(
        "connections_connection",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("LMS", "HRIS", name="connectionkind", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column(
            "vendor",
            sa.Enum("GENERIC", name="vendor", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column(
            "verifier",
            sa.Enum("STANDARD_WEBHOOKS", name="verifierkind", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum("ACTIVE", "DISABLED", name="connectionstate", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_connections_connection")),
    )
    op.create_index(
        op.f("ix_connections_connection_tenant_id_name"),
        "connections_connection",
        ["tenant_id", "name"],
        unique=True,
    )
    op.create_table(
        "idempotency_key",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("media_type", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "subject", "key", name=op.f("pk_idempotency_key")),
    )
    op.create_table(
        "inbox_dead_letter",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("consumer", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=True),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("traceparent", sa.Text(), nullable=True),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dead_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint(
            "tenant_id", "consumer", "event_id", name=op.f("pk_inbox_dead_letter")
        ),
    )
    op.create_table(
        "inbox_event",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("consumer", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "consumer", "event_id", name=op.f("pk_inbox_event")),
    )
    op.create_table(
        "inbox_sequence",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("consumer", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("previous", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "consumer", "subject", name=op.f("pk_inbox_sequence")),
    )
    op.create_table(
        "outbox_event",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=True),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("traceparent", sa.Text(), nullable=True),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("relayed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_outbox_event")),
    )
    op.create_index(
        "ix_outbox_event_unrelayed",
        "outbox_event",
        ["tenant_id", "id"],
        unique=False,
        postgresql_where=sa.text("relayed_at IS NULL"),
    )
    op.create_table(
        "people_grant_holder",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("grants", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_people_grant_holder")),
    )
    op.create_index(
        op.f("ix_people_grant_holder_tenant_id_subject"),
        "people_grant_holder",
        ["tenant_id", "subject"],
        unique=False,
    )
    op.create_table(
        "connections_secret",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("connection_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retires_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "connection_id"],
            ["connections_connection.tenant_id", "connections_connection.id"],
            name=op.f("fk_connections_secret_tenant_id_connection_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_connections_secret")),
    )
    op.create_index(
        op.f("ix_connections_secret_tenant_id_connection_id"),
        "connections_secret",
        ["tenant_id", "connection_id"],
        unique=False,
    )
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
        sa.Column(
            "state",
            sa.Enum(
                "RECEIVED",
                "PUBLISHED",
                "REJECTED",
                "DEAD",
                name="deliverystate",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
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
        unique=False,
    )
    protect(op, TABLES)
    for statement in install_sql(op.get_context().opts["runtime_role"]):
        op.execute(statement)


def downgrade() -> None:
    op.drop_index(op.f("ix_webhooks_delivery_tenant_id_state_id"), table_name="webhooks_delivery")
    op.drop_index(
        op.f("ix_webhooks_delivery_tenant_id_connection_id_message_id"),
        table_name="webhooks_delivery",
    )
    op.drop_table("webhooks_delivery")
    op.drop_index(
        op.f("ix_connections_secret_tenant_id_connection_id"), table_name="connections_secret"
    )
    op.drop_table("connections_secret")
    op.drop_index(
        op.f("ix_people_grant_holder_tenant_id_subject"), table_name="people_grant_holder"
    )
    op.drop_table("people_grant_holder")
    op.drop_index(
        "ix_outbox_event_unrelayed",
        table_name="outbox_event",
        postgresql_where=sa.text("relayed_at IS NULL"),
    )
    op.drop_table("outbox_event")
    op.drop_table("inbox_sequence")
    op.drop_table("inbox_event")
    op.drop_table("inbox_dead_letter")
    op.drop_table("idempotency_key")
    op.drop_index(
        op.f("ix_connections_connection_tenant_id_name"), table_name="connections_connection"
    )
    op.drop_table("connections_connection")
    for statement in uninstall_sql():
        op.execute(statement)
