"""Facts as they pass the broker, for whoever listens at this moment; of one subject the newest is kept."""

import asyncio
import json
from collections import OrderedDict, defaultdict
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import nats.errors
import structlog
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from nats.js import api
from nats.js.errors import APIError

from shared import clock
from shared.events.facts import Envelope, service_of, stream_of
from shared.events.hanging_up import hang_up
from shared.events.pull import BrokerAway

log = structlog.get_logger("events")

CONNECT_SECONDS = 3.0
CATCH_UP_SECONDS = 5.0
CATCH_UP_BATCH = 500
OVERLAP = timedelta(seconds=2)
MOST_WAITING = 256

Wants = Callable[[Envelope, dict[str, Any]], bool]


@dataclass(slots=True, eq=False)
class Listener:
    """What has come for one listener and was not taken yet: the newest event of each subject.

    Of more than `MOST_WAITING` subjects the one that waits longest is dropped; `dropped` counts them.
    """

    wants: Wants
    dropped: int = 0
    _waiting: OrderedDict[str, Envelope] = field(default_factory=OrderedDict)
    _some: asyncio.Event = field(default_factory=asyncio.Event)

    def offer(self, event: Envelope, payload: dict[str, Any]) -> None:
        if not self.wants(event, payload):
            return
        self._waiting[event.subject] = event
        self._waiting.move_to_end(event.subject)
        if len(self._waiting) > MOST_WAITING:
            self._waiting.popitem(last=False)
            self.dropped += 1
        self._some.set()

    async def next(self) -> Envelope:
        """The event that waits longest; waits for one."""
        await self._some.wait()
        _, event = self._waiting.popitem(last=False)
        if not self._waiting:
            self._some.clear()
        return event


@dataclass(slots=True)
class _Channel:
    """One subject at the broker and everybody here who listens to it."""

    subscription: Subscription
    listeners: set[Listener] = field(default_factory=set)


