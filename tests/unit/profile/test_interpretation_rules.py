"""From scores to words: which band, how certain, and what contradicts itself."""

import json
from typing import Any

import pytest
from pydantic import ValidationError

from services.profile.assessments import registry, reporting
from services.profile.assessments.figures import percentile
from services.profile.assessments.parts import Reliability
from services.profile.assessments.preferences import derive
from services.profile.interpretations import known_texts
from services.profile.interpretations.rules import interpret
from services.profile.interpretations.texts import InterpretationTexts
from tests.unit.profile.assessment_instruments import bundled, made, score


def band(code: str, begins: float | None = None) -> dict[str, Any]:
    words = {"code": code, "label": code.title(), "text": f"What {code} says."}
    return words if begins is None else words | {"from": begins}


def texts(by: str = "STANDARD", *borders: float, **changes: Any) -> InterpretationTexts:
    bands = [band("A"), *(band("BCDE"[at], border) for at, border in enumerate(borders))]
    return InterpretationTexts.model_validate(
        {
            "instrument": "calm",
            "instrumentVersion": "1",
            "version": "7",
            "locale": "en",
            "source": "Ours",
            "nearBorder": "Near {bands}.",
            "notKnown": "Not known.",
            "scales": [{"scale": "CALM", "by": by, "bands": bands}],
        }
        | changes
    )


def figure(**given: Any) -> dict[str, Any]:
    empty = dict.fromkeys(("raw", "standard", "percentile", "interval", "standardInterval"))
    return {"scales": [{"code": "CALM", "name": "Calm", **empty, **given}]}


@pytest.mark.parametrize(
    ("standard", "low", "high", "expected", "certainty", "near"),
    [
        (40, 36, 44, "A", "CLEAR", []),
        (41, 37, 44.999, "A", "CLEAR", []),
        (41, 37, 45, "A", "NEAR_BORDER", ["B"]),
        (45, 41, 49, "B", "NEAR_BORDER", ["A"]),
        (50, 45, 54.9, "B", "CLEAR", []),
        (50, 44.9, 55.1, "B", "NEAR_BORDER", ["A", "C"]),
        (56, 40, 72, "C", "NEAR_BORDER", ["A", "B"]),
        (70, 66, 74, "C", "CLEAR", []),
    ],
)
def test_a_score_lies_in_one_band_and_its_interval_says_which_others_it_may_be_in(
    standard, low, high, expected, certainty, near
):
    report = figure(standard=standard, standardInterval={"low": low, "high": high})

    (said,) = interpret(report, texts("STANDARD", 45, 55))

    assert (said["band"], said["certainty"]) == (expected, certainty)
    assert [each["band"] for each in said["near"]] == near
    named = ", ".join(f"“{each}”" for each in near)
    assert said["note"] == (f"Near {named}." if near else None)
    assert said["text"] == f"What {expected} says."


def test_a_score_without_an_interval_says_that_nobody_knows_how_exact_it_is():
    (said,) = interpret(figure(raw=25.0), texts("RAW", 25))

    assert (said["band"], said["certainty"], said["note"]) == ("B", "NOT_KNOWN", "Not known.")
    assert said["near"] == []


def test_percentiles_take_their_interval_from_the_t_score():
    interval = {"low": 46.0, "high": 56.0}
    at = percentile(51.0)
    report = figure(standard=51.0, percentile=at, standardInterval=interval)

    (inside,) = interpret(report, texts("PERCENTILE", percentile(45.9), percentile(56.1)))
    (across,) = interpret(report, texts("PERCENTILE", percentile(46.1), percentile(55.9)))

    assert (inside["band"], inside["certainty"]) == ("B", "CLEAR")
    assert [each["band"] for each in across["near"]] == ["A", "C"]


def test_what_has_no_score_or_no_texts_gets_no_words():
    report = figure()
    report["scales"].append({"code": "HALF", "name": "Half", "raw": 3.0})

    assert interpret(report, texts("STANDARD", 45)) == []


def leaning(standard: float, half: float | None, reach: float) -> dict[str, Any]:
    where = "NOT_CLEAR" if abs(standard - 50) <= reach else "HIGH" if standard > 50 else "LOW"
    return {
        "preferences": [
            {
                "code": "CALM",
                "name": "Calm",
                "standard": standard,
                "interval": half and {"low": standard - half, "high": standard + half},
                "bandLow": 50 - reach,
                "bandHigh": 50 + reach,
                "leaning": where,
            }
        ]
    }


