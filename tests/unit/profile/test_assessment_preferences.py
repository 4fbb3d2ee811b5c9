"""Type-like preferences: continuous, and not clear in the middle."""

from dataclasses import replace

import pytest

from services.profile.assessments.figures import Interval
from services.profile.assessments.instruments import Derivation, Trait
from services.profile.assessments.preferences import Leaning, derive
from services.profile.assessments.scoring import score
from tests.unit.profile.assessment_instruments import bundled

PREFERENCES = bundled("preferences")


def traits(**standard):
    """A Big-Five result with these T scores; the other scales have none."""
    result = score(bundled("big-five-120"), {})
    scales = tuple(
        replace(each, standard=standard.get(each.code), standard_interval=None)
        for each in result.scales
    )
    return replace(result, scales=scales)


def with_interval(result, code, interval):
    scales = tuple(
        replace(each, standard_interval=interval) if each.code == code else each
        for each in result.scales
    )
    return replace(result, scales=scales)


@pytest.mark.parametrize(
    ("t", "leaning", "pole"),
    [
        (44.9, Leaning.LOW, "in quiet"),
        (45.0, Leaning.NOT_CLEAR, None),
        (50.0, Leaning.NOT_CLEAR, None),
        (55.0, Leaning.NOT_CLEAR, None),
        (55.1, Leaning.HIGH, "in company"),
    ],
)
def test_within_five_points_of_the_middle_no_preference_is_clear(t, leaning, pole):
    (energy,) = derive(PREFERENCES, traits(E=t))

    assert (energy.standard, energy.leaning, energy.pole) == (t, leaning, pole)
    assert (energy.band_low, energy.band_high) == (45.0, 55.0)


def test_a_wide_interval_widens_the_band():
    (energy,) = derive(PREFERENCES, with_interval(traits(E=57.0), "E", Interval(49.0, 65.0)))

    assert (energy.band_low, energy.band_high) == (42.0, 58.0)
    assert energy.leaning is Leaning.NOT_CLEAR


def test_a_narrow_interval_leaves_the_band():
    (energy,) = derive(PREFERENCES, with_interval(traits(E=56.0), "E", Interval(54.0, 58.0)))

    assert (energy.band_low, energy.band_high) == (45.0, 55.0)
    assert energy.leaning is Leaning.HIGH


def test_the_four_come_in_their_order_each_from_its_trait():
    found = derive(PREFERENCES, traits(E=60.0, O=40.0, A=51.0, C=70.0, N=99.0))

    assert [(each.code, each.standard, each.leaning) for each in found] == [
        ("ENERGY", 60.0, Leaning.HIGH),
        ("OUTLOOK", 40.0, Leaning.LOW),
        ("DECIDING", 51.0, Leaning.NOT_CLEAR),
        ("ORDER", 70.0, Leaning.HIGH),
    ]


def test_a_trait_without_a_standard_score_gives_no_preference():
    assert [each.code for each in derive(PREFERENCES, traits(O=60.0))] == ["OUTLOOK"]


def test_a_reversed_trait_is_turned_round_with_its_interval():
    turned = PREFERENCES.model_copy(
        update={
            "derivation": Derivation(
                instrument="big-five-120",
                traits=(Trait(scale="ENERGY", trait="E", reversed=True),),
            )
        }
    )

    (energy,) = derive(turned, with_interval(traits(E=60.0), "E", Interval(56.0, 64.0)))

    assert (energy.standard, energy.interval) == (40.0, Interval(36.0, 44.0))
    assert energy.pole == "in quiet"


def test_another_instruments_result_gives_no_preferences():
    assert derive(PREFERENCES, replace(traits(E=60.0), instrument="other")) == ()
    assert derive(bundled("big-five-120"), traits(E=60.0)) == ()
