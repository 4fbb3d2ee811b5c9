"""A key of each person; private notes are sealed with the key of whom they are about."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from shared.migrations import protect

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLES = ("person_key",)


def upgrade() -> None:
    op.create_table(
        "person_key",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=True),
        sa.Column(
            "made_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("destroyed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(wrapped IS NULL) = (destroyed_at IS NOT NULL)",
            name=op.f("ck_person_key_is_kept_or_gone"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "person_id", name=op.f("pk_person_key")),
    )
    op.alter_column("checkins_private_note", "text", nullable=True)
    op.add_column("checkins_private_note", sa.Column("sealed", sa.LargeBinary(), nullable=True))
    op.create_check_constraint(
        op.f("ck_checkins_private_note_is_there_once"),
        "checkins_private_note",
        "num_nonnulls(text, sealed) = 1",
    )
    protect(op, TABLES)


def downgrade() -> None:
    """What is sealed cannot be read here, so it cannot stay."""
    op.execute("TRUNCATE checkins_private_note")
    op.drop_column("checkins_private_note", "sealed")
    op.alter_column("checkins_private_note", "text", nullable=False)
    for table in reversed(TABLES):
        op.drop_table(table)
