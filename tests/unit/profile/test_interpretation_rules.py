"""From scores to words: which band, how certain, and what contradicts itself."""

import json
from typing import Any

import pytest
from pydantic import ValidationError

from services.profile.assessments.figures import percentile
from services.profile.interpretations import known_texts
from services.profile.interpretations.rules import interpret
from services.profile.interpretations.texts import InterpretationTexts
from tests.unit.profile.assessment_instruments import bundled, made


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
