"""Roll-up, weights of sources, ratings that were asked for, and associations between frameworks."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.migrations import protect

revision: str = "0009_skills_depth"
down_revision: str | None = "0010_consents"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLES = ("weights_version",)


def upgrade() -> None:
    op.add_column(
        "skills_framework",
        sa.Column("roll_up", sa.String(40), server_default="MEAN", nullable=False),
    )
    op.add_column(
        "skills_skill", sa.Column("weight", sa.Double(), server_default="1", nullable=False)
    )
    op.create_check_constraint(
        op.f("ck_skills_skill_weight_is_positive"), "skills_skill", "weight > 0"
    )
    op.add_column(
        "skills_estimate",
        sa.Column("weights_version", sa.Integer(), server_default="0", nullable=False),
    )
    op.create_table(
        "weights_version",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("weights", postgresql.JSONB(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("changed_by_id", sa.Uuid(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("version > 0", name=op.f("ck_weights_version_counts_from_one")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_weights_version")),
        sa.UniqueConstraint(
            "tenant_id", "version", name=op.f("uq_weights_version_tenant_id_version")
        ),
    )
    protect(op, TABLES)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    op.drop_column("skills_estimate", "weights_version")
    op.drop_column("skills_skill", "weight")
    op.drop_column("skills_framework", "roll_up")
