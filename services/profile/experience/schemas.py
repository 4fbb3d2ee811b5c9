"""Experience on the wire."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from services.profile.experience.rules import (
    ExperienceType,
    RevisionKind,
    TimelineKind,
    TimelinePart,
    Verification,
    Visibility,
)
from services.profile.wording import Line, Paragraph, Point
from shared.schemas import Input, Output

Level = Annotated[float, Field(ge=0, le=5, allow_inf_nan=False)]
Hours = Annotated[float, Field(gt=0, le=168, allow_inf_nan=False)]
Headcount = Annotated[int, Field(ge=0, le=1_000_000)]
Points = Annotated[list[Point], Field(max_length=50)]
Amount = Annotated[float, Field(ge=0, le=1e12, allow_inf_nan=False)]
Currency = Annotated[str, Field(pattern="^[A-Z]{3}$", description="ISO 4217.")]


class SkillUsed(Input):
    """A skill that was used, and perhaps how well (0 to 5), as the person sees it."""

    skill_id: UUID
    level: Level | None = None


Skills = Annotated[list[SkillUsed], Field(max_length=50)]


class ExperienceCreate(Input):
    """What a person has done. Without a word on who may see it: managers and HR, but life is theirs alone."""

    type: ExperienceType
    title: Line
    organisation: Line | None = None
    started_on: date
    ended_on: date | None = Field(default=None, description="The last day; none while it goes on.")
    hours_per_week: Hours | None = None
    responsibilities: Points = Field(default=[])
    team_size_led: Headcount | None = None
    budget_amount: Amount | None = None
    budget_currency: Currency | None = None
    achievements: Points = Field(default=[])
    skills: Skills = Field(default=[])
    visibility: Visibility | None = None


class ExperienceUpdate(Input):
    """What changes; members that are not sent stay as they are, null empties those that may be empty."""

    type: ExperienceType = ExperienceType.EMPLOYMENT
    title: Line = ""
    organisation: Line | None = None
    started_on: date = date.min
    ended_on: date | None = None
    hours_per_week: Hours | None = None
    responsibilities: Points = Field(default=[])
    team_size_led: Headcount | None = None
    budget_amount: Amount | None = None
    budget_currency: Currency | None = None
    achievements: Points = Field(default=[])
    skills: Skills = Field(default=[])
    visibility: Visibility = Visibility.MANAGEMENT


class ExperienceVerification(Input):
    """Who verifies may say how well a skill was used, in place of what the person claims."""

    skills: Skills = Field(default=[])
    note: Paragraph | None = None


class ExperienceReason(Input):
    """Why."""

    reason: Paragraph | None = None


class Objection(Input):
    """Why nobody stands for the record."""

    reason: Paragraph


class ExperienceRead(Output):
    """A record of experience; `endedOn` is the last day."""

    id: UUID
    person_id: UUID
    type: ExperienceType
    title: str
    organisation: str | None
    started_on: date
    ended_on: date | None
    hours_per_week: float | None
    responsibilities: list[str]
    team_size_led: int | None
    budget_amount: float | None
    budget_currency: str | None
    achievements: list[str]
    skills: list[SkillUsed]
    visibility: Visibility
    verification: Verification
    verified_by_id: UUID | None
    verified_at: datetime | None
    withdrawn_at: datetime | None
    recorded_at: datetime
    updated_at: datetime
    version: int


class RevisionRead(Output):
    """What a record said from a moment on, and who made it so."""

    version: int
    kind: RevisionKind
    by_person_id: UUID | None
    reason: str | None
    said: dict[str, Any]
    recorded_at: datetime


class TimelineChange(Output):
    """What is not as it was in the position before; units and managers by their names of today."""

    part: TimelinePart
    before: str | None
    after: str | None


class TimelineEntry(Output):
    """A stretch of a career. `reason` says why a position began, or what kind of experience or credential it is."""

    id: UUID
    person_id: UUID
    kind: TimelineKind
    title: str | None
    organisation: str | None
    starts_on: date
    ends_on: date | None
    level: str | None
    reason: str | None
    changes: list[TimelineChange]
    experience_id: UUID | None
    credential_id: UUID | None
