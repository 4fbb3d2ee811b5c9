"""Frameworks, scales and skills; what is asserted about people, and the estimates that follow."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.migrations import protect

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLES = (
    "skills_scale",
    "skills_framework",
    "skills_skill",
    "skills_assertion",
    "skills_assertion_step",
    "skills_estimate",
)


def upgrade() -> None:
    op.create_table(
        "skills_scale",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("levels", postgresql.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_skills_scale")),
    )
    op.create_table(
        "skills_framework",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("creator", sa.Text(), nullable=True),
        sa.Column("source", sa.String(40), nullable=False),
        sa.Column("licence", sa.Text(), nullable=True),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("rule", sa.String(40), nullable=False),
        sa.Column("scale_id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "scale_id"],
            ["skills_scale.tenant_id", "skills_scale.id"],
            name=op.f("fk_skills_framework_tenant_id_scale_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_skills_framework")),
        sa.UniqueConstraint("tenant_id", "key", name=op.f("uq_skills_framework_tenant_id_key")),
    )
    op.create_index(
        op.f("ix_skills_framework_tenant_id_title_id"),
        "skills_framework",
        ["tenant_id", "title", "id"],
    )
    op.create_table(
        "skills_skill",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("framework_id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("type", sa.String(40), nullable=False),
        sa.Column("half_life_months", sa.Integer(), nullable=True),
        sa.Column("alignments", postgresql.JSONB(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "half_life_months > 0", name=op.f("ck_skills_skill_half_life_is_positive")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "framework_id"],
            ["skills_framework.tenant_id", "skills_framework.id"],
            name=op.f("fk_skills_skill_tenant_id_framework_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "parent_id"],
            ["skills_skill.tenant_id", "skills_skill.id"],
            name=op.f("fk_skills_skill_tenant_id_parent_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_skills_skill")),
        sa.UniqueConstraint(
            "tenant_id",
            "framework_id",
            "code",
            name=op.f("uq_skills_skill_tenant_id_framework_id_code"),
        ),
    )
    op.create_index(op.f("ix_skills_skill_parent_id"), "skills_skill", ["parent_id"])
    op.create_index(
        op.f("ix_skills_skill_tenant_id_statement_id"),
        "skills_skill",
        ["tenant_id", "statement", "id"],
    )
    op.create_table(
        "skills_assertion",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("skill_id", sa.Uuid(), nullable=False),
        sa.Column("level", sa.Double(), nullable=False),
        sa.Column("source", sa.String(40), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("assessor_id", sa.Uuid(), nullable=True),
        sa.Column("assessor_group", sa.Text(), nullable=True),
        sa.Column("evidence", postgresql.JSONB(), nullable=False),
        sa.Column("polarity", sa.String(40), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("supersedes_id", sa.Uuid(), nullable=True),
        sa.Column("origin_event_id", sa.Uuid(), nullable=True),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("author_client", sa.Text(), nullable=True),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "level BETWEEN 0 AND 5", name=op.f("ck_skills_assertion_level_is_on_the_scale")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "person_id"],
            ["people_person.tenant_id", "people_person.id"],
            name=op.f("fk_skills_assertion_tenant_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "skill_id"],
            ["skills_skill.tenant_id", "skills_skill.id"],
            name=op.f("fk_skills_assertion_tenant_id_skill_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_skills_assertion")),
        sa.UniqueConstraint(
            "tenant_id",
            "origin_event_id",
            "skill_id",
            name=op.f("uq_skills_assertion_tenant_id_origin_event_id_skill_id"),
        ),
    )
    op.create_index(
        "ix_skills_assertion_expiring",
        "skills_assertion",
        ["tenant_id", "expires_on"],
        postgresql_where=sa.text(
            "expires_on IS NOT NULL AND state IN ('DECLARED', 'PENDING_REVIEW', 'CONFIRMED')"
        ),
    )
    op.create_index(
        op.f("ix_skills_assertion_person_id_skill_id"),
        "skills_assertion",
        ["person_id", "skill_id"],
    )
    op.create_table(
        "skills_assertion_step",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("assertion_id", sa.Uuid(), nullable=False),
        sa.Column("from_state", sa.String(40), nullable=False),
        sa.Column("to_state", sa.String(40), nullable=False),
        sa.Column("by_person_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column(
            "taken_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "assertion_id"],
            ["skills_assertion.tenant_id", "skills_assertion.id"],
            name=op.f("fk_skills_assertion_step_tenant_id_assertion_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_skills_assertion_step")),
    )
    op.create_index(
        op.f("ix_skills_assertion_step_assertion_id"), "skills_assertion_step", ["assertion_id"]
    )
    op.create_table(
        "skills_estimate",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("skill_id", sa.Uuid(), nullable=False),
        sa.Column("level", sa.Double(), nullable=True),
        sa.Column("mass", sa.Double(), nullable=False),
        sa.Column("variance", sa.Double(), nullable=True),
        sa.Column("interval_low", sa.Double(), nullable=True),
        sa.Column("interval_high", sa.Double(), nullable=True),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("self_level", sa.Double(), nullable=True),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("half_life_months", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(40), nullable=False),
        sa.Column("engine_version", sa.Text(), nullable=False),
        sa.Column("contributions", postgresql.JSONB(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "person_id"],
            ["people_person.tenant_id", "people_person.id"],
            name=op.f("fk_skills_estimate_tenant_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "skill_id"],
            ["skills_skill.tenant_id", "skills_skill.id"],
            name=op.f("fk_skills_estimate_tenant_id_skill_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_skills_estimate")),
        sa.UniqueConstraint(
            "tenant_id",
            "person_id",
            "skill_id",
            name=op.f("uq_skills_estimate_tenant_id_person_id_skill_id"),
        ),
    )
    op.create_index(op.f("ix_skills_estimate_skill_id"), "skills_estimate", ["skill_id"])
    protect(op, TABLES)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
