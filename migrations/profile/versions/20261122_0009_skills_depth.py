"""Roll-up, weights of sources, ratings that were asked for, and associations between frameworks."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.migrations import protect

revision: str = "0009_skills_depth"
down_revision: str | None = "0010_consents"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLES = (
    "weights_version",
    "ratings_rating",
    "crosswalks_association",
    "crosswalks_migration",
)


def upgrade() -> None:
    op.add_column(
        "skills_framework",
        sa.Column("roll_up", sa.String(40), server_default="MEAN", nullable=False),
    )
    op.add_column(
        "skills_skill", sa.Column("weight", sa.Double(), server_default="1", nullable=False)
    )
    op.create_check_constraint(
        op.f("ck_skills_skill_weight_is_positive"), "skills_skill", "weight > 0"
    )
    op.add_column(
        "skills_estimate",
        sa.Column("weights_version", sa.Integer(), server_default="0", nullable=False),
    )
    op.create_table(
        "weights_version",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("weights", postgresql.JSONB(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("changed_by_id", sa.Uuid(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("version > 0", name=op.f("ck_weights_version_counts_from_one")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_weights_version")),
        sa.UniqueConstraint(
            "tenant_id", "version", name=op.f("uq_weights_version_tenant_id_version")
        ),
    )
    _ratings()
    _crosswalks()
    protect(op, TABLES)


def _crosswalks() -> None:
    op.create_table(
        "crosswalks_association",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("origin_id", sa.Uuid(), nullable=False),
        sa.Column("destination_id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.String(40), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=True),
        sa.Column("place", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "origin_id <> destination_id", name=op.f("ck_crosswalks_association_relates_two")
        ),
        sa.CheckConstraint(
            "confidence BETWEEN 0 AND 1",
            name=op.f("ck_crosswalks_association_confidence_is_a_share"),
        ),
        *_references("crosswalks_association", "skills_skill", "origin_id", "destination_id"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_crosswalks_association")),
        sa.UniqueConstraint(
            "tenant_id",
            "origin_id",
            "destination_id",
            "type",
            name=op.f("uq_crosswalks_association_tenant_id_origin_id_destination_id_type"),
        ),
    )
    op.create_index(
        op.f("ix_crosswalks_association_tenant_id_destination_id"),
        "crosswalks_association",
        ["tenant_id", "destination_id"],
    )
    op.create_table(
        "crosswalks_migration",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("from_id", sa.Uuid(), nullable=False),
        sa.Column("to_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("carried_by", postgresql.JSONB(), nullable=False),
        sa.Column("mapping", postgresql.JSONB(), nullable=False),
        sa.Column("report", postgresql.JSONB(), nullable=False),
        sa.Column("copied", sa.Integer(), nullable=False),
        sa.Column("started_by_id", sa.Uuid(), nullable=True),
        sa.Column("started_by_client", sa.Text(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        *_references("crosswalks_migration", "skills_framework", "from_id", "to_id"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_crosswalks_migration")),
    )
    for column in ("from_id", "to_id"):
        op.create_index(
            op.f(f"ix_crosswalks_migration_tenant_id_{column}"),
            "crosswalks_migration",
            ["tenant_id", column],
        )


def _references(table: str, other: str, *columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint(
            ["tenant_id", column],
            [f"{other}.tenant_id", f"{other}.id"],
            name=op.f(f"fk_{table}_tenant_id_{column}"),
        )
        for column in columns
    ]


def _ratings() -> None:
    op.create_table(
        "ratings_rating",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("rater_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("message", sa.Text(), nullable=True),
        sa.Column("items", postgresql.JSONB(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closing_words", sa.Text(), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "rater_id <> person_id", name=op.f("ck_ratings_rating_nobody_rates_themself")
        ),
        *_references("ratings_rating", "people_person", "person_id", "rater_id", "asked_by_id"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_ratings_rating")),
    )
    for column in ("person_id", "rater_id", "asked_by_id"):
        op.create_index(
            op.f(f"ix_ratings_rating_tenant_id_{column}"), "ratings_rating", ["tenant_id", column]
        )
    op.create_index(
        "ix_ratings_rating_open",
        "ratings_rating",
        ["tenant_id", "due_on"],
        postgresql_where=sa.text("state = 'OPEN'"),
    )


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    op.drop_column("skills_estimate", "weights_version")
    op.drop_column("skills_skill", "weight")
    op.drop_column("skills_framework", "roll_up")
