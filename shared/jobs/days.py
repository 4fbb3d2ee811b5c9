"""Work that is due on a day: one job a tenant and day, done in portions once the day has begun (UTC)."""

from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol, TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from shared import clock
from shared.db import Database
from shared.jobs.queue import Job, NewJob, enqueue_many
from shared.jobs.registry import Jobs, TryLater
from shared.tenancy import Principal


class Portion(Protocol):
    """Does the next part of what is due up to today, a missed day's included; answers how much that was."""

    def __call__(
        self, session: AsyncSession, principal: Principal, *, today: date
    ) -> Awaitable[int]: ...


AnyPortion = TypeVar("AnyPortion", bound=Portion)


def due_on(name: str, day: date) -> NewJob:
    """The job of a day, at once when the day has begun; a day that is planned already is joined."""
    delay = max(timedelta(0), _beginning(day) - clock.now())
    return NewJob(name, arguments={"day": day.isoformat()}, dedupe_key=day.isoformat(), delay=delay)


async def plan(
    session: AsyncSession, principal: Principal, name: str, days: Iterable[date | None]
) -> None:
    """Plans the job of each day that is to come."""
    coming = {day for day in days if day is not None and day > clock.today()}
    planned = [due_on(name, day) for day in sorted(coming)]
    await enqueue_many(session, principal, jobs=planned)


def wait_for_day(job: Job) -> None:
    """Raises `TryLater` while the day of the job has not begun."""
    begins = _beginning(date.fromisoformat(job.arguments["day"]))
    if clock.now() < begins:
        raise TryLater(begins - clock.now() + timedelta(seconds=1))


def on_day(registry: Jobs, name: str, *, most: int) -> Callable[[AnyPortion], AnyPortion]:
    """Registers what a day's job does: portions of up to `most`, each in a transaction, until one is not full."""

    def register(portion: AnyPortion) -> AnyPortion:
        @registry.job(name, at_once=2, most_attempts=None)
        async def work(database: Database, principal: Principal, job: Job) -> None:
            wait_for_day(job)
            found = most
            while found == most:
                async with database.transaction(principal.tenant_id) as session:
                    found = await portion(session, principal, today=clock.today())

        return portion

    return register


def _beginning(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)
