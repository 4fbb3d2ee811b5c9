"""People, the organisation they work in, their grants and their names in other systems."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from shared.migrations import protect

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLES = (
    "people_person",
    "people_org_unit",
    "people_assignment",
    "people_grant",
    "people_external_identifier",
    "people_reporting_line",
    "people_org_tree",
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
        sa.Column("locale", sa.Text(), nullable=True),
        sa.Column("time_zone", sa.Text(), nullable=True),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("hire_date", sa.Date(), nullable=True),
        sa.Column("termination_date", sa.Date(), nullable=True),
        sa.Column("assignment_id", sa.Uuid(), nullable=True),
        sa.Column("manager_id", sa.Uuid(), nullable=True),
        sa.Column("org_unit_id", sa.Uuid(), nullable=True),
        sa.Column("role_id", sa.Uuid(), nullable=True),
        sa.Column("role_title", sa.Text(), nullable=True),
        sa.Column("level", sa.Text(), nullable=True),
        sa.Column("employment_type", sa.String(40), nullable=True),
        sa.Column("assignment_since", sa.Date(), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_people_person")),
        sa.UniqueConstraint(
            "tenant_id", "subject", name=op.f("uq_people_person_tenant_id_subject")
        ),
        sa.UniqueConstraint(
            "tenant_id", "work_email", name=op.f("uq_people_person_tenant_id_work_email")
        ),
    )
    op.create_index(op.f("ix_people_person_manager_id"), "people_person", ["manager_id"])
    op.create_index(op.f("ix_people_person_org_unit_id"), "people_person", ["org_unit_id"])
    op.create_index(
        op.f("ix_people_person_tenant_id_display_name_id"),
        "people_person",
        ["tenant_id", "display_name", "id"],
    )
    op.create_table(
        "people_org_unit",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("type", sa.String(40), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("leader_id", sa.Uuid(), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "leader_id"],
            ["people_person.tenant_id", "people_person.id"],
            name=op.f("fk_people_org_unit_tenant_id_leader_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "parent_id"],
            ["people_org_unit.tenant_id", "people_org_unit.id"],
            name=op.f("fk_people_org_unit_tenant_id_parent_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_people_org_unit")),
    )
    op.create_index(op.f("ix_people_org_unit_parent_id"), "people_org_unit", ["parent_id"])
    op.create_index(
        op.f("ix_people_org_unit_tenant_id_name_id"), "people_org_unit", ["tenant_id", "name", "id"]
    )
    op.create_table(
        "people_assignment",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("manager_id", sa.Uuid(), nullable=True),
        sa.Column("org_unit_id", sa.Uuid(), nullable=True),
        sa.Column("role_id", sa.Uuid(), nullable=True),
        sa.Column("role_title", sa.Text(), nullable=True),
        sa.Column("level", sa.Text(), nullable=True),
        sa.Column("employment_type", sa.String(40), nullable=True),
        sa.Column("is_primary", sa.Boolean(), nullable=False),
        sa.Column("change_reason", sa.String(40), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "valid_to > valid_from", name=op.f("ck_people_assignment_ends_after_it_begins")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "manager_id"],
            ["people_person.tenant_id", "people_person.id"],
            name=op.f("fk_people_assignment_tenant_id_manager_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "org_unit_id"],
            ["people_org_unit.tenant_id", "people_org_unit.id"],
            name=op.f("fk_people_assignment_tenant_id_org_unit_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "person_id"],
            ["people_person.tenant_id", "people_person.id"],
            name=op.f("fk_people_assignment_tenant_id_person_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_people_assignment")),
    )
    op.create_index(
        "ix_people_assignment_in_force",
        "people_assignment",
        [
            "tenant_id",
            "person_id",
            sa.literal_column("valid_from DESC"),
            sa.literal_column("recorded_at DESC"),
            sa.literal_column("id DESC"),
        ],
    )
    op.create_index(
        op.f("ix_people_assignment_tenant_id_valid_from"),
        "people_assignment",
        ["tenant_id", "valid_from"],
    )
    op.create_table(
        "people_grant",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("org_unit_id", sa.Uuid(), nullable=True),
        sa.Column(
            "granted_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "org_unit_id"],
            ["people_org_unit.tenant_id", "people_org_unit.id"],
            name=op.f("fk_people_grant_tenant_id_org_unit_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "person_id"],
            ["people_person.tenant_id", "people_person.id"],
            name=op.f("fk_people_grant_tenant_id_person_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_people_grant")),
        sa.UniqueConstraint(
            "tenant_id",
            "person_id",
            "role",
            "org_unit_id",
            name=op.f("uq_people_grant_tenant_id_person_id_role_org_unit_id"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_table(
        "people_external_identifier",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("system", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("org_unit_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "num_nonnulls(person_id, org_unit_id) = 1",
            name=op.f("ck_people_external_identifier_names_one_thing"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "org_unit_id"],
            ["people_org_unit.tenant_id", "people_org_unit.id"],
            name=op.f("fk_people_external_identifier_tenant_id_org_unit_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "person_id"],
            ["people_person.tenant_id", "people_person.id"],
            name=op.f("fk_people_external_identifier_tenant_id_person_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_people_external_identifier")),
        sa.UniqueConstraint(
            "tenant_id",
            "system",
            "type",
            "value",
            name=op.f("uq_people_external_identifier_tenant_id_system_type_value"),
        ),
    )
    op.create_index(
        op.f("ix_people_external_identifier_org_unit_id"),
        "people_external_identifier",
        ["org_unit_id"],
    )
    op.create_index(
        op.f("ix_people_external_identifier_person_id"), "people_external_identifier", ["person_id"]
    )
    op.create_table(
        "people_reporting_line",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("descendant_id", sa.Uuid(), nullable=False),
        sa.Column("ancestor_id", sa.Uuid(), nullable=False),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "tenant_id", "descendant_id", "ancestor_id", name=op.f("pk_people_reporting_line")
        ),
    )
    op.create_index(
        "ix_people_reporting_line_below",
        "people_reporting_line",
        ["tenant_id", "ancestor_id", "depth", "descendant_id"],
    )
    op.create_table(
        "people_org_tree",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("descendant_id", sa.Uuid(), nullable=False),
        sa.Column("ancestor_id", sa.Uuid(), nullable=False),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "tenant_id", "descendant_id", "ancestor_id", name=op.f("pk_people_org_tree")
        ),
    )
    op.create_index(
        "ix_people_org_tree_below",
        "people_org_tree",
        ["tenant_id", "ancestor_id", "depth", "descendant_id"],
    )
    protect(op, TABLES)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
