"""Cadences and states of check-ins."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.feedback.checkins.rules import (
    GRACE,
    STEPS,
    Cadence,
    CheckInState,
    is_ahead,
    is_open,
    may_step,
    missed_from,
    next_time,
)

MONDAY = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cadence", "after", "upcoming"),
    [
        (Cadence.WEEKLY, MONDAY, datetime(2026, 1, 12, 9, 30, tzinfo=UTC)),
        (Cadence.WEEKLY, MONDAY + timedelta(days=20), datetime(2026, 1, 26, 9, 30, tzinfo=UTC)),
        (Cadence.WEEKLY, MONDAY + timedelta(days=7), datetime(2026, 1, 19, 9, 30, tzinfo=UTC)),
        (Cadence.BIWEEKLY, MONDAY, datetime(2026, 1, 19, 9, 30, tzinfo=UTC)),
        (Cadence.MONTHLY, MONDAY, datetime(2026, 2, 5, 9, 30, tzinfo=UTC)),
        (Cadence.QUARTERLY, MONDAY, datetime(2026, 4, 5, 9, 30, tzinfo=UTC)),
        (Cadence.QUARTERLY, MONDAY + timedelta(days=300), datetime(2027, 1, 5, 9, 30, tzinfo=UTC)),
        (Cadence.NONE, MONDAY, None),
    ],
)
def test_the_next_of_a_series_is_its_first_time_still_to_come(cadence, after, upcoming):
    assert next_time(MONDAY, cadence, after=after) == upcoming


def test_a_check_in_held_early_is_followed_by_the_next_not_by_itself():
    early = MONDAY - timedelta(days=3)

    assert next_time(MONDAY, Cadence.WEEKLY, after=early) == MONDAY + timedelta(days=7)


def test_the_last_day_of_a_month_does_not_wander():
    start = datetime(2026, 1, 31, 8, tzinfo=UTC)

    months = [next_time(start, Cadence.MONTHLY, after=start + timedelta(days=d)) for d in (0, 30)]

    assert months == [
        datetime(2026, 2, 28, 8, tzinfo=UTC),
        datetime(2026, 3, 31, 8, tzinfo=UTC),
    ]


@given(
    st.sampled_from([each for each in Cadence if each is not Cadence.NONE]),
    st.datetimes(datetime(2000, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.integers(-400, 4000),
)
def test_the_next_is_always_later_than_both(cadence, start, days):
    after = start + timedelta(days=days)

    upcoming = next_time(start, cadence, after=after)

    assert upcoming is not None
    assert upcoming > max(start, after)


@pytest.mark.parametrize("state", CheckInState)
@pytest.mark.parametrize("wanted", CheckInState)
def test_only_the_drawn_steps_are_possible(state, wanted):
    drawn = {
        ("SCHEDULED", "PREPARED"),
        ("SCHEDULED", "HELD"),
        ("SCHEDULED", "MISSED"),
        ("SCHEDULED", "CANCELLED"),
        ("PREPARED", "HELD"),
        ("PREPARED", "MISSED"),
        ("PREPARED", "CANCELLED"),
        ("HELD", "COMPLETED"),
    }

    assert may_step(state, wanted) is ((state, wanted) in drawn)


def test_what_is_over_has_no_way_out():
    over = {state for state in CheckInState if not is_open(state)}

    assert over == {CheckInState.COMPLETED, CheckInState.MISSED, CheckInState.CANCELLED}
    assert [STEPS[state] for state in over] == [(), (), ()]
    assert {state for state in CheckInState if is_ahead(state)} == {
        CheckInState.SCHEDULED,
        CheckInState.PREPARED,
    }


@pytest.mark.parametrize(
    ("scheduled_for", "created_at", "deadline"),
    [
        (MONDAY, MONDAY - timedelta(days=9), MONDAY + GRACE),
        (MONDAY, MONDAY + timedelta(days=30), MONDAY + timedelta(days=30) + GRACE),
    ],
)
def test_a_check_in_entered_late_has_its_grace_from_then(scheduled_for, created_at, deadline):
    assert missed_from(scheduled_for, created_at) == deadline
