"""Cadences, states and steps of a check-in."""

from calendar import monthrange
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

GRACE = timedelta(days=7)
SMALLEST_GROUP = 5


class Cadence(StrEnum):
    """How often the pair meets; NONE is a single check-in."""

    WEEKLY = "WEEKLY"
    BIWEEKLY = "BIWEEKLY"
    MONTHLY = "MONTHLY"
    QUARTERLY = "QUARTERLY"
    NONE = "NONE"


class CheckInState(StrEnum):
    """From planned to done; MISSED is set by a job after the grace."""

    SCHEDULED = "SCHEDULED"
    PREPARED = "PREPARED"
    HELD = "HELD"
    COMPLETED = "COMPLETED"
    MISSED = "MISSED"
    CANCELLED = "CANCELLED"


class ChangeKind(StrEnum):
    """What may have changed for a person since the last check-in."""

    GOAL_PROGRESSED = "GOAL_PROGRESSED"
    GOAL_CLOSED = "GOAL_CLOSED"
    MILESTONE_COMPLETED = "MILESTONE_COMPLETED"
    LEARNING_COMPLETED = "LEARNING_COMPLETED"
    SKILL_CHANGED = "SKILL_CHANGED"


STEPS: Mapping[CheckInState, tuple[CheckInState, ...]] = {
    CheckInState.SCHEDULED: (
        CheckInState.PREPARED,
        CheckInState.HELD,
        CheckInState.MISSED,
        CheckInState.CANCELLED,
    ),
    CheckInState.PREPARED: (CheckInState.HELD, CheckInState.MISSED, CheckInState.CANCELLED),
    CheckInState.HELD: (CheckInState.COMPLETED,),
    CheckInState.COMPLETED: (),
    CheckInState.MISSED: (),
    CheckInState.CANCELLED: (),
}


def may_step(state: CheckInState, wanted: CheckInState) -> bool:
    return wanted in STEPS[state]


def is_ahead(state: CheckInState) -> bool:
    """Whether the talk is still to come."""
    return state in (CheckInState.SCHEDULED, CheckInState.PREPARED)


def is_open(state: CheckInState) -> bool:
    """Whether its contents may still change."""
    return is_ahead(state) or state is CheckInState.HELD


def missed_from(scheduled_for: datetime, created_at: datetime) -> datetime:
    """A check-in entered after the fact has its grace from then on."""
    return max(scheduled_for, created_at) + GRACE


def next_time(scheduled_for: datetime, cadence: Cadence, *, after: datetime) -> datetime | None:
    """The first time of the series after that instant, on the same weekday or day of the month; None for NONE.

    The hour is kept in UTC. A day that a month lacks is its last one, without moving the months after it.
    """
    if cadence is Cadence.NONE:
        return None
    step = 1
    while (upcoming := _step(scheduled_for, cadence, step)) <= after:
        step += 1
    return upcoming


def _step(start: datetime, cadence: Cadence, count: int) -> datetime:
    match cadence:
        case Cadence.WEEKLY:
            return start + timedelta(weeks=count)
        case Cadence.BIWEEKLY:
            return start + timedelta(weeks=2 * count)
        case Cadence.MONTHLY:
            return _add_months(start, count)
        case _:
            return _add_months(start, 3 * count)


def _add_months(start: datetime, count: int) -> datetime:
    years, month = divmod(start.month - 1 + count, 12)
    year = start.year + years
    return start.replace(
        year=year, month=month + 1, day=min(start.day, monthrange(year, month + 1)[1])
    )
