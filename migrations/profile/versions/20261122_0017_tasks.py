"""Notices of credentials that run out, objections to them, and results of skill tests."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from shared.migrations import protect

revision: str = "0017"
down_revision: str | None = "0016"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TESTS = "skill_tests_result"

# What runs out already has no job that announces it. The wall is open to the owner of the tables alone, within this
# transaction, which holds the table.
_PLAN = """
    ALTER TABLE credentials_record NO FORCE ROW LEVEL SECURITY;
    INSERT INTO queue.job (id, tenant_id, name, arguments, dedupe_key)
    SELECT gen_random_uuid(), tenant_id, 'credentials.notice',
           jsonb_build_object('day', CAST(now() AT TIME ZONE 'UTC' AS date)::text),
           CAST(now() AT TIME ZONE 'UTC' AS date)::text
    FROM (SELECT DISTINCT tenant_id FROM credentials_record
          WHERE expires_on IS NOT NULL AND expired_on IS NULL) AS dated;
    ALTER TABLE credentials_record FORCE ROW LEVEL SECURITY;
"""


def upgrade() -> None:
    op.add_column("credentials_record", sa.Column("objection", sa.Text(), nullable=True))
    op.add_column("credentials_record", sa.Column("notice_days", sa.Integer(), nullable=True))
    for statement in filter(str.strip, _PLAN.split(";")):
        op.execute(statement)
    op.create_table(
        TESTS,
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("skill_id", sa.Uuid(), nullable=False),
        sa.Column("publisher", sa.Text(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("test", sa.Text(), nullable=False),
        sa.Column("score_raw", sa.Double(), nullable=False),
        sa.Column("score_min", sa.Double(), nullable=False),
        sa.Column("score_max", sa.Double(), nullable=False),
        sa.Column("success", sa.Boolean(), nullable=True),
        sa.Column("level", sa.Double(), nullable=False),
        sa.Column("taken_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("assertion_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "level BETWEEN 0 AND 5", name=op.f("ck_skill_tests_result_level_is_on_the_scale")
        ),
        sa.CheckConstraint(
            "score_min < score_max AND score_raw BETWEEN score_min AND score_max",
            name=op.f("ck_skill_tests_result_score_is_on_its_scale"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "person_id"],
            ["people_person.tenant_id", "people_person.id"],
            name=op.f("fk_skill_tests_result_tenant_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "skill_id"],
            ["skills_skill.tenant_id", "skills_skill.id"],
            name=op.f("fk_skill_tests_result_tenant_id_skill_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_skill_tests_result")),
        sa.UniqueConstraint(
            "tenant_id",
            "publisher",
            "external_id",
            "skill_id",
            name=op.f("uq_skill_tests_result_tenant_id_publisher_external_id_skill_id"),
        ),
    )
    op.create_index(
        op.f("ix_skill_tests_result_tenant_id_person_id"), TESTS, ["tenant_id", "person_id"]
    )
    protect(op, [TESTS])


def downgrade() -> None:
    op.drop_table(TESTS)
    op.drop_column("credentials_record", "notice_days")
    op.drop_column("credentials_record", "objection")
