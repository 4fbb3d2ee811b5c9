"""Enrolments that learning systems tell, with the day on which they are due; why and since when something waits."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("learning_record", sa.Column("due_on", sa.Date(), nullable=True))
    for column in _waiting():
        op.add_column("learning_unresolved", column)
    op.alter_column("learning_unresolved", "completed_at", nullable=True)
    op.create_index(
        "ix_learning_unresolved_subject", "learning_unresolved", ["tenant_id", "subject"]
    )


def _waiting() -> list[sa.Column[Any]]:
    now = sa.text("now()")
    moment = sa.DateTime(timezone=True)
    return [
        sa.Column("kind", sa.String(40), server_default="COMPLETION", nullable=False),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("reason", sa.String(40), server_default="UNKNOWN_PERSON", nullable=False),
        sa.Column("enrolled_at", moment, nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("said_at", moment, server_default=now, nullable=False),
        sa.Column("waiting_since", moment, server_default=now, nullable=False),
    ]


def downgrade() -> None:
    op.drop_index("ix_learning_unresolved_subject", "learning_unresolved")
    op.execute("DELETE FROM learning_unresolved WHERE completed_at IS NULL")
    op.alter_column("learning_unresolved", "completed_at", nullable=False)
    for column in reversed(_waiting()):
        op.drop_column("learning_unresolved", column.name)
    op.drop_column("learning_record", "due_on")