@pytest.mark.parametrize(
    ("standard", "half", "reach", "expected", "near"),
    [
        (50, 4, 5, "NOT_CLEAR", []),
        (53, 4, 5, "NOT_CLEAR", ["HIGH"]),
        (47, 4, 5, "NOT_CLEAR", ["LOW"]),
        (55, 5, 5, "NOT_CLEAR", ["HIGH"]),
        (56, 8, 8, "NOT_CLEAR", ["HIGH"]),
        (59, 8, 8, "HIGH", ["NOT_CLEAR"]),
        (67, 8, 8, "HIGH", []),
        (33, 8, 8, "LOW", []),
        (41, 8, 8, "LOW", ["NOT_CLEAR"]),
        (60, None, 5, "HIGH", None),
    ],
)
def test_a_preference_is_put_into_words_as_it_leans(standard, half, reach, expected, near):
    bands = [band("LOW"), band("NOT_CLEAR"), band("HIGH")]
    scales = [{"scale": "CALM", "by": "LEANING", "bands": bands}]

    (said,) = interpret(leaning(standard, half, reach), texts("STANDARD", 45, scales=scales))

    assert said["band"] == expected
    if near is None:
        assert said["certainty"] == "NOT_KNOWN"
    else:
        assert [each["band"] for each in said["near"]] == near


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"nearBorder": "Near."}, "nearBorder: it does not name the other bands"),
        (
            {"scales": [{"scale": "CALM", "by": "RAW", "bands": [band("A")]}] * 2},
            "scales: 'CALM' stands there 2 times",
        ),
        (
            {"scales": [{"scale": "CALM", "by": "RAW", "bands": [band("A"), band("A", 3)]}]},
            "scales[0].bands: two bands have one code",
        ),
        (
            {"scales": [{"scale": "CALM", "by": "RAW", "bands": [band("A", 2)]}]},
            "scales[0].bands[0].from: the first begins at the bottom",
        ),
        (
            {"scales": [{"scale": "CALM", "by": "RAW", "bands": [band("A"), band("B")]}]},
            "scales[0].bands: each but the first needs from",
        ),
        (
            {
                "scales": [
                    {"scale": "CALM", "by": "RAW", "bands": [band("A"), band("B", 3), band("C", 3)]}
                ]
            },
            "scales[0].bands: put them in order",
        ),
        (
            {"scales": [{"scale": "CALM", "by": "LEANING", "bands": [band("A")]}]},
            "scales[0].bands: of a LEANING they are LOW, NOT_CLEAR, HIGH, without from",
        ),
    ],
)
def test_texts_that_contradict_themselves_are_refused_with_the_place(changes, sentence):
    with pytest.raises(ValidationError) as refused:
        texts(**changes)

    assert sentence in str(refused.value)


def test_texts_must_fit_their_instrument():
    raw = {"normed": False, "normGroups": [], "defaultNormGroup": None, "reliability": []}

    assert list(texts("STANDARD", 45).against(made())) == []
    assert list(texts("STANDARD", 45).against(made(**raw))) == [
        "scales[0].by: calm has no norms: say RAW"
    ]
    other = texts("RAW", 3, scales=[{"scale": "NO", "by": "RAW", "bands": [band("A")]}])
    assert list(other.against(made())) == [
        "scales[0].scale: 'NO' is no scale of calm: correct the code"
    ]
    preferences = bundled("preferences")
    wrong = texts("RAW", 3, scales=[{"scale": "ENERGY", "by": "RAW", "bands": [band("A")]}])
    assert [each.split(":")[0] for each in wrong.against(preferences)] == ["scales[0].by"]


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


def test_the_same_result_always_says_the_same():
    report = figure(standard=44.0, standardInterval={"low": 40.0, "high": 48.0})

    first, again = (json.dumps(interpret(report, texts("STANDARD", 45, 55))) for _ in range(2))
    assert first == again


def spoken(*locales: str):
    return [texts("RAW", 3, locale=each) for each in locales]


@pytest.mark.parametrize(
    ("known", "wanted", "found"),
    [
        (("en", "de"), ("de", None, "en"), "de"),
        (("en", "de"), ("de-AT", None, "en"), "de"),
        (("en", "de-CH", "de"), ("de_AT", None, "en"), "de"),
        (("en", "de-CH"), ("de-AT", None, "en"), "de-CH"),
        (("en", "de-CH", "de-AT"), ("de-AT", None, "en"), "de-AT"),
        (("de", "en"), (None, "fr", "en"), "en"),
        (("de", "it"), (None, "fr", "en"), "de"),
        (("en", "de"), ("fr", "de", "en"), "de"),
    ],
)
def test_texts_are_chosen_by_language(known, wanted, found):
    assert known_texts.chosen(spoken(*known), wanted).locale == found
