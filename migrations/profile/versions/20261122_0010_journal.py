"""What people write for themselves alone: the row-level policy lets nobody else in, whoever asks."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.migrations import protect

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLES = (
    "journal_reflection",
    "journal_note",
    "journal_aspiration",
    "journal_own_view",
    "journal_insight",
)

_OWNER = "person_id = (SELECT nullif(current_setting('app.person', true), '')::uuid)"


def upgrade() -> None:
    _journal_reflection()
    _journal_note()
    _journal_aspiration()
    _journal_own_view()
    _journal_insight()
    protect(op, TABLES)
    for table in TABLES:
        op.execute(
            f'CREATE POLICY owner_only ON "{table}" AS RESTRICTIVE USING ({_OWNER}) WITH CHECK ({_OWNER})'
        )


def _journal_reflection() -> None:
    op.create_table(
        "journal_reflection",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("prompt_code", sa.Text(), nullable=True),
        sa.Column("prompt_version", sa.Integer(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("mood", sa.Integer(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(prompt_code IS NULL) = (prompt_version IS NULL)",
            name=op.f("ck_journal_reflection_names_a_prompt"),
        ),
        sa.CheckConstraint(
            "mood BETWEEN 1 AND 5", name=op.f("ck_journal_reflection_mood_is_on_the_scale")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "person_id"],
            ["people_person.tenant_id", "people_person.id"],
            name=op.f("fk_journal_reflection_tenant_id_person_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_journal_reflection")),
    )
    op.create_index(
        op.f("ix_journal_reflection_tenant_id_person_id_written_at"),
        "journal_reflection",
        ["tenant_id", "person_id", "written_at"],
    )


def _journal_note() -> None:
    op.create_table(
        "journal_note",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("origin", sa.String(40), nullable=True),
        sa.Column("importance", sa.Integer(), nullable=True),
        sa.Column("skill_id", sa.Uuid(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "origin IS NULL OR kind = 'TALENT'", name=op.f("ck_journal_note_talents_have_an_origin")
        ),
        sa.CheckConstraint(
            "importance BETWEEN 1 AND 5", name=op.f("ck_journal_note_importance_is_on_the_scale")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "person_id"],
            ["people_person.tenant_id", "people_person.id"],
            name=op.f("fk_journal_note_tenant_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "skill_id"],
            ["skills_skill.tenant_id", "skills_skill.id"],
            name=op.f("fk_journal_note_tenant_id_skill_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_journal_note")),
    )
    op.create_index(
        op.f("ix_journal_note_tenant_id_person_id_kind"),
        "journal_note",
        ["tenant_id", "person_id", "kind"],
    )


def _journal_aspiration() -> None:
    op.create_table(
        "journal_aspiration",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("role_id", sa.Uuid(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("horizon", sa.String(40), nullable=False),
        sa.Column("desire_strength", sa.Integer(), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=True),
        sa.Column("opt_in_to_matching", sa.Boolean(), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "confidence BETWEEN 0 AND 1", name=op.f("ck_journal_aspiration_confidence_is_a_share")
        ),
        sa.CheckConstraint(
            "desire_strength BETWEEN 1 AND 5",
            name=op.f("ck_journal_aspiration_desire_is_on_the_scale"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(role_id, sealed) = 1", name=op.f("ck_journal_aspiration_names_one_thing")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "person_id"],
            ["people_person.tenant_id", "people_person.id"],
            name=op.f("fk_journal_aspiration_tenant_id_person_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_journal_aspiration")),
    )
    op.create_index(
        op.f("ix_journal_aspiration_tenant_id_person_id"),
        "journal_aspiration",
        ["tenant_id", "person_id"],
    )


def _journal_own_view() -> None:
    op.create_table(
        "journal_own_view",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("skill_id", sa.Uuid(), nullable=False),
        sa.Column("standing", sa.String(40), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "person_id"],
            ["people_person.tenant_id", "people_person.id"],
            name=op.f("fk_journal_own_view_tenant_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "skill_id"],
            ["skills_skill.tenant_id", "skills_skill.id"],
            name=op.f("fk_journal_own_view_tenant_id_skill_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_journal_own_view")),
        sa.UniqueConstraint(
            "tenant_id",
            "person_id",
            "skill_id",
            name=op.f("uq_journal_own_view_tenant_id_person_id_skill_id"),
        ),
    )


def _journal_insight() -> None:
    op.create_table(
        "journal_insight",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("skill_id", sa.Uuid(), nullable=True),
        sa.Column("evidence", postgresql.JSONB(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "person_id"],
            ["people_person.tenant_id", "people_person.id"],
            name=op.f("fk_journal_insight_tenant_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "skill_id"],
            ["skills_skill.tenant_id", "skills_skill.id"],
            name=op.f("fk_journal_insight_tenant_id_skill_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_journal_insight")),
    )
    op.create_index(
        op.f("ix_journal_insight_tenant_id_person_id"),
        "journal_insight",
        ["tenant_id", "person_id"],
    )


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
