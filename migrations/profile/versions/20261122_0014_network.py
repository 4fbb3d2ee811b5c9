"""Contacts, interactions and introductions; nobody sees a row but who has a part in it."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from shared.migrations import protect

revision: str = "0014"
down_revision: str | None = "0013"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_ME = "(SELECT nullif(current_setting('app.person', true), '')::uuid)"
_OWNER = f"owner_id = {_ME}"
_PART = f"{_ME} IN (requester_id, introducer_id, target_id)"
TABLES = {
    "network_contact": ("owner_only", _OWNER),
    "network_interaction": ("owner_only", _OWNER),
    "network_introduction": ("parts_only", _PART),
}


def upgrade() -> None:
    op.create_table(
        "network_contact",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("contact_person_id", sa.Uuid(), nullable=True),
        sa.Column("relation", sa.String(40), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=True),
        sa.Column("organisation", sa.LargeBinary(), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "num_nonnulls(contact_person_id, name) = 1",
            name=op.f("ck_network_contact_is_named_once"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_network_contact")),
    )
    op.create_index(
        op.f("ix_network_contact_tenant_id_owner_id"), "network_contact", ["tenant_id", "owner_id"]
    )
    op.create_table(
        "network_interaction",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(40), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("follow_up_on", sa.Date(), nullable=True),
        sa.Column("followed_up_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("summary", sa.LargeBinary(), nullable=True),
        sa.Column("questions", sa.LargeBinary(), nullable=True),
        sa.Column("notes", sa.LargeBinary(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "contact_id"],
            ["network_contact.tenant_id", "network_contact.id"],
            name=op.f("fk_network_interaction_tenant_id_contact_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_network_interaction")),
    )
    op.create_index(
        op.f("ix_network_interaction_tenant_id_owner_id_contact_id"),
        "network_interaction",
        ["tenant_id", "owner_id", "contact_id"],
    )
    op.create_table(
        "network_introduction",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("requester_id", sa.Uuid(), nullable=False),
        sa.Column("introducer_id", sa.Uuid(), nullable=False),
        sa.Column("target_id", sa.Uuid(), nullable=False),
        sa.Column("message", sa.LargeBinary(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("declined_by", sa.String(40), nullable=True),
        sa.Column("declined_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_network_introduction")),
    )
    for part in ("requester_id", "introducer_id", "target_id"):
        op.create_index(
            op.f(f"ix_network_introduction_tenant_id_{part}"),
            "network_introduction",
            ["tenant_id", part],
        )
    protect(op, TABLES)
    for table, (policy, rule) in TABLES.items():
        op.execute(
            f"CREATE POLICY {policy} ON {table} AS RESTRICTIVE USING ({rule}) WITH CHECK ({rule})"
        )


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
