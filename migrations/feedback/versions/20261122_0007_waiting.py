"""What profile told of things that wait for somebody."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from shared.migrations import protect

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLES = ("tasks_waiting",)


def upgrade() -> None:
    op.create_table(
        "tasks_waiting",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("turn_of", sa.Uuid(), nullable=True),
        sa.Column("also_of", sa.Uuid(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_tasks_waiting")),
    )
    op.create_index(
        op.f("ix_tasks_waiting_tenant_id_subject_id_kind"),
        "tasks_waiting",
        ["tenant_id", "subject_id", "kind"],
        unique=True,
    )
    op.create_index(
        op.f("ix_tasks_waiting_tenant_id_person_id"), "tasks_waiting", ["tenant_id", "person_id"]
    )
    protect(op, TABLES)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
