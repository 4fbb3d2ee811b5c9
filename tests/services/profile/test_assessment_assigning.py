"""HR asks people to take an instrument, and learns of what is for guidance that it is done or not, and no more."""

import pytest
import time_machine

from services.profile.assessments.expiry import expire_due
from shared import clock
from shared.tenancy import Principal
from tests.services.profile.assessing import TEST, Taking

ANSWERS = {"q1": 4, "q2": 5, "q3": 2}


async def asked(taking: Taking, instrument_id: str, **further):
    body = {"personId": taking.here.people["dev"], "instrumentId": instrument_id, **further}
    return await taking.call("partner", "POST", "/assessments", body)


async def seen_by_hr(taking: Taking):
    query = f"?personId={taking.here.people['dev']}"
    return await taking.done("partner", "GET", f"/assessments{query}")


@pytest.mark.parametrize(
    ("who", "status"),
    [("partner", 201), ("dev", 201), ("lead", 403), ("admin", 403), ("peer", 403), ("hris", 404)],
)
async def test_the_person_and_their_hr_partner_assign(taking, mood, who, status):
    body = {"personId": taking.here.people["dev"], "instrumentId": mood}

    answer = await taking.call(who, "POST", "/assessments", body)

    assert answer.status_code == status
    found = await taking.done("dev", "GET", "/assessments")
    assert len(found) == (1 if status == 201 else 0)


async def test_hr_cannot_tell_who_began_from_who_did_not(taking, mood):
    session_id = (await asked(taking, mood, dueOn="2099-12-31")).json()["id"]
    before = await seen_by_hr(taking)

    await taking.done("dev", "POST", "/assessments/start", {"assessmentId": session_id})
    await taking.save("dev", session_id, ANSWERS)

    assert await seen_by_hr(taking) == before
    (seen,) = before
    hidden = ("attempt", "lastOn", "startedAt", "submittedAt", "scoredOn")
    assert (seen["state"], [seen[name] for name in hidden]) == ("ASSIGNED", [None] * 5)
    one = await taking.done("partner", "GET", f"/assessments/{session_id}")
    assert one == seen
    assert "answers" not in one


async def test_what_is_handed_in_is_submitted_and_nothing_else(taking, mood):
    session_id = (await asked(taking, mood)).json()["id"]
    await taking.done("dev", "POST", "/assessments/start", {"assessmentId": session_id})
    await taking.save("dev", session_id, ANSWERS)
    own = await taking.done("dev", "POST", f"/assessments/{session_id}/submit")

    (seen,) = await seen_by_hr(taking)

    assert (own["state"], seen["state"]) == ("SCORED", "SUBMITTED")
    assert await taking.results("partner", "dev") == []


async def test_who_declines_looks_like_who_had_no_time(taking, mood):
    with time_machine.travel("2026-03-01T10:00:00Z", tick=True):
        session_id = (await asked(taking, mood, dueOn="2026-12-31")).json()["id"]
        before = await seen_by_hr(taking)
        await taking.done("dev", "POST", f"/assessments/{session_id}/cancel")

        assert await seen_by_hr(taking) == before
        again = await asked(taking, mood, dueOn="2026-12-31")
        called_off = await taking.done("partner", "POST", f"/assessments/{session_id}/cancel")

    assert again.json()["type"] == "urn:waymark:problem:already-assigned"
    assert called_off["state"] == "CANCELLED"


async def test_hr_learns_of_nothing_that_somebody_takes_on_their_own(taking, mood):
    await taking.start("dev", mood)

    answer = await asked(taking, mood)

    assert answer.status_code == 201
    assert [each["id"] for each in await seen_by_hr(taking)] == [answer.json()["id"]]
    refused = await taking.call(
        "dev", "POST", "/assessments/start", {"assessmentId": answer.json()["id"]}
    )
    assert refused.json()["type"] == "urn:waymark:problem:already-under-way"


async def test_what_hr_calls_off_leaves_no_answers(taking, mood):
    session_id = (await asked(taking, mood)).json()["id"]
    await taking.done("dev", "POST", "/assessments/start", {"assessmentId": session_id})
    await taking.save("dev", session_id, ANSWERS)

    await taking.done("partner", "POST", f"/assessments/{session_id}/cancel")

    read = await taking.done("dev", "GET", f"/assessments/{session_id}")
    assert (read["state"], read["answers"]) == ("CANCELLED", [])
    again = await taking.call("dev", "POST", f"/assessments/{session_id}/cancel")
    assert again.json()["type"] == "urn:waymark:problem:state-transition"


