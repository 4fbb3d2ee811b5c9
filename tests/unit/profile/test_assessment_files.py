"""Files of instruments: ours, O*NET's and IPIP's."""

import json

import pytest

from services.profile.assessments.importing_files import (
    UnreadableInstrument,
    instruments_in,
    lines_in,
)
from services.profile.assessments.instruments import Aggregator, Instrument, Kind
from tests.unit.profile.assessment_instruments import LETTERS, made, score, written

VALUES = (
    "ACHIEVEMENT",
    "WORKING_CONDITIONS",
    "RECOGNITION",
    "RELATIONSHIPS",
    "SUPPORT",
    "INDEPENDENCE",
)


@pytest.fixture
def file(data):
    return lambda name: (data / "instruments" / name).read_text()


@pytest.mark.parametrize(
    ("name", "code", "each_area"),
    [
        ("onet_interest_profiler_sf60.json", "onet-ip-sf-60", 10),
        ("onet_mini_ip_30.json", "onet-mini-ip-30", 5),
    ],
)
def test_the_interest_profiler_is_scored_from_none_as_its_publisher_does(
    file, name, code, each_area
):
    (instrument,) = instruments_in(file(name))
    answers = {item.key: 5 for item in instrument.items}

    result = score(instrument, answers)

    assert (instrument.code, instrument.kind, instrument.normed) == (code, Kind.INTEREST, False)
    assert [each.code for each in result.scales] == list(LETTERS)
    assert {(each.raw, each.lowest, each.highest) for each in result.scales} == {
        (4.0 * each_area, 0.0, 4.0 * each_area)
    }
    assert "U.S. Department of Labor" in instrument.licence.notice


def test_a_profile_on_the_short_form_gives_its_code(file):
    (instrument,) = instruments_in(file("onet_interest_profiler_sf60.json"))
    likes = {"R": 1, "I": 5, "A": 4, "S": 3, "E": 1, "C": 2}
    of_item = {each.key: scale.code for scale in instrument.scales for each in scale.items}

    result = score(instrument, {key: likes[letter] for key, letter in of_item.items()})

    assert result.interest_code.text == "IAS"
    assert [each.raw for each in result.scales] == [0.0, 40.0, 30.0, 20.0, 0.0, 10.0]


def test_needs_become_six_values_that_weigh_the_same_however_many_needs_they_have(file):
    (instrument,) = instruments_in(file("onet_work_values_needs.json"))

    result = score(instrument, {item.key: 4 for item in instrument.items})

    assert [(each.code, each.items) for each in result.scales] == list(
        zip(VALUES, (2, 6, 4, 3, 3, 3), strict=True)
    )
    assert {each.raw for each in result.scales} == {4.0}
    assert {each.aggregator for each in instrument.scales} == {Aggregator.MEAN}
    assert result.values.tiers == (VALUES,)
    assert result.values.consistency is None


def test_the_fifty_markers_are_two_instruments_with_one_key(file):
    self, observer = instruments_in(file("ipip_bfm_50_self_observer.json"))

    assert (self.code, observer.code) == ("ipip-bfm-50", "ipip-bfm-50-observer")
    assert self.items[0].text == "Am the life of the party."
    assert observer.items[0].text == "Is the life of the party."
    assert self.scales == observer.scales
    assert [each.code for each in self.scales] == ["E", "A", "C", "ES", "I"]
    assert {len(each.items) for each in self.scales} == {10}


def test_the_markers_are_summed_from_ten_to_fifty_with_reversed_items(file):
    self, _ = instruments_in(file("ipip_bfm_50_self_observer.json"))
    stored = json.loads(file("ipip_bfm_50_self_observer.json"))["items"]
    answers = {f"q{each['index']:02d}": 5 if each["keyed"] == "+" else 1 for each in stored}

    result = score(self, answers)

    assert {(each.raw, each.lowest, each.highest) for each in result.scales} == {(50.0, 10.0, 50.0)}


def test_the_ipip_neo_has_five_traits_and_thirty_facets(file):
    (instrument,) = instruments_in(file("questions.json"))

    assert (instrument.code, len(instrument.items)) == ("ipip-neo-120", 120)
    assert [len(each.items) for each in instrument.scales] == [24] * 5 + [4] * 30
    assert not instrument.normed


def test_our_own_form_reads_back():
    instrument = made()

    assert instruments_in(instrument.model_dump_json(by_alias=True)) == [instrument]


def test_a_line_for_the_door_is_to_be_published_unless_the_file_says_otherwise():
    (line,) = lines_in(json.dumps(written()))
    (draft,) = lines_in(json.dumps(written(publish=False)))

    assert line.pop("publish") is True
    assert draft.pop("publish") is False
    assert Instrument.model_validate(line) == Instrument.model_validate(draft) == made()


def test_what_a_skill_test_measures_goes_along_as_it_is():
    measures = [{"scale": "CALM", "frameworkKey": "f", "skillCode": "s"}]

    (line,) = lines_in(json.dumps(written(kind="SKILL_TEST", measures=measures)))

    assert line["measures"] == measures


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('{"code": ', "line 1, column 10: this is no JSON"),
        ("3", "this is neither Waymark's form of an instrument"),
        ("{}", "this is neither Waymark's form of an instrument"),
        ('{"code": "x", "kind": "INTEREST"}', "version: is missing: add it; name: is missing"),
        ("[]", "items: there are none"),
        ('[{"text": "Sing", "keyed": "plus", "domain": "X", "facet": 1}]', "[0].domain: input"),
        (
            '{"id": "x", "title": "t", "license": "l", "items": [{"index": 1, "area": "Magical", "text": "t"}]}',
            "items[0].area: input should be 'Realistic'",
        ),
        (
            '{"id": "x", "title": "t", "items": [{"index": 1, "factor": "E", "keyed": "?", "self": "s"}]}',
            "items[0].keyed: input should be '+' or '-'; items[0].observer: is missing: add it",
        ),
        ('{"id": "x", "license": "l", "values": {}}', "values: dictionary should have at least 2"),
    ],
)
def test_a_file_that_is_none_is_refused_with_the_place_and_the_fix(text, sentence):
    with pytest.raises(UnreadableInstrument) as refused:
        instruments_in(text)

    assert str(refused.value).startswith(sentence)
