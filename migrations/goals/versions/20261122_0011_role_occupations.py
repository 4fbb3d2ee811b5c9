"""Roles are found by the occupation that they name."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_index(
        "ix_roles_role_occupation",
        "roles_role",
        ["tenant_id", "onet_soc_code", "title", "id"],
        postgresql_where=sa.text("onet_soc_code IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_roles_role_occupation", "roles_role")
