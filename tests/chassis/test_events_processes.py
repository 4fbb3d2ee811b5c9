"""What is promised whatever is killed: workers are processes here, and the broker really goes away."""

import asyncio
from datetime import timedelta

import pytest

from shared import events, jobs
from shared.ids import new_id
from tests.chassis.conftest import Broker, Place, StartWorker
from tests.chassis.listener import PersonUpdated

COPIES = "SELECT count(*) FROM person_copy"
DOUBLED = "SELECT count(*) FROM person_copy WHERE effects <> 1"
UNRELAYED = "SELECT count(*) FROM outbox_event WHERE relayed_at IS NULL"

pytestmark = pytest.mark.slow


async def publish_persons(place: Place, number: int) -> None:
    """Each in a transaction of its own."""
    for _ in range(number):
        async with place.database.transaction(place.tenant_id) as session:
            fact = PersonUpdated(display_name="Ada")
            await events.publish(session, place.principal, fact, subject=new_id(), sequence=1)


async def test_workers_killed_in_the_middle_lose_nothing_and_double_nothing(
    place: Place, start_worker: StartWorker
) -> None:
    first = start_worker(LISTENER_SLOWNESS="0.01")
    await publish_persons(place, 100)
    await place.until(f"SELECT ({COPIES}) > 20", True)

    first.kill()
    await publish_persons(place, 100)
    second = start_worker(LISTENER_SLOWNESS="0.01")
    await place.until(f"SELECT ({COPIES}) > 100", True)
    second.kill()
    start_worker()

    await place.until(COPIES, 200)
    await place.until(UNRELAYED, 0)
    assert await place.value(DOUBLED) == 0


async def test_a_job_of_a_killed_worker_is_done_by_another_within_seconds(
    place: Place, start_worker: StartWorker
) -> None:
    person_id = new_id()
    async with place.database.transaction(place.tenant_id) as session:
        arguments = {"id": str(person_id)}
        await jobs.enqueue(session, place.principal, name="slow", arguments=arguments)
    slow = start_worker(LISTENER_SLOWNESS="600")
    taken = "FROM queue.job WHERE holder IS NOT NULL AND tenant_id IS NOT NULL"
    await place.until(f"SELECT count(*) {taken}", 1)

    slow.kill()
    free_in = await place.value(f"SELECT due_at - now() {taken}")
    start_worker()

    await place.until(COPIES, 1)
    assert free_in < timedelta(seconds=5)
    assert await place.rows("SELECT id, effects FROM person_copy") == [(person_id, 1)]


async def test_writes_go_on_without_the_broker_and_arrive_when_it_is_back(
    place: Place, broker: Broker, start_worker: StartWorker
) -> None:
    start_worker()
    await publish_persons(place, 1)
    await place.until(COPIES, 1)

    broker.kill()
    await publish_persons(place, 20)
    await asyncio.sleep(1)
    unrelayed = await place.value(UNRELAYED)
    broker.start()

    await place.until(COPIES, 21)
    await place.until(UNRELAYED, 0)
    assert unrelayed == 20
    assert await place.value(DOUBLED) == 0


async def test_a_worker_starts_before_the_broker_and_stops_without_it(
    place: Place, broker: Broker, start_worker: StartWorker
) -> None:
    broker.kill()
    early = start_worker()
    await publish_persons(place, 1)
    await asyncio.sleep(1)
    broker.start()
    await place.until(COPIES, 1)
    broker.kill()

    assert early.terminate() == 0


async def test_two_workers_at_once_relay_and_apply_each_event_once(
    place: Place, start_worker: StartWorker
) -> None:
    for _ in range(2):
        start_worker()

    await asyncio.gather(*(publish_persons(place, 60) for _ in range(5)))

    await place.until(COPIES, 300)
    await place.until(UNRELAYED, 0)
    assert await place.value(DOUBLED) == 0


async def test_a_worker_outlives_connections_that_the_database_ends(
    place: Place, start_worker: StartWorker
) -> None:
    start_worker()
    await publish_persons(place, 1)
    await place.until(COPIES, 1)

    await place.value(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
        "WHERE application_name = 'listener'"
    )
    await publish_persons(place, 20)

    await place.until(COPIES, 21)
    assert await place.value(DOUBLED) == 0


async def test_a_stopped_worker_finishes_what_is_in_hand_and_gives_back_the_rest(
    place: Place, start_worker: StartWorker
) -> None:
    worker = start_worker(LISTENER_SLOWNESS="0.01")
    await publish_persons(place, 100)
    await place.until(f"SELECT ({COPIES}) > 10", True)

    assert worker.terminate() == 0
    held = await place.value("SELECT count(*) FROM queue.job WHERE holder IS NOT NULL")
    start_worker()

    await place.until(COPIES, 100)
    assert held == 0
    assert await place.value(DOUBLED) == 0
    assert await place.value("SELECT count(*) FROM inbox_dead_letter") == 0
