"""Values of people against those of occupations: by rank, explained, and no more than chance where it is chance."""

from itertools import permutations

import pytest

from services.profile.assessments.interests import Fit
from services.profile.assessments.work_values import (
    GOOD,
    STRONG,
    VALUES,
    OccupationValues,
    matches,
    ranked,
    unit_of,
)

CODES = tuple(VALUES)


def of(*scores: float) -> dict[str, float]:
    return dict(zip(CODES, scores, strict=True))


def offering(code: str, *scores: float) -> OccupationValues:
    return OccupationValues(code, f"Occupation {code}", of(*scores))


@pytest.mark.parametrize(
    ("own", "offered", "expected"),
    [
        ((5, 4, 3, 2, 1, 0), (7, 6, 5, 4, 3, 2), 1.0),
        ((5, 4, 3, 2, 1, 0), (1, 2, 3, 4, 5, 6), -1.0),
        ((5, 4, 3, 2, 1, 0), (6.9, 7, 3, 2.9, 1, 1.1), 0.8857),
        ((5, 4, 3, 2, 1, 0), (5, 5, 3, 3, 1, 1), 0.9562),
        ((3, 3, 2, 1, 0, 6), (4, 4, 3, 2, 1, 7), 1.0),
    ],
)
def test_the_congruence_is_spearmans_rank_correlation(own, offered, expected):
    """By hand: 1 - 6·(1 + 1 + 1 + 1)/210 = 0.8857; with ties Pearson's of mean ranks, 16/sqrt(17.5·16) = 0.9562."""
    (match,) = matches(of(*own), [offering("11-1011.00", *offered)])

    assert match.congruence == expected


def test_only_the_order_counts():
    among = [offering("11-1011.00", 6, 5, 2, 4, 3, 1)]

    plain, stretched = matches(of(5, 4, 3, 2, 1, 0), among), matches(of(90, 9, 8, 7, 1, 0), among)

    assert plain == stretched


def test_equal_scores_share_the_mean_of_their_ranks():
    assert ranked(of(3, 3, 1, 2, 3, 0)) == of(5, 5, 2, 3, 5, 1)


def test_contributions_add_up_and_the_reason_names_them():
    own = of(5, 4, 1, 0, 2, 3)

    (match,) = matches(own, [offering("11-1011.00", 6, 2, 3, 1, 4, 5)])

    assert sum(match.contributions.values()) == pytest.approx(match.congruence, abs=3e-4)
    assert match.reason == (
        "It offers what you want more than other things: Achievement and working conditions. "
        "Of Independence it offers less than of other things. "
        "What it offers besides matters less to you: Support."
    )


def test_the_limits_are_those_of_chance_over_all_orders():
    """Of the 720 orders of six, at most 5 % reach 0.829 and at most 10 % reach 0.657; the next below are too many."""
    base = of(0, 1, 2, 3, 4, 5)
    found = [
        matches(base, [offering("11-1011.00", *order)])[0].congruence
        for order in permutations(range(6))
    ]

    def share(limit: float) -> float:
        return sum(each >= limit for each in found) / len(found)

    assert share(STRONG) <= 0.05 < share(STRONG - 0.06)
    assert share(GOOD) <= 0.10 < share(GOOD - 0.06)
    (best,) = matches(base, [offering("11-1011.00", 0, 1, 2, 3, 4, 5)])
    assert best.fit is Fit.STRONG


def test_the_best_come_first_and_equal_ones_by_code():
    among = [
        offering("15-0003.00", 1, 2, 3, 4, 5, 6),
        offering("15-0002.00", 6, 5, 4, 3, 2, 1),
        offering("15-0001.00", 7, 6, 5, 4, 3, 2),
        offering("15-0004.00", 4, 4, 4, 4, 4, 4),
    ]

    found = matches(of(5, 4, 3, 2, 1, 0), among)

    assert [each.onet_soc_code for each in found] == ["15-0001.00", "15-0002.00", "15-0003.00"]
    assert len(matches(of(5, 4, 3, 2, 1, 0), among, count=1)) == 1


def test_who_wants_all_alike_is_told_nothing():
    assert matches(of(2, 2, 2, 2, 2, 2), [offering("11-1011.00", 1, 2, 3, 4, 5, 6)]) == []
    assert unit_of(of(1, 1, 1, 1, 1, 1)) is None
