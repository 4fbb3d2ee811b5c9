"""A journal on the wire. Writes answer no text: an answer may be kept to be given again."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator

from services.profile.journal.rules import (
    EvidenceType,
    Horizon,
    NoteKind,
    Origin,
    Standing,
    may_have_origin,
)
from services.profile.wording import Line, Paragraph
from shared.schemas import Input, Output

Degree = Annotated[int, Field(ge=1, le=5)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


class PromptRead(Output):
    """A question to think about, as often as one likes."""

    code: str
    version: int
    question: str


class Written(Output):
    """What was written, by its id; its text is read at its own address."""

    id: UUID
    person_id: UUID
    version: int


class Whose(Output):
    """What was written or removed, and whose it is."""

    id: UUID
    person_id: UUID


class ReflectionCreate(Input):
    """An answer to a prompt, or a free entry without one."""

    prompt_code: Line | None = None
    text: Paragraph
    mood: Degree | None = Field(default=None, description="From 1, low, to 5.")


class ReflectionUpdate(Input):
    """What changes; members that are not sent stay as they are."""

    text: Paragraph = ""
    mood: Degree | None = None


class ReflectionRead(Output):
    """A reflection; only who wrote it reads it."""

    id: UUID
    prompt_code: str | None
    prompt_version: int | None
    text: str | None
    mood: int | None
    written_at: datetime
    updated_at: datetime
    version: int


class NoteCreate(Input):
    """Something that one notes of oneself; `origin` is for talents."""

    kind: NoteKind
    text: Paragraph
    origin: Origin | None = None
    importance: Degree | None = None
    skill_id: UUID | None = None

    @model_validator(mode="after")
    def _only_talents_have_an_origin(self) -> Self:
        if self.origin is not None and not may_have_origin(self.kind):
            raise ValueError("origin: only talents have one; leave it out")
        return self


class NoteUpdate(Input):
    """What changes; members that are not sent stay as they are."""

    text: Paragraph = ""
    origin: Origin | None = None
    importance: Degree | None = None
    skill_id: UUID | None = None


class NoteRead(Output):
    """A note; only who wrote it reads it."""

    id: UUID
    kind: NoteKind
    text: str | None
    origin: Origin | None
    importance: int | None
    skill_id: UUID | None
    written_at: datetime
    updated_at: datetime
    version: int


class AspirationCreate(Input):
    """A role, or a field in one's own words; others learn of it only with `optInToMatching`."""

    role_id: UUID | None = None
    field_text: Line | None = None
    horizon: Horizon
    desire_strength: Degree
    confidence: Share | None = None
    opt_in_to_matching: bool = False

    @model_validator(mode="after")
    def _names_one_thing(self) -> Self:
        if (self.role_id is None) == (self.field_text is None):
            raise ValueError("fieldText: send roleId or fieldText, one of the two")
        return self


class AspirationUpdate(Input):
    """What changes; members that are not sent stay as they are. Another goal is another aspiration."""

    horizon: Horizon = Horizon.SHORT
    desire_strength: Degree = 1
    confidence: Share | None = None
    opt_in_to_matching: bool = False


class AspirationRead(Output):
    """An aspiration; only its person reads it here."""

    id: UUID
    role_id: UUID | None
    field_text: str | None
    horizon: Horizon
    desire_strength: int
    confidence: float | None
    opt_in_to_matching: bool
    declared_at: datetime
    updated_at: datetime
    version: int


class OwnViewWrite(Input):
    """What a skill is to oneself, whatever the evidence says."""

    standing: Standing
    text: Paragraph | None = None


class StrengthRead(Output):
    """A skill that stands out. `derived` follows from the evidence and is explained; `ownView` is the person's word.

    `standing` is the own view where there is one, else what was derived.
    """

    skill_id: UUID
    standing: Standing
    derived: Standing | None
    own_view: Standing | None
    text: str | None
    level: float | None
    interval_low: float | None
    interval_high: float | None
    own_mean: float | None
    skill_count: int | None
    explanation: str | None


class EvidenceLink(Input):
    """Something of one's own that an insight rests on."""

    type: EvidenceType
    object_id: UUID


class InsightCreate(Input):
    """Something that one has understood from what happened, perhaps about a skill."""

    text: Paragraph
    skill_id: UUID | None = None
    evidence: list[EvidenceLink] = Field(default=[], max_length=50)


class InsightRead(Output):
    """An insight; only who wrote it reads it."""

    id: UUID
    text: str | None
    skill_id: UUID | None
    evidence: list[EvidenceLink]
    written_at: datetime
    updated_at: datetime
    version: int
