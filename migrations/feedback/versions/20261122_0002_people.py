"""Copies of people and their organisation, as profile tells them."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.migrations import protect

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLES = (
    "people_person",
    "people_org_unit",
    "people_reporting",
    "people_unit_tree",
)


def upgrade() -> None:
    op.create_table(
        "people_person",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("display_name", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("manager_id", sa.Uuid(), nullable=True),
        sa.Column("placed_under", sa.Uuid(), nullable=True),
        sa.Column("org_unit_id", sa.Uuid(), nullable=True),
        sa.Column("grants", postgresql.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_people_person")),
    )
    op.create_index(
        "ix_people_person_misplaced",
        "people_person",
        ["tenant_id", "id"],
        postgresql_where=sa.text("manager_id IS DISTINCT FROM placed_under"),
    )
    op.create_index(
        op.f("ix_people_person_tenant_id_org_unit_id"),
        "people_person",
        ["tenant_id", "org_unit_id"],
    )
    op.create_index(
        op.f("ix_people_person_tenant_id_subject"), "people_person", ["tenant_id", "subject"]
    )
    op.create_table(
        "people_org_unit",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("placed_under", sa.Uuid(), nullable=True),
        sa.Column("leader_id", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_people_org_unit")),
    )
    op.create_index(
        "ix_people_org_unit_misplaced",
        "people_org_unit",
        ["tenant_id", "id"],
        postgresql_where=sa.text("parent_id IS DISTINCT FROM placed_under"),
    )
    op.create_table(
        "people_reporting",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("descendant_id", sa.Uuid(), nullable=False),
        sa.Column("ancestor_id", sa.Uuid(), nullable=False),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "tenant_id", "descendant_id", "ancestor_id", name=op.f("pk_people_reporting")
        ),
    )
    op.create_index(
        "ix_people_reporting_below",
        "people_reporting",
        ["tenant_id", "ancestor_id", "depth", "descendant_id"],
    )
    op.create_table(
        "people_unit_tree",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("descendant_id", sa.Uuid(), nullable=False),
        sa.Column("ancestor_id", sa.Uuid(), nullable=False),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "tenant_id", "descendant_id", "ancestor_id", name=op.f("pk_people_unit_tree")
        ),
    )
    op.create_index(
        "ix_people_unit_tree_below",
        "people_unit_tree",
        ["tenant_id", "ancestor_id", "depth", "descendant_id"],
    )
    protect(op, TABLES)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
