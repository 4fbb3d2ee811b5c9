"""The steps of an assessment, and what of it somebody else may know."""

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum

SELF_COMPETENCY_CODE = "self-competency"
"""Sessions whose items are skills have no instrument of the registry; this is what facts call them."""
MOST_SKILLS = 100


class InstrumentStatus(StrEnum):
    """A published version is answered and never changes; a deprecated one is only kept."""

    DRAFT = "DRAFT"
    PUBLISHED = "PUBLISHED"
    DEPRECATED = "DEPRECATED"


INSTRUMENT_STEPS: Mapping[InstrumentStatus, tuple[InstrumentStatus, ...]] = {
    InstrumentStatus.DRAFT: (InstrumentStatus.PUBLISHED,),
    InstrumentStatus.PUBLISHED: (InstrumentStatus.DEPRECATED,),
    InstrumentStatus.DEPRECATED: (),
}


class SessionState(StrEnum):
    """SUBMITTED is the last where there is nothing to score, e.g. reflections; else scoring follows at once.

    INTERPRETED follows where there are words for what was scored, or once a counsellor or mentor has written some.
    """

    ASSIGNED = "ASSIGNED"
    IN_PROGRESS = "IN_PROGRESS"
    SUBMITTED = "SUBMITTED"
    SCORED = "SCORED"
    INTERPRETED = "INTERPRETED"
    EXPIRED = "EXPIRED"
    CANCELLED = "CANCELLED"


STEPS: Mapping[SessionState, tuple[SessionState, ...]] = {
    SessionState.ASSIGNED: (
        SessionState.IN_PROGRESS,
        SessionState.CANCELLED,
        SessionState.EXPIRED,
    ),
    SessionState.IN_PROGRESS: (
        SessionState.SUBMITTED,
        SessionState.CANCELLED,
        SessionState.EXPIRED,
    ),
    SessionState.SUBMITTED: (SessionState.SCORED,),
    SessionState.SCORED: (SessionState.INTERPRETED,),
    SessionState.INTERPRETED: (SessionState.INTERPRETED,),
    SessionState.EXPIRED: (),
    SessionState.CANCELLED: (),
}

OPEN = frozenset({SessionState.ASSIGNED, SessionState.IN_PROGRESS})
WITH_RESULT = frozenset({SessionState.SCORED, SessionState.INTERPRETED})
HANDED_IN = WITH_RESULT | {SessionState.SUBMITTED}


class Origin(StrEnum):
    """Where a result comes from: answers given here, or the report of another publisher."""

    SCORED = "SCORED"
    EXTERNAL = "EXTERNAL"


def last_day(due_on: date | None, expires_days: int | None, *, started_on: date) -> date | None:
    """The earlier of the day that was asked for and what the instrument leaves; on the day after it is too late."""
    left = started_on + timedelta(days=expires_days) if expires_days else None
    return min((day for day in (due_on, left) if day is not None), default=None)


def valid_until(taken_on: date, valid_days: int | None) -> date | None:
    """The last day on which a result holds; None where it has no term."""
    return None if valid_days is None else taken_on + timedelta(days=valid_days)


def again_on(scored_on: date | None, cool_down_days: int) -> date | None:
    """The first day that the instrument may be taken again; None when it may at any time."""
    if scored_on is None or not cool_down_days:
        return None
    return scored_on + timedelta(days=cool_down_days)
