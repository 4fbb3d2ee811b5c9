"""What an instrument must be, and what those that come with Waymark are."""

import json
from itertools import groupby

import pytest
from pydantic import ValidationError

from services.profile.assessments import registry
from services.profile.assessments.instruments import (
    GUIDANCE_KINDS,
    Instrument,
    Kind,
    PurposeLock,
    sentences,
)
from tests.unit.profile.assessment_instruments import LETTERS, bundled, options, written

BUILT_IN = [each.instrument for each in registry.built_in().values()]
TRAITS = "NEOAC"


def refusals(**changes):
    with pytest.raises(ValidationError) as refused:
        Instrument.model_validate(written(**changes))
    return sentences(refused.value)


def scale(**changes):
    return {"code": "CALM", "name": "Calm", "items": [{"key": "q1"}]} | changes


def item(**changes):
    return {"key": "q1", "text": "?"} | changes


ALONE = {"normGroups": [], "normed": False, "defaultNormGroup": None, "reliability": []}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"scales": [scale(items=[{"key": "q99"}])]} | ALONE,
            "scales[0].items[0].key: 'q99' is no item: add the item or correct the key",
        ),
        (
            {"scales": [scale(), scale()]} | ALONE,
            "scales: the code 'CALM' stands there 2 times: give each its own",
        ),
        (
            {"items": [item(), item()], "scales": [scale()]} | ALONE,
            "items: the key 'q1' stands there 2 times: give each its own",
        ),
        (
            {"scales": [scale(items=[])]} | ALONE,
            "scales[0].items: there are none: name the items that it is made of",
        ),
        (
            {"scales": [scale(parent="NONE")]} | ALONE,
            "scales[0].parent: 'NONE' is no other scale: correct the code",
        ),
        (
            {"scales": [scale(aggregator="WINS")]} | ALONE,
            "scales[0].items[0].key: WINS needs a PAIR item, 'q1' is a RATING",
        ),
        (
            {"response": options(3)},
            "response.options: rated items need at least two: name value and label of each",
        ),
        (
            {"response": options(1, 2, 2)},
            "response.options: the value '2' stands there 2 times: give each its own",
        ),
        (
            {"items": [item(form="PAIR", choices=["CALM"])], "scales": [scale(aggregator="WINS")]}
            | ALONE,
            "items[0].choices: a PAIR has exactly two choices, not 1: name two scales",
        ),
        (
            {"items": [item(form="TEXT", choices=["CALM"])], "scales": []} | ALONE,
            "items[0].choices: 'CALM' is no scale: add the scale or correct the code",
        ),
        (
            {"defaultNormGroup": "MEN"},
            "defaultNormGroup: 'MEN' is no norm group: name one of normGroups",
        ),
        ({"normed": False}, "normed: it has normGroups: say true"),
        (
            {"normGroups": [], "defaultNormGroup": None},
            "normed: it has no normGroups: give them or say false",
        ),
        (
            {"reliability": [{"scale": "NONE", "alpha": 0.8, "source": "?"}]},
            "reliability[0].scale: 'NONE' is no scale: add the scale or correct the code",
        ),
        (
            {"items": [], "scales": []} | ALONE,
            "items: there are none: give items, a derivation, or licence.externalOnly",
        ),
        (
            {
                "licence": {
                    "spdxOrText": "Proprietary",
                    "bundled": True,
                    "externalOnly": True,
                    "notice": "?",
                }
            },
            "licence.bundled: what is external only cannot be bundled: say false",
        ),
    ],
)
def test_what_contradicts_itself_is_named_with_its_place_and_the_fix(changes, sentence):
    assert sentence in refusals(**changes)


@pytest.mark.parametrize("kind", sorted(GUIDANCE_KINDS))
def test_what_is_for_guidance_cannot_be_unlocked(kind):
    assert refusals(kind=kind, purposeLock="ASSESSMENT") == [
        f"purposeLock: {kind} serves the person's own guidance alone: say GUIDANCE_ONLY"
    ]


def test_several_faults_are_told_at_once():
    assert refusals(items=[item(text=""), {"text": "?"}], colour="red") == [
        "items[0].text: string should have at least 1 character",
        "items[1].key: is missing: add it",
        "colour: is unknown here: leave it out",
    ]


def test_a_skill_test_may_be_an_assessment():
    found = Instrument.model_validate(written(kind="SKILL_TEST", purposeLock="ASSESSMENT"))

    assert found.purpose_lock is PurposeLock.ASSESSMENT


