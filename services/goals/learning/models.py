"""What can be learned, who has learned it, and what could not be told apart yet."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, LargeBinary, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from services.goals.learning.rules import (
    RecordSource,
    RecordState,
    ResourceStatus,
    ResourceType,
    ToldKind,
    WaitReason,
)
from services.goals.tables import Base
from shared.db import TenantRow


class LearningResource(TenantRow, Base):
    """A course, book, certificate ... of a provider, with what it is expected to teach."""

    __tablename__ = "learning_resource"

    provider: Mapped[str]
    code: Mapped[str]
    title: Mapped[str]
    type: Mapped[ResourceType]
    url: Mapped[str | None]
    hours: Mapped[float | None]
    cost: Mapped[float | None]
    currency: Mapped[str | None]
    language: Mapped[str | None]
    status: Mapped[ResourceStatus]
    skills: Mapped[list[dict[str, Any]]]
    content_hash: Mapped[bytes] = mapped_column(LargeBinary)
    version: Mapped[int]

    __table_args__ = (
        UniqueConstraint("tenant_id", "provider", "code"),
        Index("ix_learning_resource_code", "tenant_id", "code"),
        Index("ix_learning_resource_title", "tenant_id", "title", "id"),
    )


class LearningSkill(Base):
    """By how many levels (of 0-5) a resource is expected to raise a skill; the same as `skills` of its resource."""

    __tablename__ = "learning_skill"

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    resource_id: Mapped[UUID] = mapped_column(primary_key=True)
    skill_id: Mapped[UUID] = mapped_column(primary_key=True)
    expected_delta: Mapped[float]

    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "resource_id"], ["learning_resource.tenant_id", "learning_resource.id"]
        ),
        Index("ix_learning_skill_skill_id", "tenant_id", "skill_id", "expected_delta"),
    )


class LearningRecord(TenantRow, Base):
    """Where one person stands with one resource."""

    __tablename__ = "learning_record"

    person_id: Mapped[UUID]
    resource_id: Mapped[UUID]
    state: Mapped[RecordState]
    source: Mapped[RecordSource]
    score: Mapped[float | None]
    enrolled_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    due_on: Mapped[date | None]
    source_event_id: Mapped[UUID | None]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
    __table_args__ = (
        UniqueConstraint("tenant_id", "person_id", "resource_id"),
        ForeignKeyConstraint(
            ["tenant_id", "resource_id"], ["learning_resource.tenant_id", "learning_resource.id"]
        ),
        Index("ix_learning_record_resource_id", "tenant_id", "resource_id"),
    )


class LearningUnresolved(TenantRow, Base):
    """An enrolment or completion whose person or resource is not known yet; the id is the event's.

    Removed once it is resolved, or when the source says something newer about the same `subject`. Never expires.
    """

    __tablename__ = "learning_unresolved"

    system: Mapped[str | None]
    external_id: Mapped[str | None]
    email: Mapped[str | None]
    provider: Mapped[str | None]
    code: Mapped[str]
    kind: Mapped[ToldKind] = mapped_column(server_default=ToldKind.COMPLETION.value)
    subject: Mapped[str | None]
    reason: Mapped[WaitReason] = mapped_column(server_default=WaitReason.UNKNOWN_PERSON.value)
    enrolled_at: Mapped[datetime | None]
    due_on: Mapped[date | None]
    completed_at: Mapped[datetime | None]
    score: Mapped[float | None]
    said_at: Mapped[datetime] = mapped_column(server_default=func.now())
    waiting_since: Mapped[datetime] = mapped_column(server_default=func.now())

    __table_args__ = (
        Index("ix_learning_unresolved_external_id", "tenant_id", "external_id"),
        Index("ix_learning_unresolved_email", "tenant_id", "email"),
        Index("ix_learning_unresolved_code", "tenant_id", "code"),
        Index("ix_learning_unresolved_subject", "tenant_id", "subject"),
    )
