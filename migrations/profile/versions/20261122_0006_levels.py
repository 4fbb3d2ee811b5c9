"""Lists of somebody's skill levels are answered by an index alone: a page of people read some 200 pages of rows before."""

from collections.abc import Sequence

from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

NAME = "uq_skills_estimate_tenant_id_person_id_skill_id"
KEY = "(tenant_id, person_id, skill_id)"
INCLUDED = "INCLUDE (id, level, mass, variance, half_life_months, as_of)"


def upgrade() -> None:
    _replace(INCLUDED)


def downgrade() -> None:
    _replace("")


def _replace(included: str) -> None:
    """Building an index over all estimates takes longer than five seconds where there are millions."""
    op.execute("SET LOCAL statement_timeout = '15min'")
    op.execute(f"ALTER TABLE skills_estimate DROP CONSTRAINT {NAME}")
    op.execute(f"ALTER TABLE skills_estimate ADD CONSTRAINT {NAME} UNIQUE {KEY} {included}")
