"""All tables of goals, and the queue of its jobs."""

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
    "goal",
    "goal_policy",
    "idempotency_key",
    "inbox_dead_letter",
    "inbox_event",
    "inbox_sequence",
    "learning_resource",
    "learning_unresolved",
    "org_unit",
    "org_unit_tree",
    "outbox_event",
    "person",
    "person_identifier",
    "person_tree",
    "role_family",
    "skill",
    "skill_level",
    "goal_milestone",
    "goal_update",
    "learning_record",
    "learning_skill",
    "role",
    "role_version",
    "role_skill",
)
"""In the order in which they are made."""


def upgrade() -> None:
    op.create_table(
        "goal",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("horizon", sa.String(40), nullable=False),
        sa.Column("specific", sa.Text(), nullable=True),
        sa.Column("metric", sa.Text(), nullable=True),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("amount_type", sa.String(40), nullable=True),
        sa.Column("start_value", sa.Double(), nullable=False),
        sa.Column("target_value", sa.Double(), nullable=True),
        sa.Column("current_value", sa.Double(), nullable=False),
        sa.Column("rationale", sa.Text(), nullable=True),
        sa.Column("effort_hours", sa.Double(), nullable=True),
        sa.Column("budget_amount", sa.Double(), nullable=True),
        sa.Column("budget_currency", sa.Text(), nullable=True),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("alignment", postgresql.JSONB(), nullable=False),
        sa.Column("start_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("smart_verdict", postgresql.JSONB(), nullable=False),
        sa.Column("weight", sa.Double(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("visibility", sa.String(40), nullable=False),
        sa.Column("parent_goal_id", sa.Uuid(), nullable=True),
        sa.Column("learning_resource_id", sa.Uuid(), nullable=True),
        sa.Column("skill_id", sa.Uuid(), nullable=True),
        sa.Column("blockers", postgresql.JSONB(), nullable=False),
        sa.Column("progress", sa.Double(), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=True),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("health", sa.String(40), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=True),
        sa.Column("activated_by", sa.Uuid(), nullable=True),
        sa.Column("activated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.Column("evidence", postgresql.JSONB(), nullable=False),
        sa.Column("closing_note", sa.Text(), nullable=True),
        sa.Column("last_update_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "parent_goal_id"],
            ["goal.tenant_id", "goal.id"],
            name=op.f("fk_goal_tenant_id_parent_goal_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_goal")),
    )
    op.create_index(
        "ix_goal_learning_resource_id",
        "goal",
        ["tenant_id", "learning_resource_id", "person_id"],
        unique=False,
    )
    op.create_index("ix_goal_parent_goal_id", "goal", ["tenant_id", "parent_goal_id"], unique=False)
    op.create_index("ix_goal_person_id", "goal", ["tenant_id", "person_id", "id"], unique=False)
    op.create_table(
        "goal_policy",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("self_activation", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", name=op.f("pk_goal_policy")),
    )
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
        sa.Column("payload", postgresql.JSONB(), nullable=False),
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
    op.create_index(
        "ix_learning_resource_code", "learning_resource", ["tenant_id", "code"], unique=False
    )
    op.create_index(
        "ix_learning_resource_title",
        "learning_resource",
        ["tenant_id", "title", "id"],
        unique=False,
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
    op.create_index(
        "ix_learning_unresolved_code", "learning_unresolved", ["tenant_id", "code"], unique=False
    )
    op.create_index(
        "ix_learning_unresolved_email", "learning_unresolved", ["tenant_id", "email"], unique=False
    )
    op.create_index(
        "ix_learning_unresolved_external_id",
        "learning_unresolved",
        ["tenant_id", "external_id"],
        unique=False,
    )
    op.create_table(
        "org_unit",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=True),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("below_id", sa.Uuid(), nullable=True),
        sa.Column("leader_id", sa.Uuid(), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_org_unit")),
    )
    op.create_index(
        "ix_org_unit_loose",
        "org_unit",
        ["tenant_id", "id"],
        unique=False,
        postgresql_where=sa.text("parent_id IS DISTINCT FROM below_id"),
    )
    op.create_table(
        "org_unit_tree",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("descendant_id", sa.Uuid(), nullable=False),
        sa.Column("ancestor_id", sa.Uuid(), nullable=False),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "tenant_id", "descendant_id", "ancestor_id", name=op.f("pk_org_unit_tree")
        ),
    )
    op.create_index(
        "ix_org_unit_tree_below",
        "org_unit_tree",
        ["tenant_id", "ancestor_id", "depth", "descendant_id"],
        unique=False,
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
        sa.Column("payload", postgresql.JSONB(), nullable=False),
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
        "person",
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
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_person")),
    )
    op.create_index(
        "ix_person_loose",
        "person",
        ["tenant_id", "id"],
        unique=False,
        postgresql_where=sa.text("manager_id IS DISTINCT FROM reports_to_id"),
    )
    op.create_index("ix_person_manager_id", "person", ["tenant_id", "manager_id"], unique=False)
    op.create_index("ix_person_org_unit_id", "person", ["tenant_id", "org_unit_id"], unique=False)
    op.create_index("ix_person_role_id", "person", ["tenant_id", "role_id"], unique=False)
    op.create_index("ix_person_subject", "person", ["tenant_id", "subject"], unique=False)
    op.create_table(
        "person_identifier",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("system", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint(
            "tenant_id", "value", "system", "type", "person_id", name=op.f("pk_person_identifier")
        ),
    )
    op.create_index(
        "ix_person_identifier_person_id",
        "person_identifier",
        ["tenant_id", "person_id"],
        unique=False,
    )
    op.create_table(
        "person_tree",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("descendant_id", sa.Uuid(), nullable=False),
        sa.Column("ancestor_id", sa.Uuid(), nullable=False),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "tenant_id", "descendant_id", "ancestor_id", name=op.f("pk_person_tree")
        ),
    )
    op.create_index(
        "ix_person_tree_below",
        "person_tree",
        ["tenant_id", "ancestor_id", "depth", "descendant_id"],
        unique=False,
    )
    op.create_table(
        "role_family",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("catalogue", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_role_family")),
        sa.UniqueConstraint(
            "tenant_id", "catalogue", "name", name=op.f("uq_role_family_tenant_id_catalogue_name")
        ),
    )
    op.create_table(
        "skill",
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
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_skill")),
    )
    op.create_table(
        "skill_level",
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
        sa.PrimaryKeyConstraint("tenant_id", "person_id", "skill_id", name=op.f("pk_skill_level")),
    )
    op.create_index(
        "ix_skill_level_skill_id",
        "skill_level",
        ["tenant_id", "skill_id", "person_id"],
        unique=False,
    )
    op.create_table(
        "goal_milestone",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("goal_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("weight", sa.Double(), nullable=False),
        sa.Column("depends_on", sa.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("learning_resource_id", sa.Uuid(), nullable=True),
        sa.Column("skill_id", sa.Uuid(), nullable=True),
        sa.Column("evidence_ids", postgresql.JSONB(), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("completed_source", sa.String(40), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "goal_id"],
            ["goal.tenant_id", "goal.id"],
            name=op.f("fk_goal_milestone_tenant_id_goal_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_goal_milestone")),
    )
    op.create_index(
        "ix_goal_milestone_goal_id", "goal_milestone", ["tenant_id", "goal_id", "id"], unique=False
    )
    op.create_index(
        "ix_goal_milestone_learning_resource_id",
        "goal_milestone",
        ["tenant_id", "learning_resource_id"],
        unique=False,
    )
    op.create_table(
        "goal_update",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("goal_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("progress", sa.Double(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("source", sa.String(40), nullable=False),
        sa.Column("reported_by", sa.Uuid(), nullable=True),
        sa.Column("milestone_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "goal_id"],
            ["goal.tenant_id", "goal.id"],
            name=op.f("fk_goal_update_tenant_id_goal_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_goal_update")),
    )
    op.create_index(
        "ix_goal_update_goal_id", "goal_update", ["tenant_id", "goal_id", "id"], unique=False
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
        "ix_learning_record_resource_id",
        "learning_record",
        ["tenant_id", "resource_id"],
        unique=False,
    )
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
        "ix_learning_skill_skill_id",
        "learning_skill",
        ["tenant_id", "skill_id", "expected_delta"],
        unique=False,
    )
    op.create_table(
        "role",
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
            ["role_family.tenant_id", "role_family.id"],
            name=op.f("fk_role_tenant_id_family_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_role")),
        sa.UniqueConstraint(
            "tenant_id", "catalogue", "code", name=op.f("uq_role_tenant_id_catalogue_code")
        ),
    )
    op.create_index(
        "ix_role_ladder", "role", ["tenant_id", "family_id", "stem", "level"], unique=False
    )
    op.create_index("ix_role_title", "role", ["tenant_id", "title", "id"], unique=False)
    op.create_table(
        "role_version",
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
            ["role.tenant_id", "role.id"],
            name=op.f("fk_role_version_tenant_id_role_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_role_version")),
        sa.UniqueConstraint(
            "tenant_id", "role_id", "number", name=op.f("uq_role_version_tenant_id_role_id_number")
        ),
    )
    op.create_table(
        "role_skill",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("skill_id", sa.Uuid(), nullable=False),
        sa.Column("required_level", sa.Double(), nullable=False),
        sa.Column("importance", sa.Double(), nullable=False),
        sa.Column("mandatory", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "version_id"],
            ["role_version.tenant_id", "role_version.id"],
            name=op.f("fk_role_skill_tenant_id_version_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "version_id", "skill_id", name=op.f("pk_role_skill")),
    )
    op.create_index(
        "ix_role_skill_skill_id",
        "role_skill",
        ["tenant_id", "skill_id", "version_id"],
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
