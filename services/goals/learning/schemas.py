"""Learning on the wire."""

from datetime import date, datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import Field, model_validator

from services.goals.learning.rules import (
    RecordSource,
    RecordState,
    ResourceStatus,
    ResourceType,
    ToldKind,
    WaitReason,
    content_hash,
)
from shared.schemas import Input, Output

Name = Annotated[str, Field(min_length=1, max_length=500)]


class SkillDelta(Input):
    """By how many levels a resource is expected to raise a skill."""

    skill_id: UUID
    expected_delta: Annotated[float, Field(ge=0, le=5)]


class ResourceContent(Input):
    """A resource of a provider, found again by its code."""

    provider: Name
    code: Name
    title: Name
    type: ResourceType = ResourceType.COURSE
    url: Annotated[str, Field(max_length=2000)] | None = None
    hours: Annotated[float, Field(ge=0, le=100_000)] | None = None
    cost: Annotated[float, Field(ge=0, le=1e9)] | None = None
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")] | None = None
    language: Annotated[str, Field(max_length=35)] | None = None
    skills: list[SkillDelta] = Field(default_factory=list, max_length=200)

    @model_validator(mode="after")
    def _each_skill_once(self) -> Self:
        if len({each.skill_id for each in self.skills}) < len(self.skills):
            raise ValueError("skills: name each skill once")
        return self

    def fingerprint(self) -> bytes:
        content = self.model_dump(exclude={"provider", "code"})
        content["skills"].sort(key=lambda each: each["skill_id"])
        return content_hash(content)


class ResourceRead(Output):
    """A resource of the catalogue."""

    id: UUID
    provider: str
    code: str
    title: str
    type: ResourceType
    url: str | None
    hours: float | None
    cost: float | None
    currency: str | None
    language: str | None
    status: ResourceStatus
    skills: list[dict[str, Any]]
    version: int


class RecordCreate(Input):
    """Enrols a person, oneself when none is named."""

    resource_id: UUID
    person_id: UUID | None = None


class RecordCompletion(Input):
    """When it was completed, now unless told, and with what score."""

    completed_at: datetime | None = None
    score: Annotated[float, Field(ge=0, le=1000)] | None = None

    @model_validator(mode="after")
    def _with_zone(self) -> Self:
        if self.completed_at is not None and self.completed_at.tzinfo is None:
            raise ValueError("completedAt: add the time zone, e.g. Z")
        return self


class RecordRead(Output):
    """Where a person stands with a resource."""

    id: UUID
    person_id: UUID
    resource_id: UUID
    state: RecordState
    source: RecordSource
    score: float | None
    enrolled_at: datetime | None
    completed_at: datetime | None
    due_on: date | None
    version: int


class WaitsFor(Output):
    """Whom and which course the source means, as it calls them."""

    system: str | None
    external_id: str | None
    email: str | None
    provider: str | None
    code: str


class UnresolvedRead(Output):
    """Something told that cannot be done yet."""

    id: UUID
    kind: ToldKind
    reason: WaitReason
    waits_for: WaitsFor
    said_at: datetime
    waiting_since: datetime


class UnresolvedCount(Output):
    """How many wait for the same reason."""

    kind: ToldKind
    reason: WaitReason
    count: int


class UnresolvedList(Output):
    """A page of what waits, and the counts of all of it."""

    counts: list[UnresolvedCount]
    entries: list[UnresolvedRead]
