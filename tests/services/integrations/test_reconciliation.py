"""The whole listing against what was told: new, changed, vanished, held; and never more than it has shown."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import text

from .fetching import RECONCILE, sourced
from .inbound import rows
from .vending import Fault, serving
from .vendors import BambooHr, Docebo, HiBob, Personio

NIGHTLY = "fetching.nightly"
LEFT = "person.terminated"
PAGES = {"BAMBOOHR": 0, "HIBOB": 0, "PERSONIO": 3}
"""How many good answers come before the one that is on the listing's third page, or the only one."""


@pytest.fixture(params=["BAMBOOHR", "HIBOB", "PERSONIO"])
async def hris(request, integrations):
    vendor: Any = {"BAMBOOHR": BambooHr, "HIBOB": HiBob, "PERSONIO": Personio}[request.param]()
    vendor.hire(*"123456")
    with serving(vendor):
        yield await sourced(integrations, vendor, request.param)


@pytest.fixture
async def bamboo(integrations):
    vendor = BambooHr()
    vendor.hire(*"123456")
    with serving(vendor):
        yield await sourced(integrations, vendor, "BAMBOOHR")


def counts(run):
    return {name: run[name] for name in ("state", "seen", "told", "vanished", "held")}


def done(**further):
    return {"state": "DONE", "seen": 6, "told": 0, "vanished": 0, "held": 0} | further


async def test_the_first_comparison_tells_all_and_the_second_nothing(hris):
    first = await hris.reconcile()
    told = await hris.told()
    second = await hris.reconcile()

    assert (counts(first), counts(second)) == (done(told=12), done())
    assert len(told) == len(await hris.told()) == 12
    people = {row["payload"]["person"]["externalId"] for row in told}
    assert people == set("123456")
    assert {row["payload"]["deliveryId"] for row in told} == {first["id"]}


async def test_one_change_is_one_fact(hris):
    await hris.reconcile()
    vendor = hris.vendor
    job: dict[str, Any] = {"BambooHr": {"jobTitle": "Head"}, "HiBob": {"reportsTo": {"id": "1"}}}
    vendor.hire("3", **job.get(type(vendor).__name__, {"supervisor": {"id": "2"}}))

    run = await hris.reconcile()

    assert counts(run) == done(told=1)
    (*_, last) = await hris.told("employment.changed")
    assert last["payload"]["person"]["externalId"] == "3"


async def test_who_has_vanished_has_left_and_only_once(hris):
    await hris.reconcile()
    _forget(hris.vendor, "4")

    run, again = await hris.reconcile(), await hris.reconcile()

    assert counts(run) == done(seen=5, told=1, vanished=1)
    assert counts(again) == done(seen=5)
    (left,) = await hris.told(LEFT)
    assert left["payload"]["person"]["externalId"] == "4"
    assert left["payload"]["terminationDate"] == datetime.now(UTC).date().isoformat()


async def test_who_comes_back_is_told_and_may_vanish_again(bamboo):
    await bamboo.reconcile()
    kept = bamboo.vendor.employees.pop("4")
    await bamboo.reconcile()

    bamboo.vendor.employees["4"] = kept
    back = await bamboo.reconcile()
    del bamboo.vendor.employees["4"]
    gone = await bamboo.reconcile()

    assert counts(back) == done(told=1)
    assert counts(gone) == done(seen=5, told=1, vanished=1)


async def test_a_listing_that_is_cut_off_has_nobody_vanish(hris):
    await hris.reconcile()
    _forget(hris.vendor, "1")
    hris.vendor.fail(Fault(200, body=b'{"x": 1}', cut=True), after=PAGES[_name(hris.vendor)])

    cut = await hris.reconcile()
    asked_before = len(hris.vendor.asked)

    assert (cut["state"], cut["vanished"]) == ("WAITING", 0)
    assert cut["error"].startswith("The source was not reached: ")
    assert await hris.told(LEFT) == []

    later = await hris.work(RECONCILE, {"id": cut["id"]})
    (*_, run) = await hris.runs()

    assert later is None
    assert len(hris.vendor.asked) > asked_before
    assert counts(run) == done(seen=5, told=1, vanished=1)


async def test_a_listing_that_is_cut_off_again_and_again_fails(bamboo):
    await bamboo.reconcile()
    del bamboo.vendor.employees["1"]
    bamboo.vendor.fail(*[Fault(500)] * 5)

    run = await bamboo.reconcile()
    delays = [await bamboo.work(RECONCILE, {"id": run["id"]}) for _ in range(4)]
    (*_, run) = await bamboo.runs()

    assert (run["state"], run["error"]) == ("FAILED", "The source answered 500.")
    assert [later is not None for later in delays] == [True, True, True, False]
    assert run["finishedAt"] is not None
    assert await bamboo.told(LEFT) == []
    assert counts(await bamboo.reconcile())["vanished"] == 1


async def test_a_listing_waits_by_itself_for_a_short_retry_after(hris):
    after = PAGES[_name(hris.vendor)]
    hris.vendor.fail(*[Fault(429, {"retry-after": "0"})] * 2, after=after)

    assert counts(await hris.reconcile()) == done(told=12)


async def test_half_of_all_vanished_is_held_until_it_is_approved(integrations):
    vendor = BambooHr()
    vendor.hire(*map(str, range(30)))
    with serving(vendor):
        hris = await sourced(integrations, vendor, "BAMBOOHR")
        await hris.reconcile()
        for number in range(15):
            del vendor.employees[str(number)]
        vendor.hire("20", jobTitle="Head")

        held = await hris.reconcile()
        again = await hris.reconcile()
        assert await hris.told(LEFT) == []
        approved = await hris.reconcile(approve=True)

    assert counts(held) == done(state="HELD", seen=15, told=1, held=15)
    assert counts(again) == done(state="HELD", seen=15, held=15)
    assert counts(approved) == done(seen=15, told=15, vanished=15)
    assert len(await hris.told(LEFT)) == 15


