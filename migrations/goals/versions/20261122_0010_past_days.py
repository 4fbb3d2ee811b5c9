"""Everybody's levels of a skill are read of indexes alone on past days too."""

from collections.abc import Sequence

from alembic import op

revision: str = "0010"
down_revision: str | None = "0008"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TOLD = "ix_people_skill_level_told_skill_id"


def upgrade() -> None:
    """Of millions of levels it takes some ten seconds an index, in which copies of levels wait to be written."""
    op.execute("SET LOCAL statement_timeout = '15min'")
    op.create_index(
        TOLD,
        "people_skill_level_told",
        ["tenant_id", "skill_id", "person_id", "as_of", "sequence"],
        postgresql_include=["level"],
    )
    _index_of_levels(["level", "as_of"])
    op.execute("SET LOCAL statement_timeout = '5s'")


def downgrade() -> None:
    op.execute("SET LOCAL statement_timeout = '15min'")
    _index_of_levels(["level"])
    op.drop_index(TOLD, "people_skill_level_told")
    op.execute("SET LOCAL statement_timeout = '5s'")


def _index_of_levels(included: list[str]) -> None:
    op.drop_index("ix_people_skill_level_skill_id", "people_skill_level")
    op.create_index(
        "ix_people_skill_level_skill_id",
        "people_skill_level",
        ["tenant_id", "skill_id", "person_id"],
        postgresql_include=included,
    )
