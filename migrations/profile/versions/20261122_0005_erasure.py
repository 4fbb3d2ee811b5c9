"""Erasures of persons and the receipts of the services."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.migrations import protect

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLES = ("erasure_request", "erasure_receipt")


def upgrade() -> None:
    op.create_table(
        "erasure_request",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("ordered_by", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("named", postgresql.JSONB(), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_erasure_request")),
        sa.UniqueConstraint(
            "tenant_id", "person_id", name=op.f("uq_erasure_request_tenant_id_person_id")
        ),
    )
    op.create_table(
        "erasure_receipt",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("erasure_id", sa.Uuid(), nullable=False),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.Column("key_destroyed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "erasure_id"],
            ["erasure_request.tenant_id", "erasure_request.id"],
            name=op.f("fk_erasure_receipt_tenant_id_erasure_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_erasure_receipt")),
        sa.UniqueConstraint(
            "tenant_id",
            "erasure_id",
            "service",
            name=op.f("uq_erasure_receipt_tenant_id_erasure_id_service"),
        ),
    )
    protect(op, TABLES)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
