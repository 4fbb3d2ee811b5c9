"""Results in words: at once where there are texts, later when they come, in other languages."""

import json

import pytest
import time_machine

from tests.services.profile.assessing import ANSWERS, TEST, Taking, built_in, of_mood
from tests.services.profile.conftest import imported


@pytest.fixture
def bring(taking: Taking):
    async def bring(*rows, who="partner"):
        headers = taking.headers(who)
        return await imported(taking.harness, "interpretations", rows, headers=headers)

    return bring


async def test_a_result_is_put_into_words_as_soon_as_it_is_scored(taking, mood, bring, profile):
    await bring(of_mood())

    with time_machine.travel("2026-03-01T10:00:00Z", tick=False):
        session_id = await taking.take("dev", mood, ANSWERS)

    session = await taking.done("dev", "GET", f"/assessments/{session_id}")
    (result,) = await taking.results("dev")
    assert (session["state"], session["interpretedAt"]) == ("INTERPRETED", "2026-03-01T10:00:00Z")
    assert result["report"]["interpretation"] == {
        "textVersion": "1",
        "locale": "en",
        "source": "Ours",
        "introduction": "In en.",
        "interpretedAt": "2026-03-01T10:00:00+00:00",
        "scales": [
            {
                "scale": "CALM",
                "name": "Calm",
                "band": "HIGH",
                "label": "High",
                "text": "Much of it.",
                "certainty": "NOT_KNOWN",
                "note": "Nobody knows how exact it is.",
                "near": [],
            }
        ],
    }
    facts = [e for e in await profile.published() if "assessment" in e["type"]]
    assert [each["payload"]["state"] for each in facts] == ["IN_PROGRESS", "SUBMITTED", "SCORED"]


async def test_without_texts_it_stays_scored_and_says_nothing(taking, mood):
    session_id = await taking.take("dev", mood, ANSWERS)

    session = await taking.done("dev", "GET", f"/assessments/{session_id}")
    (result,) = await taking.results("dev")
    assert (session["state"], session["interpretedAt"]) == ("SCORED", None)
    assert result["report"]["interpretation"] is None


async def test_hr_learns_of_words_no_more_than_that_it_is_handed_in(taking, mood, bring):
    await bring(of_mood())
    body = {"personId": taking.here.people["dev"], "instrumentId": mood}
    planned = await taking.done("partner", "POST", "/assessments", body)
    await taking.done("dev", "POST", "/assessments/start", {"assessmentId": planned["id"]})
    await taking.save("dev", planned["id"], ANSWERS)
    own = await taking.done("dev", "POST", f"/assessments/{planned['id']}/submit")

    seen = await taking.done("partner", "GET", f"/assessments/{planned['id']}")

    assert (own["state"], seen["state"]) == ("INTERPRETED", "SUBMITTED")
    assert seen["interpretedAt"] is None


@pytest.mark.parametrize("code", ["interests-60", "work-values-ranking"])
async def test_what_is_built_in_brings_its_own_words(taking, code):
    instrument = await taking.done("dev", "GET", f"/instruments/{built_in(code)}")
    if code == "interests-60":
        answers = [{"item": item["key"], "value": 5} for item in instrument["items"]]
    else:
        ranked = [scale["code"] for scale in instrument["scales"]]
        answers = [{"item": "order", "ranking": ranked}]
    session_id = await taking.start("dev", built_in(code))
    path = f"/assessments/{session_id}"
    await taking.done("dev", "PATCH", f"{path}/answers", {"answers": answers})

    done = await taking.done("dev", "POST", f"{path}/submit")

    (result,) = await taking.results("dev")
    said = result["report"]["interpretation"]
    bands = [each["band"] for each in said["scales"]]
    strong, order = ["STRONG"] * 6, ["FIRST", "FIRST", "MIDDLE", "MIDDLE", "LATER", "LATER"]
    assert done["state"] == "INTERPRETED"
    assert bands == (strong if code == "interests-60" else order)
    assert {each["certainty"] for each in said["scales"]} == {"NOT_KNOWN"}


async def test_the_big_five_speak_of_traits_and_of_the_preferences_read_off_them(taking):
    instrument_id = built_in("big-five-120")
    instrument = await taking.done("dev", "GET", f"/instruments/{instrument_id}")
    await taking.take("dev", instrument_id, {item["key"]: 3 for item in instrument["items"]})

    found = {each["code"]: each for each in await taking.results("dev")}

    traits, preferences = (found[each]["report"] for each in ("big-five-120", "preferences"))
    by_trait = {each["code"]: each for each in traits["scales"]}
    for said in traits["interpretation"]["scales"]:
        interval = by_trait[said["scale"]]["standardInterval"]
        if interval is None:
            assert (said["certainty"], said["near"]) == ("NOT_KNOWN", [])
            continue
        crossed = [each for each in (45, 55) if interval["low"] < each <= interval["high"]]
        assert len(said["near"]) == len(crossed)
        assert said["certainty"] == ("NEAR_BORDER" if crossed else "CLEAR")
    assert [each["scale"] for each in traits["interpretation"]["scales"]] == [*by_trait]
    assert len(by_trait) == 35
    leaning = {each["code"]: each["leaning"] for each in preferences["preferences"]}
    assert {
        each["scale"]: each["band"] for each in preferences["interpretation"]["scales"]
    } == leaning


