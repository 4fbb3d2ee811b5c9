"""A key of each person, which what is sealed for them is sealed with."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from shared.migrations import protect

revision: str = "0007_keys"
down_revision: str | None = "0010_consents"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLES = ("person_key",)


def upgrade() -> None:
    _person_key()
    protect(op, TABLES)


def _person_key() -> None:
    op.create_table(
        "person_key",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=True),
        sa.Column(
            "made_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("destroyed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(wrapped IS NULL) = (destroyed_at IS NOT NULL)",
            name=op.f("ck_person_key_is_kept_or_gone"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "person_id", name=op.f("pk_person_key")),
    )


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
