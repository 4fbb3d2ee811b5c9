"""Ratings on the wire."""

from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator

from services.profile.ratings.rules import MOST_SKILLS, RatingState
from services.profile.skills.schemas import LevelValue
from services.profile.wording import Paragraph
from shared.schemas import Input, Output


class RatingCreate(Input):
    """Who is asked to rate which skills of whom; of oneself without `personId`."""

    person_id: UUID | None = None
    rater_id: UUID
    skill_ids: Annotated[list[UUID], Field(min_length=1, max_length=MOST_SKILLS)]
    message: Paragraph | None = None
    due_on: date | None = Field(None, description="The last day; in two weeks if not said.")

    @model_validator(mode="after")
    def _names_each_once(self) -> Self:
        if len(set(self.skill_ids)) < len(self.skill_ids):
            raise ValueError("skillIds: name each skill once")
        return self


class RatedSkill(Input):
    """How well the person masters one of the skills that were asked for."""

    skill_id: UUID
    level: LevelValue
    comment: Paragraph | None = None


class Answer(Input):
    """Of which skills one can say something; one's name stands with it."""

    ratings: Annotated[list[RatedSkill], Field(min_length=1, max_length=MOST_SKILLS)]
    comment: Paragraph | None = None

    @model_validator(mode="after")
    def _rates_each_once(self) -> Self:
        if len({each.skill_id for each in self.ratings}) < len(self.ratings):
            raise ValueError("ratings: rate each skill once")
        return self


class Declining(Input):
    """Why, if one wants to say it."""

    reason: Paragraph | None = None


class ItemRead(Output):
    """A skill that was asked for; level and comment are null until the rater has answered, or cannot say."""

    skill_id: UUID
    level: float | None
    comment: str | None
    assertion_id: UUID | None


class RatingRead(Output):
    """A rating that was asked for; nothing of what others say of the skills."""

    id: UUID
    person_id: UUID
    rater_id: UUID
    asked_by_id: UUID
    state: RatingState
    message: str | None
    items: list[ItemRead]
    due_on: date
    asked_at: datetime
    closed_at: datetime | None
    closing_words: str | None
    version: int = Field(validation_alias="sequence")
