"""People, their organisation, skills, and what the chassis needs."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.jobs import install_sql, uninstall_sql
from shared.migrations import protect

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


TABLES = (
    "idempotency_key",
    "inbox_dead_letter",
    "inbox_event",
    "inbox_sequence",
    "outbox_event",
    "people_org_tree",
    "people_person",
    "people_reporting_line",
    "skills_scale",
    "people_org_unit",
    "skills_framework",
    "people_assignment",
    "people_external_identifier",
    "people_grant",
    "skills_skill",
    "skills_assertion",
    "skills_estimate",
    "skills_assertion_step",
)


def upgrade() -> None:
    op.create_table(
        "idempotency_key",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("media_type", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "subject", "key", name=op.f("pk_idempotency_key")),
    )
    op.create_table(
        "inbox_dead_letter",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("consumer", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=True),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("traceparent", sa.Text(), nullable=True),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dead_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint(
            "tenant_id", "consumer", "event_id", name=op.f("pk_inbox_dead_letter")
        ),
    )
    op.create_table(
        "inbox_event",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("consumer", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "consumer", "event_id", name=op.f("pk_inbox_event")),
    )
    op.create_table(
        "inbox_sequence",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("consumer", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("previous", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "consumer", "subject", name=op.f("pk_inbox_sequence")),
    )
    op.create_table(
        "outbox_event",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=True),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("traceparent", sa.Text(), nullable=True),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("relayed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_outbox_event")),
    )
    op.create_index(
        "ix_outbox_event_unrelayed",
        "outbox_event",
        ["tenant_id", "id"],
        unique=False,
        postgresql_where=sa.text("relayed_at IS NULL"),
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
        unique=False,
    )
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
        sa.Column(
            "status",
            sa.Enum(
                "PENDING",
                "ACTIVE",
                "ON_LEAVE",
                "TERMINATED",
                name="personstatus",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("hire_date", sa.Date(), nullable=True),
        sa.Column("termination_date", sa.Date(), nullable=True),
        sa.Column("assignment_id", sa.Uuid(), nullable=True),
        sa.Column("manager_id", sa.Uuid(), nullable=True),
        sa.Column("org_unit_id", sa.Uuid(), nullable=True),
        sa.Column("role_id", sa.Uuid(), nullable=True),
        sa.Column("role_title", sa.Text(), nullable=True),
        sa.Column("level", sa.Text(), nullable=True),
        sa.Column(
            "employment_type",
            sa.Enum(
                "FULL_TIME",
                "PART_TIME",
                "CONTRACTOR",
                "INTERN",
                "CONSULTANT",
                "OTHER",
                name="employmenttype",
                native_enum=False,
                length=40,
            ),
            nullable=True,
        ),
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
    op.create_index(
        op.f("ix_people_person_manager_id"), "people_person", ["manager_id"], unique=False
    )
    op.create_index(
        op.f("ix_people_person_org_unit_id"), "people_person", ["org_unit_id"], unique=False
    )
    op.create_index(
        op.f("ix_people_person_tenant_id_display_name_id"),
        "people_person",
        ["tenant_id", "display_name", "id"],
        unique=False,
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
        unique=False,
    )
    op.create_table(
        "skills_scale",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("levels", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_skills_scale")),
    )
    op.create_table(
        "people_org_unit",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "type",
            sa.Enum(
                "COMPANY",
                "DIVISION",
                "DEPARTMENT",
                "TEAM",
                "COST_CENTRE",
                "PROJECT",
                name="orgunittype",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
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
    op.create_index(
        op.f("ix_people_org_unit_parent_id"), "people_org_unit", ["parent_id"], unique=False
    )
    op.create_index(
        op.f("ix_people_org_unit_tenant_id_name_id"),
        "people_org_unit",
        ["tenant_id", "name", "id"],
        unique=False,
    )
    op.create_table(
        "skills_framework",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("creator", sa.Text(), nullable=True),
        sa.Column(
            "source",
            sa.Enum(
                "LOCAL",
                "CASE",
                "ESCO",
                "ONET",
                name="frameworksource",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("licence", sa.Text(), nullable=True),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "DRAFT",
                "PUBLISHED",
                "DEPRECATED",
                name="frameworkstatus",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "rule",
            sa.Enum(
                "EVIDENCE_WEIGHTED",
                "BEST",
                "LATEST",
                name="estimaterule",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("scale_id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "scale_id"],
            ["skills_scale.tenant_id", "skills_scale.id"],
            name=op.f("fk_skills_framework_tenant_id_scale_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_skills_framework")),
        sa.UniqueConstraint("tenant_id", "key", name=op.f("uq_skills_framework_tenant_id_key")),
    )
    op.create_index(
        op.f("ix_skills_framework_tenant_id_title_id"),
        "skills_framework",
        ["tenant_id", "title", "id"],
        unique=False,
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
        sa.Column(
            "employment_type",
            sa.Enum(
                "FULL_TIME",
                "PART_TIME",
                "CONTRACTOR",
                "INTERN",
                "CONSULTANT",
                "OTHER",
                name="employmenttype",
                native_enum=False,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("is_primary", sa.Boolean(), nullable=False),
        sa.Column(
            "change_reason",
            sa.Enum(
                "HIRE",
                "PROMOTION",
                "LATERAL",
                "DEMOTION",
                "ROTATION",
                "TRANSFER",
                "OTHER",
                name="changereason",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
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
        unique=False,
    )
    op.create_index(
        op.f("ix_people_assignment_tenant_id_valid_from"),
        "people_assignment",
        ["tenant_id", "valid_from"],
        unique=False,
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
        unique=False,
    )
    op.create_index(
        op.f("ix_people_external_identifier_person_id"),
        "people_external_identifier",
        ["person_id"],
        unique=False,
    )
    op.create_table(
        "people_grant",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "role",
            sa.Enum("ADMIN", "HR_PARTNER", name="grantrole", native_enum=False, length=40),
            nullable=False,
        ),
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
        "skills_skill",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("framework_id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column(
            "type",
            sa.Enum(
                "TECHNICAL",
                "BEHAVIOURAL",
                "LEADERSHIP",
                "KNOWLEDGE",
                "LANGUAGE",
                "NETWORKING",
                "EXPERIENCE",
                name="skilltype",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("half_life_months", sa.Integer(), nullable=True),
        sa.Column("alignments", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "half_life_months > 0", name=op.f("ck_skills_skill_half_life_is_positive")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "framework_id"],
            ["skills_framework.tenant_id", "skills_framework.id"],
            name=op.f("fk_skills_skill_tenant_id_framework_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "parent_id"],
            ["skills_skill.tenant_id", "skills_skill.id"],
            name=op.f("fk_skills_skill_tenant_id_parent_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_skills_skill")),
        sa.UniqueConstraint(
            "tenant_id",
            "framework_id",
            "code",
            name=op.f("uq_skills_skill_tenant_id_framework_id_code"),
        ),
    )
    op.create_index(op.f("ix_skills_skill_parent_id"), "skills_skill", ["parent_id"], unique=False)
    op.create_index(
        op.f("ix_skills_skill_tenant_id_statement_id"),
        "skills_skill",
        ["tenant_id", "statement", "id"],
        unique=False,
    )
    op.create_table(
        "skills_assertion",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("skill_id", sa.Uuid(), nullable=False),
        sa.Column("level", sa.Double(), nullable=False),
        sa.Column(
            "source",
            sa.Enum(
                "SELF",
                "PEER",
                "MANAGER",
                "REPORT_360",
                "ASSESSMENT",
                "COURSE",
                "CERTIFICATION",
                "PROJECT",
                "INFERRED",
                "IMPORT",
                name="assertionsource",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "DECLARED",
                "PENDING_REVIEW",
                "CONFIRMED",
                "REJECTED",
                "SUPERSEDED",
                "EXPIRED",
                "RETRACTED",
                name="assertionstate",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("assessor_id", sa.Uuid(), nullable=True),
        sa.Column("assessor_group", sa.Text(), nullable=True),
        sa.Column("evidence", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "polarity",
            sa.Enum("POSITIVE", "NEGATIVE", name="polarity", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("confidence", sa.Double(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("supersedes_id", sa.Uuid(), nullable=True),
        sa.Column("origin_event_id", sa.Uuid(), nullable=True),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("author_client", sa.Text(), nullable=True),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "level BETWEEN 0 AND 5", name=op.f("ck_skills_assertion_level_is_on_the_scale")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "person_id"],
            ["people_person.tenant_id", "people_person.id"],
            name=op.f("fk_skills_assertion_tenant_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "skill_id"],
            ["skills_skill.tenant_id", "skills_skill.id"],
            name=op.f("fk_skills_assertion_tenant_id_skill_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_skills_assertion")),
        sa.UniqueConstraint(
            "tenant_id",
            "origin_event_id",
            "skill_id",
            name=op.f("uq_skills_assertion_tenant_id_origin_event_id_skill_id"),
        ),
    )
    op.create_index(
        "ix_skills_assertion_expiring",
        "skills_assertion",
        ["tenant_id", "expires_on"],
        unique=False,
        postgresql_where=sa.text(
            "expires_on IS NOT NULL AND state IN ('DECLARED', 'PENDING_REVIEW', 'CONFIRMED')"
        ),
    )
    op.create_index(
        op.f("ix_skills_assertion_person_id_skill_id"),
        "skills_assertion",
        ["person_id", "skill_id"],
        unique=False,
    )
    op.create_table(
        "skills_estimate",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
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
        sa.Column("half_life_months", sa.Integer(), nullable=False),
        sa.Column(
            "rule",
            sa.Enum(
                "EVIDENCE_WEIGHTED",
                "BEST",
                "LATEST",
                name="estimaterule",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("engine_version", sa.Text(), nullable=False),
        sa.Column("contributions", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "person_id"],
            ["people_person.tenant_id", "people_person.id"],
            name=op.f("fk_skills_estimate_tenant_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "skill_id"],
            ["skills_skill.tenant_id", "skills_skill.id"],
            name=op.f("fk_skills_estimate_tenant_id_skill_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_skills_estimate")),
        sa.UniqueConstraint(
            "tenant_id",
            "person_id",
            "skill_id",
            name=op.f("uq_skills_estimate_tenant_id_person_id_skill_id"),
        ),
    )
    op.create_index(
        op.f("ix_skills_estimate_skill_id"), "skills_estimate", ["skill_id"], unique=False
    )
    op.create_table(
        "skills_assertion_step",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("assertion_id", sa.Uuid(), nullable=False),
        sa.Column(
            "from_state",
            sa.Enum(
                "DECLARED",
                "PENDING_REVIEW",
                "CONFIRMED",
                "REJECTED",
                "SUPERSEDED",
                "EXPIRED",
                "RETRACTED",
                name="assertionstate",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "to_state",
            sa.Enum(
                "DECLARED",
                "PENDING_REVIEW",
                "CONFIRMED",
                "REJECTED",
                "SUPERSEDED",
                "EXPIRED",
                "RETRACTED",
                name="assertionstate",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("by_person_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column(
            "taken_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "assertion_id"],
            ["skills_assertion.tenant_id", "skills_assertion.id"],
            name=op.f("fk_skills_assertion_step_tenant_id_assertion_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_skills_assertion_step")),
    )
    op.create_index(
        op.f("ix_skills_assertion_step_assertion_id"),
        "skills_assertion_step",
        ["assertion_id"],
        unique=False,
    )
    protect(op, TABLES)
    for statement in install_sql(op.get_context().opts["runtime_role"]):
        op.execute(statement)


def downgrade() -> None:
    for statement in uninstall_sql():
        op.execute(statement)
    for table in reversed(TABLES):
        op.drop_table(table)
