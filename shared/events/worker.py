"""A service's worker: jobs and schedules, the relay, the consumers. It starts before anything else is up."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress

import structlog

from shared import idempotency, jobs
from shared.db import Database
from shared.events import metrics
from shared.events.backlog import pending
from shared.events.broker import Broker
from shared.events.consumer import Consumer
from shared.events.facts import Envelope
from shared.events.handlers import Group, Handlers
from shared.events.letters import groups_of
from shared.events.outbox import RELAY
from shared.events.pull import BrokerAway
from shared.events.relay import add_relay
from shared.events.retention import Retention
from shared.jobs import Jobs
from shared.jobs.outage import Outage

log = structlog.get_logger("events")

MEASURE_SECONDS = 5.0
STOP_SECONDS = 10.0


async def run_worker(
    database: Database,
    *,
    handlers: Handlers,
    nats_url: str,
    stop: asyncio.Event,
    registry: jobs.Jobs | None = None,
    replicas: int = 1,
    retention: Retention | None = None,
    most_failures: int = 8,
) -> None:
    """Works until `stop` is set, then finishes what is in hand. An outage of PostgreSQL or NATS is waited out.

    `registry` holds the service's own jobs and is not changed. `replicas` is how many servers of a NATS cluster keep
    each event. An event is dead after `most_failures` failures of its handler.
    """
    work = _Worker(database, handlers, retention or Retention(), nats_url, replicas)
    mine = work.jobs(registry)
    tasks = [
        asyncio.create_task(jobs.run(database, mine, stop=stop)),
        asyncio.create_task(work.listen(stop, most_failures=most_failures)),
        asyncio.create_task(work.measure(mine, stop)),
    ]
    stopping = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait((*tasks, stopping), return_when=asyncio.FIRST_COMPLETED)
        stop.set()
        await asyncio.wait(tasks, timeout=STOP_SECONDS + 2)
    finally:
        for task in (*tasks, stopping):
            task.cancel()
        results = await asyncio.gather(*tasks, return_exceptions=True)
        await work.close()
    for result in results:
        if isinstance(result, Exception):
            raise result


@asynccontextmanager
async def worker(
    database: Database,
    *,
    handlers: Handlers,
    nats_url: str,
    registry: jobs.Jobs | None = None,
    replicas: int = 1,
    retention: Retention | None = None,
    most_failures: int = 8,
) -> AsyncIterator[None]:
    """The same worker for the length of a block, e.g. inside an application's lifespan or a test."""
    stop = asyncio.Event()
    running = asyncio.create_task(
        run_worker(
            database,
            handlers=handlers,
            nats_url=nats_url,
            stop=stop,
            registry=registry,
            replicas=replicas,
            retention=retention,
            most_failures=most_failures,
        )
    )
    try:
        yield
    finally:
        stop.set()
        await running


class _Worker:
    def __init__(
        self,
        database: Database,
        handlers: Handlers,
        retention: Retention,
        nats_url: str,
        replicas: int,
    ) -> None:
        self.database = database
        self.handlers = handlers
        self.retention = retention
        self.nats_url = nats_url
        self.replicas = replicas
        self.broker: Broker | None = None
        self._declared = False

    def jobs(self, registry: jobs.Jobs | None) -> jobs.Jobs:
        """A copy of the service's jobs with the relay and the purge added."""
        mine = jobs.Jobs(self.handlers.service)
        if registry:
            mine.lanes.update(registry.lanes)
            mine.schedules.update(registry.schedules)
        add_relay(mine, self._send, ready=self._can_relay, retention=self.retention)
        self.retention.add_job(mine)
        idempotency.add_purge(mine)
        if self.handlers.erasing:
            self.handlers.erasing.add_jobs(mine, broker=self._connected, ready=self._can_relay)
        return mine

    def _can_relay(self) -> bool:
        return self._declared and self.broker is not None and self.broker.is_connected

    def _connected(self) -> Broker:
        assert self.broker is not None
        return self.broker

    async def _send(self, events: Sequence[Envelope]) -> None:
        assert self.broker is not None
        try:
            await self.broker.send(events)
        except BrokerAway:
            with suppress(Exception):
                await self._declare(self.broker)
            raise

    async def listen(self, stop: asyncio.Event, *, most_failures: int) -> None:
        """Connects, declares the streams of this service and of those it listens to, and consumes until `stop`."""
        connecting = asyncio.create_task(self._connect(stop))
        await _first(connecting, stop)
        if stop.is_set():
            return
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(stop.wait())
            for group in self.handlers.groups.values():
                tasks.create_task(self._consume(group, stop, most_failures))

    async def _connect(self, stop: asyncio.Event) -> None:
        self.broker = await Broker.connect(self.nats_url, name=f"{self.handlers.service} worker")
        outage = Outage("The event streams", log)
        while not stop.is_set():
            try:
                await self._declare(self.broker)
            except Exception as error:  # noqa: BLE001 - a worker outlives its broker
                await outage.wait(error, stop)
                continue
            outage.over()
            self._declared = True
            return

    async def _declare(self, broker: Broker) -> None:
        """Again after a failure: a broker may come back without what it had."""
        for service in sorted({self.handlers.service, *self.handlers.sources()}):
            await broker.declare_stream(service, replicas=self.replicas)

    async def _consume(self, group: Group, stop: asyncio.Event, most_failures: int) -> None:
        outage = Outage(f"Consumer {group.name}", log)
        consumer = Consumer(self.database, group, self.retention, most_failures=most_failures)
        while not stop.is_set():
            assert self.broker is not None
            try:
                await consumer.run(self.broker, stop, outage)
            except Exception as error:  # noqa: BLE001 - a worker outlives its broker
                await outage.wait(error, stop)
                with suppress(Exception):
                    await self._declare(self.broker)

    async def measure(self, registry: Jobs, stop: asyncio.Event) -> None:
        """Sets the gauges of jobs and outbox, and how far behind each group is, until `stop`."""
        while not stop.is_set():
            with suppress(Exception):
                names = set(registry.lanes)
                await metrics.measure(self.database, registry.service, names, relay=RELAY)
            with suppress(Exception):
                await self._measure_groups()
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), MEASURE_SECONDS)

    async def _measure_groups(self) -> None:
        if self.broker is None or not self._can_relay():
            return
        for group in groups_of(self.handlers):
            metrics.PENDING.labels(group.name).set(await pending(self.broker, group, None))

    async def close(self) -> None:
        if self.broker:
            await self.broker.close()


async def _first(task: "asyncio.Task[None]", stop: asyncio.Event) -> None:
    """Waits for the task or for `stop`, which ends the task; raises what the task raised."""
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait((task, stopping), return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if not task.done():
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    else:
        await task
