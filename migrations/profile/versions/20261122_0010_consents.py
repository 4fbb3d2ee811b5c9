"""Consents that persons give and take back."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from shared.migrations import protect

revision: str = "0010_consents"
down_revision: str | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLES = ("consent_grant",)


def upgrade() -> None:
    op.create_table(
        "consent_grant",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("grantee_id", sa.Uuid(), nullable=True),
        sa.Column("scope", sa.String(length=40), nullable=False),
        sa.Column("object_id", sa.Uuid(), nullable=True),
        sa.Column("role", sa.String(length=40), nullable=True),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "subject_id"],
            ["people_person.tenant_id", "people_person.id"],
            name=op.f("fk_consent_grant_tenant_id_subject_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "grantee_id"],
            ["people_person.tenant_id", "people_person.id"],
            name=op.f("fk_consent_grant_tenant_id_grantee_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_consent_grant")),
    )
    op.create_index(
        "ix_consent_grant_subject", "consent_grant", ["tenant_id", "subject_id", "scope"]
    )
    op.create_index("ix_consent_grant_grantee", "consent_grant", ["tenant_id", "grantee_id"])
    protect(op, TABLES)


def downgrade() -> None:
    op.drop_table("consent_grant")
