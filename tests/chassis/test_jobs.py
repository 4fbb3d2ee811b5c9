"""The queue of jobs: stored with their reason, run once where that is possible, again where it is not."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy.exc import ProgrammingError

from shared import clock, jobs
from shared.db import Database
from shared.ids import new_id
from shared.jobs import Job, Jobs, Lane, NewJob, TryLater, runner
from shared.tenancy import Principal
from tests.chassis.conftest import Place

COUNT = "SELECT count(*) FROM queue.job"


@asynccontextmanager
async def running(place: Place, *registries: Jobs, lease: float = 60.0) -> AsyncIterator[None]:
    """A long lease, so that only what is about leases depends on how soon they are renewed."""
    stop = asyncio.Event()
    runners = [
        asyncio.create_task(
            jobs.run(
                place.database, each, stop=stop, lease=timedelta(seconds=lease), poll_seconds=0.02
            )
        )
        for each in registries
    ]
    try:
        yield
    finally:
        stop.set()
        await asyncio.gather(*runners)


async def enqueue(place: Place, *new: NewJob) -> None:
    async with place.database.transaction(place.tenant_id) as session:
        await jobs.enqueue_many(session, place.principal, jobs=new)


async def test_a_job_runs_once_its_transaction_has_committed(place: Place) -> None:
    registry, seen = Jobs("test"), []

    @registry.job("greet")
    async def greet(database: Database, principal: Principal, job: Job) -> None:
        seen.append((principal.tenant_id, principal.subject, job.arguments, job.attempt))

    async with running(place, registry):
        async with place.database.transaction(place.tenant_id) as session:
            await jobs.enqueue(session, place.principal, name="greet", arguments={"id": "7"})
            await asyncio.sleep(0.1)
            assert seen == []
        await place.until(COUNT, 0)

    assert seen == [(place.tenant_id, "test.greet", {"id": "7"}, 1)]


async def test_a_job_of_a_rolled_back_transaction_does_not_exist(place: Place) -> None:
    async with place.database.transaction(place.tenant_id) as session:
        await jobs.enqueue(session, place.principal, name="greet")
        await session.rollback()

    assert await place.value(COUNT) == 0


async def test_equal_keys_join_until_a_worker_has_taken_the_job(place: Place) -> None:
    twice = NewJob("sum", {"id": "1"}, dedupe_key="k", delay=timedelta(hours=1))
    await enqueue(place, twice)
    await enqueue(place, NewJob("sum", {"id": "2"}, dedupe_key="k"))
    assert await place.rows("SELECT arguments ->> 'id', due_at <= now() FROM queue.job") == [
        ("1", True)
    ]

    await place.value("UPDATE queue.job SET attempts = 1, holder = gen_random_uuid()")
    await enqueue(place, twice)

    assert await place.value(COUNT) == 2


async def test_a_job_waits_for_its_time(place: Place) -> None:
    registry, seen = Jobs("test"), []

    @registry.job("later")
    async def later(database: Database, principal: Principal, job: Job) -> None:
        seen.append(job.arguments["id"])

    waits = NewJob("later", {"id": "waits"}, delay=timedelta(hours=1))
    await enqueue(place, waits, NewJob("later", {"id": "is due"}))
    async with running(place, registry):
        await place.until(COUNT, 1)
        early = list(seen)
        await place.value("UPDATE queue.job SET due_at = now()")
        await place.until(COUNT, 0)

    assert early == ["is due"]
    assert seen == ["is due", "waits"]


async def test_a_failing_job_is_tried_again_and_then_kept_without_what_it_said(
    place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    registry, attempts = Jobs("test"), []

    @registry.job("fail", most_attempts=2)
    async def fail(database: Database, principal: Principal, job: Job) -> None:
        attempts.append(job.attempt)
        raise ValueError("a secret of somebody")

    await enqueue(place, NewJob("fail"))
    async with running(place, registry):
        await place.until("SELECT count(*) FROM queue.job WHERE failed_at IS NOT NULL", 1)
        backlog = await jobs.waiting(place.database)

    assert attempts == [1, 2]
    assert await place.value("SELECT reason FROM queue.job") == "ValueError"
    assert backlog == [jobs.Waiting("fail", 0, 0, 1, 0.0)]


async def test_a_job_that_knows_when_to_come_back_is_put_back_until_then(place: Place) -> None:
    registry = Jobs("test")

    @registry.job("polite", most_attempts=1)
    async def polite(database: Database, principal: Principal, job: Job) -> None:
        raise TryLater(timedelta(hours=2))

    await enqueue(place, NewJob("polite"))
    async with running(place, registry):
        await place.until("SELECT reason FROM queue.job", "TryLater")

    waits = await place.value(
        "SELECT round(extract(epoch FROM due_at - now()) / 60) FROM queue.job"
    )
    assert waits == 120


async def test_one_tenant_s_jobs_do_not_hold_up_another_s(place: Place) -> None:
    registry, seen, ended = Jobs("test"), [], asyncio.Event()

    @registry.job("long", at_once=3)
    async def long(database: Database, principal: Principal, job: Job) -> None:
        seen.append(principal.tenant_id)
        if principal.tenant_id == place.tenant_id:
            await ended.wait()

    await enqueue(place, *(NewJob("long") for _ in range(50)))
    other = Place(place.database, place.url, place.admin)
    async with running(place, registry):
        await place.until(f"{COUNT} WHERE holder IS NOT NULL", 2)
        await enqueue(other, NewJob("long"))
        await place.until(f"{COUNT} WHERE tenant_id = '{other.tenant_id}'", 0)
        await place.value("DELETE FROM queue.job WHERE holder IS NULL")
        ended.set()

    assert seen == [place.tenant_id, place.tenant_id, other.tenant_id]


async def test_a_batch_gets_one_tenant_s_jobs_together(place: Place) -> None:
    registry, sizes = Jobs("test"), []

    @registry.batch("many", size=3)
    async def many(database: Database, principal: Principal, held: Sequence[Job]) -> None:
        sizes.append((len(held), {job.tenant_id for job in held}))

    await enqueue(place, *(NewJob("many") for _ in range(5)))
    async with running(place, registry):
        await place.until(COUNT, 0)

    assert sizes == [(3, {place.tenant_id}), (2, {place.tenant_id})]


async def test_two_workers_share_the_jobs_without_doing_one_twice(place: Place) -> None:
    seen: list[object] = []
    registries = [Jobs("test"), Jobs("test")]
    for registry in registries:

        @registry.job("once")
        async def once(database: Database, principal: Principal, job: Job) -> None:
            seen.append(job.id)
            await asyncio.sleep(0.01)

    await enqueue(place, *(NewJob("once") for _ in range(60)))
    async with running(place, *registries):
        await place.until(COUNT, 0)

    assert (len(seen), len(set(seen))) == (60, 60)


async def test_a_long_job_keeps_its_lease(place: Place) -> None:
    registry, seen, lease = Jobs("test"), [], "SELECT due_at FROM queue.job"

    @registry.job("long")
    async def long(database: Database, principal: Principal, job: Job) -> None:
        seen.append(job.attempt)
        first = await place.value(lease)
        await place.until(f"SELECT ({lease}) > '{first}'", True)

    await enqueue(place, NewJob("long"))
    async with running(place, registry, lease=6.0):
        await place.until(COUNT, 0)

    assert seen == [1]


async def test_a_schedule_runs_at_its_time_once_among_all_workers(place: Place) -> None:
    runs: list[str] = []
    registries = [Jobs("test"), Jobs("test")]

    async def tidy(database: Database) -> None:
        runs.append("tidied")

    half_an_hour_away = (clock.now().minute + 30) % 60
    for registry in registries:
        registry.every(f"{half_an_hour_away} * * * *")(tidy)
    async with running(place, *registries):
        await place.until(COUNT, 1)
        await place.value("UPDATE queue.job SET due_at = now()")
        await place.until(
            "SELECT count(*) FROM queue.job WHERE due_at > now() AND holder IS NULL", 1
        )
        await asyncio.sleep(0.1)

    assert runs == ["tidied"]
    minute = "extract(minute FROM due_at AT TIME ZONE 'UTC')"
    due = await place.rows(f"SELECT {minute}, due_at - now() < interval '1 hour' FROM queue.job")
    assert due == [(half_an_hour_away, True)]
    with pytest.raises(ValueError, match="no cron expression"):
        Jobs("test").every("now and then")


async def test_a_job_ended_with_its_effect_is_gone_with_it(place: Place) -> None:
    registry, effects = Jobs("test"), []

    @registry.job("effect")
    async def effect(database: Database, principal: Principal, job: Job) -> None:
        async with database.transaction(principal.tenant_id) as session:
            await jobs.done(session, [job])
        effects.append(await place.value(COUNT))

    await enqueue(place, NewJob("effect"))
    async with running(place, registry):
        await place.until(COUNT, 0)

    assert effects == [0]


async def test_the_runtime_role_owns_nothing_of_the_queue(place: Place) -> None:
    async with place.database.transaction(new_id()) as session:
        with pytest.raises(ProgrammingError, match="permission denied"):
            await (await session.connection()).exec_driver_sql("CREATE TABLE queue.mine (id int)")


def test_a_role_s_name_is_checked_before_it_stands_in_a_statement() -> None:
    with pytest.raises(ValueError, match="role's name"):
        jobs.install_sql("app; DROP SCHEMA queue")


async def test_a_lane_that_gathers_takes_together_what_comes_soon_after(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [100.0]
    monkeypatch.setattr(runner, "time", SimpleNamespace(monotonic=lambda: now[0]))
    registry, calls = Jobs("test"), list[int]()

    async def work(_database: Database, held: Sequence[Job]) -> None:
        calls.append(len(held))

    registry.add(Lane("gather", work, size=10, gather=timedelta(seconds=4)))
    async with running(place, registry):
        await enqueue(place, NewJob("gather"))
        await place.until(COUNT, 0)
        for _ in range(3):
            await enqueue(place, NewJob("gather"))
            now[0] += 1.0
        assert calls == [1]
        now[0] += 1.0
        await place.until(COUNT, 0)

    assert calls == [1, 3]
