"""Copies of people, their organisation, skills and skill levels, as profile tells them."""

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
    "people_person_identifier",
    "people_org_unit",
    "people_person_tree",
    "people_org_unit_tree",
    "people_skill",
    "people_skill_level",
)


def upgrade() -> None:
    op.create_table(
        "people_person",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("display_name", sa.Text(), nullable=False),
        sa.Column("preferred_name", sa.Text(), nullable=True),
        sa.Column("work_email", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("manager_id", sa.Uuid(), nullable=True),
        sa.Column("reports_to_id", sa.Uuid(), nullable=True),
        sa.Column("org_unit_id", sa.Uuid(), nullable=True),
        sa.Column("role_id", sa.Uuid(), nullable=True),
        sa.Column("role_title", sa.Text(), nullable=True),
        sa.Column("level", sa.Text(), nullable=True),
        sa.Column("assignment_since", sa.Date(), nullable=True),
        sa.Column("grants", postgresql.JSONB(), nullable=False),
        sa.Column("external_ids", postgresql.JSONB(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_people_person")),
    )
    op.create_index(
        "ix_people_person_loose",
        "people_person",
        ["tenant_id", "id"],
        postgresql_where=sa.text("manager_id IS DISTINCT FROM reports_to_id"),
    )
    op.create_index("ix_people_person_manager_id", "people_person", ["tenant_id", "manager_id"])
    op.create_index("ix_people_person_org_unit_id", "people_person", ["tenant_id", "org_unit_id"])
    op.create_index("ix_people_person_role_id", "people_person", ["tenant_id", "role_id"])
    op.create_index("ix_people_person_subject", "people_person", ["tenant_id", "subject"])
    op.create_table(
        "people_person_identifier",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("system", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint(
            "tenant_id",
            "value",
            "system",
            "type",
            "person_id",
            name=op.f("pk_people_person_identifier"),
        ),
    )
    op.create_index(
        "ix_people_person_identifier_person_id",
        "people_person_identifier",
        ["tenant_id", "person_id"],
    )
    op.create_table(
        "people_org_unit",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=True),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("below_id", sa.Uuid(), nullable=True),
        sa.Column("leader_id", sa.Uuid(), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_people_org_unit")),
    )
    op.create_index(
        "ix_people_org_unit_loose",
        "people_org_unit",
        ["tenant_id", "id"],
        postgresql_where=sa.text("parent_id IS DISTINCT FROM below_id"),
    )
    op.create_table(
        "people_person_tree",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("descendant_id", sa.Uuid(), nullable=False),
        sa.Column("ancestor_id", sa.Uuid(), nullable=False),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "tenant_id", "descendant_id", "ancestor_id", name=op.f("pk_people_person_tree")
        ),
    )
    op.create_index(
        "ix_people_person_tree_below",
        "people_person_tree",
        ["tenant_id", "ancestor_id", "depth", "descendant_id"],
    )
    op.create_table(
        "people_org_unit_tree",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("descendant_id", sa.Uuid(), nullable=False),
        sa.Column("ancestor_id", sa.Uuid(), nullable=False),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "tenant_id", "descendant_id", "ancestor_id", name=op.f("pk_people_org_unit_tree")
        ),
    )
    op.create_index(
        "ix_people_org_unit_tree_below",
        "people_org_unit_tree",
        ["tenant_id", "ancestor_id", "depth", "descendant_id"],
    )
    op.create_table(
        "people_skill",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("framework_id", sa.Uuid(), nullable=True),
        sa.Column("framework_key", sa.Text(), nullable=True),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=True),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("half_life_months", sa.Double(), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_people_skill")),
    )
    op.create_table(
        "people_skill_level",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("skill_id", sa.Uuid(), nullable=False),
        sa.Column("level", sa.Double(), nullable=True),
        sa.Column("mass", sa.Double(), nullable=False),
        sa.Column("variance", sa.Double(), nullable=True),
        sa.Column("interval_low", sa.Double(), nullable=True),
        sa.Column("interval_high", sa.Double(), nullable=True),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("self_level", sa.Double(), nullable=True),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("half_life_months", sa.Double(), nullable=True),
        sa.Column("rule", sa.Text(), nullable=True),
        sa.Column("contributions", postgresql.JSONB(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "tenant_id", "person_id", "skill_id", name=op.f("pk_people_skill_level")
        ),
    )
    op.create_index(
        "ix_people_skill_level_skill_id",
        "people_skill_level",
        ["tenant_id", "skill_id", "person_id"],
    )
    protect(op, TABLES)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
