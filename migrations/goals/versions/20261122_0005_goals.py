"""Goals, their milestones, the log of their progress, and the tenant's policy about them."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.migrations import protect

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLES = (
    "goals_goal",
    "goals_milestone",
    "goals_update",
    "goals_policy",
)


def upgrade() -> None:
    op.create_table(
        "goals_goal",
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
            ["goals_goal.tenant_id", "goals_goal.id"],
            name=op.f("fk_goals_goal_tenant_id_parent_goal_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_goals_goal")),
    )
    op.create_index(
        "ix_goals_goal_learning_resource_id",
        "goals_goal",
        ["tenant_id", "learning_resource_id", "person_id"],
    )
    op.create_index("ix_goals_goal_parent_goal_id", "goals_goal", ["tenant_id", "parent_goal_id"])
    op.create_index("ix_goals_goal_person_id", "goals_goal", ["tenant_id", "person_id", "id"])
    op.create_table(
        "goals_milestone",
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
            ["goals_goal.tenant_id", "goals_goal.id"],
            name=op.f("fk_goals_milestone_tenant_id_goal_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_goals_milestone")),
    )
    op.create_index("ix_goals_milestone_goal_id", "goals_milestone", ["tenant_id", "goal_id", "id"])
    op.create_index(
        "ix_goals_milestone_learning_resource_id",
        "goals_milestone",
        ["tenant_id", "learning_resource_id"],
    )
    op.create_table(
        "goals_update",
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
            ["goals_goal.tenant_id", "goals_goal.id"],
            name=op.f("fk_goals_update_tenant_id_goal_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_goals_update")),
    )
    op.create_index("ix_goals_update_goal_id", "goals_update", ["tenant_id", "goal_id", "id"])
    op.create_table(
        "goals_policy",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("self_activation", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", name=op.f("pk_goals_policy")),
    )
    protect(op, TABLES)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
