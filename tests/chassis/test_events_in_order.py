"""One aggregate's facts take effect in their order, each once, whatever fails or is killed on the way."""

import asyncio
import shutil
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

import nats
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from shared import events
from shared.events import Handlers, Incoming
from shared.events.facts import Envelope, in_waves
from shared.events.pull import BrokerAway
from shared.events.relay import relay_events
from shared.ids import new_id
from shared.jobs import Job
from shared.tenancy import Principal
from tests.chassis.conftest import Broker, Place, StartWorker
from tests.chassis.listener import PersonSnapshot, PersonUpdated, handlers
from tests.chassis.saying import envelope, publish

EFFECTS = "SELECT coalesce(sum(effects), 0)::int FROM person_copy"
UNRELAYED = "SELECT count(*) FROM outbox_event WHERE relayed_at IS NULL"


async def change(place: Place, person_id: UUID, sequences: range) -> None:
    """Each in a transaction of its own, as users write."""
    for sequence in sequences:
        async with place.database.transaction(place.tenant_id) as session:
            fact = PersonUpdated(display_name=f"{sequence}")
            await events.publish(
                session, place.principal, fact, subject=person_id, sequence=sequence
            )


async def held_jobs(place: Place) -> list[Job]:
    rows = await place.rows("SELECT id, arguments FROM queue.job ORDER BY id")
    ids = await place.rows("SELECT id FROM outbox_event ORDER BY id")
    return [
        Job(job_id, "events.relay", place.tenant_id, {"ids": [str(event_id)]}, 1)
        for (job_id, _), (event_id,) in zip(rows, ids, strict=True)
    ]


def test_of_one_subject_a_higher_sequence_is_sent_after_the_lower_one_is_stored(
    place: Place,
) -> None:
    ada, bob = new_id(), new_id()
    batch = [
        envelope(place, "Ada 2", subject=ada, sequence=2),
        envelope(place, "Ada 1", subject=ada, sequence=1),
        envelope(place, "Ada 1 as well", subject=ada, sequence=1),
        envelope(place, "Bob", subject=bob, sequence=7),
        envelope(place, "Ada's news", subject=ada, sequence=None),
    ]

    waves = [[(each.subject, each.sequence) for each in wave] for wave in in_waves(batch)]

    assert [sorted(wave, key=str) for wave in waves] == [
        sorted([(str(ada), None), (str(ada), 1), (str(ada), 1), (str(bob), 7)], key=str),
        [(str(ada), 2)],
    ]


async def test_a_relay_that_failed_is_not_overtaken_by_the_next(place: Place) -> None:
    person_id = new_id()
    await change(place, person_id, range(1, 3))
    first, second = await held_jobs(place)
    sent: list[int | None] = []

    async def away(_events: object) -> None:
        raise BrokerAway("away")

    async def stored(batch: Sequence[Envelope]) -> None:
        sent.extend(each.sequence for each in batch)

    with pytest.raises(BrokerAway):
        await relay_events(place.database, place.tenant_id, [first], send=away)
    await relay_events(place.database, place.tenant_id, [second], send=stored)
    await relay_events(place.database, place.tenant_id, [first], send=stored)

    assert sent == [1, 2]
    assert await place.value(UNRELAYED) == 0
    assert await place.value("SELECT count(*) FROM queue.job") == 0


async def test_facts_after_one_that_fails_wait_for_it_and_then_follow(
    place: Place, broker: Broker
) -> None:
    failures = iter([True, True])
    listening = Handlers("profile")

    @listening.on("waymark.profile.person.*.v1", group="people")
    async def hear(
        session: AsyncSession, principal: Principal, event: Incoming[PersonSnapshot]
    ) -> None:
        if event.sequence == 2 and next(failures, False):
            raise ValueError
        await session.execute(
            text(
                "INSERT INTO person_copy AS known (tenant_id, id, name, effects) "
                "VALUES (:tenant, :id, :name, 1) ON CONFLICT (tenant_id, id) "
                "DO UPDATE SET name = known.name || ' ' || excluded.name"
            ),
            {"tenant": principal.tenant_id, "id": event.subject, "name": f"{event.sequence}"},
        )

    async with events.worker(place.database, handlers=listening, nats_url=broker.url):
        await change(place, new_id(), range(1, 5))
        await place.until("SELECT name FROM person_copy", "1 2 3 4")

    assert await place.value("SELECT count(*) FROM inbox_dead_letter") == 0


async def test_a_dead_fact_stops_holding_up_those_after_it(place: Place, broker: Broker) -> None:
    async with events.worker(
        place.database, handlers=handlers, nats_url=broker.url, most_failures=2
    ):
        await publish(place, "poison", "Ada")
        await place.until("SELECT name FROM person_copy", "Ada")

    assert await place.rows(
        "SELECT sequence, failures, dead_at IS NOT NULL FROM inbox_dead_letter"
    ) == [(1, 2, True)]


