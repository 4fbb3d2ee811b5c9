"""Results of skill tests on the wire, in xAPI's words: a score with its scale, and whether it was a success."""

from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator

from services.profile.wording import Code, Line
from shared.schemas import Input, Output

Figure = Annotated[float, Field(ge=-1e9, le=1e9, allow_inf_nan=False)]


class Score(Input):
    """What was reached on the test's own scale; from 0 where it does not say."""

    raw: Figure
    min: Figure = 0.0
    max: Figure

    @model_validator(mode="after")
    def _lies_on_its_scale(self) -> Self:
        if self.min >= self.max:
            raise ValueError("max: must lie above min")
        if not self.min <= self.raw <= self.max:
            raise ValueError("raw: must lie from min to max")
        return self


class SkillTestRow(Input):
    """A line of `/imports/skill-tests`: `key` is the person's in `system`, `externalId` is the publisher's own."""

    system: Code
    key: Code
    framework_key: Code
    skill_code: Code
    publisher: Line
    external_id: Code
    test: Line = Field(description="What the publisher calls the test.")
    score: Score
    success: bool | None = Field(None, description="Whether it was passed, if that can be said.")
    taken_on: date
    expires_on: date | None = Field(None, description="The first day that it is void.")

    @model_validator(mode="after")
    def _ends_after_it_was_taken(self) -> Self:
        if self.expires_on is not None and self.expires_on <= self.taken_on:
            raise ValueError("expiresOn: must be a day after takenOn")
        return self


class SkillTestRead(Output):
    """What a test said of one skill; `level` is the score placed on 0 to 5."""

    id: UUID
    person_id: UUID
    skill_id: UUID
    publisher: str
    test: str
    score_raw: float
    score_min: float
    score_max: float
    success: bool | None
    level: float
    taken_on: date
    expires_on: date | None
    assertion_id: UUID
    recorded_at: datetime
