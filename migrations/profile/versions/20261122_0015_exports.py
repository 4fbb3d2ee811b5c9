"""Exports of what is held about a person."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.migrations import protect

revision: str = "0015"
down_revision: str | None = "0014"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLES = ("exports_export",)
_PERSON = "person_id = (SELECT nullif(current_setting('app.person', true), '')::uuid)"


def upgrade() -> None:
    op.create_table(
        "exports_export",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("ordered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ready_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("manifest", postgresql.JSONB(), nullable=True),
        sa.Column("archive", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_exports_export")),
    )
    op.create_index(
        op.f("ix_exports_export_tenant_id_person_id"), "exports_export", ["tenant_id", "person_id"]
    )
    protect(op, TABLES)
    op.execute(
        f"CREATE POLICY person_only ON exports_export AS RESTRICTIVE USING ({_PERSON}) WITH CHECK ({_PERSON})"
    )


def downgrade() -> None:
    op.drop_table("exports_export")
