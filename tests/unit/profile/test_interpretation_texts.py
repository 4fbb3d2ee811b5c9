"""The texts that come with Waymark: all scales, three bands each, no judgement, honest near a border."""

import pytest

from services.profile.assessments import registry, reporting
from services.profile.assessments.parts import Reliability
from services.profile.assessments.preferences import derive
from services.profile.interpretations import known_texts
from services.profile.interpretations.rules import interpret
from tests.unit.profile.assessment_instruments import bundled, score


def every_built_in():
    return [kept.texts for each in known_texts.built_in().values() for kept in each]


def test_whatever_is_scored_here_has_texts_that_fit():
    found = {each.instrument: each for each in every_built_in()}
    scored = {
        each.instrument.code: each.instrument
        for each in registry.built_in().values()
        if each.instrument.scales and not each.instrument.licence.external_only
    }

    assert found.keys() == scored.keys()
    for code, instrument in scored.items():
        assert list(found[code].against(instrument)) == []
        assert [each.scale for each in found[code].scales] == [
            each.code for each in instrument.scales
        ]
        assert {len(each.bands) for each in found[code].scales} == {3}


def test_no_text_says_good_or_bad_and_none_is_said_twice_of_one_instrument():
    judging = ("good", "bad", "weak", "poor", "excellent", "normal", "abnormal", "should", "must")
    for each in every_built_in():
        said = [band.text for scale in each.scales for band in scale.bands]
        words = " ".join(said).lower().replace(",", " ").replace(".", " ").split()

        assert len(set(said)) == len(said)
        assert not set(judging) & set(words), each.instrument
        assert max(map(len, said)) <= 260


def test_the_bands_of_interests_part_answers_in_the_middle_of_their_steps():
    """Ten answers from 1 to 5: below 2.5 on average, from there on, from 3.5 on."""
    (interests,) = [each for each in every_built_in() if each.instrument == "interests-60"]
    instrument = bundled("interests-60")

    def bands(answer: int) -> set[str]:
        scored = score(instrument, {item.key: answer for item in instrument.items})
        said = interpret(reporting.of_scored(instrument, scored), interests)
        return {each["band"] for each in said}

    assert [bands(answer) for answer in range(1, 6)] == [
        {"LITTLE"},
        {"LITTLE"},
        {"SOME"},
        {"STRONG"},
        {"STRONG"},
    ]


@pytest.mark.parametrize("alpha", [None, 0.75])
def test_words_on_a_facet_say_that_four_statements_measure_it_roughly(alpha):
    """Of half of them nobody has published how roughly; else the interval names what it may reach into."""
    big = bundled("big-five-120")
    (words,) = [each for each in every_built_in() if each.instrument == big.code]
    facets = [each.code for each in big.scales if each.parent]
    known = {code: Reliability(scale=code, alpha=alpha, source="Live") for code in facets if alpha}
    assert (len(facets), "facets on four" in (words.introduction or "")) == (30, True)

    for answer in range(1, 6):
        scored = score(big, {item.key: answer for item in big.items}, reliability=known)
        report = reporting.of_scored(big, scored)
        intervals = {each["code"]: each["standardInterval"] for each in report["scales"]}
        said = {each["scale"]: each for each in interpret(report, words)}
        for code in facets:
            ends = intervals[code]
            crossed = [each for each in (45, 55) if ends and ends["low"] < each <= ends["high"]]
            certainty = "NEAR_BORDER" if crossed else "CLEAR"
            assert said[code]["certainty"] == (certainty if ends else "NOT_KNOWN")
            assert len(said[code]["near"]) == len(crossed)
            assert ends is None or crossed or said[code]["band"] != "MIDDLE"
        assert sum(intervals[code] is None for code in facets) == (0 if alpha else 15)


def test_of_all_five_traits_in_the_middle_the_words_say_so_and_preferences_agree():
    """Raw scores at the norms' means: T 50, and with alpha below 0.95 near to both borders."""
    big, preferences = bundled("big-five-120"), bundled("preferences")
    by_code = {each.instrument: each for each in every_built_in()}
    answers = {item.key: 3 for item in big.items}
    scored = score(big, answers)
    (of_traits, of_preferences) = (
        interpret(reporting.of_scored(big, scored), by_code["big-five-120"]),
        interpret(
            reporting.of_preferences(preferences, derive(preferences, scored)),
            by_code["preferences"],
        ),
    )
    figures = {each.code: each for each in scored.scales}

    for each in of_traits:
        standard = figures[each["scale"]].standard
        expected = "LOWER" if standard < 45 else "MIDDLE" if standard < 55 else "HIGHER"
        assert each["band"] == expected
    assert [each["scale"] for each in of_traits] == [each.code for each in big.scales]
    leanings = {each.code: each.leaning for each in derive(preferences, scored)}
    assert {each["scale"]: each["band"] for each in of_preferences} == leanings
