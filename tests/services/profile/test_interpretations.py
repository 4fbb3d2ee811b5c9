"""Results in words: at once where there are texts, later when they come, and by counsellors and mentors."""

import json

import pytest
import time_machine
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from tests.services.profile.assessing import TEST, Taking, built_in
from tests.services.profile.conftest import imported

ANSWERS = {"q1": 4, "q2": 5, "q3": 2}
"""Calm: 4 + 5 + (6 - 2) = 13."""
MEANT = "Perhaps you find it easy to wait."


def of_mood(version="1", locale="en", **further):
    low = {"code": "LOW", "label": "Low", "text": "Little of it."}
    high = {"code": "HIGH", "label": "High", "from": 9, "text": "Much of it."}
    return {
        "instrument": "mood",
        "instrumentVersion": "1",
        "version": version,
        "locale": locale,
        "source": "Ours",
        "introduction": f"In {locale}.",
        "nearBorder": "Near {bands}.",
        "notKnown": "Nobody knows how exact it is.",
        "scales": [{"scale": "CALM", "by": "RAW", "bands": [low, high]}],
    } | further


@pytest.fixture
def bring(taking: Taking):
    async def bring(*rows, who="partner"):
        headers = taking.headers(who)
        return await imported(taking.harness, "interpretations", rows, headers=headers)

    return bring


async def share(taking: Taking, result_id: str, who="operator", role="MENTOR"):
    body = {"granteeId": taking.here.people[who], "role": role, "purpose": "To talk."}
    body["until"] = "2099-01-01T00:00:00Z"
    return await taking.done("dev", "POST", f"/assessments/results/{result_id}/shares", body)


async def result_of(taking: Taking, mood: str):
    await taking.take("dev", mood, ANSWERS)
    (result,) = await taking.results("dev")
    return result


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
        crossed = [each for each in (45, 55) if interval["low"] < each <= interval["high"]]
        assert len(said["near"]) == len(crossed)
        assert said["certainty"] == ("NEAR_BORDER" if crossed else "CLEAR")
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


async def test_a_mentor_says_what_a_result_may_mean_and_two_people_read_it(taking, mood, profile):
    result = await result_of(taking, mood)
    path = f"/assessments/results/{result['id']}"
    before = await taking.call("operator", "PUT", f"{path}/interpretation", {"text": MEANT})
    await share(taking, result["id"])
    await share(taking, result["id"], who="admin", role="COUNSELLOR")

    wrote = await taking.call("operator", "PUT", f"{path}/interpretation", {"text": MEANT})
    again = await taking.call("operator", "PUT", f"{path}/interpretation", {"text": f"{MEANT}!"})

    assert (before.status_code, wrote.status_code, again.status_code) == (404, 201, 200)
    assert "text" not in wrote.json()
    assert wrote.json()["id"] == again.json()["id"]
    found = {
        who: await taking.call(who, "GET", f"{path}/interpretations")
        for who in ("dev", "operator", "admin", "lead", "peer", "partner")
    }
    told = {
        who: [e["text"] for e in answer.json()]
        for who, answer in found.items()
        if answer.is_success
    }
    assert told == {"dev": [f"{MEANT}!"], "operator": [f"{MEANT}!"], "admin": []}
    (own,) = found["dev"].json()
    assert (own["role"], own["authorId"]) == ("MENTOR", taking.here.people["operator"])
    (session,) = await taking.done("dev", "GET", "/assessments")
    assert session["state"] == "INTERPRETED"
    async with profile.session() as session:
        for who in ("dev", "operator"):
            me = {"me": taking.here.people[who]}
            await session.execute(text("SELECT set_config('app.person', :me, true)"), me)
            rows = await session.execute(text("SELECT sealed FROM interpretations_confidant"))
            (sealed,) = rows.scalars()
            assert b"easy" not in sealed


async def test_one_interprets_neither_ones_own_result_nor_a_test(taking, mood, coding):
    result = await result_of(taking, mood)
    test = await taking.bring(TEST)
    await taking.take("dev", test, {"q1": 1, "q2": 1, "q3": 0})
    (tested,) = [e for e in await taking.results("dev") if e["code"] == "true-or-false"]

    async def put(who, result_id):
        path = f"/assessments/results/{result_id}/interpretation"
        return await taking.call(who, "PUT", path, {"text": MEANT})

    own, of_test = await put("dev", result["id"]), await put("lead", tested["id"])

    assert (own.status_code, of_test.status_code) == (403, 409)
    assert own.json()["type"] == "urn:waymark:problem:own-result"
    assert of_test.json()["type"] == "urn:waymark:problem:not-for-words-of-others"


async def test_who_is_let_in_no_longer_reads_and_writes_nothing_and_their_words_stay(taking, mood):
    result = await result_of(taking, mood)
    path = f"/assessments/results/{result['id']}"
    consent = await share(taking, result["id"])
    await taking.done("operator", "PUT", f"{path}/interpretation", {"text": MEANT})
    await taking.done("dev", "POST", f"/consents/{consent['id']}/revoke")

    read = await taking.call("operator", "GET", f"{path}/interpretations")
    written = await taking.call("operator", "PUT", f"{path}/interpretation", {"text": "More."})

    assert (read.status_code, written.status_code) == (404, 404)
    (kept,) = await taking.done("dev", "GET", f"{path}/interpretations")
    gone = await taking.call("operator", "DELETE", f"/assessments/interpretations/{kept['id']}")
    assert (kept["text"], gone.status_code) == (MEANT, 404)