async def test_leavers_whom_the_listing_shows_are_counted_with_the_vanished(integrations):
    vendor = BambooHr()
    vendor.hire(*map(str, range(30)))
    few = {"terminations": {"most": 3, "share": 0.1, "windowHours": 24}}
    with serving(vendor):
        hris = await sourced(integrations, vendor, "BAMBOOHR", settings=few)
        await hris.reconcile()
        vendor.hire("1", "2", status="Inactive", terminationDate="2026-11-01")
        del vendor.employees["3"], vendor.employees["4"]

        held = await hris.reconcile()
        vendor.hire("4")
        let_through = await hris.reconcile()

    assert counts(held) == done(state="HELD", seen=28, held=4)
    assert counts(let_through) == done(seen=29, told=3, vanished=1)
    days = [row["payload"]["terminationDate"] for row in await hris.told(LEFT)]
    assert sorted(days)[:2] == ["2026-11-01"] * 2


async def test_who_had_left_before_we_knew_them_is_not_told(bamboo):
    bamboo.vendor.hire("7", status="Inactive", terminationDate="2019-03-31")

    first, second = await bamboo.reconcile(), await bamboo.reconcile()

    assert (counts(first), counts(second)) == (done(seen=7, told=12), done(seen=7))
    assert await bamboo.told(LEFT) == []


async def test_who_has_left_by_a_webhook_has_not_vanished_too(bamboo):
    await bamboo.reconcile()
    fields = {"status": {"value": "Inactive"}, "terminationDate": {"value": "2026-11-30"}}
    employee = {"id": "4", "timestamp": _later(), "changedFields": ["status"], "fields": fields}
    await bamboo.hint({"employees": [employee]})
    assert len(await bamboo.told(LEFT)) == 1
    del bamboo.vendor.employees["4"]

    run = await bamboo.reconcile()

    assert counts(run) == done(seen=5)
    assert len(await bamboo.told(LEFT)) == 1


async def test_what_a_webhook_has_told_in_full_is_told_once_by_the_listing(integrations):
    vendor = Docebo()
    vendor.enrol(1, 10)
    vendor.enrol(2, 10, "2026-10-09 10:11:12")
    vendor.enrol(3, 11)
    with serving(vendor):
        lms = await sourced(integrations, vendor, "DOCEBO")
        payload = {
            "fired_at": "2026-10-09 10:11:12",
            "user_id": 2,
            "username": "u2@acme.example",
            "course_id": 10,
            "course_code": "C-10",
            "completion_date": "2026-10-09 10:11:12",
        }
        await lms.hint({"event": "course.enrollment.completed", "payload": payload})
        assert len(await lms.told()) == 1

        first, second = await lms.reconcile(), await lms.reconcile()
        vendor.enrolments[0] |= {
            "enrollment_status": "completed",
            "enrollment_completion_date": "2026-11-01 08:00:00",
        }
        del vendor.enrolments[2]
        third = await lms.reconcile()

    assert counts(first) == done(seen=3, told=2)
    assert counts(second) == done(seen=3)
    assert counts(third) == done(seen=2, told=1)
    assert (await lms.told())[-1]["payload"]["completedAt"] == "2026-11-01T08:00:00Z"


async def test_what_cannot_be_read_is_counted_and_has_not_vanished(bamboo):
    await bamboo.reconcile()
    bamboo.vendor.hire("3", hireDate="yesterday")

    run = await bamboo.reconcile()

    assert (run["state"], run["unread"], run["told"], run["vanished"]) == ("DONE", 1, 0, 0)


async def test_there_is_one_comparison_at_a_time(bamboo):
    path = f"/connections/{bamboo.lms.id}/reconcile"

    first = await bamboo.call("POST", path)
    second = await bamboo.call("POST", path)

    assert (first.status_code, first.json()["id"]) == (202, second.json()["id"])
    assert first.json()["askedBy"] == "hris"


async def test_at_night_it_is_compared_and_the_next_night_is_planned(bamboo):
    (plan,) = await rows(bamboo.lms, f"SELECT * FROM queue.job WHERE name = '{NIGHTLY}'")
    shown = (await bamboo.call("GET", f"/connections/{bamboo.lms.id}/fetching")).json()
    first = datetime.fromisoformat(shown["reconcileAt"])
    assert first.hour == 2
    assert abs((plan["due_at"] - first).total_seconds()) < 30

    await bamboo.work(NIGHTLY, plan["arguments"])
    assert await bamboo.runs() == []
    async with bamboo.lms.harness.session() as session:
        await session.execute(text("UPDATE fetching_source SET reconcile_at = now()"))
    await bamboo.work(NIGHTLY, plan["arguments"])

    (run,) = await bamboo.runs()
    assert (run["state"], run["askedBy"]) == ("WAITING", "integrations.fetching.nightly")
    shown = (await bamboo.call("GET", f"/connections/{bamboo.lms.id}/fetching")).json()
    assert datetime.fromisoformat(shown["reconcileAt"]) == first


async def test_quiet_nights_plan_nothing(bamboo):
    await bamboo.set_up(reconcileHour=None)
    (plan,) = await rows(bamboo.lms, f"SELECT * FROM queue.job WHERE name = '{NIGHTLY}'")

    await bamboo.work(NIGHTLY, plan["arguments"])

    assert await bamboo.runs() == []


def _forget(vendor, person):
    del (vendor.persons if isinstance(vendor, Personio) else vendor.employees)[person]


def _name(vendor):
    return type(vendor).__name__.upper()


def _later():
    return datetime.now(UTC).isoformat()
