"""Ratings that are asked for: one colleague, some skills of a person, an answer under the colleague's name."""

from datetime import date, datetime
from enum import StrEnum

import strawberry

from services.gateway.types.fields import shown, told
from services.gateway.types.inputs import ID, needed, optional
from services.gateway.types.lazy import LazyPerson
from services.gateway.types.relay import Node
from services.gateway.types.skill import Skill


@told(
    "Where a rating stands.",
    OPEN="Waits for the answer.",
    ANSWERED="They have said what they can say.",
    DECLINED="They would rather not.",
    CANCELLED="Not asked for any more.",
    EXPIRED="Its last day has passed.",
)
class RatingState(StrEnum):
    OPEN = "OPEN"
    ANSWERED = "ANSWERED"
    DECLINED = "DECLINED"
    CANCELLED = "CANCELLED"
    EXPIRED = "EXPIRED"


@strawberry.type(description="One skill of a rating.")
class RatingItem:
    skill: Skill | None = shown("Which skill.")
    level: float | None = shown("What the rater says, from 0 to 5; null where they cannot say.")
    comment: str | None = shown("In the rater's words.")


@strawberry.type(
    description="Skills of a person that one colleague is asked to rate. The answer is evidence, under their name."
)
class Rating(Node):
    person: LazyPerson | None = shown("Whose skills.")
    rater: LazyPerson | None = shown("Who is asked.")
    asked_by: LazyPerson | None = shown("Who asks: the person or their manager.")
    state: RatingState = shown("Where it stands.")
    message: str | None = shown("What the rater was told.")
    items: list[RatingItem] = shown("The skills.")
    due_on: date = shown("The last day for an answer.")
    asked_at: datetime = shown("Since when it is asked.")
    closed_at: datetime | None = shown("When it was answered or ended.")
    closing_words: str | None = shown("What the rater says of it all, or why they decline.")


@strawberry.input(description="Whom to ask for a rating.")
class AskRatingInput:
    person_id: ID | None = optional("Whose skills; one's own if not given.")
    rater_id: ID = needed("Who is asked.")
    skill_ids: list[ID] = needed("Which skills; the rater sees these alone.")
    message: str | None = optional("A word to the rater.")
    due_on: date | None = optional("The last day; in two weeks if not given.")


@strawberry.input(description="How well the person masters one of the skills.")
class RatedSkillInput:
    skill_id: ID = needed("Which skill; one of those that are asked for.")
    level: float = needed("How well, from 0 to 5.")
    comment: str | None = optional("What it rests on; the person reads it.")


@strawberry.input(description="The answer; what one cannot say is left out.")
class AnswerRatingInput:
    rating_id: ID = needed("Which rating; one that you are asked for.")
    ratings: list[RatedSkillInput] = needed("What you can say.")
    comment: str | None = optional("Of it all.")


@strawberry.input(description="Which rating you would rather not give.")
class DeclineRatingInput:
    rating_id: ID = needed("Which rating.")
    reason: str | None = optional("Why, if you want to say it.")


@strawberry.input(description="Which rating is not asked for any more.")
class CancelRatingInput:
    rating_id: ID = needed("Which rating.")
