"""Gaps on the wire."""

from datetime import date
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import Field, model_validator

from services.goals.gaps.rules import GapStatus, TargetType
from shared.schemas import Input, Output


class WantedSkill(Input):
    """One skill of a custom profile."""

    skill_id: UUID
    required_level: Annotated[float, Field(ge=0, le=5)]
    importance: Annotated[float, Field(ge=1, le=5)] = 3
    mandatory: bool = False


class CustomGap(Input):
    """Whose gap against which skills; without a person one's own, without a day today's."""

    person_id: UUID | None = None
    as_of: date | None = None
    requirements: Annotated[list[WantedSkill], Field(min_length=1, max_length=1000)]

    @model_validator(mode="after")
    def _each_skill_once(self) -> Self:
        if len({each.skill_id for each in self.requirements}) < len(self.requirements):
            raise ValueError("requirements: name each skill once")
        return self


class GapEstimate(Output):
    """What profile said of the skill, and for which day."""

    level: float
    mass: float
    variance: float
    as_of: date
    half_life_months: float | None
    rule: str | None


class GapDecay(Output):
    """How much of the evidence is left on the day of the gap."""

    days: int
    factor: float
    mass: float


class GapTrace(Output):
    """Everything that an item's numbers come from; the formulas stand in the README of this service."""

    estimate: GapEstimate
    decay: GapDecay
    half: float
    contributions: list[dict[str, Any]]


class GapItem(Output):
    """One required skill; without evidence all that is measured is null."""

    skill_id: UUID
    as_is: float | None
    interval_low: float | None
    interval_high: float | None
    confidence: float | None
    required: float
    gap: float | None
    weight: float
    mandatory: bool
    blocker: bool
    status: GapStatus
    trace: GapTrace | None


class GapSummary(Output):
    """How ready somebody is; null when nothing that is required has been assessed."""

    person_id: UUID
    target_type: TargetType
    role_id: UUID | None
    role_version_id: UUID | None
    role_version: int | None
    as_of: date
    readiness: float | None
    readiness_low: float | None
    readiness_high: float | None
    unassessed_share: float
    gap_count: int
    unassessed_count: int
    blockers: list[UUID]
    engine_version: str


class GapRead(GapSummary):
    """A gap with every required skill, the widest gap first."""

    items: list[GapItem]
