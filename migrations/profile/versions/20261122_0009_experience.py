"""Experience with its history, baselines, which nobody changes, and the skills that credentials show."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.migrations import protect

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLES = (
    "experience_record",
    "experience_revision",
    "baselines_snapshot",
    "baselines_level",
)
NEVER_CHANGED = ("experience_revision", "baselines_snapshot", "baselines_level")


def upgrade() -> None:
    _experience_record()
    _experience_revision()
    _baselines_snapshot()
    _baselines_level()
    op.add_column("credentials_record", sa.Column("skills", postgresql.JSONB(), nullable=True))
    op.add_column("credentials_record", sa.Column("verified_by_id", sa.Uuid(), nullable=True))
    protect(op, TABLES)
    role = op.get_context().opts["runtime_role"]
    for table in NEVER_CHANGED:
        op.execute(f'REVOKE UPDATE ON "{table}" FROM "{role}"')


def _experience_record() -> None:
    op.create_table(
        "experience_record",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.String(40), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=True),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("hours_per_week", sa.Double(), nullable=True),
        sa.Column("responsibilities", postgresql.JSONB(), nullable=False),
        sa.Column("team_size_led", sa.Integer(), nullable=True),
        sa.Column("budget_amount", sa.Double(), nullable=True),
        sa.Column("budget_currency", sa.Text(), nullable=True),
        sa.Column("achievements", postgresql.JSONB(), nullable=False),
        sa.Column("skills", postgresql.JSONB(), nullable=False),
        sa.Column("visibility", sa.String(40), nullable=False),
        sa.Column("verification", sa.String(40), nullable=False),
        sa.Column("verified_by_id", sa.Uuid(), nullable=True),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "ended_on >= started_on", name=op.f("ck_experience_record_ends_after_it_begins")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "person_id"],
            ["people_person.tenant_id", "people_person.id"],
            name=op.f("fk_experience_record_tenant_id_person_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_experience_record")),
    )
    op.create_index(
        op.f("ix_experience_record_tenant_id_person_id_started_on"),
        "experience_record",
        ["tenant_id", "person_id", "started_on"],
    )


def _experience_revision() -> None:
    op.create_table(
        "experience_revision",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("by_person_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("said", postgresql.JSONB(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "record_id"],
            ["experience_record.tenant_id", "experience_record.id"],
            name=op.f("fk_experience_revision_tenant_id_record_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_experience_revision")),
        sa.UniqueConstraint(
            "tenant_id",
            "record_id",
            "version",
            name=op.f("uq_experience_revision_tenant_id_record_id_version"),
        ),
    )


def _baselines_snapshot() -> None:
    op.create_table(
        "baselines_snapshot",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("cycle", sa.Text(), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("engine_version", sa.Text(), nullable=False),
        sa.Column("skill_count", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "person_id"],
            ["people_person.tenant_id", "people_person.id"],
            name=op.f("fk_baselines_snapshot_tenant_id_person_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_baselines_snapshot")),
        sa.UniqueConstraint(
            "tenant_id",
            "person_id",
            "cycle",
            name=op.f("uq_baselines_snapshot_tenant_id_person_id_cycle"),
        ),
    )
    op.create_index(
        op.f("ix_baselines_snapshot_tenant_id_person_id_taken_at"),
        "baselines_snapshot",
        ["tenant_id", "person_id", "taken_at"],
    )


def _baselines_level() -> None:
    op.create_table(
        "baselines_level",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("snapshot_id", sa.Uuid(), nullable=False),
        sa.Column("skill_id", sa.Uuid(), nullable=False),
        sa.Column("level", sa.Double(), nullable=True),
        sa.Column("mass", sa.Double(), nullable=False),
        sa.Column("variance", sa.Double(), nullable=True),
        sa.Column("interval_low", sa.Double(), nullable=True),
        sa.Column("interval_high", sa.Double(), nullable=True),
        sa.Column("self_level", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "skill_id"],
            ["skills_skill.tenant_id", "skills_skill.id"],
            name=op.f("fk_baselines_level_tenant_id_skill_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "snapshot_id"],
            ["baselines_snapshot.tenant_id", "baselines_snapshot.id"],
            name=op.f("fk_baselines_level_tenant_id_snapshot_id"),
        ),
        sa.PrimaryKeyConstraint(
            "tenant_id", "snapshot_id", "skill_id", name=op.f("pk_baselines_level")
        ),
    )
    op.create_index(
        op.f("ix_baselines_level_tenant_id_skill_id"), "baselines_level", ["tenant_id", "skill_id"]
    )


def downgrade() -> None:
    op.drop_column("credentials_record", "verified_by_id")
    op.drop_column("credentials_record", "skills")
    for table in reversed(TABLES):
        op.drop_table(table)
