"""What can be learned, who has learned it, and completions that could not be told apart yet."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.migrations import protect

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLES = (
    "learning_resource",
    "learning_skill",
    "learning_record",
    "learning_unresolved",
)


def upgrade() -> None:
    op.create_table(
        "learning_resource",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("type", sa.String(40), nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("hours", sa.Double(), nullable=True),
        sa.Column("cost", sa.Double(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("skills", postgresql.JSONB(), nullable=False),
        sa.Column("content_hash", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_learning_resource")),
        sa.UniqueConstraint(
            "tenant_id",
            "provider",
            "code",
            name=op.f("uq_learning_resource_tenant_id_provider_code"),
        ),
    )
    op.create_index("ix_learning_resource_code", "learning_resource", ["tenant_id", "code"])
    op.create_index("ix_learning_resource_title", "learning_resource", ["tenant_id", "title", "id"])
    op.create_table(
        "learning_skill",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("resource_id", sa.Uuid(), nullable=False),
        sa.Column("skill_id", sa.Uuid(), nullable=False),
        sa.Column("expected_delta", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "resource_id"],
            ["learning_resource.tenant_id", "learning_resource.id"],
            name=op.f("fk_learning_skill_tenant_id_resource_id"),
        ),
        sa.PrimaryKeyConstraint(
            "tenant_id", "resource_id", "skill_id", name=op.f("pk_learning_skill")
        ),
    )
    op.create_index(
        "ix_learning_skill_skill_id", "learning_skill", ["tenant_id", "skill_id", "expected_delta"]
    )
    op.create_table(
        "learning_record",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("resource_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("source", sa.String(40), nullable=False),
        sa.Column("score", sa.Double(), nullable=True),
        sa.Column("enrolled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source_event_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "resource_id"],
            ["learning_resource.tenant_id", "learning_resource.id"],
            name=op.f("fk_learning_record_tenant_id_resource_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_learning_record")),
        sa.UniqueConstraint(
            "tenant_id",
            "person_id",
            "resource_id",
            name=op.f("uq_learning_record_tenant_id_person_id_resource_id"),
        ),
    )
    op.create_index(
        "ix_learning_record_resource_id", "learning_record", ["tenant_id", "resource_id"]
    )
    op.create_table(
        "learning_unresolved",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("system", sa.Text(), nullable=True),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("provider", sa.Text(), nullable=True),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("score", sa.Double(), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_learning_unresolved")),
    )
    op.create_index("ix_learning_unresolved_code", "learning_unresolved", ["tenant_id", "code"])
    op.create_index("ix_learning_unresolved_email", "learning_unresolved", ["tenant_id", "email"])
    op.create_index(
        "ix_learning_unresolved_external_id", "learning_unresolved", ["tenant_id", "external_id"]
    )
    protect(op, TABLES)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
