"""The half-lives that skills had before they were changed; of changes before this one nothing is known."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from shared.migrations import protect

revision: str = "0018"
down_revision: str | None = "0017"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLES = ("skills_past_half_life",)


def upgrade() -> None:
    op.create_table(
        "skills_past_half_life",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("skill_id", sa.Uuid(), nullable=False),
        sa.Column("half_life_months", sa.Integer(), nullable=True),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "skill_id"],
            ["skills_skill.tenant_id", "skills_skill.id"],
            name=op.f("fk_skills_past_half_life_tenant_id_skill_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_skills_past_half_life")),
    )
    op.create_index(
        op.f("ix_skills_past_half_life_tenant_id_skill_id_until"),
        "skills_past_half_life",
        ["tenant_id", "skill_id", "until"],
    )
    protect(op, TABLES)


def downgrade() -> None:
    op.drop_table("skills_past_half_life")
