"""Rolling up: by hand, and what holds for any parts."""

from math import sqrt
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.profile.skills.rolling_up import Part, rolled_up
from services.profile.skills.rules import RollUp

TWO = [Part(UUID(int=1), 0.25, 2.0, 0.8), Part(UUID(int=2), 0.75, 4.0, 0.4)]


@pytest.mark.parametrize("rule", [RollUp.MEAN, RollUp.WEIGHTED])
def test_shares_weigh_levels_and_their_spread(rule):
    result = rolled_up(TWO, rule)

    half = round(sqrt((0.25 * 0.8) ** 2 + (0.75 * 0.4) ** 2), 9)
    assert result.level == 3.5
    assert result.interval_low == pytest.approx(3.5 - half, abs=1e-9)
    assert result.interval_high == pytest.approx(3.5 + half, abs=1e-9)


def test_the_weakest_link_takes_the_lowest_ends():
    result = rolled_up(TWO, RollUp.MIN)

    assert (result.level, result.interval_low, result.interval_high) == (2.0, 1.2, 2.8)


parts = st.lists(
    st.tuples(st.floats(0.01, 100), st.floats(0, 5), st.floats(0.05, 3)), min_size=1, max_size=9
)


@given(drawn=parts, rule=st.sampled_from(RollUp))
def test_the_level_lies_among_the_parts_and_their_order_does_not_matter(drawn, rule):
    whole = sum(weight for weight, _, _ in drawn)
    shares = [
        Part(UUID(int=number), weight / whole, level, half)
        for number, (weight, level, half) in enumerate(drawn)
    ]

    result = rolled_up(shares, rule)

    levels = [part.level for part in shares]
    assert min(levels) - 1e-8 <= result.level <= max(levels) + 1e-8
    assert 0 <= result.interval_low <= result.level + 1e-8
    assert result.level - 1e-8 <= result.interval_high <= 5
    assert rolled_up(shares[::-1], rule) == result
