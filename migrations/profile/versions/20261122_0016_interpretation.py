"""What results mean: when a session was interpreted, until when a result holds, texts, what confidants wrote, and
which work values occupations offer."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.migrations import protect

revision: str = "0016"
down_revision: str | None = "0015"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLES = ("interpretations_texts", "interpretations_confidant", "assessments_occupation_values")

_ME = "(SELECT nullif(current_setting('app.person', true), '')::uuid)"
_OWNER = f"person_id = {_ME}"
_LET_IN = f"""
    author_id = {_ME} AND EXISTS (
        SELECT FROM consent_grant AS given
        WHERE given.tenant_id = interpretations_confidant.tenant_id
          AND given.subject_id = interpretations_confidant.person_id
          AND given.scope = 'ASSESSMENT_RESULT'
          AND given.grantee_id = {_ME}
          AND (given.object_id IS NULL OR given.object_id = interpretations_confidant.result_id)
          AND given.revoked_at IS NULL
          AND (given.until IS NULL OR given.until > now())
    )
"""
_ON = "ON interpretations_confidant AS RESTRICTIVE"
POLICIES = (
    f"CREATE POLICY owner_or_author {_ON} FOR SELECT USING ({_OWNER} OR ({_LET_IN}))",
    f"CREATE POLICY author_adds {_ON} FOR INSERT WITH CHECK ({_LET_IN})",
    f"CREATE POLICY author_changes {_ON} FOR UPDATE USING ({_LET_IN}) WITH CHECK ({_LET_IN})",
    f"CREATE POLICY owner_or_author_removes {_ON} FOR DELETE USING ({_OWNER} OR author_id = {_ME})",
)


def upgrade() -> None:
    op.add_column(
        "assessments_session",
        sa.Column("interpreted_at", sa.DateTime(timezone=True), nullable=True),
    )
    op.add_column("assessments_result", sa.Column("valid_until", sa.Date(), nullable=True))
    _texts()
    _confidant()
    _values()
    protect(op, TABLES)
    for policy in POLICIES:
        op.execute(policy)


def _texts() -> None:
    op.create_table(
        "interpretations_texts",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("instrument", sa.Text(), nullable=False),
        sa.Column("instrument_version", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("content", postgresql.JSONB(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("brought_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_interpretations_texts")),
        sa.UniqueConstraint(
            "tenant_id",
            "instrument",
            "instrument_version",
            "locale",
            "version",
            name=op.f("uq_interpretations_texts_version"),
        ),
    )


def _confidant() -> None:
    op.create_table(
        "interpretations_confidant",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("result_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "author_id <> person_id", name=op.f("ck_interpretations_confidant_by_somebody_else")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "result_id"],
            ["assessments_result.tenant_id", "assessments_result.id"],
            name=op.f("fk_interpretations_confidant_tenant_id_result_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_interpretations_confidant")),
        sa.UniqueConstraint(
            "tenant_id",
            "result_id",
            "author_id",
            name=op.f("uq_interpretations_confidant_tenant_id_result_id_author_id"),
        ),
    )
    op.create_index(
        op.f("ix_interpretations_confidant_tenant_id_person_id"),
        "interpretations_confidant",
        ["tenant_id", "person_id"],
    )


def _values() -> None:
    op.create_table(
        "assessments_occupation_values",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("onet_soc_code", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("scores", postgresql.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_assessments_occupation_values")),
        sa.UniqueConstraint(
            "tenant_id", "onet_soc_code", name=op.f("uq_assessments_occupation_values_code")
        ),
    )


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    op.drop_column("assessments_result", "valid_until")
    op.drop_column("assessments_session", "interpreted_at")
