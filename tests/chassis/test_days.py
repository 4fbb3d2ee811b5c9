"""Jobs of a day: planned once, not before the day begins, in portions until nothing is left."""

from datetime import date, timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from shared import clock
from shared.ids import new_id
from shared.jobs import Job, Jobs, TryLater, days
from shared.tenancy import Principal
from tests.chassis.conftest import Place

NAME = "bread.stale"
JOBS = "SELECT count(*) FROM queue.job"


def job_of(place: Place, day: date) -> Job:
    return Job(new_id(), NAME, place.tenant_id, {"day": day.isoformat()}, 1)


async def test_only_days_to_come_are_planned_and_each_once(place: Place) -> None:
    today = clock.today()
    coming = [today + timedelta(days=each) for each in (1, 2)]
    wanted = [None, today - timedelta(days=1), today, *coming, coming[0]]

    for _ in range(2):
        async with place.database.transaction(place.tenant_id) as session:
            await days.plan(session, place.principal, NAME, wanted)

    assert await place.value(JOBS) == 2


async def test_a_day_that_has_begun_is_due_at_once() -> None:
    today = clock.today()

    assert days.due_on(NAME, today).delay == timedelta(0)
    assert timedelta(0) < days.due_on(NAME, today + timedelta(days=1)).delay <= timedelta(days=1)


async def test_portions_are_done_until_one_is_not_full_and_not_before_the_day(
    place: Place,
) -> None:
    registry, left, seen = Jobs("test"), [3], []

    @days.on_day(registry, NAME, most=2)
    async def portion(session: AsyncSession, principal: Principal, *, today: date) -> int:
        done = min(left[0], 2)
        left[0] -= done
        seen.append((done, today, session.info["tenant_id"]))
        return done

    async def work(day: date) -> None:
        await registry.lanes[NAME].work(place.database, [job_of(place, day)])

    with pytest.raises(TryLater) as early:
        await work(clock.today() + timedelta(days=1))
    assert seen == []
    await work(clock.today() - timedelta(days=7))

    assert timedelta(0) < early.value.delay <= timedelta(days=1, seconds=1)
    assert seen == [(2, clock.today(), place.tenant_id), (1, clock.today(), place.tenant_id)]
