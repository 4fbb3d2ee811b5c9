"""Gaps on the wire."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, Field

from services.goals.gaps.rules import GapStatus, RecordStatus, RoleGapStatus, TargetType
from services.goals.goals.rules import GoalState
from services.goals.learning.rules import RecordState
from services.goals.roles.schemas import CredentialRequirement, ExperienceRequirement
from shared.schemas import Input, Output


class Part(StrEnum):
    """What a gap can bring along."""

    EXPERIENCE = "EXPERIENCE"
    CREDENTIALS = "CREDENTIALS"
    CLOSERS = "CLOSERS"


class WantedSkill(Input):
    """One skill of a custom profile."""

    skill_id: UUID
    required_level: Annotated[float, Field(ge=0, le=5)]
    importance: Annotated[float, Field(ge=1, le=5)] = 3
    mandatory: bool = False


def _each_once(skills: list[WantedSkill]) -> list[WantedSkill]:
    if len({each.skill_id for each in skills}) < len(skills):
        raise ValueError("name each skill once")
    return skills


WantedSkills = Annotated[
    list[WantedSkill], Field(min_length=1, max_length=1000), AfterValidator(_each_once)
]
WantedExperience = Annotated[list[ExperienceRequirement], Field(max_length=100)]
WantedCredentials = Annotated[list[CredentialRequirement], Field(max_length=100)]


class CustomGap(Input):
    """Whose gap against which skills and records; without a person one's own, without a day today's."""

    person_id: UUID | None = None
    as_of: date | None = None
    known_at: datetime | None = None
    requirements: WantedSkills
    experience: WantedExperience = Field(default_factory=list)
    credentials: WantedCredentials = Field(default_factory=list)
    include: list[Part] = Field(default_factory=list, max_length=len(Part))


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
    known_at: datetime | None
    readiness: float | None
    readiness_low: float | None
    readiness_high: float | None
    unassessed_share: float
    gap_count: int
    unassessed_count: int
    blockers: list[UUID]
    engine_version: str


class CountedRecord(Output):
    """A record of experience that counts."""

    record_id: UUID
    type: str
    title: str
    organisation: str | None
    started_on: date
    ended_on: date | None
    hours_per_week: float | None
    team_size_led: int | None
    verification: str


class ExperienceTrace(Output):
    """What counted, and how long it lasted; the formulas stand in `gaps/records.py`."""

    matched_by: str
    whole_months: int
    days: int
    verified_whole_months: int
    verified_days: int
    records: list[CountedRecord]


class ExperienceGap(Output):
    """Required experience, and how many months of it there are."""

    type: str
    text: str | None
    min_months: int
    min_team_size: int | None
    mandatory: bool
    status: RecordStatus
    months: float
    verified_months: float
    missing_months: float
    trace: ExperienceTrace


class HeldCredential(Output):
    """A credential of the name that is asked for; `stands` is VALID, EXPIRED or REVOKED on the day of the gap."""

    credential_id: UUID
    name: str
    issuer: str | None
    issued_on: date | None
    expires_on: date | None
    revoked_on: date | None
    verification: str
    stands: str


class CredentialTrace(Output):
    """Every credential that was looked at."""

    records: list[HeldCredential]


class CredentialGap(Output):
    """A required credential; `expiresOn` tells until when it is met."""

    name: str
    issuer: str | None
    mandatory: bool
    status: RecordStatus
    expires_on: date | None
    trace: CredentialTrace


class ClosingCourse(Output):
    """A course that teaches the skill; `state` is where the person stands with it."""

    resource_id: UUID
    provider: str
    code: str
    title: str
    hours: float | None
    cost: float | None
    currency: str | None
    expected_delta: float
    delta_per_hour: float | None
    state: RecordState | None


class ClosingGoal(Output):
    """An open goal of the person about the skill."""

    goal_id: UUID
    title: str
    state: GoalState
    progress: float
    due_date: date | None


class Mentor(Output):
    """A colleague who masters the skill and lets themselves be found for it."""

    person_id: UUID


class Closer(Output):
    """What closes the gap of one skill."""

    skill_id: UUID
    gap: float | None
    courses: list[ClosingCourse]
    goals: list[ClosingGoal]
    mentors: list[Mentor]


class GapRead(GapSummary):
    """A gap with every required skill, the widest gap first; what was not included is null."""

    items: list[GapItem]
    experience_gaps: list[ExperienceGap] | None = None
    credential_gaps: list[CredentialGap] | None = None
    closers: list[Closer] | None = None


class RoleGapItem(Output):
    """A skill of the second role; `asIs` is what the first one asks, null for a skill that is new."""

    skill_id: UUID
    status: RoleGapStatus
    as_is: float | None
    required: float
    gap: float
    weight: float
    mandatory: bool


class RoleGapSummary(Output):
    """How far one role fits another: `missing` is the sum of the gaps, `fit` their weighted share of what is asked."""

    from_role_id: UUID
    to_role_id: UUID
    fit: float
    required_count: int
    gap_count: int
    new_count: int
    missing: float


class RoleGapRead(RoleGapSummary):
    """With every skill of the second role, the widest gap first."""

    items: list[RoleGapItem]


class HeatMapCell(Output):
    """A unit and a skill; of one that is suppressed nothing is told, so that nobody can be singled out."""

    org_unit_id: UUID
    is_whole: bool
    suppressed: bool
    people: int | None
    coverage: float | None
    mean_gap: float | None
    unassessed_share: float | None


class HeatMapSkill(Output):
    """A skill: first the whole unit, then the units right below it."""

    skill_id: UUID
    cells: list[HeatMapCell]


class HeatMapRead(Output):
    """The gaps of a unit; `k` is the least number of people that a cell tells of."""

    org_unit_id: UUID
    k: int
    skills: list[HeatMapSkill]
