"""A session from its assignment to its result: saved, resumed, handed in, expired, called off, taken again."""

import time_machine
from sqlalchemy import text

from services.profile.assessments.expiry import expire_due
from shared import clock
from shared.tenancy import Principal
from tests.services.profile.assessing import RATED, Taking, built_in

ANSWERS = {"q1": 4, "q2": 5, "q3": 2}


async def rows(taking: Taking, statement: str, person: str | None = None):
    async with taking.harness.session() as session:
        await session.execute(
            text("SELECT set_config('app.person', :person, true)"),
            {"person": taking.here.people[person] if person else ""},
        )
        return [tuple(row) for row in await session.execute(text(statement))]


async def test_answers_are_saved_bit_by_bit_and_come_back_to_the_person(taking, mood):
    session_id = await taking.start("dev", mood)

    await taking.save("dev", session_id, {"q1": 4})
    await taking.save("dev", session_id, {"q2": 1, "q3": 2})
    await taking.save("dev", session_id, {"q2": 5})
    again = await taking.start("dev", mood)
    read = await taking.done("dev", "GET", f"/assessments/{session_id}")

    assert again == session_id
    assert read["state"] == "IN_PROGRESS"
    assert {each["item"]: each["value"] for each in read["answers"]} == ANSWERS


async def test_an_answer_without_a_value_opens_the_item_again(taking, mood):
    session_id = await taking.start("dev", mood)
    await taking.save("dev", session_id, ANSWERS)

    await taking.done(
        "dev", "PATCH", f"/assessments/{session_id}/answers", {"answers": [{"item": "q1"}]}
    )
    refused = await taking.call("dev", "POST", f"/assessments/{session_id}/submit")

    assert refused.status_code == 422
    assert refused.json()["type"] == "urn:waymark:problem:answers-missing"
    assert [each["pointer"] for each in refused.json()["errors"]] == ["/answers/q1"]


async def test_a_wrong_answer_is_named_and_nothing_is_saved(taking, mood):
    session_id = await taking.start("dev", mood)

    refused = await taking.save("dev", session_id, {"q1": 4, "q2": 9, "no": 1})

    assert refused.status_code == 422
    assert refused.json()["errors"] == [
        {"pointer": "/answers/1", "detail": "Answer with one of 1, 2, 3, 4, 5."},
        {
            "pointer": "/answers/2",
            "detail": "mood 1 has no such item: send only its items' keys.",
        },
    ]
    read = await taking.done("dev", "GET", f"/assessments/{session_id}")
    assert read["answers"] == []


async def test_handing_in_scores_at_once_and_again_changes_nothing(taking, mood, profile):
    session_id = await taking.take("dev", mood, ANSWERS)
    first = await taking.results("dev")

    again = await taking.done("dev", "POST", f"/assessments/{session_id}/submit")

    assert again["state"] == "SCORED"
    assert await taking.results("dev") == first
    (result,) = first
    (calm,) = result["report"]["scales"]
    assert (calm["code"], calm["name"], calm["raw"]) == ("CALM", "Calm", 13.0)
    assert (calm["lowest"], calm["highest"], calm["standard"]) == (3.0, 15.0, None)
    facts = [
        each["type"].split(".")[-2]
        for each in await profile.published()
        if "assessment" in each["type"]
    ]
    assert facts == ["started", "submitted", "scored"]


async def test_facts_carry_ids_code_state_and_the_last_day_alone(taking, mood, profile):
    session_id = await taking.take("dev", mood, ANSWERS)

    facts = [each for each in await profile.published() if "assessment" in each["type"]]

    assert facts[-1]["payload"] == {
        "assessmentId": session_id,
        "personId": taking.here.people["dev"],
        "instrumentCode": "mood",
        "state": "SCORED",
        "assignedById": taking.here.people["dev"],
        "lastOn": None,
    }
    assert {tuple(sorted(each["payload"])) for each in facts} == {
        ("assessmentId", "assignedById", "instrumentCode", "lastOn", "personId", "state")
    }


async def test_it_is_taken_again_after_the_cool_down_and_the_refusal_says_when(taking, mood):
    with time_machine.travel("2026-03-01T10:00:00Z", tick=True):
        await taking.take("dev", mood, ANSWERS)
        refused = await taking.call("dev", "POST", "/assessments/start", {"instrumentId": mood})
    with time_machine.travel("2026-03-31T10:00:00Z", tick=True):
        second = await taking.start("dev", mood)
        read = await taking.done("dev", "GET", f"/assessments/{second}")

    assert refused.status_code == 409
    assert refused.json()["type"] == "urn:waymark:problem:cool-down"
    assert refused.json()["againOn"] == "2026-03-31"
    assert read["attempt"] == 2


