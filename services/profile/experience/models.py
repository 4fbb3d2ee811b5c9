"""Records of experience, and every state that each was in."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Double, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.profile.experience.rules import (
    ExperienceType,
    RevisionKind,
    Verification,
    Visibility,
)
from services.profile.tables import Base
from shared.db import TenantRow


class Experience(TenantRow, Base):
    """One stretch of somebody's working life, from `started_on` to the last day `ended_on`, or still going on.

    Each of `skills` is {skillId, level}: the level (0 to 5) that the person claims, or null. `told` says that other
    services know of it. A withdrawn record stays, for its history and for those who were told.
    """

    __tablename__ = "experience_record"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "person_id"], ["people_person.tenant_id", "people_person.id"]
        ),
        CheckConstraint("ended_on >= started_on", name="ends_after_it_begins"),
        Index(None, "tenant_id", "person_id", "started_on"),
    )

    person_id: Mapped[UUID]
    type: Mapped[ExperienceType]
    title: Mapped[str]
    organisation: Mapped[str | None]
    started_on: Mapped[date]
    ended_on: Mapped[date | None]
    hours_per_week: Mapped[float | None] = mapped_column(Double)
    responsibilities: Mapped[list[str]]
    team_size_led: Mapped[int | None]
    budget_amount: Mapped[float | None] = mapped_column(Double)
    budget_currency: Mapped[str | None]
    achievements: Mapped[list[str]]
    skills: Mapped[list[dict[str, Any]]]
    visibility: Mapped[Visibility]
    verification: Mapped[Verification]
    verified_by_id: Mapped[UUID | None]
    verified_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    told: Mapped[bool]
    recorded_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(nullable=False)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's way to name it


class ExperienceRevision(TenantRow, Base):
    """What a record said from `recorded_at` on, who made it so, and why if they said so; only ever added."""

    __tablename__ = "experience_revision"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "record_id"], ["experience_record.tenant_id", "experience_record.id"]
        ),
        UniqueConstraint("tenant_id", "record_id", "version"),
    )

    record_id: Mapped[UUID]
    version: Mapped[int]
    kind: Mapped[RevisionKind]
    by_person_id: Mapped[UUID | None]
    reason: Mapped[str | None]
    said: Mapped[dict[str, Any]]
    recorded_at: Mapped[datetime]