@pytest.mark.parametrize("who", ["lead", "head", "admin", "peer", "hris"])
async def test_others_see_no_session(taking, mood, who):
    session_id = (await asked(taking, mood)).json()["id"]
    person = taking.here.people["dev"]

    one = await taking.call(who, "GET", f"/assessments/{session_id}")
    listed = await taking.call(who, "GET", f"/assessments?personId={person}")
    saved = await taking.save(who, session_id, ANSWERS)

    assert (one.status_code, listed.json(), saved.status_code) == (404, [], 404)


async def test_hr_saves_and_hands_in_nothing_for_others(taking, mood):
    session_id = (await asked(taking, mood)).json()["id"]

    answers = [
        await taking.save("partner", session_id, ANSWERS),
        await taking.call("partner", "POST", "/assessments/start", {"assessmentId": session_id}),
        await taking.call("partner", "POST", f"/assessments/{session_id}/submit"),
    ]

    assert [each.status_code for each in answers] == [404, 404, 404]


async def test_a_skill_test_shows_its_score_to_manager_and_hr_but_not_its_items(taking, coding):
    test = await taking.bring(TEST)
    session_id = await taking.take("dev", test, {"q1": 1, "q2": 1, "q3": 1})
    seen = {}
    for who in ("dev", "lead", "head", "partner", "admin", "peer", "operator"):
        found = await taking.results(who, "dev")
        seen[who] = [each["report"]["scales"][0]["raw"] for each in found]

    assert seen == {
        "dev": [2.0],
        "lead": [2.0],
        "partner": [2.0],
        "head": [],
        "admin": [],
        "peer": [],
        "operator": [],
    }
    one = await taking.call("lead", "GET", f"/assessments/{session_id}")
    instrument = await taking.done("dev", "GET", f"/instruments/{test}")
    assert one.status_code == 404
    assert instrument["scales"][0]["reversedItems"] is None
    (result,) = await taking.results("lead", "dev")
    assert result["report"]["flags"] == []


@pytest.mark.parametrize(
    ("answers", "level", "polarity"),
    [
        ({"q1": 1, "q2": 1, "q3": 0}, 4.0, "POSITIVE"),
        ({"q1": 1, "q2": 1, "q3": 1}, 2.5, "POSITIVE"),
        ({"q1": 1, "q2": 0, "q3": 1}, 1.0, "NEGATIVE"),
        ({"q1": 0, "q2": 0, "q3": 1}, 0.0, "NEGATIVE"),
    ],
)
async def test_a_skill_test_becomes_evidence_negative_where_it_was_failed(
    taking, coding, answers, level, polarity
):
    await taking.take("dev", await taking.bring(TEST), answers)

    person = taking.here.people["dev"]
    (said,) = await taking.done("lead", "GET", f"/skills/assertions?personId={person}")
    (known,) = await taking.done("lead", "GET", f"/skills/levels?personId={person}")

    assert (said["source"], said["state"]) == ("ASSESSMENT", "CONFIRMED")
    assert (said["level"], said["polarity"], said["skillId"]) == (level, polarity, coding)
    assert known["level"] == level


async def test_the_tested_take_no_test_back(taking, coding):
    await taking.take("dev", await taking.bring(TEST), {"q1": 0, "q2": 0, "q3": 1})
    person = taking.here.people["dev"]
    (said,) = await taking.done("dev", "GET", f"/skills/assertions?personId={person}")
    (result,) = await taking.results("dev")

    retracted = await taking.call(
        "dev", "POST", f"/skills/assertions/{said['id']}/retract", {"reason": "Not my day."}
    )
    removed = await taking.call("dev", "DELETE", f"/assessments/results/{result['id']}")

    assert (retracted.status_code, removed.status_code) == (403, 403)


async def test_what_is_not_begun_by_its_last_day_expires(taking, mood, profile):
    with time_machine.travel("2026-03-01T10:00:00Z", tick=True):
        await asked(taking, mood, dueOn="2026-03-01")
    with time_machine.travel("2026-03-02T00:00:01Z", tick=True):
        async with profile.session() as session:
            system = Principal.system(profile.tenant_id, "test")
            assert await expire_due(session, system, today=clock.today()) == 1
            assert await expire_due(session, system, today=clock.today()) == 0
        (own,) = await taking.done("dev", "GET", "/assessments")

    assert own["state"] == "EXPIRED"
    facts = [each for each in await profile.published() if "assessment" in each["type"]]
    assert [each["type"].split(".")[-2] for each in facts] == ["assigned", "expired"]
    assert facts[-1]["payload"]["state"] == "EXPIRED"
