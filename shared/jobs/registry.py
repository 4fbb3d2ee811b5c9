"""Which jobs and schedules a service has, and how many of each run at once."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from croniter import croniter

from shared import clock
from shared.db import Database
from shared.jobs.queue import Job
from shared.tenancy import Principal

Work = Callable[[Database, Sequence[Job]], Awaitable[None]]
JobFunction = Callable[[Database, Principal, Job], Awaitable[None]]
BatchFunction = Callable[[Database, Principal, Sequence[Job]], Awaitable[None]]
ScheduledFunction = Callable[[Database], Awaitable[None]]


class TryLater(Exception):
    """Raised by a job that must run again after a time that it knows, e.g. from Retry-After."""

    def __init__(self, delay: timedelta) -> None:
        super().__init__(f"after {delay.total_seconds():.0f} s")
        self.delay = delay


def _always() -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Lane:
    """How the jobs of one name run in one worker.

    `size` jobs of one tenant go into one call; a job that failed before goes alone. `at_once` calls run at a time,
    `per_tenant` of them for the same tenant. Nothing is taken while `ready` says no. Without `most_attempts` a job
    never fails for good. A lane that `finishes_itself` calls `jobs.done` in its own transaction. Once something was
    taken nothing more is for the time of `gather`, so that the next call gets more.
    """

    name: str
    work: Work
    size: int = 1
    at_once: int = 4
    per_tenant: int = 3
    most_attempts: int | None = 10
    longest_delay: timedelta = timedelta(minutes=5)
    ready: Callable[[], bool] = _always
    finishes_itself: bool = False
    gather: timedelta = timedelta(0)


class Jobs:
    """The jobs of one service, filled by decorators at import time and run by its worker."""

    def __init__(self, service: str) -> None:
        self.service = service
        self.lanes: dict[str, Lane] = {}
        self.schedules: dict[str, str] = {}

    def add(self, lane: Lane) -> None:
        if lane.name in self.lanes:
            raise ValueError(f"There are two jobs named {lane.name!r}.")
        self.lanes[lane.name] = lane

    def job(
        self,
        name: str,
        *,
        at_once: int = 4,
        most_attempts: int | None = 10,
        ready: Callable[[], bool] = _always,
    ) -> Callable[[JobFunction], JobFunction]:
        """The function runs outside a transaction, at least once a job: it opens `database.transaction` as it needs."""

        def register(function: JobFunction) -> JobFunction:
            async def work(database: Database, held: Sequence[Job]) -> None:
                for job in held:
                    await function(database, self._principal(job), job)

            per_tenant = max(1, at_once - 1)
            self.add(
                Lane(
                    name,
                    work,
                    at_once=at_once,
                    per_tenant=per_tenant,
                    most_attempts=most_attempts,
                    ready=ready,
                )
            )
            return function

        return register

    def batch(
        self, name: str, *, size: int = 100, at_once: int = 4
    ) -> Callable[[BatchFunction], BatchFunction]:
        """Like `job`, for up to `size` jobs of one tenant in one call; one call a tenant at a time."""

        def register(function: BatchFunction) -> BatchFunction:
            async def work(database: Database, held: Sequence[Job]) -> None:
                await function(database, self._principal(held[0]), held)

            self.add(Lane(name, work, size=size, at_once=at_once, per_tenant=1))
            return function

        return register

    def every(self, cron: str) -> Callable[[ScheduledFunction], ScheduledFunction]:
        """Runs the function at each time of a five-field cron expression (UTC), once among all workers."""
        if not croniter.is_valid(cron):
            raise ValueError(f"{cron!r} is no cron expression.")

        def register(function: ScheduledFunction) -> ScheduledFunction:
            async def work(database: Database, _held: Sequence[Job]) -> None:
                await function(database)

            name = f"schedule.{function.__module__}.{function.__name__}"
            self.add(Lane(name, work, at_once=1, most_attempts=None))
            self.schedules[name] = cron
            return function

        return register

    def seconds_until_next(self, name: str) -> float:
        """From now to the schedule's next time."""
        now = clock.now()
        following: float = croniter(self.schedules[name], now).get_next(float)
        return max(0.0, following - now.timestamp())

    def _principal(self, job: Job) -> Principal:
        if job.tenant_id is None:
            raise ValueError(f"Job {job.id} has no tenant.")
        return Principal.system(job.tenant_id, f"{self.service}.{job.name}")
