"""Work values: pairs and rankings, ties, and how consistent comparisons are."""

from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.profile.assessments.values import Consistency, consistency_of
from tests.unit.profile.assessment_instruments import bundled, made, score

VALUES = [scale.code for scale in bundled("work-values-pairs").scales]


def wins(count, decided):
    """Wins of each object where `decided` says of each pair whether its first one won."""
    found = [0] * count
    for (one, other), first_won in zip(combinations(range(count), 2), decided, strict=True):
        found[one if first_won else other] += 1
    return found


def circular(count, decided):
    """Counted one by one: triads in which each wins once."""
    beats = dict(zip(combinations(range(count), 2), decided, strict=True))
    won = {pair if first else pair[::-1] for pair, first in beats.items()}
    return sum(
        {(a, b), (b, c), (c, a)} <= won or {(b, a), (c, b), (a, c)} <= won
        for a, b, c in combinations(range(count), 3)
    )


def answered(order):
    place = {code: at for at, code in enumerate(order)}
    items = bundled("work-values-pairs").items
    return {item.key: min(item.choices, key=lambda code: place[code]) for item in items}


def test_one_order_throughout_has_no_circle():
    assert consistency_of([5, 4, 3, 2, 1, 0]) == Consistency(0, 8, 1.0)


def test_wins_as_even_as_can_be_have_the_most_circles():
    assert consistency_of([3, 3, 3, 2, 2, 2]) == Consistency(8, 8, 0.0)


def test_three_in_a_circle_are_one_of_one():
    assert consistency_of([1, 1, 1]) == Consistency(1, 1, 0.0)


def test_the_figure_equals_a_count_of_every_triad_for_all_ways_to_compare_five():
    most = 0
    for decided in product((True, False), repeat=10):
        found = consistency_of(wins(5, decided))
        most = max(most, found.circular_triads)
        assert found.circular_triads == circular(5, decided)
        assert found.zeta == round(1 - found.circular_triads / 5, 4)
    assert most == 5


@given(st.lists(st.booleans(), min_size=15, max_size=15))
def test_six_values_have_between_none_and_eight_circles(decided):
    found = consistency_of(wins(6, decided))

    assert found.circular_triads == circular(6, decided)
    assert 0 <= found.circular_triads <= found.most_possible == 8
    assert 0 <= found.zeta <= 1


@given(st.permutations(VALUES))
def test_comparing_by_an_order_gives_that_order_back(order):
    result = score(bundled("work-values-pairs"), answered(order))

    assert result.values.tiers == tuple((code,) for code in order)
    assert result.values.consistency == Consistency(0, 8, 1.0)
    assert {each.code: each.raw for each in result.scales} == {
        code: 5.0 - at for at, code in enumerate(order)
    }


@given(st.permutations(VALUES))
def test_a_ranking_is_scored_by_how_many_stand_below(order):
    result = score(bundled("work-values-ranking"), {"order": list(order)})

    assert result.values.tiers == tuple((code,) for code in order)
    assert result.values.consistency is None
    assert {each.code: each.raw for each in result.scales} == {
        code: 5.0 - at for at, code in enumerate(order)
    }


def test_values_with_equal_wins_share_a_tier():
    answers = answered(VALUES)
    items = {frozenset(item.choices): item.key for item in bundled("work-values-pairs").items}
    answers[items[frozenset(VALUES[0:3:2])]] = VALUES[2]  # the third beats the first: a circle

    found = score(bundled("work-values-pairs"), answers).values

    assert found.tiers == (tuple(VALUES[:3]), *((code,) for code in VALUES[3:]))
    assert found.consistency == Consistency(1, 8, 0.875)


def test_one_pair_left_open_leaves_its_two_values_unscored_and_no_order():
    answers = answered(VALUES)
    left_open = bundled("work-values-pairs").items[0]
    del answers[left_open.key]

    result = score(bundled("work-values-pairs"), answers)

    assert {each.code for each in result.scales if each.raw is None} == set(left_open.choices)
    assert result.values is None


def test_each_value_stands_in_five_pairs_and_about_as_often_on_the_left():
    items = bundled("work-values-pairs").items

    assert {frozenset(item.choices) for item in items} == {
        frozenset(pair) for pair in combinations(VALUES, 2)
    }
    assert {sum(item.choices[0] == code for item in items) for code in VALUES} == {2, 3}


@pytest.mark.parametrize("code", ["work-values-pairs", "work-values-ranking"])
def test_nothing_chosen_is_no_order(code):
    assert score(bundled(code), {}).values is None


def test_what_is_not_about_values_has_no_order():
    assert score(made(), {}).values is None
