"""Frameworks, their scales and skills; what is asserted about people; the estimates that follow."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Double,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.profile.skills.rules import (
    AssertionSource,
    AssertionState,
    EstimateRule,
    FrameworkSource,
    FrameworkStatus,
    Polarity,
    RollUp,
    SkillType,
)
from services.profile.tables import Base
from shared.db import TenantRow


class ProficiencyScale(TenantRow, Base):
    """The words for levels: each of `levels` is {ordinal, label, description, value}, value between 0 and 5."""

    __tablename__ = "skills_scale"

    name: Mapped[str]
    levels: Mapped[list[dict[str, Any]]]


class SkillFramework(TenantRow, Base):
    """A catalogue of skills with scale and rule; `version` is the publisher's edition, `sequence` counts changes."""

    __tablename__ = "skills_framework"
    __table_args__ = (
        UniqueConstraint("tenant_id", "key"),
        ForeignKeyConstraint(
            ["tenant_id", "scale_id"], ["skills_scale.tenant_id", "skills_scale.id"]
        ),
        Index(None, "tenant_id", "title", "id"),
    )

    key: Mapped[str]
    title: Mapped[str]
    creator: Mapped[str | None]
    source: Mapped[FrameworkSource]
    licence: Mapped[str | None]
    version: Mapped[str]
    status: Mapped[FrameworkStatus]
    rule: Mapped[EstimateRule]
    roll_up: Mapped[RollUp] = mapped_column(server_default=RollUp.MEAN.value)
    scale_id: Mapped[UUID]
    sequence: Mapped[int] = mapped_column(default=1)


class Skill(TenantRow, Base):
    """One ability of a framework, perhaps below another one, for which it counts with `weight` where that is asked for.

    Evidence loses half its weight in `half_life_months`.
    """

    __tablename__ = "skills_skill"
    __table_args__ = (
        UniqueConstraint("tenant_id", "framework_id", "code"),
        ForeignKeyConstraint(
            ["tenant_id", "framework_id"], ["skills_framework.tenant_id", "skills_framework.id"]
        ),
        ForeignKeyConstraint(
            ["tenant_id", "parent_id"], ["skills_skill.tenant_id", "skills_skill.id"]
        ),
        CheckConstraint("half_life_months > 0", name="half_life_is_positive"),
        CheckConstraint("weight > 0", name="weight_is_positive"),
        Index(None, "parent_id"),
        Index(None, "tenant_id", "statement", "id"),
    )

    framework_id: Mapped[UUID]
    parent_id: Mapped[UUID | None]
    code: Mapped[str]
    statement: Mapped[str]
    description: Mapped[str | None]
    type: Mapped[SkillType]
    half_life_months: Mapped[int | None]
    weight: Mapped[float] = mapped_column(Double, server_default="1")
    alignments: Mapped[list[dict[str, Any]]]
    sequence: Mapped[int] = mapped_column(default=1)


class PastHalfLife(TenantRow, Base):
    """The half-life that a skill had until it was changed; what never changed has none of these."""

    __tablename__ = "skills_past_half_life"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "skill_id"], ["skills_skill.tenant_id", "skills_skill.id"]
        ),
        Index(None, "tenant_id", "skill_id", "until"),
    )

    skill_id: Mapped[UUID]
    half_life_months: Mapped[int | None]
    until: Mapped[datetime]


class SkillAssertion(TenantRow, Base):
    """One statement on one person's skill. What it says never changes; its state does, and each step is kept.

    `assessor_id` or `assessor_group` says whose word it is: a newer word of the same source and assessor supersedes.
    The author is who recorded it, a person or a machine client.
    """

    __tablename__ = "skills_assertion"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "person_id"], ["people_person.tenant_id", "people_person.id"]
        ),
        ForeignKeyConstraint(
            ["tenant_id", "skill_id"], ["skills_skill.tenant_id", "skills_skill.id"]
        ),
        CheckConstraint("level BETWEEN 0 AND 5", name="level_is_on_the_scale"),
        UniqueConstraint("tenant_id", "origin_event_id", "skill_id"),
        Index(None, "person_id", "skill_id"),
        Index(
            "ix_skills_assertion_expiring",
            "tenant_id",
            "expires_on",
            postgresql_where=text(
                "expires_on IS NOT NULL AND state IN ('DECLARED', 'PENDING_REVIEW', 'CONFIRMED')"
            ),
        ),
    )

    person_id: Mapped[UUID]
    skill_id: Mapped[UUID]
    level: Mapped[float] = mapped_column(Double)
    source: Mapped[AssertionSource]
    state: Mapped[AssertionState]
    assessor_id: Mapped[UUID | None]
    assessor_group: Mapped[str | None]
    evidence: Mapped[list[dict[str, Any]]]
    polarity: Mapped[Polarity]
    confidence: Mapped[float | None] = mapped_column(Double)
    note: Mapped[str | None]
    occurred_on: Mapped[date]
    expires_on: Mapped[date | None]
    supersedes_id: Mapped[UUID | None]
    origin_event_id: Mapped[UUID | None]
    author_id: Mapped[UUID | None]
    author_client: Mapped[str | None]
    recorded_at: Mapped[datetime] = mapped_column(server_default=func.now())
    sequence: Mapped[int] = mapped_column(default=1)


class AssertionStep(TenantRow, Base):
    """One change of an assertion's state: who, when, and why if they said so."""

    __tablename__ = "skills_assertion_step"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "assertion_id"], ["skills_assertion.tenant_id", "skills_assertion.id"]
        ),
        Index(None, "assertion_id"),
    )

    assertion_id: Mapped[UUID]
    from_state: Mapped[AssertionState]
    to_state: Mapped[AssertionState]
    by_person_id: Mapped[UUID | None]
    reason: Mapped[str | None]
    taken_at: Mapped[datetime] = mapped_column(server_default=func.now())


SORTED_BY = ["id", "level", "mass", "variance", "half_life_months", "as_of"]
"""What a list of somebody's levels shows and sorts by: the index alone answers it, without their rows."""


class SkillEstimate(TenantRow, Base):
    """What the evidence on one person's skill adds up to on `as_of`, with the contributions it was computed from.

    `level` and what belongs to it are NULL without evidence. `sequence` counts the changes.
    """

    __tablename__ = "skills_estimate"
    __table_args__ = (
        UniqueConstraint("tenant_id", "person_id", "skill_id", postgresql_include=SORTED_BY),
        ForeignKeyConstraint(
            ["tenant_id", "person_id"], ["people_person.tenant_id", "people_person.id"]
        ),
        ForeignKeyConstraint(
            ["tenant_id", "skill_id"], ["skills_skill.tenant_id", "skills_skill.id"]
        ),
        Index(None, "skill_id"),
    )

    person_id: Mapped[UUID]
    skill_id: Mapped[UUID]
    level: Mapped[float | None] = mapped_column(Double)
    mass: Mapped[float] = mapped_column(Double)
    variance: Mapped[float | None] = mapped_column(Double)
    interval_low: Mapped[float | None] = mapped_column(Double)
    interval_high: Mapped[float | None] = mapped_column(Double)
    confidence: Mapped[float] = mapped_column(Double)
    self_level: Mapped[float | None] = mapped_column(Double)
    as_of: Mapped[date]
    half_life_months: Mapped[int]
    rule: Mapped[EstimateRule]
    engine_version: Mapped[str]
    weights_version: Mapped[int] = mapped_column(server_default="0")
    contributions: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    sequence: Mapped[int] = mapped_column(default=1)
