"""States, progress and health."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.goals.goals import rules
from services.goals.goals.rules import (
    AmountType,
    GoalState,
    Health,
    Measure,
    MilestoneState,
    Verb,
    Weighed,
)

TODAY = date(2026, 7, 1)
A, B, C = UUID(int=1), UUID(int=2), UUID(int=3)


@pytest.mark.parametrize(
    ("state", "verbs"),
    [
        (GoalState.DRAFT, [Verb.ACTIVATE, Verb.CANCEL, Verb.PROPOSE]),
        (GoalState.PROPOSED, [Verb.ACTIVATE, Verb.CANCEL]),
        (GoalState.ACTIVE, [Verb.CANCEL, Verb.CLOSE, Verb.HOLD]),
        (GoalState.ON_HOLD, [Verb.CANCEL, Verb.CLOSE, Verb.RESUME]),
        (GoalState.ACHIEVED, [Verb.ARCHIVE]),
        (GoalState.PARTIALLY_ACHIEVED, [Verb.ARCHIVE]),
        (GoalState.NOT_ACHIEVED, [Verb.ARCHIVE]),
        (GoalState.CANCELLED, [Verb.ARCHIVE]),
        (GoalState.ARCHIVED, []),
    ],
)
def test_each_state_allows_these_verbs(state: GoalState, verbs: list[Verb]):
    assert rules.verbs_from(state) == verbs


@pytest.mark.parametrize(
    ("measure", "share"),
    [
        (Measure(AmountType.NUMBER, 0, 4, 1), 0.25),
        (Measure(AmountType.PERCENT, 20, 80, 50), 0.5),
        (Measure(AmountType.NUMBER, 10, 2, 4), 0.75),
        (Measure(AmountType.NUMBER, 0, 4, 9), 1.0),
        (Measure(AmountType.NUMBER, 0, 4, -1), 0.0),
        (Measure(AmountType.BINARY, 0, 1, 0.9), 0.0),
        (Measure(AmountType.BINARY, 0, 1, 1), 1.0),
    ],
)
def test_a_measure_becomes_a_share(measure: Measure, share: float):
    assert rules.measured(measure) == share


def test_milestones_outweigh_the_measure_and_cancelled_ones_do_not_count():
    milestones = [
        Weighed(MilestoneState.DONE, 1),
        Weighed(MilestoneState.MISSED, 3),
        Weighed(MilestoneState.CANCELLED, 100),
    ]

    assert rules.progress(Measure(AmountType.NUMBER, 0, 1, 1), milestones) == 0.25


def test_without_milestones_that_count_the_measure_does():
    cancelled = [Weighed(MilestoneState.CANCELLED, 1)]

    assert rules.progress(Measure(AmountType.NUMBER, 0, 4, 2), cancelled) == 0.5


@given(
    st.lists(
        st.tuples(st.sampled_from(MilestoneState), st.floats(min_value=0.01, max_value=1000)),
        max_size=8,
    ),
    st.floats(min_value=-1e6, max_value=1e6),
)
def test_progress_never_leaves_nought_and_one(
    milestones: list[tuple[MilestoneState, float]], current: float
):
    weighed = [Weighed(state, weight) for state, weight in milestones]

    share = rules.progress(Measure(AmountType.NUMBER, 0, 10, current), weighed)

    assert 0.0 <= share <= 1.0


@given(st.lists(st.floats(min_value=0.01, max_value=1000), min_size=1, max_size=8))
def test_completing_a_milestone_never_lowers_progress(weights: list[float]):
    shares = [
        rules.progress(
            None,
            [
                Weighed(MilestoneState.DONE if place < done else MilestoneState.PENDING, weight)
                for place, weight in enumerate(weights)
            ],
        )
        for done in range(len(weights) + 1)
    ]

    assert shares == sorted(shares)
    assert shares[0] == 0.0
    assert shares[-1] == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("progress", "elapsed_days", "silent_days", "expected"),
    [
        (0.45, 50, 0, Health.ON_TRACK),
        (0.44, 50, 0, Health.AT_RISK),
        (0.35, 50, 0, Health.AT_RISK),
        (0.34, 50, 0, Health.OFF_TRACK),
        (0.0, 0, 0, Health.ON_TRACK),
        (0.9, 101, 0, Health.OFF_TRACK),
        (1.0, 101, 99, Health.ON_TRACK),
        (0.5, 50, 30, Health.ON_TRACK),
        (0.5, 50, 31, Health.NOT_UPDATED),
    ],
)
def test_health_compares_progress_with_the_time_that_has_passed(
    progress: float, elapsed_days: int, silent_days: int, expected: Health
):
    start = TODAY - timedelta(days=elapsed_days)

    health = rules.health(
        progress=progress,
        start=start,
        due=start + timedelta(days=100),
        last_update=TODAY - timedelta(days=silent_days),
        today=TODAY,
    )

    assert health is expected


@pytest.mark.parametrize(
    ("graph", "circular"),
    [
        ({A: [], B: [A], C: [A, B]}, False),
        ({A: [A]}, True),
        ({A: [B], B: [A]}, True),
        ({A: [C], B: [A], C: [B]}, True),
        ({A: [B, C], B: [], C: []}, False),
    ],
)
def test_milestones_may_not_wait_for_each_other(graph: dict[UUID, list[UUID]], circular: bool):
    assert rules.closes_circle(graph) is circular


@given(st.dictionaries(st.integers(0, 8), st.sets(st.integers(0, 8), max_size=4), max_size=9))
def test_dependencies_on_earlier_ones_alone_close_no_circle(graph: dict[int, set[int]]):
    earlier = {
        UUID(int=each): [UUID(int=before) for before in others if before < each]
        for each, others in graph.items()
    }

    assert not rules.closes_circle(earlier)


@pytest.mark.parametrize(
    ("by_owner", "is_proposer", "state", "self_activation", "expected"),
    [
        (True, False, GoalState.DRAFT, True, True),
        (True, True, GoalState.PROPOSED, True, True),
        (True, False, GoalState.DRAFT, False, False),
        (True, True, GoalState.PROPOSED, False, False),
        (True, False, GoalState.PROPOSED, False, True),
        (False, False, GoalState.PROPOSED, True, True),
        (False, True, GoalState.PROPOSED, True, False),
        (False, False, GoalState.DRAFT, True, False),
    ],
)
def test_nobody_approves_their_own_proposal(
    by_owner: bool, is_proposer: bool, state: GoalState, self_activation: bool, expected: bool
):
    allowed = rules.may_activate(
        by_owner=by_owner, is_proposer=is_proposer, state=state, self_activation=self_activation
    )

    assert allowed is expected


@pytest.mark.parametrize(
    ("measure", "following"),
    [
        (Measure(AmountType.NUMBER, 0, 4, 1), 2),
        (Measure(AmountType.NUMBER, 0, 4, 3.5), 4),
        (Measure(AmountType.NUMBER, 0, 4, 6), 6),
        (Measure(AmountType.NUMBER, 10, 8, 9), 8),
    ],
)
def test_one_step_goes_towards_the_target_and_not_beyond(measure: Measure, following: float):
    assert rules.one_step(measure) == following


@pytest.mark.parametrize(
    ("state", "due", "missed"),
    [
        (MilestoneState.PENDING, TODAY - timedelta(days=1), True),
        (MilestoneState.IN_PROGRESS, TODAY - timedelta(days=1), True),
        (MilestoneState.PENDING, TODAY, False),
        (MilestoneState.PENDING, None, False),
        (MilestoneState.DONE, TODAY - timedelta(days=1), False),
    ],
)
def test_a_milestone_is_missed_the_day_after_it_was_due(
    state: MilestoneState, due: date | None, missed: bool
):
    assert rules.is_missed(state, due, TODAY) is missed
