"""What waits for somebody, and the goals that wait for a yes."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from shared.migrations import protect

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLES = ("tasks_task", "tasks_proposal")


def upgrade() -> None:
    op.create_table(
        "tasks_task",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("subject_type", sa.String(40), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_tasks_task")),
    )
    op.create_index(
        op.f("ix_tasks_task_tenant_id_person_id_kind_subject_id"),
        "tasks_task",
        ["tenant_id", "person_id", "kind", "subject_id"],
        unique=True,
    )
    op.create_index(
        op.f("ix_tasks_task_tenant_id_subject_id"), "tasks_task", ["tenant_id", "subject_id"]
    )
    op.create_table(
        "tasks_proposal",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_tasks_proposal")),
    )
    op.create_index(
        op.f("ix_tasks_proposal_tenant_id_person_id"), "tasks_proposal", ["tenant_id", "person_id"]
    )
    protect(op, TABLES)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
