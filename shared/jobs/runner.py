"""A worker's loop: take what is due, run it, renew the leases, put back what failed."""

import asyncio
import json
import random
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

import structlog
from sqlalchemy import TextClause
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.db import Database
from shared.ids import new_id
from shared.jobs import statements
from shared.jobs.outage import Outage, name_of
from shared.jobs.queue import Job
from shared.jobs.registry import Jobs, Lane, TryLater

log = structlog.get_logger("jobs")

LEASE = timedelta(seconds=4)
FIRST_DELAY = timedelta(milliseconds=500)


async def run(
    database: Database,
    registry: Jobs,
    *,
    stop: asyncio.Event,
    poll_seconds: float = 0.1,
    lease: timedelta = LEASE,
    grace_seconds: float = 10.0,
) -> None:
    """Runs due jobs until `stop`, then lets those in hand finish for `grace_seconds` and gives back the rest.

    A killed worker's jobs are taken by another one when their lease ends. Survives a database that is away.
    """
    runner = _Runner(database, registry, lease)
    renewing = asyncio.create_task(runner.renew_leases())
    try:
        await runner.take_until(stop, poll_seconds)
    finally:
        await runner.finish(grace_seconds)
        renewing.cancel()


class _Runner:
    def __init__(self, database: Database, registry: Jobs, lease: timedelta) -> None:
        self.database = database
        self._engine = database.engine.execution_options(isolation_level="AUTOCOMMIT")
        self.registry = registry
        self.lease = lease
        self.holder = new_id()
        self.held: dict[UUID, Job] = {}
        self.calls: Counter[str] = Counter()
        self.calls_of_tenant: Counter[tuple[str, UUID | None]] = Counter()
        self.slots = {
            name: asyncio.Semaphore(lane.at_once) for name, lane in registry.lanes.items()
        }
        self.tasks: set[asyncio.Task[None]] = set()
        self.freed = asyncio.Event()
        self.gathering: dict[str, float] = {}

    async def take_until(self, stop: asyncio.Event, poll_seconds: float) -> None:
        outage = Outage("The job queue", log)
        stopping = asyncio.create_task(stop.wait())
        planned = False
        while not stop.is_set():
            try:
                if not planned:
                    await self._plan_schedules()
                    planned = True
                self.freed.clear()
                taken, more = await self._take()
            except Exception as error:  # noqa: BLE001 - a worker outlives its database
                await outage.wait(error, stop)
                continue
            outage.over()
            self._start(taken)
            if not more:
                await self._pause(stopping, min(poll_seconds, self._gathered()))
        stopping.cancel()

    async def _pause(self, stopping: "asyncio.Task[bool]", seconds: float) -> None:
        """Until a call has ended, it is time to look again, or the worker stops."""
        freed = asyncio.create_task(self.freed.wait())
        await asyncio.wait((freed, stopping), timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        freed.cancel()

    def _gathered(self) -> float:
        """Seconds until the next lane has gathered."""
        now = time.monotonic()
        return min((until - now for until in self.gathering.values() if until > now), default=60.0)

    async def _take(self) -> tuple[list[Job], bool]:
        """What is due; and whether a lane took all that it had room for, so that there may be more."""
        now = time.monotonic()
        open_lanes = [
            lane
            for lane in self.registry.lanes.values()
            if lane.ready() and self.gathering.get(lane.name, now) <= now
        ]
        lanes = [self._room(lane) for lane in open_lanes]
        lanes = [lane for lane in lanes if lane["room"]]
        if not lanes:
            return [], False
        async with self._connection() as connection:
            rows = await connection.execute(
                statements.TAKE,
                {"lanes": json.dumps(lanes), "holder": self.holder, "lease": self.lease},
            )
            taken = [Job(*row) for row in rows]
        of_lane = Counter(job.name for job in taken)
        return taken, any(of_lane[lane["name"]] == lane["room"] for lane in lanes)

    def _room(self, lane: Lane) -> dict[str, Any]:
        held = {
            str(tenant_id): calls * lane.size
            for (name, tenant_id), calls in self.calls_of_tenant.items()
            if name == lane.name and tenant_id
        }
        share = lane.per_tenant * lane.size
        return {
            "name": lane.name,
            "room": max(0, lane.at_once - self.calls[lane.name]) * lane.size,
            "share": share,
            "held": held,
            "full_up": [tenant_id for tenant_id, jobs in held.items() if jobs >= share],
        }

    def _start(self, taken: Sequence[Job]) -> None:
        for lane, group in self._groups(taken):
            self.held.update((job.id, job) for job in group)
            self.calls[lane.name] += 1
            self.calls_of_tenant[lane.name, group[0].tenant_id] += 1
            if lane.gather and len(group) < lane.size:
                self.gathering[lane.name] = time.monotonic() + lane.gather.total_seconds()
            task = asyncio.create_task(self._call(lane, group))
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)

    def _groups(self, taken: Sequence[Job]) -> Iterator[tuple[Lane, list[Job]]]:
        together: dict[tuple[str, UUID | None], list[Job]] = defaultdict(list)
        for job in taken:
            lane = self.registry.lanes[job.name]
            if lane.size == 1 or job.attempt > 1:
                yield lane, [job]
            else:
                together[job.name, job.tenant_id].append(job)
        for (name, _), group in together.items():
            lane = self.registry.lanes[name]
            for start in range(0, len(group), lane.size):
                yield lane, group[start : start + lane.size]

    async def _call(self, lane: Lane, group: list[Job]) -> None:
        try:
            async with self.slots[lane.name]:
                await lane.work(self.database, group)
            await self._finished(lane, group)
        except TryLater as later:
            await self._retry(group, later.delay, reason="TryLater")
        except Exception as error:  # noqa: BLE001 - whatever a job raises is its own
            await self._failed(lane, group, error)
        finally:
            for job in group:
                self.held.pop(job.id, None)
            self.calls[lane.name] -= 1
            key = (lane.name, group[0].tenant_id)
            self.calls_of_tenant[key] -= 1
            if not self.calls_of_tenant[key]:
                del self.calls_of_tenant[key]
            self.freed.set()

    async def _finished(self, lane: Lane, group: list[Job]) -> None:
        if lane.name in self.registry.schedules:
            seconds = self.registry.seconds_until_next(lane.name)
            ids = [job.id for job in group]
            await self._execute(
                statements.POSTPONE, {"ids": ids, "delay": timedelta(seconds=seconds)}
            )
        elif not lane.finishes_itself:
            await self._execute(statements.FINISH, {"ids": [job.id for job in group]})

    async def _failed(self, lane: Lane, group: list[Job], error: Exception) -> None:
        reason = name_of(error)
        for job in group:
            log.warning(
                "job failed",
                job=str(job.id),
                name=job.name,
                tenant=str(job.tenant_id),
                attempt=job.attempt,
                reason=reason,
                exc_info=error if len(group) == 1 and job.attempt == 1 else None,
            )
        attempt = group[0].attempt
        if lane.most_attempts is not None and attempt >= lane.most_attempts:
            await self._execute(
                statements.GIVE_UP, {"ids": [job.id for job in group], "reason": reason}
            )
        else:
            await self._retry(group, _back_off(attempt, lane.longest_delay), reason=reason)

    async def _retry(self, group: list[Job], delay: timedelta, *, reason: str) -> None:
        ids = [job.id for job in group]
        await self._execute(statements.RETRY, {"ids": ids, "delay": delay, "reason": reason})

    async def _execute(self, statement: TextClause, parameters: dict[str, object]) -> None:
        """When the database is away the lease will end, which has the same result, only later."""
        try:
            async with self._connection() as connection:
                await connection.execute(statement, {**parameters, "holder": self.holder})
        except Exception as error:  # noqa: BLE001 - whatever a job raises is its own
            log.warning("job not marked", reason=name_of(error))

    async def renew_leases(self) -> None:
        while True:
            await asyncio.sleep(self.lease.total_seconds() / 3)
            if self.held:
                await self._execute(statements.RENEW, {"ids": list(self.held), "lease": self.lease})

    async def finish(self, grace_seconds: float) -> None:
        if self.tasks:
            _, late = await asyncio.wait(self.tasks, timeout=grace_seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        await self._execute(statements.GIVE_BACK, {})

    async def _plan_schedules(self) -> None:
        for name in self.registry.schedules:
            seconds = self.registry.seconds_until_next(name)
            identity = {"id": uuid5(NAMESPACE_OID, name), "name": name}
            async with self._connection() as connection:
                await connection.execute(
                    statements.PLAN, {**identity, "delay": timedelta(seconds=seconds)}
                )

    def _connection(self) -> AsyncConnection:
        """Each statement is a transaction of its own: one round trip instead of three."""
        return self._engine.connect()


def _back_off(attempt: int, longest: timedelta) -> timedelta:
    """Doubles from half a second, at most `longest`, spread by a quarter either way."""
    seconds: float = min(FIRST_DELAY * 2 ** min(attempt - 1, 20), longest).total_seconds()
    return timedelta(seconds=seconds * random.uniform(0.75, 1.25))
