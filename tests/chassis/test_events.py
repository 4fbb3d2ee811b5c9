"""Relaying and applying, with the worker in this process."""

import asyncio
import json
from datetime import timedelta

import pytest
from opentelemetry.sdk.trace import TracerProvider
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from shared import events
from shared.events import inbox
from shared.events.inbox import Applied
from shared.events.retention import PURGE, Retention
from shared.ids import new_id
from shared.jobs import Job, Jobs
from tests.chassis.conftest import Broker, Place
from tests.chassis.listener import (
    forget_people,
    handlers,
)
from tests.chassis.saying import (
    BACKLOG,
    COPIES,
    apply,
    envelope,
    publish,
    talking,
    working,
)


async def test_an_event_travels_in_binary_mode_and_takes_effect_once(
    place: Place, broker: Broker
) -> None:
    async with working(place, broker), talking(broker) as client:
        person_id = await publish(place, "Ada", "Ada L.")
        await place.until("SELECT effects FROM person_copy", 2)
        stream = client.jetstream()
        stored = await stream.get_msg("WAYMARK_PROFILE", seq=1)

    event_id, tenant = (
        str(await place.value("SELECT min(id::text) FROM outbox_event")),
        str(place.tenant_id),
    )
    assert stored.subject == f"waymark.profile.person.updated.v1.{tenant}"
    assert stored.headers is not None
    occurred_at = stored.headers.pop("ce-time")
    assert stored.headers == {
        "Nats-Msg-Id": event_id,
        "Content-Type": "application/json",
        "ce-specversion": "1.0",
        "ce-id": event_id,
        "ce-type": "waymark.profile.person.updated.v1",
        "ce-source": "/waymark/profile",
        "ce-subject": str(person_id),
        "ce-tenant": tenant,
        "ce-sequence": "1",
    }
    assert occurred_at.endswith("+00:00")
    assert await place.rows(COPIES) == [(place.tenant_id, person_id, "Ada L.", 2, 2)]
    assert await place.value(BACKLOG) == 0
    assert await place.value("SELECT count(*) FROM outbox_event WHERE relayed_at IS NULL") == 0


async def test_an_event_that_comes_again_has_no_second_effect(place: Place, broker: Broker) -> None:
    async with working(place, broker), talking(broker) as client:
        await publish(place, "Ada")
        await place.until("SELECT effects FROM person_copy", 1)
        stream = client.jetstream()
        stored = await stream.get_msg("WAYMARK_PROFILE", seq=1)
        headers = {**(stored.headers or {}), "Nats-Msg-Id": "another, so that the broker keeps it"}
        await stream.publish(stored.subject or "", stored.data or b"", headers=headers)
        await publish(place, "Bob")
        await place.until("SELECT count(*) FROM person_copy", 2)

    assert await place.rows("SELECT name, effects FROM person_copy ORDER BY name") == [
        ("Ada", 1),
        ("Bob", 1),
    ]


async def test_an_older_sequence_is_ignored_and_a_twin_of_the_same_is_not(place: Place) -> None:
    person_id = new_id()
    newest = envelope(place, "newest", subject=person_id, sequence=5)
    twin = envelope(place, "twin", subject=person_id, sequence=5)
    older = envelope(place, "older", subject=person_id, sequence=4)

    outcomes = [await apply(place, each) for each in (newest, twin, older, older)]

    assert outcomes == [Applied(1, 0, 0), Applied(1, 0, 0), Applied(0, 0, 1), Applied(0, 1, 0)]
    assert await place.rows(COPIES) == [(place.tenant_id, person_id, "twin", 5, 2)]


async def test_a_batch_is_applied_in_the_order_of_each_subject(place: Place) -> None:
    ada, bob = new_id(), new_id()
    batch = [
        envelope(place, "Ada 3", subject=ada, sequence=3),
        envelope(place, "Bob 1", subject=bob, sequence=1),
        envelope(place, "Ada 1", subject=ada, sequence=1),
        envelope(place, "Ada 2", subject=ada, sequence=2),
    ]

    outcome = await apply(place, *batch, batch[0])

    assert outcome == Applied(4, 1, 0)
    assert await place.rows("SELECT name, effects FROM person_copy ORDER BY name") == [
        ("Ada 3", 3),
        ("Bob 1", 1),
    ]


async def test_facts_without_a_sequence_each_count(place: Place) -> None:
    person_id = new_id()
    first, second = (envelope(place, name, subject=person_id, sequence=None) for name in "ab")

    outcomes = [await apply(place, each) for each in (first, second, first)]

    assert outcomes == [Applied(1, 0, 0), Applied(1, 0, 0), Applied(0, 1, 0)]


async def test_two_workers_agree_on_the_newest_of_a_subject(place: Place) -> None:
    person_id = new_id()
    newer = envelope(place, "newer", subject=person_id, sequence=2)
    older = envelope(place, "older", subject=person_id, sequence=1)
    group = handlers.groups["people"]

    async with place.database.transaction(place.tenant_id) as first:
        await inbox.apply_batch(first, group, place.tenant_id, [newer])
        second = asyncio.create_task(apply(place, older))
        await asyncio.sleep(0.1)
        assert not second.done()
    outcome = await second

    assert outcome == Applied(0, 0, 1)
    assert await place.value("SELECT name FROM person_copy") == "newer"