class Live:
    """One connection for all listeners of a process, made when the first one comes.

    After an outage of the broker what its streams have stored meanwhile is told too.
    """

    def __init__(self, nats_url: str, *, name: str) -> None:
        self._url = nats_url
        self._name = name
        self._client: Client | None = None
        self._lock = asyncio.Lock()
        self._channels: dict[str, _Channel] = {}
        self._away_since: datetime | None = None
        self._leaving: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def listen(
        self, patterns: Sequence[str], tenant_id: UUID, wants: Wants
    ) -> AsyncIterator[Listener]:
        """For types such as `waymark.goals.goal.*.v1` of one tenant. Raises `BrokerAway` when it is away now."""
        subjects = [f"{pattern}.{tenant_id}" for pattern in patterns]
        listener = Listener(wants)
        opening = asyncio.create_task(self._join(subjects, listener))
        try:
            await asyncio.shield(opening)
            yield listener
        finally:
            leaving = asyncio.create_task(self._leave(opening, subjects, listener))
            self._leaving.add(leaving)
            leaving.add_done_callback(self._leaving.discard)

    async def close(self) -> None:
        await asyncio.gather(*self._leaving, return_exceptions=True)
        client, self._client = self._client, None
        self._channels.clear()
        if client is not None:
            await hang_up(client)

    async def _join(self, subjects: Iterable[str], listener: Listener) -> None:
        """In a task of its own, because the broker's client does not stop half-way when it is told to."""
        async with self._lock:
            for subject in subjects:
                await self._open(subject, listener)

    async def _open(self, subject: str, listener: Listener) -> None:
        channel = self._channels.get(subject)
        if channel is None:
            client = await self._connected()

            async def arrived(message: Msg) -> None:
                self._tell(subject, message.headers or {}, message.data)

            channel = _Channel(await client.subscribe(subject, cb=arrived))
            self._channels[subject] = channel
            with suppress(nats.errors.Error, TimeoutError):
                await client.flush(timeout=1)
        channel.listeners.add(listener)

    async def _leave(
        self, opening: "asyncio.Task[None]", subjects: Iterable[str], listener: Listener
    ) -> None:
        await asyncio.gather(opening, return_exceptions=True)
        async with self._lock:
            for subject in subjects:
                channel = self._channels.get(subject)
                if channel is None:
                    continue
                channel.listeners.discard(listener)
                if not channel.listeners:
                    del self._channels[subject]
                    with suppress(nats.errors.Error):
                        await channel.subscription.unsubscribe()

    async def _connected(self) -> Client:
        """Raises `BrokerAway`; while a connection is coming back its subscriptions wait for it."""
        if self._client is not None:
            return self._client
        client = Client()
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                await client.connect(
                    self._url,
                    name=self._name,
                    connect_timeout=2,
                    reconnect_time_wait=0.25,  # type: ignore[arg-type]
                    max_reconnect_attempts=-1,
                    ping_interval=10,
                    max_outstanding_pings=2,
                    error_cb=_ignore,
                    disconnected_cb=self._lost,
                    reconnected_cb=self._back,
                )
        except (TimeoutError, OSError, nats.errors.Error) as error:
            await hang_up(client)
            raise BrokerAway(type(error).__name__) from error
        self._client = client
        return client

    async def _lost(self) -> None:
        if self._client is not None and self._away_since is None:
            self._away_since = clock.now() - OVERLAP
            log.warning("live events interrupted")

    async def _back(self) -> None:
        since, self._away_since = self._away_since, None
        if since is None:
            return
        by_stream: dict[str, list[str]] = defaultdict(list)
        for subject in self._channels:
            by_stream[stream_of(service_of(subject))].append(subject)
        for stream, subjects in by_stream.items():
            try:
                await self._catch_up(stream, subjects, since)
            except (TimeoutError, nats.errors.Error, APIError) as error:
                log.warning("live events missed", stream=stream, error=type(error).__name__)
        log.info("live events again")

    async def _catch_up(self, stream: str, subjects: list[str], since: datetime) -> None:
        assert self._client is not None
        jetstream = self._client.jetstream(timeout=CATCH_UP_SECONDS)
        config = api.ConsumerConfig(
            filter_subjects=subjects,
            ack_policy=api.AckPolicy.NONE,
            deliver_policy=api.DeliverPolicy.BY_START_TIME,
            opt_start_time=since,
            inactive_threshold=30.0,
            mem_storage=True,
            num_replicas=1,
        )
        made = await jetstream.add_consumer(stream, config)
        pull = await jetstream.pull_subscribe_bind(made.name, stream=stream)
        left = made.num_pending or 0
        while left > 0:
            batch = await pull.fetch(min(left, CATCH_UP_BATCH), timeout=CATCH_UP_SECONDS)
            left -= len(batch)
            for message in batch:
                self._tell(message.subject, message.headers or {}, message.data, exact=True)
        await pull.unsubscribe()

    def _tell(
        self, subject: str, headers: dict[str, str], body: bytes, *, exact: bool = False
    ) -> None:
        """`exact` when the subject is the event's own, not the pattern that it came by."""
        try:
            event, payload = Envelope.read(headers, body), json.loads(body)
        except (KeyError, ValueError):
            log.error("unreadable event", subject=subject)
            return
        for pattern in list(self._channels) if exact else [subject]:
            if exact and not _matches(pattern, subject):
                continue
            channel = self._channels.get(pattern)
            for listener in list(channel.listeners) if channel else ():
                listener.offer(event, payload)


def _matches(pattern: str, subject: str) -> bool:
    ours, theirs = pattern.split("."), subject.split(".")
    return len(ours) == len(theirs) and all(
        a in ("*", b) for a, b in zip(ours, theirs, strict=True)
    )


async def _ignore(_error: Exception) -> None:
    """An outage is told once, by `_lost`."""