async def test_a_skill_tests_words_stand_beside_its_score_for_whom_it_is_shown_to(
    taking, bring, coding
):
    test = await taking.bring(TEST)
    await bring(of_mood(instrument="true-or-false"))
    await taking.take("dev", test, {"q1": 1, "q2": 1, "q3": 0})

    own, to_lead, to_peer = [await taking.results(who, of="dev") for who in ("dev", "lead", "peer")]

    assert own[0]["report"]["interpretation"]["scales"][0]["band"] == "LOW"
    assert to_lead[0]["report"]["interpretation"] == own[0]["report"]["interpretation"]
    assert to_peer == []


async def test_texts_that_come_later_are_asked_for_and_in_another_language(taking, mood, bring):
    session_id = await taking.take("dev", mood, ANSWERS)
    path = f"/assessments/{session_id}/interpret"

    without = await taking.call("dev", "POST", path)
    by_another = await taking.call("lead", "POST", path)
    await bring(of_mood(), of_mood(locale="de"))
    english = await taking.done("dev", "POST", path)
    (first,) = await taking.results("dev")
    await taking.done("dev", "POST", path, {"locale": "de-AT"})
    (second,) = await taking.results("dev")
    await bring(of_mood(version="2", introduction="Newer."))
    await taking.done("dev", "POST", path)
    (third,) = await taking.results("dev")

    assert (without.status_code, by_another.status_code) == (409, 404)
    assert without.json()["type"] == "urn:waymark:problem:no-texts"
    assert english["state"] == "INTERPRETED"
    said = [each["report"]["interpretation"] for each in (first, second, third)]
    assert [(each["textVersion"], each["locale"]) for each in said] == [
        ("1", "en"),
        ("1", "de"),
        ("2", "en"),
    ]
    assert [each["report"]["scales"] for each in (first, second)] == [third["report"]["scales"]] * 2


async def test_what_is_not_handed_in_has_nothing_to_interpret(taking, mood, bring):
    await bring(of_mood())
    session_id = await taking.start("dev", mood)

    refused = await taking.call("dev", "POST", f"/assessments/{session_id}/interpret")

    assert refused.status_code == 409
    assert refused.json()["allowed"] == ["SUBMITTED", "CANCELLED", "EXPIRED"]


async def test_a_version_of_texts_is_brought_once_and_stays_as_it_is(taking, mood, bring):
    first = await bring(of_mood(), of_mood(locale="de"))
    again = await bring(of_mood(), of_mood(locale="de"))
    changed = await bring(of_mood(introduction="Other words."))
    stranger = await bring(of_mood(instrument="nothing"))
    lost = await bring(of_mood("9", scales=[{**of_mood()["scales"][0], "scale": "NO"}]))
    normed = await bring(of_mood("9", scales=[{**of_mood()["scales"][0], "by": "STANDARD"}]))
    for_built_in = await bring(
        of_mood(
            instrument="interests-60",
            locale="de",
            scales=[{**of_mood()["scales"][0], "scale": "R"}],
        )
    )

    statuses = [[each["status"] for each in found] for found in (first, again, for_built_in)]
    assert statuses == [["CREATED"] * 2, ["UNCHANGED"] * 2, ["CREATED"]]
    assert [each["id"] for each in again] == [each["id"] for each in first]
    refused = [found[0]["problem"]["type"] for found in (changed, stranger, lost, normed)]
    assert [each.removeprefix("urn:waymark:problem:") for each in refused] == [
        "texts-are-kept",
        "unknown-instrument",
        "texts-do-not-fit",
        "texts-do-not-fit",
    ]


@pytest.mark.parametrize("who", ["dev", "lead", "hris"])
async def test_texts_are_brought_by_hr_and_administrators(taking, mood, who):
    answer = await taking.harness.client.post(
        "/imports/interpretations", content=json.dumps(of_mood()), headers=taking.headers(who)
    )

    assert answer.status_code == 403


async def test_everybody_reads_what_an_instrument_says(taking, mood, bring):
    await bring(of_mood(), of_mood(version="2", locale="de"))

    found = await taking.done("peer", "GET", f"/instruments/{mood}/interpretations")
    own = await taking.done(
        "peer", "GET", f"/instruments/{built_in('interests-60')}/interpretations"
    )

    assert [(e["texts"]["version"], e["texts"]["locale"], e["builtIn"]) for e in found] == [
        ("2", "de", False),
        ("1", "en", False),
    ]
    assert found[1]["texts"]["scales"][0]["bands"][1]["from"] == 9
    assert [each["builtIn"] for each in own] == [True]
