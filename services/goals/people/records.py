"""Copies of what people have done and earned, and of their levels as they were told."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from services.goals.tables import Base
from shared.db import TenantRow


class Experience(TenantRow, Base):
    """One record of experience; `ended_on` is its last day, None while it goes on. Withdrawn ones are not kept."""

    __tablename__ = "people_experience"

    person_id: Mapped[UUID]
    type: Mapped[str]
    title: Mapped[str]
    organisation: Mapped[str | None]
    started_on: Mapped[date]
    ended_on: Mapped[date | None]
    hours_per_week: Mapped[float | None]
    team_size_led: Mapped[int | None]
    skill_ids: Mapped[list[str]]
    verification: Mapped[str]
    sequence: Mapped[int]

    __table_args__ = (Index("ix_people_experience_person_id", "tenant_id", "person_id"),)


class Credential(TenantRow, Base):
    """One certificate, degree, licence or badge."""

    __tablename__ = "people_credential"

    person_id: Mapped[UUID]
    type: Mapped[str]
    name: Mapped[str]
    issuer: Mapped[str | None]
    issued_on: Mapped[date | None]
    expires_on: Mapped[date | None]
    revoked_on: Mapped[date | None]
    verification: Mapped[str]
    sequence: Mapped[int]

    __table_args__ = (Index("ix_people_credential_person_id", "tenant_id", "person_id"),)


class Expertise(TenantRow, Base):
    """A consent to be found for what one masters: by somebody, or without a grantee by everybody here."""

    __tablename__ = "people_expertise"

    person_id: Mapped[UUID]
    grantee_id: Mapped[UUID | None]
    until: Mapped[datetime | None]
    sequence: Mapped[int]

    __table_args__ = (Index("ix_people_expertise_person_id", "tenant_id", "person_id"),)


class ToldLevel(Base):
    """An estimate as profile told it: it holds from the day that it was reckoned for until the next one.

    Only ever added to, so that a gap can be read as of a past day. What was followed by another estimate before
    `levels.KEPT` is removed when the skill's next estimate arrives.
    """

    __tablename__ = "people_skill_level_told"

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    skill_id: Mapped[UUID] = mapped_column(primary_key=True)
    as_of: Mapped[date] = mapped_column(primary_key=True)
    sequence: Mapped[int] = mapped_column(primary_key=True)
    recorded_at: Mapped[datetime]
    level: Mapped[float | None]
    mass: Mapped[float]
    variance: Mapped[float | None]
    half_life_months: Mapped[float | None]
    rule: Mapped[str | None]
    contributions: Mapped[list[dict[str, Any]]]

    __table_args__ = (
        Index(
            "ix_people_skill_level_told_skill_id",
            "tenant_id",
            "skill_id",
            "person_id",
            "as_of",
            "sequence",
            postgresql_include=["level"],
        ),
    )
