"""What follows from dates and managers."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.profile.people.rules import PersonStatus, circular, first_day, status_on

TODAY, PAST, COMING = date(2026, 11, 22), date(2020, 1, 1), date(2027, 1, 1)
PENDING, ACTIVE, ON_LEAVE, TERMINATED = PersonStatus


@pytest.mark.parametrize(
    ("told", "before", "hired", "ended", "status"),
    [
        (None, None, None, None, ACTIVE),
        (None, None, COMING, None, PENDING),
        (None, PENDING, PAST, None, ACTIVE),
        (None, ON_LEAVE, PAST, None, ON_LEAVE),
        (None, TERMINATED, PAST, None, TERMINATED),
        (ACTIVE, TERMINATED, PAST, None, ACTIVE),
        (ACTIVE, ACTIVE, PAST, TODAY, TERMINATED),
        (None, ACTIVE, PAST, COMING, ACTIVE),
        (ON_LEAVE, ACTIVE, PAST, None, ON_LEAVE),
    ],
)
def test_status_follows_from_dates_and_the_files_word(told, before, hired, ended, status):
    found = status_on(TODAY, told=told, before=before, hire_date=hired, termination_date=ended)

    assert found is status


@pytest.mark.parametrize(
    ("told", "hired", "has_assignment", "day"),
    [
        (PAST, COMING, True, PAST),
        (None, PAST, False, PAST),
        (None, PAST, True, TODAY),
        (None, None, False, TODAY),
    ],
)
def test_the_first_position_begins_with_the_hire(told, hired, has_assignment, day):
    assert first_day(TODAY, told=told, hire_date=hired, has_assignment=has_assignment) == day


nodes = st.integers(0, 7)


@given(wanted=st.dictionaries(nodes, st.none() | nodes), order=st.permutations(range(8)))
def test_what_is_not_refused_closes_no_circle(wanted, order):
    parents = {node: (order[place - 1] if place else None) for place, node in enumerate(order)}

    refused = circular(parents, wanted)

    tree = parents | {node: to for node, to in wanted.items() if node not in refused}
    for node in tree:
        seen, above = {node}, tree[node]
        while above is not None:
            assert above not in seen
            seen.add(above)
            above = tree[above]


@given(order=st.permutations(range(8)), node=nodes)
def test_a_move_to_the_top_is_never_refused(order, node):
    parents = {each: (order[place - 1] if place else None) for place, each in enumerate(order)}

    assert circular(parents, {node: None}) == set()


def test_nothing_moves_below_what_is_not_made():
    wanted: Any = {1: 1, 2: 1, 3: 2, 4: None}

    assert circular({}, wanted, new=wanted) == {1, 2, 3}