async def test_what_a_handler_fails_on_is_kept_with_its_reason_and_harms_no_other(
    place: Place, broker: Broker, caplog: pytest.LogCaptureFixture
) -> None:
    async with working(place, broker):
        await publish(place, "poison")
        await publish(place, "Ada")
        await place.until("SELECT count(*) FROM person_copy", 1)
        await place.until("SELECT count(dead_at) FROM inbox_dead_letter", 1)

    letters = await place.rows("SELECT consumer, failures, reason, payload FROM inbox_dead_letter")
    consumer, failures, reason, payload = letters[0]
    assert (consumer, failures) == ("profile-people", 3)
    assert reason.startswith("ValueError at copy_person:")
    assert json.loads(payload) == {"displayName": "poison", "secretPlan": ""}
    assert "secret" not in caplog.text
    assert "poison" not in caplog.text
    assert await place.rows("SELECT name FROM person_copy") == [("Ada",)]


async def test_a_rebuild_gives_the_same_rows(place: Place, broker: Broker) -> None:
    async with working(place, broker):
        for names in (["Ada", "Ada L."], ["Bob"], ["Eve", "Eva", "Eve"]):
            await publish(place, *names)
        other = Place(place.database, place.url, place.admin)
        await publish(other, "Zoe")
        await place.until("SELECT sum(effects) FROM person_copy", 7)
        before = await place.rows(COPIES)
        await place.value("UPDATE person_copy SET name = 'broken'")

        applied = await events.rebuild(
            handlers,
            "people",
            database=place.database,
            nats_url=broker.url,
            reset=forget_people,
        )

    assert applied == {place.tenant_id: 6, other.tenant_id: 1}
    assert await place.rows(COPIES) == before
    assert await place.value("SELECT count(*) FROM inbox_event") == 7


async def test_readers_see_the_old_rows_during_a_rebuild_and_live_events_wait(
    place: Place, broker: Broker
) -> None:
    seen: list[object] = []

    async def reset(session: AsyncSession) -> None:
        await forget_people(session)
        await publish(place, "Bob")
        await asyncio.sleep(0.5)
        seen.extend(await place.rows("SELECT name FROM person_copy"))

    async with working(place, broker):
        await publish(place, "Ada")
        await place.until("SELECT count(*) FROM person_copy", 1)
        await events.rebuild(
            handlers, "people", database=place.database, nats_url=broker.url, reset=reset
        )
        await place.until("SELECT count(*) FROM person_copy", 2)

    assert seen == [("Ada",)]
    assert await place.rows("SELECT name, effects FROM person_copy ORDER BY name") == [
        ("Ada", 1),
        ("Bob", 1),
    ]


async def test_the_trace_goes_on_in_the_handler(place: Place) -> None:
    tracer = TracerProvider().get_tracer("test")
    with tracer.start_as_current_span("request") as span:
        await publish(place, "Ada")

    trace_id = f"{span.get_span_context().trace_id:032x}"
    assert (await place.value("SELECT traceparent FROM outbox_event")).split("-")[1] == trace_id


async def test_what_has_served_is_removed_and_what_has_not_stays(place: Place) -> None:
    await publish(place, "relayed")
    await place.value("UPDATE outbox_event SET relayed_at = now()")
    await publish(place, "waiting")
    await apply(place, envelope(place, "Ada", subject=new_id(), sequence=1))

    at_once = Retention(outbox=timedelta(0), inbox=timedelta(0))
    await asyncio.sleep(0.002)
    removed = await at_once.sweep(place.database, place.tenant_id, service="profile")

    assert removed == {"outbox": 1, "inbox": 1}
    assert await place.rows("SELECT payload ->> 'displayName' FROM outbox_event") == [("waiting",)]


async def test_the_purge_comes_again_for_as_long_as_there_are_rows(place: Place) -> None:
    await publish(place, "relayed")
    await place.value("UPDATE outbox_event SET relayed_at = now()")
    registry = Jobs("profile")
    Retention(outbox=timedelta(0), inbox=timedelta(0)).add_job(registry)
    Retention().add_job(later := Jobs("profile"))
    job = Job(new_id(), PURGE, place.tenant_id, {}, 1)
    planned = f"SELECT count(*) FROM queue.job WHERE name = '{PURGE}'"

    await later.lanes[PURGE].work(place.database, [job])
    assert await place.value(planned) == 1
    await place.value(f"DELETE FROM queue.job WHERE name = '{PURGE}'")
    await registry.lanes[PURGE].work(place.database, [job])

    assert await place.value(planned) == 0
    assert await place.value("SELECT count(*) FROM outbox_event") == 0


async def test_the_runtime_role_sees_no_event_of_another_tenant(place: Place) -> None:
    await publish(place, "Ada")

    async with place.database.transaction(new_id()) as session:
        found = (await session.execute(text("SELECT count(*) FROM outbox_event"))).scalar_one()

    assert found == 0
