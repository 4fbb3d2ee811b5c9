"""People, check-ins and what the chassis needs."""

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
    "checkins_action_item",
    "checkins_agenda_item",
    "checkins_change",
    "checkins_check_in",
    "checkins_private_note",
    "checkins_skill_name",
    "idempotency_key",
    "inbox_dead_letter",
    "inbox_event",
    "inbox_sequence",
    "outbox_event",
    "people_org_unit",
    "people_person",
    "people_reporting",
    "people_unit_tree",
)

_AUTHOR = "author_id = (SELECT nullif(current_setting('app.person', true), '')::uuid)"
AUTHOR_ONLY = f"""
    CREATE POLICY author_only ON checkins_private_note AS RESTRICTIVE
    USING ({_AUTHOR}) WITH CHECK ({_AUTHOR})
"""


def upgrade() -> None:
    op.create_table(
        "checkins_check_in",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("employee_id", sa.Uuid(), nullable=False),
        sa.Column("manager_id", sa.Uuid(), nullable=False),
        sa.Column("previous_id", sa.Uuid(), nullable=True),
        sa.Column(
            "cadence",
            sa.Enum(
                "WEEKLY",
                "BIWEEKLY",
                "MONTHLY",
                "QUARTERLY",
                "NONE",
                name="cadence",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("scheduled_for", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "SCHEDULED",
                "PREPARED",
                "HELD",
                "COMPLETED",
                "MISSED",
                "CANCELLED",
                name="checkinstate",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("priorities", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("goal_refs", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("employee_notes", sa.Text(), nullable=True),
        sa.Column("manager_notes", sa.Text(), nullable=True),
        sa.Column("employee_seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("manager_seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_checkins_check_in")),
    )
    op.create_index(
        op.f("ix_checkins_check_in_tenant_id_employee_id_scheduled_for"),
        "checkins_check_in",
        ["tenant_id", "employee_id", "scheduled_for"],
        unique=False,
    )
    op.create_index(
        op.f("ix_checkins_check_in_tenant_id_manager_id_scheduled_for"),
        "checkins_check_in",
        ["tenant_id", "manager_id", "scheduled_for"],
        unique=False,
    )
    op.create_table(
        "checkins_skill_name",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_checkins_skill_name")),
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
        unique=False,
        postgresql_where=sa.text("parent_id IS DISTINCT FROM placed_under"),
    )
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
        sa.Column("grants", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_people_person")),
    )
    op.create_index(
        "ix_people_person_misplaced",
        "people_person",
        ["tenant_id", "id"],
        unique=False,
        postgresql_where=sa.text("manager_id IS DISTINCT FROM placed_under"),
    )
    op.create_index(
        op.f("ix_people_person_tenant_id_org_unit_id"),
        "people_person",
        ["tenant_id", "org_unit_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_people_person_tenant_id_subject"),
        "people_person",
        ["tenant_id", "subject"],
        unique=False,
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
        unique=False,
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
        unique=False,
    )
    op.create_table(
        "checkins_action_item",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("check_in_id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "check_in_id"],
            ["checkins_check_in.tenant_id", "checkins_check_in.id"],
            name=op.f("fk_checkins_action_item_tenant_id_check_in_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_checkins_action_item")),
    )
    op.create_index(
        op.f("ix_checkins_action_item_tenant_id_check_in_id"),
        "checkins_action_item",
        ["tenant_id", "check_in_id"],
        unique=False,
    )
    op.create_table(
        "checkins_agenda_item",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("check_in_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "check_in_id"],
            ["checkins_check_in.tenant_id", "checkins_check_in.id"],
            name=op.f("fk_checkins_agenda_item_tenant_id_check_in_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_checkins_agenda_item")),
    )
    op.create_index(
        op.f("ix_checkins_agenda_item_tenant_id_check_in_id"),
        "checkins_agenda_item",
        ["tenant_id", "check_in_id"],
        unique=False,
    )
    op.create_table(
        "checkins_change",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "GOAL_PROGRESSED",
                "GOAL_CLOSED",
                "MILESTONE_COMPLETED",
                "LEARNING_COMPLETED",
                "SKILL_CHANGED",
                name="changekind",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("goal_id", sa.Uuid(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("from_value", sa.Double(), nullable=True),
        sa.Column("to_value", sa.Double(), nullable=True),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("check_in_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "check_in_id"],
            ["checkins_check_in.tenant_id", "checkins_check_in.id"],
            name=op.f("fk_checkins_change_tenant_id_check_in_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_checkins_change")),
    )
    op.create_index(
        op.f("ix_checkins_change_tenant_id_check_in_id"),
        "checkins_change",
        ["tenant_id", "check_in_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_checkins_change_tenant_id_goal_id"),
        "checkins_change",
        ["tenant_id", "goal_id"],
        unique=False,
    )
    op.create_index(
        "uq_checkins_change_waiting",
        "checkins_change",
        ["tenant_id", "person_id", "kind", "subject_id"],
        unique=True,
        postgresql_where=sa.text("check_in_id IS NULL"),
    )
    op.create_table(
        "checkins_private_note",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("check_in_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "check_in_id"],
            ["checkins_check_in.tenant_id", "checkins_check_in.id"],
            name=op.f("fk_checkins_private_note_tenant_id_check_in_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_checkins_private_note")),
    )
    op.create_index(
        op.f("ix_checkins_private_note_tenant_id_check_in_id_author_id"),
        "checkins_private_note",
        ["tenant_id", "check_in_id", "author_id"],
        unique=True,
    )
    protect(op, TABLES)
    op.execute(AUTHOR_ONLY)
    for statement in install_sql(op.get_context().opts["runtime_role"]):
        op.execute(statement)


def downgrade() -> None:
    op.drop_index(
        op.f("ix_checkins_private_note_tenant_id_check_in_id_author_id"),
        table_name="checkins_private_note",
    )
    op.drop_table("checkins_private_note")
    op.drop_index(
        "uq_checkins_change_waiting",
        table_name="checkins_change",
        postgresql_where=sa.text("check_in_id IS NULL"),
    )
    op.drop_index(op.f("ix_checkins_change_tenant_id_goal_id"), table_name="checkins_change")
    op.drop_index(op.f("ix_checkins_change_tenant_id_check_in_id"), table_name="checkins_change")
    op.drop_table("checkins_change")
    op.drop_index(
        op.f("ix_checkins_agenda_item_tenant_id_check_in_id"), table_name="checkins_agenda_item"
    )
    op.drop_table("checkins_agenda_item")
    op.drop_index(
        op.f("ix_checkins_action_item_tenant_id_check_in_id"), table_name="checkins_action_item"
    )
    op.drop_table("checkins_action_item")
    op.drop_index("ix_people_unit_tree_below", table_name="people_unit_tree")
    op.drop_table("people_unit_tree")
    op.drop_index("ix_people_reporting_below", table_name="people_reporting")
    op.drop_table("people_reporting")
    op.drop_index(op.f("ix_people_person_tenant_id_subject"), table_name="people_person")
    op.drop_index(op.f("ix_people_person_tenant_id_org_unit_id"), table_name="people_person")
    op.drop_index(
        "ix_people_person_misplaced",
        table_name="people_person",
        postgresql_where=sa.text("manager_id IS DISTINCT FROM placed_under"),
    )
    op.drop_table("people_person")
    op.drop_index(
        "ix_people_org_unit_misplaced",
        table_name="people_org_unit",
        postgresql_where=sa.text("parent_id IS DISTINCT FROM placed_under"),
    )
    op.drop_table("people_org_unit")
    op.drop_index(
        "ix_outbox_event_unrelayed",
        table_name="outbox_event",
        postgresql_where=sa.text("relayed_at IS NULL"),
    )
    op.drop_table("outbox_event")
    op.drop_table("inbox_sequence")
    op.drop_table("inbox_event")
    op.drop_table("inbox_dead_letter")
    op.drop_table("idempotency_key")
    op.drop_table("checkins_skill_name")
    op.drop_index(
        op.f("ix_checkins_check_in_tenant_id_manager_id_scheduled_for"),
        table_name="checkins_check_in",
    )
    op.drop_index(
        op.f("ix_checkins_check_in_tenant_id_employee_id_scheduled_for"),
        table_name="checkins_check_in",
    )
    op.drop_table("checkins_check_in")
    for statement in uninstall_sql():
        op.execute(statement)
