"""Self against others: by the interval and by half a level, never by less."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.profile.skills.contrast import MARGIN, Contrast, contrast


@pytest.mark.parametrize(
    ("own", "level", "low", "high", "stands"),
    [
        (None, 3.0, 2.0, 4.0, Contrast.UNKNOWN),
        (3.0, None, None, None, Contrast.UNKNOWN),
        (4.5, 3.0, 2.0, 4.0, Contrast.BLIND_SPOT),
        (4.0, 3.0, 2.0, 4.0, Contrast.AGREES),
        (2.0, 3.0, 2.0, 4.0, Contrast.AGREES),
        (1.9, 3.0, 2.0, 4.0, Contrast.HIDDEN_STRENGTH),
        (3.4, 3.0, 2.9, 3.1, Contrast.AGREES),
        (3.5, 3.0, 2.9, 3.1, Contrast.BLIND_SPOT),
        (2.5, 3.0, 2.9, 3.1, Contrast.HIDDEN_STRENGTH),
        (5.0, 4.0, 3.0, 5.0, Contrast.AGREES),
        (0.0, 0.4, 0.0, 1.4, Contrast.AGREES),
    ],
)
def test_a_contrast_needs_to_be_outside_the_interval_and_half_a_level(
    own, level, low, high, stands
):
    assert contrast(own, level, low, high) is stands


scale = st.floats(0, 5)


@given(own=scale, level=scale, half=st.floats(0, 3))
def test_higher_self_ratings_go_from_hidden_strength_to_blind_spot_and_never_back(own, level, half):
    low, high = max(0.0, level - half), min(5.0, level + half)
    order = [Contrast.HIDDEN_STRENGTH, Contrast.AGREES, Contrast.BLIND_SPOT]

    stands = contrast(own, level, low, high)

    assert order.index(contrast(min(5.0, own + 0.3), level, low, high)) >= order.index(stands)
    if stands is not Contrast.AGREES:
        assert abs(own - level) >= MARGIN
        assert not low <= own <= high
