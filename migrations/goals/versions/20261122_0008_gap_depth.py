"""What people have done and earned, and their levels as they were told, for gaps of experience and of past days.

Of levels told before, the copy of the newest is all that is known, until the group `skills` is rebuilt from the stream.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.migrations import protect

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLES = ("people_experience", "people_credential", "people_expertise", "people_skill_level_told")


def upgrade() -> None:
    op.create_table(
        "people_experience",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=True),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("hours_per_week", sa.Double(), nullable=True),
        sa.Column("team_size_led", sa.Integer(), nullable=True),
        sa.Column("skill_ids", postgresql.JSONB(), nullable=False),
        sa.Column("verification", sa.Text(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_people_experience")),
    )
    op.create_index(
        "ix_people_experience_person_id", "people_experience", ["tenant_id", "person_id"]
    )
    op.create_table(
        "people_credential",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("revoked_on", sa.Date(), nullable=True),
        sa.Column("verification", sa.Text(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_people_credential")),
    )
    op.create_index(
        "ix_people_credential_person_id", "people_credential", ["tenant_id", "person_id"]
    )
    op.create_table(
        "people_expertise",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("grantee_id", sa.Uuid(), nullable=True),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_people_expertise")),
    )
    op.create_index("ix_people_expertise_person_id", "people_expertise", ["tenant_id", "person_id"])
    _levels()
    protect(op, TABLES)
    _index_of_levels(["level"])


def _levels() -> None:
    op.create_table(
        "people_skill_level_told",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("skill_id", sa.Uuid(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("level", sa.Double(), nullable=True),
        sa.Column("mass", sa.Double(), nullable=False),
        sa.Column("variance", sa.Double(), nullable=True),
        sa.Column("half_life_months", sa.Double(), nullable=True),
        sa.Column("rule", sa.Text(), nullable=True),
        sa.Column("contributions", postgresql.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint(
            "tenant_id",
            "person_id",
            "skill_id",
            "as_of",
            "sequence",
            name=op.f("pk_people_skill_level_told"),
        ),
    )


def _index_of_levels(included: list[str]) -> None:
    """Carries the level, so that everybody's levels of a skill are read from the index alone.

    Of five million estimates it takes some ten seconds, in which the copies of levels wait to be written.
    """
    op.execute("SET LOCAL statement_timeout = '5min'")
    op.drop_index("ix_people_skill_level_skill_id", "people_skill_level")
    op.create_index(
        "ix_people_skill_level_skill_id",
        "people_skill_level",
        ["tenant_id", "skill_id", "person_id"],
        postgresql_include=included,
    )
    op.execute("SET LOCAL statement_timeout = '5s'")


def downgrade() -> None:
    _index_of_levels([])
    for table in reversed(TABLES):
        op.drop_table(table)
