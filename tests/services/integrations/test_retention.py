"""What is settled goes after its time, in small transactions and counted; what waits, is held or dead stays."""

from datetime import timedelta

import pytest
import time_machine
from prometheus_client import REGISTRY
from sqlalchemy import text

from shared import clock, retention
from shared.ids import new_id
from shared.jobs import Job

from .fetching import sourced
from .inbound import rows
from .vending import serving
from .vendors import BambooHr

PURGE = "integrations.purge"


async def purge(harness, *, after, name=PURGE):
    """Runs the job that many days later."""
    job = Job(new_id(), name, harness.tenant_id, {}, 1)
    with time_machine.travel(clock.now() + timedelta(days=after, seconds=5)):
        await harness.service.blueprint.jobs.lanes[name].work(harness.service.database, [job])


async def change(harness, *statements):
    async with harness.session() as session:
        for statement in statements:
            await session.execute(text(statement))


def removed(kind):
    labels = {"service": "integrations", "kind": kind}
    return REGISTRY.get_sample_value("waymark_retention_removed_total", labels) or 0.0


@pytest.fixture
def small(monkeypatch):
    monkeypatch.setattr(retention, "ROWS_AT_ONCE", 2)


async def test_settled_deliveries_go_and_those_that_somebody_must_look_at_stay(lms, small):
    states = ("PUBLISHED", "ASKED", "STALE", "IGNORED", "REJECTED", "HELD", "DEAD", "RECEIVED")
    for number in range(len(states)):
        await lms.send("ping", message_id=f"m-{number}")
    await lms.work()
    for number, state in enumerate(states):
        settled = "NULL" if state in {"HELD", "RECEIVED"} else "now()"
        await change(
            lms.harness,
            f"UPDATE webhooks_delivery SET state = '{state}', settled_at = {settled} "
            f"WHERE message_id = 'm-{number}'",
        )
    before = removed("deliveries")

    await purge(lms.harness, after=29)
    early = len(await lms.deliveries())
    await purge(lms.harness, after=30)

    assert early == 8
    assert {each["state"] for each in await lms.deliveries()} == {"HELD", "DEAD", "RECEIVED"}
    assert removed("deliveries") - before == 5


async def test_settled_requests_to_fetch_go_and_open_ones_stay(integrations, small):
    vendor = BambooHr()
    with serving(vendor):
        hris = await sourced(integrations, vendor, "BAMBOOHR")
    states = ("DONE", "GONE", "REJECTED", "DEAD", "HELD", "FETCHING", "WAITING")
    for state in states:
        await hris.want("person", state)
        settled, decided = ("NULL", "now()") if state == "REJECTED" else ("now()", "NULL")
        await change(
            integrations,
            f"UPDATE webhooks_fetch_back SET state = '{state}', settled_at = {settled}, "
            f"decided_at = {decided} WHERE external_id = '{state}'",
        )

    await purge(integrations, after=30)

    assert set(await hris.states()) == {"DEAD", "HELD", "FETCHING", "WAITING"}


async def test_of_comparisons_the_last_stays_and_a_held_one_until_a_later_one_has_decided(
    integrations,
):
    vendor = BambooHr()
    vendor.hire(*map(str, range(30)))
    with serving(vendor):
        hris = await sourced(integrations, vendor, "BAMBOOHR")
        await hris.reconcile()
        for number in range(20):
            del vendor.employees[str(number)]
        await hris.reconcile()
        await purge(integrations, after=90)
        held = [run["state"] for run in await hris.runs()]
        await hris.reconcile(approve=True)
        await purge(integrations, after=90)

    assert held == ["HELD"]
    assert [run["state"] for run in await hris.runs()] == ["DONE"]
    assert await rows(hris.lms, "SELECT id FROM fetching_listed WHERE gone_at IS NOT NULL") == []
    assert len(await rows(hris.lms, "SELECT id FROM fetching_listed")) == 10


async def test_facts_go_with_deliveries_and_attempts(outbound, receiver):
    made = await outbound.subscribe(receiver.url)
    await outbound.say()
    await outbound.tick()
    planned = await outbound.planned(PURGE)
    await purge(outbound.harness, after=29)
    kept = len(await outbound.deliveries(made))
    await purge(outbound.harness, after=30, name="outbound.purge")

    assert (kept, await outbound.deliveries(made), planned) == (1, [], 1)
    async with outbound.harness.session() as session:
        assert await session.scalar(text("SELECT count(*) FROM outbound_attempt")) == 0
        assert await session.scalar(text("SELECT count(*) FROM outbound_event")) == 0


async def test_what_is_to_be_sent_stays_unless_nobody_would_send_it(outbound, receiver):
    active = await outbound.subscribe(receiver.url)
    paused = await outbound.subscribe(receiver.url)
    await outbound.call("POST", f"/{paused['id']}/pause")
    await outbound.say()
    before = removed("outbound_unsent")

    await purge(outbound.harness, after=30)

    assert [each["state"] for each in await outbound.deliveries(active)] == ["WAITING"]
    assert await outbound.deliveries(paused) == []
    assert removed("outbound_unsent") - before == 1


async def test_a_webhook_plans_the_purge_of_the_next_day_once(lms):
    for number in range(3):
        await lms.send("ping", message_id=f"m-{number}")
        await lms.work()

    (job,) = await rows(lms, f"SELECT * FROM queue.job WHERE name = '{PURGE}'")
    assert timedelta(hours=23) < job["due_at"] - clock.now() <= timedelta(days=1)
