"""Sessions, answers and results on the wire. What a write answers holds no answer and no score: it may be kept."""

from datetime import date, datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import AwareDatetime, Field, model_validator

from services.profile.assessments.parts import (
    MOST_CHOICES,
    MOST_ITEMS,
    Kind,
    Option,
    PurposeLock,
)
from services.profile.assessments.rules import MOST_SKILLS, Origin, SessionState
from services.profile.consents.rules import ConsentRole
from services.profile.wording import Line, Paragraph
from shared.schemas import Input, Output

SkillIds = Annotated[list[UUID], Field(min_length=1, max_length=MOST_SKILLS)]


class Subject(Input):
    """What is taken: an instrument, or a self-assessment of some skills."""

    instrument_id: UUID | None = None
    skill_ids: SkillIds | None = None


class AssessmentCreate(Subject):
    """Whom to ask for what; without `personId` oneself."""

    person_id: UUID | None = None
    due_on: date | None = Field(default=None, description="The last day.")

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if (self.instrument_id is None) == (self.skill_ids is None):
            raise ValueError("instrumentId: send this or skillIds")
        return self


class AssessmentStart(Subject):
    """What to begin: a session that one was assigned, or a new one."""

    assessment_id: UUID | None = None

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        named = (self.assessment_id, self.instrument_id, self.skill_ids)
        if sum(each is not None for each in named) != 1:
            raise ValueError("assessmentId: send this, or instrumentId, or skillIds")
        return self


class AnswerGiven(Input):
    """An answer in the form of its item; with none of the four the item is open again."""

    item: Line
    value: int | None = Field(default=None, description="The value of an option, of a RATING.")
    choice: Line | None = Field(default=None, description="The chosen code, of a PAIR.")
    ranking: list[Line] | None = Field(
        default=None,
        max_length=MOST_CHOICES,
        description="All codes, the dearest first, of a RANKING.",
    )
    text: Annotated[str, Field(max_length=20_000, pattern=r"^[^\x00]*$")] | None = Field(
        default=None, description="Of a TEXT."
    )
    seconds: Annotated[float, Field(ge=0, le=86_400, allow_inf_nan=False)] | None = Field(
        default=None, description="How long it took."
    )

    @model_validator(mode="after")
    def _is_at_most_one(self) -> Self:
        given = (self.value, self.choice, self.ranking, self.text)
        if sum(each is not None for each in given) > 1:
            raise ValueError("value: send one of value, choice, ranking and text")
        return self


class AnswersGiven(Input):
    """Some answers; those of other items stay as they are."""

    answers: list[AnswerGiven] = Field(min_length=1, max_length=MOST_ITEMS)


class AssessmentSubmit(Input):
    """`normGroup` is one of the instrument's, for whoever wants to be compared with it; else with everyone."""

    norm_group: Line | None = None


class AssessmentRead(Output):
    """How far a session is. To HR, what is for guidance alone is ASSIGNED, SUBMITTED, EXPIRED or CANCELLED."""

    id: UUID
    person_id: UUID
    instrument_id: UUID | None
    code: str
    name: str
    kind: Kind
    purpose_lock: PurposeLock
    state: SessionState
    attempt: int | None
    assigned_by: UUID
    assigned_at: datetime
    due_on: date | None
    last_on: date | None
    started_at: datetime | None
    submitted_at: datetime | None
    scored_on: date | None
    interpreted_at: datetime | None


class AnswerRead(Output):
    """An answer as it was given."""

    item: str
    value: int | None = None
    choice: str | None = None
    ranking: list[str] | None = None
    text: str | None = None
    seconds: float | None = None


class SkillLevelOption(Output):
    """One step of a skill's own scale; `ordinal` is what an answer says."""

    ordinal: int
    label: str
    description: str | None = None


class SkillItem(Output):
    """A skill to rate oneself on. What any role asks of it is not here, nor in the order."""

    key: UUID
    skill_id: UUID
    text: str
    description: str | None
    options: list[SkillLevelOption]


class AssessmentWhole(AssessmentRead):
    """One's own session with what is saved so far; `skillItems` where skills are rated, else see the instrument."""

    answers: list[AnswerRead]
    skill_items: list[SkillItem]


class FigureGiven(Input):
    """One line of a report, e.g. E/I: ENFP's E, or Achiever: 1."""

    label: Line
    value: float | None = Field(default=None, allow_inf_nan=False)
    text: Line | None = None


class ExternalResultCreate(Input):
    """What another publisher's report says; it is kept as it is, never scored again.

    An instrument of the registry that is external only says name, publisher and kind itself.
    """

    instrument_id: UUID | None = None
    name: Line | None = None
    publisher: Line | None = None
    kind: Kind | None = None
    taken_on: date
    type_code: Line | None = None
    figures: list[FigureGiven] = Field(default=[], max_length=200)
    note: Paragraph | None = None

    @model_validator(mode="after")
    def _is_named(self) -> Self:
        named = [each is not None for each in (self.name, self.publisher, self.kind)]
        if not all(named) and (self.instrument_id is None or any(named)):
            raise ValueError("instrumentId: send this, or name, publisher and kind")
        return self


class ResultKept(Output):
    """That there is a result."""

    id: UUID
    person_id: UUID
    origin: Origin
    taken_on: date


class Retake(Output):
    """Taking it again: which instrument, and the first day on which its cool-down allows it."""

    instrument_id: UUID
    on: date


class ResultRead(Output):
    """A result; `report` holds what came of it (see `reporting.py`).

    It holds up to `validUntil`; past that day it is `outdated` and its person is offered a `retake`.
    """

    id: UUID
    person_id: UUID
    session_id: UUID | None
    instrument_id: UUID | None
    code: str | None
    kind: Kind
    purpose_lock: PurposeLock
    origin: Origin
    taken_on: date
    valid_until: date | None
    outdated: bool
    retake: Retake | None = None
    report: dict[str, Any]


class ShareCreate(Input):
    """Whom to show a result, in which part, until when and what for."""

    grantee_id: UUID
    role: ConsentRole
    until: AwareDatetime
    purpose: Paragraph


class OptionRead(Output):
    """An option of all rated items."""

    value: int
    label: str

    @classmethod
    def of(cls, option: Option) -> "OptionRead":
        return cls(value=option.value, label=option.label)
