"""A goal's vocabulary, its states and what its numbers mean."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID


class GoalState(StrEnum):
    """Where a goal stands."""

    DRAFT = "DRAFT"
    PROPOSED = "PROPOSED"
    ACTIVE = "ACTIVE"
    ON_HOLD = "ON_HOLD"
    ACHIEVED = "ACHIEVED"
    PARTIALLY_ACHIEVED = "PARTIALLY_ACHIEVED"
    NOT_ACHIEVED = "NOT_ACHIEVED"
    CANCELLED = "CANCELLED"
    ARCHIVED = "ARCHIVED"


class Verb(StrEnum):
    """What can be done with a goal's state."""

    PROPOSE = "PROPOSE"
    ACTIVATE = "ACTIVATE"
    HOLD = "HOLD"
    RESUME = "RESUME"
    CLOSE = "CLOSE"
    CANCEL = "CANCEL"
    ARCHIVE = "ARCHIVE"


class Health(StrEnum):
    """Whether a goal will be reached in time as it goes."""

    ON_TRACK = "ON_TRACK"
    AT_RISK = "AT_RISK"
    OFF_TRACK = "OFF_TRACK"
    NOT_UPDATED = "NOT_UPDATED"


class MilestoneState(StrEnum):
    """Where a milestone stands."""

    PENDING = "PENDING"
    IN_PROGRESS = "IN_PROGRESS"
    DONE = "DONE"
    MISSED = "MISSED"
    CANCELLED = "CANCELLED"


class Kind(StrEnum):
    """What a goal is for."""

    CAREER = "CAREER"
    DEVELOPMENT = "DEVELOPMENT"
    PERFORMANCE = "PERFORMANCE"
    OKR_OBJECTIVE = "OKR_OBJECTIVE"


class Horizon(StrEnum):
    """How far a goal looks."""

    SHORT = "SHORT"
    MEDIUM = "MEDIUM"
    LONG = "LONG"


class Visibility(StrEnum):
    """Who may read a goal beside its owner: nobody, the managers, the team too, or everybody."""

    PRIVATE = "PRIVATE"
    MANAGER = "MANAGER"
    TEAM = "TEAM"
    ORG = "ORG"


class AmountType(StrEnum):
    """What a measure counts."""

    PERCENT = "PERCENT"
    NUMBER = "NUMBER"
    CURRENCY = "CURRENCY"
    BINARY = "BINARY"


class Source(StrEnum):
    """Who told of progress: a person, the learning system or another system."""

    MANUAL = "MANUAL"
    LMS = "LMS"
    HRIS = "HRIS"


class Outcome(StrEnum):
    """How a goal was closed."""

    ACHIEVED = "ACHIEVED"
    PARTIALLY_ACHIEVED = "PARTIALLY_ACHIEVED"
    NOT_ACHIEVED = "NOT_ACHIEVED"


CLOSED = frozenset(
    {
        GoalState.ACHIEVED,
        GoalState.PARTIALLY_ACHIEVED,
        GoalState.NOT_ACHIEVED,
        GoalState.CANCELLED,
        GoalState.ARCHIVED,
    }
)
_OPEN = frozenset(GoalState) - CLOSED
_FROM: Mapping[Verb, frozenset[GoalState]] = {
    Verb.PROPOSE: frozenset({GoalState.DRAFT}),
    Verb.ACTIVATE: frozenset({GoalState.DRAFT, GoalState.PROPOSED}),
    Verb.HOLD: frozenset({GoalState.ACTIVE}),
    Verb.RESUME: frozenset({GoalState.ON_HOLD}),
    Verb.CLOSE: frozenset({GoalState.ACTIVE, GoalState.ON_HOLD}),
    Verb.CANCEL: _OPEN,
    Verb.ARCHIVE: CLOSED - {GoalState.ARCHIVED},
}
_MILESTONE_STEPS: Mapping[MilestoneState, frozenset[MilestoneState]] = {
    MilestoneState.PENDING: frozenset(
        {
            MilestoneState.IN_PROGRESS,
            MilestoneState.DONE,
            MilestoneState.MISSED,
            MilestoneState.CANCELLED,
        }
    ),
    MilestoneState.IN_PROGRESS: frozenset(
        {MilestoneState.DONE, MilestoneState.MISSED, MilestoneState.CANCELLED}
    ),
    MilestoneState.MISSED: frozenset(
        {
            MilestoneState.PENDING,
            MilestoneState.IN_PROGRESS,
            MilestoneState.DONE,
            MilestoneState.CANCELLED,
        }
    ),
    MilestoneState.DONE: frozenset(),
    MilestoneState.CANCELLED: frozenset(),
}

