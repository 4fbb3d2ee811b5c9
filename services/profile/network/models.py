"""Contacts, interactions and introductions. A row-level policy asks that `app.person` has a part in the row."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from services.profile.network.rules import ContactRelation, InteractionPurpose, Part
from services.profile.tables import Base
from shared.db import TenantRow


class Contact(TenantRow, Base):
    """Somebody whom the owner knows: a colleague by id, anybody else by name. Texts are sealed for the owner."""

    __tablename__ = "network_contact"
    __table_args__ = (
        CheckConstraint("num_nonnulls(contact_person_id, name) = 1", name="is_named_once"),
        Index(None, "tenant_id", "owner_id"),
    )

    owner_id: Mapped[UUID]
    contact_person_id: Mapped[UUID | None]
    relation: Mapped[ContactRelation]
    name: Mapped[bytes | None] = mapped_column(LargeBinary)
    organisation: Mapped[bytes | None] = mapped_column(LargeBinary)
    note: Mapped[bytes | None] = mapped_column(LargeBinary)
    added_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it so


class Interaction(TenantRow, Base):
    """A talk with a contact, held or planned. Texts are sealed for the owner."""

    __tablename__ = "network_interaction"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "contact_id"],
            ["network_contact.tenant_id", "network_contact.id"],
            ondelete="CASCADE",
        ),
        Index(None, "tenant_id", "owner_id", "contact_id"),
    )

    owner_id: Mapped[UUID]
    contact_id: Mapped[UUID]
    purpose: Mapped[InteractionPurpose]
    held_on: Mapped[date]
    follow_up_on: Mapped[date | None]
    followed_up_at: Mapped[datetime | None]
    summary: Mapped[bytes | None] = mapped_column(LargeBinary)
    questions: Mapped[bytes | None] = mapped_column(LargeBinary)
    notes: Mapped[bytes | None] = mapped_column(LargeBinary)
    recorded_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it so


class Introduction(TenantRow, Base):
    """That one asks another to introduce them to a third, who learns of it by the introducer's yes."""

    __tablename__ = "network_introduction"
    __table_args__ = (
        Index(None, "tenant_id", "requester_id"),
        Index(None, "tenant_id", "introducer_id"),
        Index(None, "tenant_id", "target_id"),
    )

    requester_id: Mapped[UUID]
    introducer_id: Mapped[UUID]
    target_id: Mapped[UUID]
    message: Mapped[bytes] = mapped_column(LargeBinary)
    asked_at: Mapped[datetime]
    offered_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    declined_by: Mapped[Part | None]
    declined_at: Mapped[datetime | None]
