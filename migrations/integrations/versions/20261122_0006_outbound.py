"""Subscriptions of other systems, and what is sent to them."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.migrations import protect

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLES = (
    "subscriptions_subscription",
    "subscriptions_signing_key",
    "outbound_event",
    "outbound_delivery",
    "outbound_attempt",
)


def upgrade() -> None:
    op.create_table(
        "subscriptions_subscription",
        *_key("subscriptions_subscription"),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("event_types", postgresql.JSONB(), nullable=False),
        sa.Column("format", sa.String(40), nullable=False),
        sa.Column("content", sa.String(40), nullable=False),
        sa.Column("signing", sa.String(40), nullable=False),
        sa.Column("most_at_once", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("disabled_because", sa.String(40), nullable=True),
        sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index(
        op.f("ix_subscriptions_subscription_tenant_id_name"),
        "subscriptions_subscription",
        ["tenant_id", "name"],
        unique=True,
    )
    op.create_table(
        "subscriptions_signing_key",
        *_key("subscriptions_signing_key"),
        sa.Column("subscription_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("public", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retires_at", sa.DateTime(timezone=True), nullable=True),
        _of("subscriptions_signing_key", "subscription_id", "subscriptions_subscription"),
    )
    op.create_index(
        op.f("ix_subscriptions_signing_key_tenant_id_subscription_id"),
        "subscriptions_signing_key",
        ["tenant_id", "subscription_id"],
    )
    _create_outbound()
    protect(op, TABLES)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def _create_outbound() -> None:
    op.create_table(
        "outbound_event",
        *_key("outbound_event"),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=True),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("payload", postgresql.JSONB(), nullable=False),
    )
    op.create_index(
        op.f("ix_outbound_event_tenant_id_occurred_at"),
        "outbound_event",
        ["tenant_id", "occurred_at"],
    )
    op.create_table(
        "outbound_delivery",
        *_key("outbound_delivery"),
        sa.Column("subscription_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claim", sa.Uuid(), nullable=True),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        _of("outbound_delivery", "subscription_id", "subscriptions_subscription"),
        _of("outbound_delivery", "event_id", "outbound_event"),
    )
    op.create_index(
        op.f("ix_outbound_delivery_tenant_id_subscription_id_event_id"),
        "outbound_delivery",
        ["tenant_id", "subscription_id", "event_id"],
        unique=True,
    )
    op.create_index(
        op.f("ix_outbound_delivery_tenant_id_event_id"),
        "outbound_delivery",
        ["tenant_id", "event_id"],
    )
    op.create_index(
        "ix_outbound_delivery_waiting",
        "outbound_delivery",
        ["tenant_id", "subscription_id", "due_at"],
        postgresql_where=sa.text("state = 'WAITING'"),
    )
    op.create_index(
        "ix_outbound_delivery_claimed",
        "outbound_delivery",
        ["tenant_id", "subscription_id"],
        postgresql_where=sa.text("claim IS NOT NULL"),
    )
    op.create_table(
        "outbound_attempt",
        *_key("outbound_attempt"),
        sa.Column("delivery_id", sa.Uuid(), nullable=False),
        sa.Column("attempted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("millis", sa.Integer(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        _of("outbound_attempt", "delivery_id", "outbound_delivery"),
    )
    op.create_index(
        op.f("ix_outbound_attempt_tenant_id_delivery_id"),
        "outbound_attempt",
        ["tenant_id", "delivery_id"],
    )


def _key(table: str) -> tuple[sa.Column[object] | sa.Constraint, ...]:
    return (
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f(f"pk_{table}")),
    )


def _of(table: str, column: str, owner: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id", column],
        [f"{owner}.tenant_id", f"{owner}.id"],
        name=op.f(f"fk_{table}_tenant_id_{column}"),
        ondelete="CASCADE",
    )
