"""A thin event is fetched and told; several are one fetch; a vendor that is away is waited for."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from .fetching import FETCH, sourced
from .inbound import rows
from .vending import Fault, serving
from .vendors import BambooHr, HiBob

PERSON = "person.upserted"
JOB = "employment.changed"


def thin(*ids, at="2026-11-20T09:00:00Z", action="Updated"):
    """As BambooHR tells that something has changed, without any value."""
    changed = {"action": action, "timestamp": at, "changedFields": ["Job Title"], "fields": {}}
    return {"employees": [{"id": each, **changed} for each in ids]}


@pytest.fixture
def bamboo():
    vendor = BambooHr()
    with serving(vendor):
        yield vendor


@pytest.fixture
async def hris(integrations, bamboo):
    return await sourced(integrations, bamboo, "BAMBOOHR")


async def test_a_thin_event_is_fetched_and_told(hris, bamboo):
    bamboo.hire("42", hireDate="2024-05-01", supervisorEId="7", employmentHistoryStatus="Full-Time")

    await hris.hint(thin("42"))
    await hris.tick()

    assert await hris.states() == ["DONE"]
    (person,), (job,) = await hris.told(PERSON), await hris.told(JOB)
    said = payload(person)
    assert said["person"] == {"externalId": "42", "email": "p42@acme.example"}
    assert (said["displayName"], said["hireDate"], said["status"]) == (
        "Person 42", "2024-05-01", "ACTIVE",
    )  # fmt: skip
    assert payload(job)["roleTitle"] == "Engineer"
    assert payload(job)["manager"]["externalId"] == "7"
    assert payload(job)["employmentType"] == "FULL_TIME"
    (delivery,) = await hris.lms.deliveries()
    assert (said["deliveryId"], delivery["state"]) == (delivery["id"], "ASKED")


async def test_several_thin_events_of_one_thing_are_one_fetch(hris, bamboo):
    bamboo.hire("42", "43")

    await hris.hint(thin("42"), thin("42", "43"), thin("42", at="2026-11-20T10:00:00Z"))
    assert len(await rows(hris.lms, "SELECT id FROM queue.job WHERE name = 'fetching.fetch'")) == 1
    await hris.tick()

    assert bamboo.paths == ["/api/v1/employees/42", "/api/v1/employees/43"]
    assert await hris.states() == ["DONE", "DONE"]


async def test_what_has_not_changed_is_not_told_again_and_what_has_is(hris, bamboo):
    bamboo.hire("42")
    await hris.hint(thin("42"))
    await hris.tick()
    before = len(await hris.told())

    await hris.hint(thin("42"), name="again")
    await hris.tick()
    assert len(await hris.told()) == before

    bamboo.hire("42", jobTitle="Head")
    await hris.hint(thin("42"), name="new")
    await hris.tick()
    assert [payload(row)["roleTitle"] for row in (await hris.told(JOB))] == ["Engineer", "Head"]
    assert len(await hris.told(PERSON)) == 1


async def test_what_was_fetched_is_newer_than_a_delivery_that_comes_late(hris, bamboo):
    bamboo.hire("42")
    await hris.hint(thin("42"))
    await hris.tick()

    late = thin("42")
    late["employees"][0]["fields"] = {"Job Title": {"value": "Intern"}}
    await hris.hint(late, name="late")

    assert (await hris.lms.deliveries())[-1]["state"] == "STALE"
    assert [payload(row)["roleTitle"] for row in await hris.told(JOB)] == ["Engineer"]


@pytest.mark.parametrize(
    ("fault", "reason", "tries"),
    [
        (Fault(429, {"retry-after": "120"}), "The source asks to wait: 429.", 0),
        (Fault(503, {"retry-after": "30"}), "The source asks to wait: 503.", 0),
        (Fault(401), "The source refuses the credentials: 401.", 0),
        (Fault(403), "The source refuses the credentials: 403.", 0),
        (Fault(500), "The source answered 500.", 1),
        (Fault(302, {"location": "http://127.0.0.1:1/"}), "The source answered 302.", 1),
        (Fault(200, body=b"<html>"), "The source's answer is no JSON.", 1),
        (Fault(200, body=b'{"id": "42"}', cut=True), "The source was not reached: CONNECTION", 0),
        (Fault(200, body=b"[" * 5_000_000), "The source was not reached: TOO_LONG", 0),
    ],
)
async def test_a_vendor_that_fails_is_waited_for_and_then_it_goes_on(
    hris, bamboo, fault, reason, tries
):
    bamboo.hire("42")
    bamboo.fail(*[fault] * (2 if fault.status == 401 else 1))

    await hris.hint(thin("42"))
    await hris.tick()
    (waiting,) = await hris.fetch_backs()
    source = (await hris.call("GET", f"/connections/{hris.lms.id}/fetching")).json()

    assert (waiting["state"], waiting["tries"]) == ("WAITING", tries)
    assert waiting["reason"].startswith(reason)
    assert (source["pausedUntil"] is not None) == (tries == 0)
    if "retry-after" in fault.headers:
        wait = datetime.fromisoformat(waiting["dueAt"]) - datetime.now(UTC)
        asked = timedelta(seconds=int(fault.headers["retry-after"]))
        assert asked - timedelta(seconds=10) < wait <= asked
    assert await hris.told() == []
    await hris.tick()
    assert len(bamboo.paths) == (2 if fault.status == 401 else 1)

    await hris.hurry()
    await hris.tick()

    assert await hris.states() == ["DONE"]
    assert len(await hris.told()) == 2


async def test_a_vendor_that_cannot_be_reached_at_all_costs_no_tries(integrations):
    vendor = BambooHr()
    vendor.hire("42")
    with serving(vendor):
        hris = await sourced(integrations, vendor, "BAMBOOHR")
    await hris.hint(thin("42"))

    for _ in range(12):
        await hris.hurry()
        await hris.tick()

    (waiting,) = await hris.fetch_backs()
    assert (waiting["state"], waiting["tries"]) == ("WAITING", 0)
    assert waiting["reason"] == "The source was not reached: NOT_CONNECTED."


async def test_what_fails_again_and_again_is_dead_until_it_is_replayed(hris, bamboo):
    bamboo.hire("42")
    bamboo.fail(*[Fault(500)] * 10)
    await hris.hint(thin("42"))
    for _ in range(11):
        await hris.hurry()
        await hris.tick()
    (dead,) = await hris.fetch_backs()
    assert (dead["state"], dead["tries"]) == ("DEAD", 10)
    by_state = await hris.call("GET", f"/fetch-backs?connectionId={hris.lms.id}&state=DEAD")
    assert [row["id"] for row in by_state.json()] == [dead["id"]]

    replayed = await hris.call("POST", f"/fetch-backs/{dead['id']}/replay")
    await hris.tick()
    refused = await hris.call("POST", f"/fetch-backs/{dead['id']}/replay")

    assert (replayed.json()["state"], replayed.json()["tries"]) == ("WAITING", 0)
    assert await hris.states() == ["DONE"]
    assert refused.status_code == 409


async def test_a_hint_that_comes_while_it_is_asked_is_asked_for_again(hris, bamboo):
    bamboo.hire("42")
    await hris.hint(thin("42"))
    await rows(hris.lms, "UPDATE webhooks_fetch_back SET state = 'FETCHING', "
               "claim = id, claimed_until = now() + interval '1 min' RETURNING id")  # fmt: skip
    await hris.hint(thin("42"), name="during")

    await hris.tick()
    assert await hris.states() == ["FETCHING", "WAITING"]
    await rows(hris.lms, "UPDATE webhooks_fetch_back SET claimed_until = now() - interval '1 s' "
               "WHERE claim IS NOT NULL RETURNING id")  # fmt: skip
    bamboo.fail(Fault(500))
    await hris.tick()

    assert await hris.states() == ["WAITING", "DONE"] or await hris.states() == ["DONE", "WAITING"]


async def test_whoever_is_not_there_any_more_has_left_where_the_vendor_means_that(hris):
    await hris.hint(thin("42"))
    await hris.tick()

    (gone,) = await hris.fetch_backs()
    (left,) = await hris.told()
    assert (gone["state"], left["type"]) == (
        "GONE", "waymark.integrations.person.terminated.v1",
    )  # fmt: skip
    assert payload(left)["person"]["externalId"] == "42"


async def test_where_the_vendor_does_not_mean_that_nothing_is_told(integrations):
    vendor = HiBob()
    with serving(vendor):
        hris = await sourced(integrations, vendor, "HIBOB")
        await hris.want("person", "1", "/root/displayName")
        await hris.want("person", "2", "employee.deleted")
        await hris.tick()

    assert await hris.states() == ["GONE", "GONE"]
    assert [payload(row)["person"]["externalId"] for row in await hris.told()] == ["2"]


async def test_too_many_leavers_are_held_and_pass_once_approved(integrations, bamboo):
    few = {"terminations": {"most": 1, "share": 0.1, "windowHours": 24}}
    hris = await sourced(integrations, bamboo, "BAMBOOHR", settings=few)
    bamboo.hire("1", "2", "3", status="Inactive", terminationDate="2026-11-30")

    await hris.hint(thin("1", "2", "3"))
    await hris.tick()
    first, second, third = await hris.fetch_backs()

    assert sorted([first["state"], second["state"], third["state"]]) == ["DONE", "HELD", "HELD"]
    held = [row for row in (first, second, third) if row["state"] == "HELD"]
    await hris.call("POST", f"/fetch-backs/{held[0]['id']}/approve")
    rejected = await hris.call("POST", f"/fetch-backs/{held[1]['id']}/reject")
    await hris.tick()

    assert sorted(await hris.states()) == ["DONE", "DONE", "REJECTED"]
    assert rejected.json()["decidedBy"] == "hris"
    assert [payload(row)["terminationDate"] for row in await hris.told()] == ["2026-11-30"] * 2


async def test_nobody_is_asked_for_a_connection_without_a_source_or_a_disabled_one(hris, bamboo):
    bamboo.hire("42")
    await hris.hint(thin("42"))
    await hris.call("POST", f"/connections/{hris.lms.id}/disable")

    await hris.tick()

    assert (bamboo.paths, await hris.states()) == ([], ["WAITING"])


async def test_the_jobs_end_when_nothing_waits(hris, bamboo):
    bamboo.hire("42")
    await hris.hint(thin("42"))
    await rows(hris.lms, f"DELETE FROM queue.job WHERE name = '{FETCH}' RETURNING id")

    await hris.tick()

    assert await rows(hris.lms, f"SELECT id FROM queue.job WHERE name = '{FETCH}'") == []


def payload(row):
    told = row["payload"]
    return json.loads(told) if isinstance(told, str) else told
