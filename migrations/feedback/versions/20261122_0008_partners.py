"""Who proposed a goal, and HR partners found at once, since what waits for whom nobody leads is theirs."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

PARTNERS = sa.text("""grants @> '[{"role": "HR_PARTNER"}]'::jsonb""")


def upgrade() -> None:
    op.add_column("tasks_proposal", sa.Column("proposed_by", sa.Uuid(), nullable=True))
    op.create_index(
        "ix_people_person_partner", "people_person", ["tenant_id", "id"], postgresql_where=PARTNERS
    )


def downgrade() -> None:
    op.drop_index("ix_people_person_partner", table_name="people_person")
    op.drop_column("tasks_proposal", "proposed_by")
