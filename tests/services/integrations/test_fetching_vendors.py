"""Each vendor's API as it is asked for one thing, and what becomes of the answer."""

import pytest

from .fetching import sourced
from .learning_vendors import Learning360, Moodle
from .vending import Fault, serving
from .vendors import HiBob, Personio


def said(row, *names):
    return {name: row["payload"][name] for name in names}


async def test_hibob_is_searched_for_the_employee_with_the_words_that_people_read(integrations):
    vendor = HiBob()
    vendor.hire("31", reportsTo={"id": "7", "displayName": "Boss"})
    with serving(vendor):
        hris = await sourced(integrations, vendor, "HIBOB")
        hint = {"type": "employee.updated", "triggeredAt": "2026-11-20T09:00:00Z"}
        await hris.hint(hint | {"data": {"employeeId": "31", "fieldUpdates": []}})
        table = {"type": "table.entry.updated", "triggeredAt": "2026-11-20T09:00:00Z"}
        await hris.hint(table | {"data": {"employeeId": "31", "tableId": "work"}}, name="t")
        await hris.tick()

    assert vendor.paths == ["/v1/people/search"]
    assert vendor.asked[0].told["filters"] == [
        {"fieldPath": "root.id", "operator": "equals", "values": ["31"]}
    ]
    assert vendor.asked[0].told["humanReadable"] == "APPEND"
    (person,), (job,) = await hris.told("person"), await hris.told("employment")
    assert said(person, "displayName", "hireDate", "workEmail") == {
        "displayName": "Bo 31",
        "hireDate": "2024-02-01",
        "workEmail": "b31@acme.example",
    }
    assert said(job, "roleTitle", "orgUnitKey", "manager") == {
        "roleTitle": "Designer",
        "orgUnitKey": "77",
        "manager": {"externalId": "7", "email": None},
    }
    assert await hris.states() == ["DONE", "DONE"]


async def test_hibob_says_who_has_left_and_when(integrations):
    vendor = HiBob()
    vendor.hire("31")
    vendor.employees["31"]["internal"] = {"status": "Inactive", "terminationDate": "2026-10-31"}
    with serving(vendor):
        hris = await sourced(integrations, vendor, "HIBOB")
        await hris.want("person", "31")
        await hris.tick()

    (left,) = await hris.told("person.terminated")
    assert left["payload"]["terminationDate"] == "2026-10-31"


async def test_personio_is_asked_for_the_person_and_the_employments_with_one_token(integrations):
    vendor = Personio()
    vendor.hire("5", status="LEAVE", type="EXTERNAL")
    vendor.hire("6")
    with serving(vendor):
        hris = await sourced(integrations, vendor, "PERSONIO")
        hint = {"event_name": "employment.updated", "occurred_at": "2026-11-20T09:00:00Z"}
        await hris.hint(hint | {"payload": {"id": "job-5", "person": {"id": "5"}}})
        await hris.hint(
            hint | {"event_name": "person.updated", "payload": {"person_id": "6"}}, name="p"
        )
        await hris.tick()

    assert vendor.paths == [
        "/v2/persons/5",
        "/v2/persons/5/employments",
        "/v2/persons/6",
        "/v2/persons/6/employments",
    ]
    assert vendor.tokens == 1
    told = {row["payload"]["person"]["externalId"]: row for row in await hris.told("employment")}
    assert said(told["5"], "roleTitle", "orgUnitKey", "employmentType", "manager") == {
        "roleTitle": "Clerk",
        "orgUnitKey": "9",
        "employmentType": "CONTRACTOR",
        "manager": {"externalId": "1", "email": None},
    }
    people = {row["payload"]["displayName"]: row["payload"] for row in await hris.told("person")}
    assert {name: each["status"] for name, each in people.items()} == {
        "Pe 5": "ON_LEAVE",
        "Pe 6": "ACTIVE",
    }


async def test_a_token_that_is_refused_is_renewed_once(integrations):
    vendor = Personio()
    vendor.hire("5")
    with serving(vendor):
        hris = await sourced(integrations, vendor, "PERSONIO")
        await hris.want("person", "5")
        await hris.tick()
        vendor.token = "another one by now"
        vendor.hire("5", position={"title": "Head"})
        await hris.want("person", "5")
        await hris.tick()

    assert (vendor.tokens, await hris.states()) == (2, ["DONE", "DONE"])
    assert len(await hris.told("employment")) == 2


