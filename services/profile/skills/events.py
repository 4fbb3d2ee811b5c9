"""What skills tell the other services."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from services.profile.skills.rules import (
    AssertionSource,
    AssertionState,
    EstimateRule,
    FrameworkSource,
    SkillType,
)
from shared.events import Fact


class FrameworkFact(Fact):
    """The framework as it is after the change."""

    framework_id: UUID
    key: str
    title: str
    version: str
    source: FrameworkSource
    rule: EstimateRule


class FrameworkPublished(FrameworkFact, type="waymark.profile.framework.published.v1"):
    """A framework is for everybody now."""


class FrameworkDeprecated(FrameworkFact, type="waymark.profile.framework.deprecated.v1"):
    """A framework takes no new assertions any more."""


class SkillChanged(Fact, type="waymark.profile.skill.changed.v1"):
    """A skill is new, or it changed."""

    skill_id: UUID
    framework_id: UUID
    framework_key: str
    code: str
    statement: str
    type: SkillType
    parent_id: UUID | None
    half_life_months: int | None


class AssertionFact(Fact):
    """The assertion as it is after the change."""

    assertion_id: UUID
    person_id: UUID
    skill_id: UUID
    source: AssertionSource
    state: AssertionState
    level: float
    occurred_on: date


class AssertionRecorded(AssertionFact, type="waymark.profile.skill_assertion.recorded.v1"):
    """Something is said about a person's skill."""


class AssertionReviewRequested(
    AssertionFact, type="waymark.profile.skill_assertion.review_requested.v1"
):
    """It waits for the word of the person's manager or HR, whose word decides."""


class AssertionConfirmed(AssertionFact, type="waymark.profile.skill_assertion.confirmed.v1"):
    """Another person stands for it."""


class AssertionRejected(AssertionFact, type="waymark.profile.skill_assertion.rejected.v1"):
    """Another person does not agree."""


class AssertionSuperseded(AssertionFact, type="waymark.profile.skill_assertion.superseded.v1"):
    """It waited for a review, and a newer word stands in its place. Of others that newer word tells enough."""


class AssertionExpired(AssertionFact, type="waymark.profile.skill_assertion.expired.v1"):
    """Its time is over, e.g. a certificate's."""


class AssertionRetracted(AssertionFact, type="waymark.profile.skill_assertion.retracted.v1"):
    """Its author takes it back."""


class ContributionTold(BaseModel):
    """One entry of the trace."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, frozen=True)

    assertion_id: UUID
    source: AssertionSource
    level: float
    weight: float
    decay: float
    occurred_on: date
    shift: float | None
    level_without: float | None
    instead_id: UUID | None


class EstimateChanged(Fact, type="waymark.profile.skill_estimate.changed.v1"):
    """What is known of one skill of a person changed; `from` is the level before."""

    person_id: UUID
    skill_id: UUID
    from_: float | None = Field(alias="from")
    level: float | None
    mass: float
    variance: float | None
    interval_low: float | None
    interval_high: float | None
    confidence: float
    self_level: float | None
    as_of: date
    half_life_months: int
    rule: EstimateRule
    engine_version: str
    weights_version: int
    contributions: list[ContributionTold]


FACTS: tuple[type[Fact], ...] = (
    FrameworkPublished,
    FrameworkDeprecated,
    SkillChanged,
    AssertionRecorded,
    AssertionReviewRequested,
    AssertionConfirmed,
    AssertionRejected,
    AssertionSuperseded,
    AssertionExpired,
    AssertionRetracted,
    EstimateChanged,
)


def skill_changed(skill: Mapping[str, Any], framework_key: str) -> SkillChanged:
    names = ("framework_id", "code", "statement", "type", "parent_id", "half_life_months")
    members = {name: skill[name] for name in names}
    return SkillChanged(skill_id=skill["id"], framework_key=framework_key, **members)


def of_new(assertions: Sequence[Mapping[str, Any]]) -> list[tuple[Fact, UUID, int]]:
    """What is told of assertions that were just recorded, each with its subject and sequence."""
    told: list[tuple[Fact, UUID, int]] = []
    for each in assertions:
        told.append((of_assertion(AssertionRecorded, each), each["id"], 1))
        if each["state"] is AssertionState.PENDING_REVIEW:
            told.append((of_assertion(AssertionReviewRequested, each), each["id"], 1))
    return told


def of_assertion(kind: type[AssertionFact], assertion: Mapping[str, Any]) -> AssertionFact:
    names = ("person_id", "skill_id", "source", "state", "level", "occurred_on")
    members = {name: assertion[name] for name in names}
    return kind(assertion_id=assertion["id"], **members)
