"""A gap reads a person's levels of an index alone, where they lie side by side."""

from collections.abc import Sequence

from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

NAME = "pk_people_skill_level"
KEY = "(tenant_id, person_id, skill_id)"
INCLUDED = "INCLUDE (level, mass, variance, half_life_months, as_of)"


def upgrade() -> None:
    _replace(INCLUDED)


def downgrade() -> None:
    _replace("")


def _replace(included: str) -> None:
    """Building an index over all levels takes longer than five seconds where there are millions."""
    op.execute("SET LOCAL statement_timeout = '15min'")
    op.execute(f"ALTER TABLE people_skill_level DROP CONSTRAINT {NAME}")
    op.execute(f"ALTER TABLE people_skill_level ADD CONSTRAINT {NAME} PRIMARY KEY {KEY} {included}")
