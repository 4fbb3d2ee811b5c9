"""Instruments, sessions, sealed answers and results, the sums of all, and occupations' interests."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.migrations import protect

revision: str = "0006_assessments"
down_revision: str | None = "0007_keys"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLES = (
    "assessments_instrument",
    "assessments_session",
    "assessments_answers",
    "assessments_result",
    "assessments_moments",
    "assessments_occupation",
)

_OWNER = "person_id = (SELECT nullif(current_setting('app.person', true), '')::uuid)"
_LET_IN = """
    EXISTS (
        SELECT FROM consent_grant AS given
        WHERE given.tenant_id = assessments_result.tenant_id
          AND given.subject_id = assessments_result.person_id
          AND given.scope = 'ASSESSMENT_RESULT'
          AND given.grantee_id = (SELECT nullif(current_setting('app.person', true), '')::uuid)
          AND (given.object_id IS NULL OR given.object_id = assessments_result.id)
          AND given.revoked_at IS NULL
          AND (given.until IS NULL OR given.until > now())
    )
"""
POLICIES = (
    f"CREATE POLICY owner_only ON assessments_answers AS RESTRICTIVE USING ({_OWNER}) WITH CHECK ({_OWNER})",
    f"""
    CREATE POLICY owner_or_let_in ON assessments_result AS RESTRICTIVE FOR SELECT
    USING (purpose_lock = 'ASSESSMENT' OR {_OWNER} OR {_LET_IN})
    """,
    f"CREATE POLICY owner_adds ON assessments_result AS RESTRICTIVE FOR INSERT WITH CHECK ({_OWNER})",
    f"CREATE POLICY owner_changes ON assessments_result AS RESTRICTIVE FOR UPDATE USING ({_OWNER})",
    f"CREATE POLICY owner_removes ON assessments_result AS RESTRICTIVE FOR DELETE USING ({_OWNER})",
)


def upgrade() -> None:
    _instruments()
    _sessions()
    _results()
    _sums()
    protect(op, TABLES)
    for policy in POLICIES:
        op.execute(policy)


def _instruments() -> None:
    op.create_table(
        "assessments_instrument",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("purpose_lock", sa.String(40), nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("content", postgresql.JSONB(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("measures", postgresql.JSONB(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "purpose_lock = 'GUIDANCE_ONLY' OR kind IN ('SKILL_TEST', 'SELF_COMPETENCY', 'PULSE')",
            name=op.f("ck_assessments_instrument_purpose_stays_locked"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_assessments_instrument")),
        sa.UniqueConstraint(
            "tenant_id",
            "code",
            "version",
            "locale",
            name=op.f("uq_assessments_instrument_tenant_id_code_version_locale"),
        ),
    )


def _sessions() -> None:
    op.create_table(
        "assessments_session",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("instrument_id", sa.Uuid(), nullable=True),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("purpose_lock", sa.String(40), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=True),
        sa.Column("skill_ids", postgresql.JSONB(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=True),
        sa.Column("assigned_by", sa.Uuid(), nullable=False),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("last_on", sa.Date(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("scored_on", sa.Date(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "person_id"],
            ["people_person.tenant_id", "people_person.id"],
            name=op.f("fk_assessments_session_tenant_id_person_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_assessments_session")),
    )
    op.create_index(
        op.f("ix_assessments_session_tenant_id_person_id_assigned_at"),
        "assessments_session",
        ["tenant_id", "person_id", "assigned_at"],
    )
    op.create_index(
        "ix_assessments_session_open",
        "assessments_session",
        ["tenant_id", "last_on"],
        postgresql_where=sa.text("last_on IS NOT NULL AND state IN ('ASSIGNED', 'IN_PROGRESS')"),
    )
    op.create_table(
        "assessments_answers",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "session_id"],
            ["assessments_session.tenant_id", "assessments_session.id"],
            name=op.f("fk_assessments_answers_tenant_id_session_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_assessments_answers")),
        sa.UniqueConstraint(
            "tenant_id", "session_id", name=op.f("uq_assessments_answers_tenant_id_session_id")
        ),
    )


def _results() -> None:
    op.create_table(
        "assessments_result",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("instrument_id", sa.Uuid(), nullable=True),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("purpose_lock", sa.String(40), nullable=False),
        sa.Column("origin", sa.String(40), nullable=False),
        sa.Column("taken_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("scores", postgresql.JSONB(), nullable=True),
        sa.CheckConstraint(
            "CASE purpose_lock WHEN 'ASSESSMENT' THEN sealed IS NULL AND scores IS NOT NULL"
            " ELSE sealed IS NOT NULL AND scores IS NULL END",
            name=op.f("ck_assessments_result_guidance_is_sealed"),
        ),
        sa.CheckConstraint(
            "purpose_lock = 'GUIDANCE_ONLY' OR kind IN ('SKILL_TEST', 'SELF_COMPETENCY', 'PULSE')",
            name=op.f("ck_assessments_result_purpose_stays_locked"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "person_id"],
            ["people_person.tenant_id", "people_person.id"],
            name=op.f("fk_assessments_result_tenant_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "session_id"],
            ["assessments_session.tenant_id", "assessments_session.id"],
            name=op.f("fk_assessments_result_tenant_id_session_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_assessments_result")),
    )
    op.create_index(
        op.f("ix_assessments_result_tenant_id_person_id_taken_on"),
        "assessments_result",
        ["tenant_id", "person_id", "taken_on"],
    )
    op.create_index(
        op.f("ix_assessments_result_tenant_id_session_id"),
        "assessments_result",
        ["tenant_id", "session_id"],
    )


def _sums() -> None:
    op.create_table(
        "assessments_moments",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sessions", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("figures", postgresql.JSONB(), nullable=False),
        sa.Column("figured_sessions", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_assessments_moments")),
    )
    op.create_table(
        "assessments_occupation",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("onet_soc_code", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("scores", postgresql.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_assessments_occupation")),
        sa.UniqueConstraint(
            "tenant_id",
            "onet_soc_code",
            name=op.f("uq_assessments_occupation_tenant_id_onet_soc_code"),
        ),
    )


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
