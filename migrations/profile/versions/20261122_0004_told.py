"""What HR and learning systems tell: credentials, roles by their codes, and what cannot be done yet."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.migrations import protect

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLES = ("people_role_code", "credentials_record", "unresolved_entry")


def upgrade() -> None:
    op.add_column("people_person", sa.Column("role_code", sa.Text(), nullable=True))
    op.add_column(
        "people_person", sa.Column("status_said_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column("people_assignment", sa.Column("role_code", sa.Text(), nullable=True))
    op.add_column("people_assignment", sa.Column("inherited", postgresql.JSONB(), nullable=True))
    op.create_table(
        "people_role_code",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("catalogue", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_people_role_code")),
    )
    op.create_index(
        op.f("ix_people_role_code_tenant_id_code"), "people_role_code", ["tenant_id", "code"]
    )
    _create_credentials()
    _create_unresolved()
    protect(op, TABLES)


def _create_credentials() -> None:
    op.create_table(
        "credentials_record",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.String(40), nullable=False),
        sa.Column("source_type", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("expired_on", sa.Date(), nullable=True),
        sa.Column("revoked_on", sa.Date(), nullable=True),
        sa.Column("credential_url", sa.Text(), nullable=True),
        sa.Column("verification", sa.String(40), nullable=False),
        sa.Column("system", sa.Text(), nullable=True),
        sa.Column("source_key", sa.Text(), nullable=True),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "person_id"],
            ["people_person.tenant_id", "people_person.id"],
            name=op.f("fk_credentials_record_tenant_id_person_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_credentials_record")),
        sa.UniqueConstraint(
            "tenant_id",
            "person_id",
            "system",
            "source_key",
            name=op.f("uq_credentials_record_tenant_id_person_id_system_source_key"),
        ),
    )
    op.create_index(
        "ix_credentials_record_expiring",
        "credentials_record",
        ["tenant_id", "expires_on"],
        postgresql_where=sa.text("expired_on IS NULL AND verification <> 'REVOKED'"),
    )


def _create_unresolved() -> None:
    op.create_table(
        "unresolved_entry",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("awaited", sa.String(40), nullable=True),
        sa.Column("system", sa.Text(), nullable=True),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("blocked_by", sa.Uuid(), nullable=True),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("waiting_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("fact", postgresql.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_unresolved_entry")),
        sa.UniqueConstraint(
            "tenant_id",
            "kind",
            "subject",
            "part",
            name=op.f("uq_unresolved_entry_tenant_id_kind_subject_part"),
        ),
    )
    for column in ("value", "email", "blocked_by", "reason"):
        op.create_index(f"ix_unresolved_entry_{column}", "unresolved_entry", ["tenant_id", column])


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    op.drop_column("people_assignment", "inherited")
    op.drop_column("people_assignment", "role_code")
    op.drop_column("people_person", "status_said_at")
    op.drop_column("people_person", "role_code")
