"""How connections are asked, what became of each request, and comparisons of whole listings with what was told."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from shared.migrations import protect

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLES = ("fetching_source", "fetching_listed", "fetching_reconciliation")


def upgrade() -> None:
    op.add_column("webhooks_source_object", sa.Column("fingerprint", sa.LargeBinary()))
    for column in _of_requests():
        op.add_column("webhooks_fetch_back", column)
    op.create_index(
        "ix_webhooks_fetch_back_due",
        "webhooks_fetch_back",
        ["tenant_id", "connection_id", "due_at"],
        postgresql_where=sa.text("state IN ('WAITING', 'FETCHING')"),
    )
    op.create_table(
        "fetching_source",
        *_key("fetching_source", "id"),
        sa.Column("base_url", sa.Text(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("most_at_once", sa.Integer(), nullable=False),
        sa.Column("reconcile_hour", sa.Integer(), nullable=True),
        sa.Column("reconcile_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paused_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
    )
    _create_reconciling()
    protect(op, TABLES)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    op.drop_index("ix_webhooks_fetch_back_due", "webhooks_fetch_back")
    for column in reversed(_of_requests()):
        op.drop_column("webhooks_fetch_back", column.name)
    op.drop_column("webhooks_source_object", "fingerprint")


def _create_reconciling() -> None:
    op.create_table(
        "fetching_listed",
        *_key("fetching_listed", "connection_id"),
        sa.Column("connection_id", sa.Uuid(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("present_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True),
    )
    op.create_index(
        op.f("ix_fetching_listed_tenant_id_connection_id_run_id"),
        "fetching_listed",
        ["tenant_id", "connection_id", "run_id"],
    )
    counts = ("tries", "seen", "told", "vanished", "held", "unread")
    op.create_table(
        "fetching_reconciliation",
        *_key("fetching_reconciliation", "connection_id"),
        sa.Column("connection_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("approved", sa.Boolean(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        *(sa.Column(name, sa.Integer(), server_default="0", nullable=False) for name in counts),
        sa.Column("error", sa.Text(), nullable=True),
    )
    op.create_index(
        op.f("ix_fetching_reconciliation_tenant_id_connection_id_id"),
        "fetching_reconciliation",
        ["tenant_id", "connection_id", "id"],
    )
    op.create_index(
        "ix_fetching_reconciliation_open",
        "fetching_reconciliation",
        ["tenant_id", "connection_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('WAITING', 'RUNNING')"),
    )


def _key(table: str, connection: str) -> tuple[sa.Column[object] | sa.Constraint, ...]:
    return (
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f(f"pk_{table}")),
        sa.ForeignKeyConstraint(
            ["tenant_id", connection],
            ["connections_connection.tenant_id", "connections_connection.id"],
            name=op.f(f"fk_{table}_tenant_id_{connection}"),
            ondelete="CASCADE",
        ),
    )


def _of_requests() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column(
            "due_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False
        ),
        sa.Column("claim", sa.Uuid(), nullable=True),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
    )
