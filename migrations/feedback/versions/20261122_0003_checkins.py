"""Check-ins with what is prepared for them, agreed in them and changed between them."""

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
    "checkins_check_in",
    "checkins_agenda_item",
    "checkins_action_item",
    "checkins_private_note",
    "checkins_change",
    "checkins_skill_name",
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
        sa.Column("cadence", sa.String(40), nullable=False),
        sa.Column("scheduled_for", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("priorities", postgresql.JSONB(), nullable=False),
        sa.Column("goal_refs", postgresql.JSONB(), nullable=False),
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
    )
    op.create_index(
        op.f("ix_checkins_check_in_tenant_id_manager_id_scheduled_for"),
        "checkins_check_in",
        ["tenant_id", "manager_id", "scheduled_for"],
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
    op.create_table(
        "checkins_change",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
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
    )
    op.create_index(
        op.f("ix_checkins_change_tenant_id_goal_id"), "checkins_change", ["tenant_id", "goal_id"]
    )
    op.create_index(
        "uq_checkins_change_waiting",
        "checkins_change",
        ["tenant_id", "person_id", "kind", "subject_id"],
        unique=True,
        postgresql_where=sa.text("check_in_id IS NULL"),
    )
    op.create_table(
        "checkins_skill_name",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_checkins_skill_name")),
    )
    protect(op, TABLES)
    op.execute(AUTHOR_ONLY)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
