"""What callers send and get about frameworks, skills, assertions and levels."""

from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator

from services.profile.skills.rules import (
    AssertionSource,
    AssertionState,
    EstimateRule,
    EvidenceKind,
    FrameworkSource,
    FrameworkStatus,
    Polarity,
    RollUp,
    SkillType,
)
from services.profile.wording import Code, Line, Paragraph, Uri
from shared.schemas import Input, Output

LevelValue = Annotated[float, Field(ge=0, le=5, allow_inf_nan=False)]
HalfLife = Annotated[int, Field(ge=1, le=1200, description="Months until evidence weighs half.")]
RollUpWeight = Annotated[
    float,
    Field(
        gt=0, le=100, allow_inf_nan=False, description="How much it counts in the skill above it."
    ),
]


class ScaleLevel(Input):
    """One step of a scale; `value` is its place on Waymark's 0 to 5."""

    ordinal: int = Field(ge=0, le=100)
    label: Line
    description: Paragraph | None = None
    value: LevelValue


class Scale(Input):
    """The words for levels, lowest first."""

    name: Line
    levels: list[ScaleLevel] = Field(min_length=1, max_length=50)

    @model_validator(mode="after")
    def _rises(self) -> Self:
        for below, above in zip(self.levels, self.levels[1:], strict=False):
            if above.ordinal <= below.ordinal or above.value < below.value:
                raise ValueError("levels: give them in rising order of ordinal and value")
        return self


class FrameworkCreate(Input):
    """A framework begins as a draft."""

    key: Code
    title: Line
    creator: Line | None = None
    source: FrameworkSource = FrameworkSource.LOCAL
    licence: Paragraph | None = None
    version: Line = "1"
    rule: EstimateRule = EstimateRule.EVIDENCE_WEIGHTED
    roll_up: RollUp = RollUp.MEAN
    scale: Scale


class FrameworkUpdate(Input):
    """What changes; rule and scale only of a draft."""

    title: Line = ""
    creator: Line | None = None
    licence: Paragraph | None = None
    version: Line = ""
    rule: EstimateRule = EstimateRule.EVIDENCE_WEIGHTED
    roll_up: RollUp = RollUp.MEAN
    scale: Scale | None = None

    @model_validator(mode="after")
    def _keeps_a_scale(self) -> Self:
        if "scale" in self.model_fields_set and self.scale is None:
            raise ValueError("scale: leave it out, or send a whole one")
        return self


class FrameworkRow(FrameworkCreate):
    """A line of `/imports/frameworks`."""

    publish: bool = False


class FrameworkRead(Output):
    """A framework with its scale; `version` is the publisher's edition, the ETag counts the changes."""

    id: UUID
    key: str
    title: str
    creator: str | None
    source: FrameworkSource
    licence: str | None
    version: str
    status: FrameworkStatus
    rule: EstimateRule
    roll_up: RollUp
    scale: Scale
    sequence: int


class Alignment(Input):
    """The same or a similar thing elsewhere, e.g. exactMatchOf an O*NET element."""

    uri: Uri
    type: Line


class SkillFields(Input):
    """What a skill says, whoever sends it."""

    statement: Line
    description: Paragraph | None = None
    type: SkillType
    half_life_months: HalfLife | None = None
    weight: RollUpWeight = 1.0
    alignments: list[Alignment] = Field(default=[], max_length=50)


class SkillCreate(SkillFields):
    """A skill of a framework, perhaps below another one of it."""

    framework_id: UUID
    code: Code
    parent_id: UUID | None = None


class SkillUpdate(Input):
    """What changes; members that are not sent stay as they are."""

    statement: Line = ""
    description: Paragraph | None = None
    type: SkillType = SkillType.TECHNICAL
    half_life_months: HalfLife | None = None
    weight: RollUpWeight = 1.0
    alignments: list[Alignment] = Field(default=[], max_length=50)
    parent_id: UUID | None = None


class SkillRow(SkillFields):
    """A line of `/imports/skills`; a parent stands in the same request or is known."""

    framework_key: Code
    code: Code
    parent_code: Code | None = None


class SkillRead(Output):
    """A skill; `version` is as the ETag says it."""

    id: UUID
    framework_id: UUID
    parent_id: UUID | None
    code: str
    statement: str
    description: str | None
    type: SkillType
    half_life_months: int | None
    weight: float
    alignments: list[Alignment]
    version: int = Field(validation_alias="sequence")


class Provenance(Input):
    """Where a piece of evidence comes from."""

    agent: Line | None = None
    activity: Line | None = None
    source_system: Line | None = None
    source_event_id: Line | None = None


class Evidence(Input):
    """What backs an assertion."""

    kind: EvidenceKind
    title: Line | None = None
    uri: Uri | None = None
    hash: Line | None = None
    captured_at: datetime | None = None
    provenance: Provenance | None = None


class AssertionCreate(Input):
    """A statement on a person's skill: by themself, by their manager, by HR, or by a system that knows."""

    person_id: UUID
    skill_id: UUID
    source: AssertionSource
    level: LevelValue
    occurred_on: date | None = Field(default=None, description="Today when not said.")
    expires_on: date | None = Field(default=None, description="The first day that it is void.")
    evidence: list[Evidence] = Field(default=[], max_length=20)
    polarity: Polarity = Polarity.POSITIVE
    confidence: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)] | None = None
    note: Paragraph | None = None
    assessor_group: Line | None = Field(default=None, description="Whose word, if no person's.")
    origin_event_id: UUID | None = None
    request_review: bool = False


class Decision(Input):
    """Why; a retraction must say it."""

    reason: Paragraph | None = None


class Retraction(Input):
    """Why it is taken back."""

    reason: Paragraph


class AssertionRead(Output):
    """One statement on a person's skill."""

    id: UUID
    person_id: UUID
    skill_id: UUID
    level: float
    source: AssertionSource
    state: AssertionState
    assessor_id: UUID | None
    assessor_group: str | None
    evidence: list[Evidence]
    polarity: Polarity
    confidence: float | None
    note: str | None
    occurred_on: date
    expires_on: date | None
    supersedes_id: UUID | None
    recorded_at: datetime