@pytest.mark.parametrize("who", ["dev", "operator"])
async def test_the_person_and_the_author_take_it_away(taking, mood, who):
    result = await result_of(taking, mood)
    path = f"/assessments/results/{result['id']}"
    await share(taking, result["id"])
    wrote = await taking.done("operator", "PUT", f"{path}/interpretation", {"text": MEANT})
    place = f"/assessments/interpretations/{wrote['id']}"

    by_others = [await taking.call(each, "DELETE", place) for each in ("lead", "admin", "partner")]
    gone = await taking.done(who, "DELETE", place)

    assert [each.status_code for each in by_others] == [404] * 3
    assert gone == {"id": wrote["id"], "resultId": result["id"]}
    assert await taking.done("dev", "GET", f"{path}/interpretations") == []


async def test_a_result_that_is_removed_takes_the_words_along(taking, mood, profile):
    result = await result_of(taking, mood)
    await share(taking, result["id"])
    path = f"/assessments/results/{result['id']}"
    await taking.done("operator", "PUT", f"{path}/interpretation", {"text": MEANT})

    await taking.done("dev", "DELETE", path)

    async with profile.session() as session:
        me = {"me": taking.here.people["dev"]}
        await session.execute(text("SELECT set_config('app.person', :me, true)"), me)
        left = await session.scalar(text("SELECT count(*) FROM interpretations_confidant"))
    assert left == 0


async def test_another_publishers_report_is_interpreted_too(taking):
    report = {
        "name": "Type finder",
        "publisher": "Somebody",
        "kind": "PERSONALITY_TYPE",
        "takenOn": "2026-01-02",
    }
    kept = await taking.done("dev", "POST", "/assessments/results", report)
    await share(taking, kept["id"], role="COUNSELLOR")
    path = f"/assessments/results/{kept['id']}/interpretation"

    wrote = await taking.done("operator", "PUT", path, {"text": MEANT})

    assert wrote["role"] == "COUNSELLOR"


async def test_reading_anothers_words_is_noted(taking, mood):
    result = await result_of(taking, mood)
    await share(taking, result["id"])
    path = f"/assessments/results/{result['id']}/interpretations"

    await taking.done("operator", "GET", path)

    dev = taking.here.people["dev"]
    log = await taking.done("dev", "GET", f"/people/{dev}/access-log")
    assert (log[0]["what"], log[0]["via"]) == ("ASSESSMENT_RESULTS", "CONSENT")


WRITE = text(
    "INSERT INTO interpretations_confidant VALUES"
    " (:tenant, gen_random_uuid(), :result, :person, :author, 'MENTOR', '', now(), now())"
)


@pytest.mark.parametrize(
    ("who", "author", "may"),
    [
        ("operator", "operator", True),
        ("operator", "admin", False),
        ("admin", "admin", False),
        ("admin", "operator", False),
        ("lead", "lead", False),
        ("dev", "operator", False),
    ],
)
async def test_the_rows_themselves_let_nobody_write_but_whom_the_person_let_in(
    taking, mood, profile, who, author, may
):
    """By hand, with no rule of the application in between."""
    result = await result_of(taking, mood)
    await share(taking, result["id"])
    people = taking.here.people
    row = {"result": result["id"], "person": people["dev"], "author": people[author]}

    async with profile.session() as session:
        me = {"me": people[who]}
        await session.execute(text("SELECT set_config('app.person', :me, true)"), me)
        wrote = await written(session, row | {"tenant": profile.tenant_id})

    assert wrote is may


async def written(session, row) -> bool:
    try:
        async with session.begin_nested():
            await session.execute(WRITE, row)
    except ProgrammingError as refused:
        if "row-level security" in str(refused):
            return False
        raise
    return True


async def test_nobody_changes_what_another_wrote(taking, mood, profile):
    result = await result_of(taking, mood)
    await share(taking, result["id"])
    path = f"/assessments/results/{result['id']}/interpretation"
    await taking.done("operator", "PUT", path, {"text": MEANT})
    counts = {}
    for who in ("dev", "operator", "admin", "lead", "peer"):
        async with profile.session() as session:
            me = {"me": taking.here.people[who]}
            await session.execute(text("SELECT set_config('app.person', :me, true)"), me)
            changed = await session.execute(
                text("UPDATE interpretations_confidant SET updated_at = now()")
            )
            seen = await session.execute(text("SELECT 1 FROM interpretations_confidant"))
            counts[who] = (changed.rowcount, len(seen.all()))

    assert counts == {
        "dev": (0, 1),
        "operator": (1, 1),
        "admin": (0, 0),
        "lead": (0, 0),
        "peer": (0, 0),
    }