async def test_on_the_day_after_its_last_nothing_is_saved_and_the_answers_go(taking, mood):
    with time_machine.travel("2026-03-01T10:00:00Z", tick=True):
        planned = await taking.done(
            "dev", "POST", "/assessments", {"instrumentId": mood, "dueOn": "2026-03-02"}
        )
        await taking.done("dev", "POST", "/assessments/start", {"assessmentId": planned["id"]})
        await taking.save("dev", planned["id"], ANSWERS)
    with time_machine.travel("2026-03-03T00:00:01Z", tick=True):
        late = await taking.save("dev", planned["id"], {"q1": 1})
        handed_in = await taking.call("dev", "POST", f"/assessments/{planned['id']}/submit")
        async with taking.harness.session() as session:
            system = Principal.system(taking.harness.tenant_id, "test")
            assert await expire_due(session, system, today=clock.today()) == 1
        read = await taking.done("dev", "GET", f"/assessments/{planned['id']}")

    assert (late.status_code, handed_in.status_code) == (409, 409)
    assert late.json()["type"] == "urn:waymark:problem:session-is-over"
    assert (read["state"], read["answers"]) == ("EXPIRED", [])
    assert await rows(taking, "SELECT 1 FROM assessments_answers", "dev") == []
    assert await taking.results("dev") == []


async def test_reflections_are_handed_in_and_not_scored(taking):
    session_id = await taking.start("dev", built_in("reflection-five"))
    keys = [
        each["key"]
        for each in (
            await taking.done("dev", "GET", f"/instruments/{built_in('reflection-five')}")
        )["items"]
    ]
    given = [{"item": key, "text": f"About {key}."} for key in keys]
    await taking.done("dev", "PATCH", f"/assessments/{session_id}/answers", {"answers": given})

    handed_in = await taking.done("dev", "POST", f"/assessments/{session_id}/submit")

    assert handed_in["state"] == "SUBMITTED"
    assert await taking.results("dev") == []
    read = await taking.done("dev", "GET", f"/assessments/{session_id}")
    assert [each["text"] for each in read["answers"]] == [f"About {key}." for key in keys]


async def test_an_instrument_that_is_no_longer_in_use_is_not_begun(taking, mood):
    await taking.done("partner", "POST", f"/instruments/{mood}/deprecate")

    refused = await taking.call("dev", "POST", "/assessments/start", {"instrumentId": mood})

    assert refused.status_code == 409
    assert await rows(taking, "SELECT 1 FROM assessments_session") == []


async def test_a_published_version_never_changes(taking, mood):
    from tests.services.profile.conftest import imported

    changed = RATED | {"name": "Four statements", "publish": True}
    (verdict,) = await imported(
        taking.harness, "instruments", [changed], headers=taking.here.as_("partner")
    )

    assert verdict["problem"]["type"] == "urn:waymark:problem:instrument-is-published"
    assert (await taking.done("dev", "GET", f"/instruments/{mood}"))["name"] == "Three statements"


async def test_nothing_of_answers_and_results_stands_in_the_open(taking, mood):
    """Neither in a table as its bytes lie there, nor where the answers of keyed writes are kept."""
    session_id = await taking.start("dev", mood)
    key = {"Idempotency-Key": "once"}
    text_answer = [
        {"item": "q1", "value": 4},
        {"item": "q2", "value": 5},
        {"item": "q3", "value": 2},
    ]
    await taking.done(
        "dev", "PATCH", f"/assessments/{session_id}/answers", {"answers": text_answer}
    )
    await taking.call("dev", "POST", f"/assessments/{session_id}/submit", headers=key)
    await taking.call(
        "dev",
        "POST",
        "/assessments/results",
        {
            "name": "Canary indicator",
            "publisher": "Canary press",
            "kind": "PERSONALITY_TYPE",
            "takenOn": "2026-01-02",
            "typeCode": "CNRY",
        },
        headers={"Idempotency-Key": "twice"},
    )

    kept = await rows(taking, "SELECT convert_from(body, 'UTF8') FROM idempotency_key")
    sealed = await rows(taking, "SELECT sealed::text, scores FROM assessments_result", "dev")
    facts = await rows(
        taking, "SELECT payload::text FROM outbox_event WHERE type LIKE '%assessment%'"
    )

    assert len(kept) == 2
    assert len(sealed) == 2
    for word in ("anary", "CNRY", "CALM", "13.0", "raw", "value"):
        assert not any(word in each for (each,) in kept)
        assert not any(word in each for (each,) in facts)
        assert not any(word.encode().hex() in each for each, _ in sealed)
    assert {scores for _, scores in sealed} == {None}