STALE_AFTER = timedelta(days=30)
ON_TRACK_FROM, AT_RISK_FROM = 0.9, 0.7


class Measure(NamedTuple):
    """What is counted, from where to where, and how far it is."""

    amount_type: AmountType
    start: float
    target: float
    current: float


class Weighed(NamedTuple):
    """What a milestone adds to its goal."""

    state: MilestoneState
    weight: float


def verbs_from(state: GoalState) -> list[Verb]:
    """What can be done with a goal in that state, in the order of the alphabet."""
    return sorted(verb for verb, states in _FROM.items() if state in states)


def milestone_steps_from(state: MilestoneState) -> list[MilestoneState]:
    return sorted(_MILESTONE_STEPS[state])


def progress(measure: Measure | None, milestones: Sequence[Weighed]) -> float:
    """The share 0-1 that is done: by the milestones' weights when there are any left, else by the measure."""
    counted = [each for each in milestones if each.state is not MilestoneState.CANCELLED]
    total = sum(each.weight for each in counted)
    if total > 0:
        return sum(each.weight for each in counted if each.state is MilestoneState.DONE) / total
    return 0.0 if measure is None else measured(measure)


def measured(measure: Measure) -> float:
    """The way covered from start to target, within 0 and 1; a binary measure is reached or not."""
    if measure.amount_type is AmountType.BINARY or measure.start == measure.target:
        return 1.0 if measure.current >= measure.target else 0.0
    way = (measure.current - measure.start) / (measure.target - measure.start)
    return min(1.0, max(0.0, way))


def one_step(measure: Measure) -> float:
    """The current value one unit nearer to the target, never beyond it."""
    if measure.target >= measure.start:
        return max(measure.current, min(measure.target, measure.current + 1.0))
    return min(measure.current, max(measure.target, measure.current - 1.0))


def health(
    *, progress: float, start: date | None, due: date | None, last_update: date, today: date
) -> Health:
    """Schedule performance (earned ÷ planned share, design/algorithms.md §4): from 0.9 on track, from 0.7 at risk.

    Silence for 30 days is NOT_UPDATED, which tells more than an old number.
    """
    if progress >= 1.0:
        return Health.ON_TRACK
    if due is not None and today > due:
        return Health.OFF_TRACK
    if today - last_update > STALE_AFTER:
        return Health.NOT_UPDATED
    planned = _planned_share(start, due, today)
    if planned == 0.0 or progress / planned >= ON_TRACK_FROM:
        return Health.ON_TRACK
    return Health.AT_RISK if progress / planned >= AT_RISK_FROM else Health.OFF_TRACK


def _planned_share(start: date | None, due: date | None, today: date) -> float:
    if start is None or due is None or due <= start:
        return 0.0
    return min(1.0, max(0.0, (today - start).days / (due - start).days))


def is_missed(state: MilestoneState, due: date | None, today: date) -> bool:
    open_states = {MilestoneState.PENDING, MilestoneState.IN_PROGRESS}
    return state in open_states and due is not None and due < today


def closes_circle(depends_on: Mapping[UUID, Collection[UUID]]) -> bool:
    """Whether some milestone waits for itself, directly or through others."""
    finished: set[UUID] = set()
    under_way: set[UUID] = set()

    def visit(each: UUID) -> bool:
        if each in finished:
            return False
        if each in under_way:
            return True
        under_way.add(each)
        circular = any(visit(before) for before in depends_on.get(each, ()))
        under_way.discard(each)
        finished.add(each)
        return circular

    return any(visit(each) for each in depends_on)


def may_activate(
    *, by_owner: bool, is_proposer: bool, state: GoalState, self_activation: bool
) -> bool:
    """Nobody approves their own proposal, but where the tenant lets owners activate their goals themselves."""
    if by_owner and self_activation:
        return True
    return state is GoalState.PROPOSED and not is_proposer