async def test_wrong_credentials_pause_the_connection_and_say_so(integrations):
    vendor = Personio()
    vendor.hire("5")
    with serving(vendor):
        hris = await sourced(integrations, vendor, "PERSONIO")
        await hris.set_up(secret="a wrong one")
        await hris.want("person", "5")
        await hris.tick()
        shown = (await hris.call("GET", f"/connections/{hris.lms.id}/fetching")).json()
        await hris.set_up()
        await hris.hurry()
        await hris.tick()

    assert shown["problem"] == "The source refuses the credentials."
    assert await hris.states() == ["DONE"]


async def test_an_employment_without_its_person_cannot_be_asked_for(integrations):
    vendor = Personio()
    with serving(vendor):
        hris = await sourced(integrations, vendor, "PERSONIO")
        await hris.want("employment", "job-5")
        await hris.tick()

    assert await hris.states() == ["DEAD"]
    assert vendor.asked == []


async def test_360learning_is_asked_for_the_learners_of_a_session_page_by_page(integrations):
    vendor = Learning360()
    vendor.learners["p1/sessions/s1"] = [
        {"userId": "a", "completedAt": None},
        {"userId": "b", "completedAt": "2026-11-01T10:00:00.000Z"},
        {"userId": "c"},
    ]
    hint = {
        "type": "path.session.users.enrolled",
        "timestamp": "2026-11-20T09:00:00Z",
        "data": {"pathId": "p1", "sessionId": "s1"},
    }
    with serving(vendor):
        lms = await sourced(integrations, vendor, "360LEARNING")
        await lms.hint(hint)
        await lms.tick()
        vendor.learners["p1/sessions/s1"].append({"userId": "d"})
        await lms.hint(hint, name="again")
        await lms.tick()

    assert vendor.paths == ["/api/v2/paths/p1/sessions/s1/user-stats"] * 4
    told = [(row["type"], row["payload"]["person"]["externalId"]) for row in await lms.told()]
    enrolled = "waymark.integrations.learning.enrolled.v1"
    assert sorted(told[:3], key=str) == [
        ("waymark.integrations.learning.completed.v1", "b"),
        (enrolled, "a"),
        (enrolled, "c"),
    ]
    assert told[3:] == [(enrolled, "d")]


async def test_moodle_is_asked_for_the_badge_by_its_number(integrations):
    vendor = Moodle()
    vendor.badges["8"] = [
        {"id": 3, "name": "Older", "dateissued": 1700000000, "uniquehash": "aa"},
        {"id": 4, "name": "Pilot", "issuername": "Acme", "dateissued": 1790000000,
         "dateexpire": None, "uniquehash": "bb"},
    ]  # fmt: skip
    hint = {"eventname": r"\core\event\badge_awarded", "timecreated": 1790000001, "objectid": 4}
    with serving(vendor):
        lms = await sourced(integrations, vendor, "MOODLE")
        await lms.hint(hint | {"relateduserid": 8})
        await lms.want("badge", "8/99")
        await lms.tick()

    assert sorted(await lms.states()) == ["DONE", "GONE"]
    (issued,) = await lms.told()
    assert said(issued, "credential", "issuedOn", "expiresOn") == {
        "credential": {"externalId": "bb", "type": "BADGE", "name": "Pilot", "issuer": "Acme"},
        "issuedOn": "2026-09-21",
        "expiresOn": None,
    }


async def test_moodle_refuses_a_token_with_200(integrations):
    vendor = Moodle()
    with serving(vendor):
        lms = await sourced(integrations, vendor, "MOODLE")
        await lms.set_up(secret="a wrong one")
        await lms.want("badge", "8/4")
        await lms.tick()

    (row,) = await lms.fetch_backs()
    assert (row["state"], row["reason"], row["tries"]) == (
        "WAITING",
        "The site refuses the call.",
        0,
    )


@pytest.mark.parametrize("body", [b"[]", b'{"employees": {}}', b'{"employees": [{}]}', b"null"])
async def test_an_answer_of_another_shape_is_a_failure_and_not_somebody_gone(integrations, body):
    vendor = HiBob()
    with serving(vendor):
        hris = await sourced(integrations, vendor, "HIBOB")
        vendor.fail(Fault(200, body=body))
        await hris.want("person", "31", "employee.deleted")
        await hris.tick()

    assert (await hris.states(), await hris.told()) == (["WAITING"], [])
