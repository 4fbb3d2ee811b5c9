"""Weights on the wire."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator

from services.profile.skills.rules import AssertionSource
from services.profile.weights.rules import EDITABLE
from services.profile.wording import Paragraph
from shared.schemas import Input, Output


class SourceWeight(Input):
    """What a word of this source weighs when it is new; 0 leaves it out of levels."""

    source: AssertionSource
    weight: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


class WeightsChange(Input):
    """New weights of some sources, and why; what is not named keeps its weight."""

    weights: list[SourceWeight] = Field(min_length=1, max_length=len(EDITABLE))
    reason: Paragraph

    @model_validator(mode="after")
    def _names_each_once(self) -> Self:
        named = [each.source for each in self.weights]
        if AssertionSource.SELF in named:
            raise ValueError("weights: leave SELF out, one's own word never enters a level")
        if len(set(named)) < len(named):
            raise ValueError("weights: name each source once")
        return self


class WeightsRead(Output):
    """A version of the weights; version 0 is built in and was changed by nobody."""

    id: UUID
    version: int
    weights: list[SourceWeight]
    reason: str
    changed_by_id: UUID | None
    changed_at: datetime | None