@pytest.mark.slow
async def test_two_workers_keep_the_order_of_one_aggregate(
    place: Place, start_worker: StartWorker
) -> None:
    for _ in range(2):
        start_worker()
    ada, bob = new_id(), new_id()

    await asyncio.gather(
        change(place, ada, range(1, 201)),
        change(place, bob, range(1, 201)),
    )

    await place.until(EFFECTS, 400)
    assert await place.rows("SELECT name, sequence, effects FROM person_copy") == [
        ("200", 200, 200),
        ("200", 200, 200),
    ]


@pytest.mark.slow
async def test_a_killed_worker_s_facts_are_not_overtaken(
    place: Place, start_worker: StartWorker
) -> None:
    first = start_worker(LISTENER_SLOWNESS="0.01")
    person_id = new_id()
    await change(place, person_id, range(1, 101))
    await place.until(f"SELECT ({EFFECTS}) > 10", True)
    start_worker()
    first.kill()
    await change(place, person_id, range(101, 121))

    await place.until(EFFECTS, 120)
    assert await place.rows("SELECT name, effects FROM person_copy") == [("120", 120)]


@pytest.mark.slow
async def test_a_broker_killed_in_the_middle_changes_no_order(
    place: Place, broker: Broker, start_worker: StartWorker
) -> None:
    start_worker()
    person_id = new_id()
    for start in range(1, 151, 50):
        changing = asyncio.create_task(change(place, person_id, range(start, start + 50)))
        await asyncio.sleep(0.15)
        broker.kill()
        await changing
        broker.start()

    await place.until(EFFECTS, 150)
    assert await place.rows("SELECT name, effects FROM person_copy") == [("150", 150)]


@pytest.mark.slow
async def test_a_broker_that_lost_its_streams_gets_them_again(
    place: Place, broker: Broker, start_worker: StartWorker, tmp_path: Path
) -> None:
    start_worker()
    await change(place, new_id(), range(1, 2))
    await place.until(EFFECTS, 1)

    broker.kill()
    shutil.rmtree(tmp_path / "jetstream")
    await change(place, new_id(), range(1, 2))
    broker.start()

    await place.until(EFFECTS, 2)
    await place.until(UNRELAYED, 0)


@pytest.mark.slow
async def test_without_the_database_nothing_is_acknowledged_and_all_follows(
    place: Place, start_worker: StartWorker
) -> None:
    """Its connections end and no new one is let in, which is what a stopped server looks like to a worker."""
    start_worker(LISTENER_SLOWNESS="0.05")
    person_id = new_id()
    await change(place, person_id, range(1, 101))
    await place.until(f"SELECT ({EFFECTS}) > 0", True)

    await place.value("ALTER ROLE chassis_app NOLOGIN")
    await place.value(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
        "WHERE application_name = 'listener'"
    )
    await asyncio.sleep(6)
    meanwhile = await place.value(EFFECTS)
    await place.value("ALTER ROLE chassis_app LOGIN")

    await place.until(EFFECTS, 100)
    assert meanwhile < 100
    assert await place.value("SELECT count(*) FROM inbox_dead_letter") == 0
    assert await place.rows("SELECT name, effects FROM person_copy") == [("100", 100)]


async def test_a_group_that_comes_later_gets_what_was_said_before(
    place: Place, broker: Broker
) -> None:
    async with events.worker(place.database, handlers=Handlers("profile"), nats_url=broker.url):
        await change(place, new_id(), range(1, 4))
        await place.until(UNRELAYED, 0)
    await place.value("DELETE FROM outbox_event")

    async with events.worker(place.database, handlers=handlers, nats_url=broker.url):
        await place.until(EFFECTS, 3)


async def test_a_resent_fact_that_the_broker_has_forgotten_is_applied_once(
    place: Place, broker: Broker
) -> None:
    """Killed between sending and marking, and back after the broker's window for duplicates."""
    async with events.worker(place.database, handlers=handlers, nats_url=broker.url):
        person_id = new_id()
        await change(place, person_id, range(1, 3))
        await place.until(EFFECTS, 2)
        client = await nats.connect(broker.url)
        stream = client.jetstream()
        first = await stream.get_msg("WAYMARK_PROFILE", seq=1)
        headers = {**(first.headers or {}), "Nats-Msg-Id": "forgotten"}
        await stream.publish(first.subject or "", first.data or b"", headers=headers)
        await client.close()
        await change(place, person_id, range(3, 4))
        await place.until(EFFECTS, 3)

    async with place.database.transaction(place.tenant_id) as session:
        names = (await session.execute(text("SELECT name FROM person_copy"))).all()
    assert [tuple(each) for each in names] == [("3",)]
