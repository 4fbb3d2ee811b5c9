"""A test's score on its own scale, placed evenly on 0 to 5."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.profile.skill_tests.rules import level_of


@pytest.mark.parametrize(
    ("raw", "lowest", "highest", "level"),
    [(0, 0, 100, 0.0), (100, 0, 100, 5.0), (72, 0, 100, 3.6), (500, 200, 800, 2.5), (3, 0, 5, 3.0)],
)
def test_the_scale_of_a_test_is_placed_evenly_on_ours(raw, lowest, highest, level):
    assert level_of(raw, lowest, highest) == pytest.approx(level, abs=1e-12)


@given(
    st.floats(-1e9, 1e9), st.floats(1e-3, 1e9), st.floats(0, 1, allow_nan=False), st.floats(0, 1)
)
def test_more_is_never_less_and_stays_on_the_scale(lowest, width, one, other):
    highest = lowest + width
    below, above = sorted(min(lowest + share * width, highest) for share in (one, other))

    assert 0 <= level_of(below, lowest, highest) <= level_of(above, lowest, highest) <= 5