def test_an_instrument_reads_back_as_it_was_written():
    for instrument in BUILT_IN:
        assert (
            Instrument.model_validate_json(instrument.model_dump_json(by_alias=True)) == instrument
        )


@pytest.mark.parametrize("instrument", BUILT_IN, ids=lambda each: each.code)
def test_what_comes_along_is_for_guidance_alone_and_names_licence_and_source(instrument):
    assert instrument.purpose_lock is PurposeLock.GUIDANCE_ONLY
    assert instrument.licence.notice
    assert instrument.source
    assert instrument.normed_note


def test_these_instruments_come_along():
    assert {each.code: (each.kind, len(each.items)) for each in BUILT_IN} == {
        "big-five-120": (Kind.PERSONALITY_TRAIT, 120),
        "cliftonstrengths": (Kind.PERSONALITY_TRAIT, 0),
        "hogan-hpi": (Kind.PERSONALITY_TRAIT, 0),
        "interests-60": (Kind.INTEREST, 60),
        "mbti": (Kind.PERSONALITY_TYPE, 0),
        "preferences": (Kind.WORK_PREFERENCE, 0),
        "reflection-five": (Kind.REFLECTION, 5),
        "strong": (Kind.INTEREST, 0),
        "work-values-pairs": (Kind.VALUES, 15),
        "work-values-ranking": (Kind.VALUES, 1),
    }


def test_what_its_publisher_administers_is_recorded_only():
    external = {each.code for each in BUILT_IN if each.licence.external_only}

    assert external == {"mbti", "strong", "cliftonstrengths", "hogan-hpi"}


def test_what_is_our_own_bears_nobodys_trademark():
    own = [each for each in BUILT_IN if not each.licence.external_only]
    marks = ("MBTI", "Myers", "Strong Interest", "CliftonStrengths", "Hogan", "16 types")

    assert not [mark for each in own for mark in marks if mark in each.model_dump_json()]


def test_interests_are_balanced_and_take_turns():
    items = bundled("interests-60").items

    assert [item.key[0] for item in items] == list(LETTERS) * 10
    assert len({item.text for item in items}) == 60
    assert not [1 for _, run in groupby(item.key[0] for item in items) if len(list(run)) > 1]
    assert not bundled("interests-60").normed


def test_our_interests_are_worded_by_ourselves(data):
    theirs = {
        each["text"].casefold()
        for name in ("onet_interest_profiler_sf60.json", "onet_mini_ip_30.json")
        for each in json.loads((data / "instruments" / name).read_text())["items"]
    }

    assert not theirs & {item.text.casefold() for item in bundled("interests-60").items}


def test_the_big_five_are_the_public_items_with_their_keys(data):
    theirs = json.loads((data / "instruments" / "questions.json").read_text())
    instrument = bundled("big-five-120")

    assert [item.text for item in instrument.items] == [each["text"] for each in theirs]
    for trait in TRAITS:
        keyed = {each.key: each.reversed for each in instrument.scale(trait).items}
        assert keyed == {
            f"q{at:03d}": each["keyed"] == "minus"
            for at, each in enumerate(theirs, start=1)
            if each["domain"] == trait
        }


def test_a_trait_is_made_of_its_six_facets_of_four_items():
    instrument = bundled("big-five-120")

    for trait in TRAITS:
        facets = [each for each in instrument.scales if each.parent == trait]
        assert [len(each.items) for each in facets] == [4] * 6
        assert {each.key for facet in facets for each in facet.items} == {
            each.key for each in instrument.scale(trait).items
        }
    assert len(instrument.norm_groups) == 13
    assert {len(group.norms) for group in instrument.norm_groups} == {35}


def test_the_traits_reliability_is_a_lower_bound_that_follows_from_the_norms():
    instrument = bundled("big-five-120")
    stated = {each.scale: each.alpha for each in instrument.reliability}

    for trait in TRAITS:
        found = []
        for group in instrument.norm_groups:
            if not group.code.startswith("ALL"):
                sd = {norm.scale: norm.sd for norm in group.norms}
                parts = sum(sd[f"{trait}{facet}"] ** 2 for facet in range(1, 7))
                found.append(6 / 5 * (1 - parts / sd[trait] ** 2))
        assert len(found) == 8
        assert stated[trait] == round(sum(found) / 8, 2)
