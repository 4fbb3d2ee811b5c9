"""Replaced frameworks and the requirements that follow them; levels of past days are read of indexes alone."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.migrations import protect

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLES = ("crosswalks_crosswalk", "crosswalks_skill", "crosswalks_requirement")
TOLD = "ix_people_skill_level_told_skill_id"


def upgrade() -> None:
    op.add_column("roles_version", sa.Column("provenance", postgresql.JSONB(), nullable=True))
    _crosswalks()
    _requirements()
    protect(op, TABLES)
    _indexes()


def _indexes() -> None:
    """Of millions of levels it takes some ten seconds an index, in which copies of levels wait to be written."""
    op.execute("SET LOCAL statement_timeout = '15min'")
    op.create_index(
        TOLD,
        "people_skill_level_told",
        ["tenant_id", "skill_id", "person_id", "as_of", "sequence"],
        postgresql_include=["level"],
    )
    _index_of_levels(["level", "as_of"])
    op.execute("SET LOCAL statement_timeout = '5s'")


def _crosswalks() -> None:
    op.create_table(
        "crosswalks_crosswalk",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("from_id", sa.Uuid(), nullable=False),
        sa.Column("from_key", sa.Text(), nullable=False),
        sa.Column("to_id", sa.Uuid(), nullable=False),
        sa.Column("to_key", sa.Text(), nullable=False),
        sa.Column("parts", sa.Integer(), nullable=False),
        sa.Column("told", postgresql.JSONB(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_crosswalks_crosswalk")),
    )
    op.create_index(
        "ix_crosswalks_crosswalk_from_id", "crosswalks_crosswalk", ["tenant_id", "from_id"]
    )
    op.create_table(
        "crosswalks_skill",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("crosswalk_id", sa.Uuid(), nullable=False),
        sa.Column("skill_id", sa.Uuid(), nullable=False),
        sa.Column("relations", postgresql.JSONB(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "crosswalk_id"],
            ["crosswalks_crosswalk.tenant_id", "crosswalks_crosswalk.id"],
            name=op.f("fk_crosswalks_skill_tenant_id_crosswalk_id"),
        ),
        sa.PrimaryKeyConstraint(
            "tenant_id", "crosswalk_id", "skill_id", name=op.f("pk_crosswalks_skill")
        ),
    )


def _requirements() -> None:
    op.create_table(
        "crosswalks_requirement",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("crosswalk_id", sa.Uuid(), nullable=False),
        sa.Column("role_id", sa.Uuid(), nullable=False),
        sa.Column("skill_id", sa.Uuid(), nullable=False),
        sa.Column("outcome", sa.String(length=40), nullable=False),
        sa.Column("target_id", sa.Uuid(), nullable=True),
        sa.Column("from_version", sa.Integer(), nullable=False),
        sa.Column("to_version", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "crosswalk_id", "skill_id"],
            [
                "crosswalks_skill.tenant_id",
                "crosswalks_skill.crosswalk_id",
                "crosswalks_skill.skill_id",
            ],
            name=op.f("fk_crosswalks_requirement_tenant_id_crosswalk_id_skill_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "role_id"],
            ["roles_role.tenant_id", "roles_role.id"],
            name=op.f("fk_crosswalks_requirement_tenant_id_role_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_crosswalks_requirement")),
        sa.UniqueConstraint(
            "tenant_id",
            "crosswalk_id",
            "role_id",
            "skill_id",
            name=op.f("uq_crosswalks_requirement_tenant_id_crosswalk_id_role_id_skill_id"),
        ),
    )
    op.create_index(
        "ix_crosswalks_requirement_role_id", "crosswalks_requirement", ["tenant_id", "role_id"]
    )


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    op.drop_column("roles_version", "provenance")
    op.execute("SET LOCAL statement_timeout = '15min'")
    _index_of_levels(["level"])
    op.drop_index(TOLD, "people_skill_level_told")
    op.execute("SET LOCAL statement_timeout = '5s'")


def _index_of_levels(included: list[str]) -> None:
    op.drop_index("ix_people_skill_level_skill_id", "people_skill_level")
    op.create_index(
        "ix_people_skill_level_skill_id",
        "people_skill_level",
        ["tenant_id", "skill_id", "person_id"],
        postgresql_include=included,
    )
