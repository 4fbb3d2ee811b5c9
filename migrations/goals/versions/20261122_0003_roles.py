"""Roles, their families and versions, and what each version requires."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.migrations import protect

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLES = (
    "roles_family",
    "roles_role",
    "roles_version",
    "roles_requirement",
)


def upgrade() -> None:
    op.create_table(
        "roles_family",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("catalogue", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_roles_family")),
        sa.UniqueConstraint(
            "tenant_id", "catalogue", "name", name=op.f("uq_roles_family_tenant_id_catalogue_name")
        ),
    )
    op.create_table(
        "roles_role",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("catalogue", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("family_name", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("stem", sa.Text(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("track", sa.String(40), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("onet_soc_code", sa.Text(), nullable=True),
        sa.Column("experience", postgresql.JSONB(), nullable=False),
        sa.Column("credentials", postgresql.JSONB(), nullable=False),
        sa.Column("content_hash", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "family_id"],
            ["roles_family.tenant_id", "roles_family.id"],
            name=op.f("fk_roles_role_tenant_id_family_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_roles_role")),
        sa.UniqueConstraint(
            "tenant_id", "catalogue", "code", name=op.f("uq_roles_role_tenant_id_catalogue_code")
        ),
    )
    op.create_index(
        "ix_roles_role_ladder", "roles_role", ["tenant_id", "family_id", "stem", "level"]
    )
    op.create_index("ix_roles_role_title", "roles_role", ["tenant_id", "title", "id"])
    op.create_table(
        "roles_version",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("role_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("track", sa.String(40), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("onet_soc_code", sa.Text(), nullable=True),
        sa.Column("experience", postgresql.JSONB(), nullable=False),
        sa.Column("credentials", postgresql.JSONB(), nullable=False),
        sa.Column("content_hash", sa.LargeBinary(), nullable=False),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "role_id"],
            ["roles_role.tenant_id", "roles_role.id"],
            name=op.f("fk_roles_version_tenant_id_role_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_roles_version")),
        sa.UniqueConstraint(
            "tenant_id", "role_id", "number", name=op.f("uq_roles_version_tenant_id_role_id_number")
        ),
    )
    op.create_table(
        "roles_requirement",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("skill_id", sa.Uuid(), nullable=False),
        sa.Column("required_level", sa.Double(), nullable=False),
        sa.Column("importance", sa.Double(), nullable=False),
        sa.Column("mandatory", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "version_id"],
            ["roles_version.tenant_id", "roles_version.id"],
            name=op.f("fk_roles_requirement_tenant_id_version_id"),
        ),
        sa.PrimaryKeyConstraint(
            "tenant_id", "version_id", "skill_id", name=op.f("pk_roles_requirement")
        ),
    )
    op.create_index(
        "ix_roles_requirement_skill_id",
        "roles_requirement",
        ["tenant_id", "skill_id", "version_id"],
    )
    protect(op, TABLES)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
