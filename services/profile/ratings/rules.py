"""The life of a rating that was asked for, and its bounds; no database, no clock."""

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum

DEFAULT_DAYS = 14
MOST_DAYS = 90
MOST_SKILLS = 20


class RatingState(StrEnum):
    """OPEN until the rater answers or declines, whoever asked takes it back, or its last day has passed."""

    OPEN = "OPEN"
    ANSWERED = "ANSWERED"
    DECLINED = "DECLINED"
    CANCELLED = "CANCELLED"
    EXPIRED = "EXPIRED"


STEPS: Mapping[RatingState, tuple[RatingState, ...]] = {
    RatingState.OPEN: (
        RatingState.ANSWERED,
        RatingState.DECLINED,
        RatingState.CANCELLED,
        RatingState.EXPIRED,
    ),
    RatingState.ANSWERED: (),
    RatingState.DECLINED: (),
    RatingState.CANCELLED: (),
    RatingState.EXPIRED: (),
}


def last_day(asked: date | None, *, today: date) -> date | None:
    """The day up to which an answer is taken; None for one that is too soon or too late."""
    day = asked or today + timedelta(days=DEFAULT_DAYS)
    return day if today <= day <= today + timedelta(days=MOST_DAYS) else None


def state_on(state: RatingState, due_on: date, *, today: date) -> RatingState:
    """What an open one is on a day, whether or not the job has been there yet."""
    return RatingState.EXPIRED if state is RatingState.OPEN and due_on < today else state
