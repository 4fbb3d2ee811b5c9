"""NATS JetStream, known to this module alone: streams, durable consumers, acknowledged sends, replays.

nats-py itself and not FastStream, see DECISIONS.md: events are applied a batch at a time, each subject in order.
"""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from uuid import UUID

import nats
import structlog
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js import JetStreamContext, api
from nats.js.errors import NotFoundError

from shared.events.delivery import Delivery
from shared.events.facts import Envelope, in_waves, service_of, stream_of
from shared.events.hanging_up import hang_up
from shared.events.pull import BrokerAway, Pull
from shared.events.storing import Storing

log = structlog.get_logger("events")

ACK_SECONDS = 5.0
DUPLICATE_WINDOW_SECONDS = 600.0
ACK_WAIT_SECONDS = 4.0


class Broker:
    """One connection that comes back by itself, for as long as it takes."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._stream: JetStreamContext = client.jetstream(timeout=ACK_SECONDS)
        self._storing = Storing(client)
        self._pulls: set[Pull] = set()

    @classmethod
    async def connect(cls, url: str, *, name: str) -> "Broker":
        """Waits until the broker is there."""
        client = Client()
        broker = cls(client)
        said = _SayOnce()

        async def back() -> None:
            await said.back()
            for pull in broker._pulls:
                pull.interrupt()

        try:
            await client.connect(
                url,
                name=name,
                connect_timeout=2,
                reconnect_time_wait=0.25,  # type: ignore[arg-type]
                max_reconnect_attempts=-1,
                error_cb=said.away,
                reconnected_cb=back,
                ping_interval=10,
                max_outstanding_pings=2,
            )
        except BaseException:
            await hang_up(client)
            raise
        await said.back()
        return broker

    @property
    def is_connected(self) -> bool:
        return self._client.is_connected

    async def close(self) -> None:
        await hang_up(self._client)

    async def declare_stream(self, service: str, *, replicas: int) -> None:
        """Creates the service's stream or brings it to this configuration. It keeps everything: rebuilding reads it."""
        config = api.StreamConfig(
            name=stream_of(service),
            subjects=[f"waymark.{service}.>"],
            storage=api.StorageType.FILE,
            retention=api.RetentionPolicy.LIMITS,
            compression=api.StoreCompression.S2,
            num_replicas=replicas,
            duplicate_window=DUPLICATE_WINDOW_SECONDS,
        )
        try:
            await self._stream.update_stream(config)
        except NotFoundError:
            await self._stream.add_stream(config)

    async def send(self, events: Sequence[Envelope]) -> None:
        """Stores them in the order of each subject, whatever is lost on the way. Raises `BrokerAway`.

        An event is sent when its predecessor is stored: of two that are on their way only the second may arrive.
        """
        for wave in in_waves(events):
            await self._storing.store(wave, within=ACK_SECONDS)

    async def consume(
        self, service: str, *, consumer: str, filters: list[str]
    ) -> AsyncGenerator[list[Delivery]]:
        """Batches of a durable consumer, which begins at the stream's first event when it is new. Raises `BrokerAway`.

        What was in hand before comes first, if need be after the time that a dead worker had for it. The first batch is
        empty and says that the consumer is there.
        """
        config = api.ConsumerConfig(
            name=consumer,
            durable_name=consumer,
            filter_subjects=filters,
            ack_wait=ACK_WAIT_SECONDS,
            max_deliver=-1,
            max_ack_pending=10_000,
        )
        found = await self._stream.add_consumer(stream_of(service), config)
        if found.num_ack_pending:
            await asyncio.sleep(ACK_WAIT_SECONDS)
        async with self._pull(stream_of(service), consumer) as pull:
            yield []
            while True:
                if batch := await pull.batch():
                    yield [Delivery(message) for message in batch]

    async def pending(
        self, service: str, *, consumer: str, filters: list[str] | None = None
    ) -> int:
        """Events that the consumer has not acknowledged; with filters only those, counted from its first gap."""
        stream = stream_of(service)
        found = await self._stream.consumer_info(stream, consumer)
        if filters is None:
            return (found.num_pending or 0) + (found.num_ack_pending or 0)
        floor = found.ack_floor.stream_seq if found.ack_floor else 0
        made = await self._stream.add_consumer(stream, self._reading(filters, first=floor + 1))
        await self._stream.delete_consumer(stream, made.name)
        return made.num_pending or 0

    async def tenants(self, service: str, *, filters: list[str]) -> set[str]:
        """The last token of every subject in the stream that passes one of the filters."""
        found: set[str] = set()
        for subject_filter in filters:
            found |= await self._tenants(stream_of(service), subject_filter)
        return found

    async def _tenants(self, stream: str, subject_filter: str) -> set[str]:
        subjects: set[str] = set()
        while True:
            question = {"subjects_filter": subject_filter, "offset": len(subjects)}
            answer = await self._client.request(
                f"$JS.API.STREAM.INFO.{stream}", json.dumps(question).encode(), timeout=ACK_SECONDS
            )
            page = json.loads(answer.data).get("state", {}).get("subjects") or {}
            if not page.keys() - subjects:
                return {subject.rpartition(".")[2] for subject in subjects}
            subjects |= page.keys()

    async def replay(
        self, service: str, *, filters: list[str], since: datetime | None = None
    ) -> AsyncGenerator[list[Envelope]]:
        """What the stream holds now, in its order; with `since` what it stored from then on. Raises `BrokerAway`."""
        async for batch in self._stored(service, filters, since):
            yield [Delivery(message).read() for message in batch]

    async def find(self, event_type: str, *, tenant: UUID, event_id: UUID) -> Envelope | None:
        """One event among those of its type that the stream holds now. Raises `BrokerAway`."""
        async for batch in self._stored(service_of(event_type), [f"{event_type}.{tenant}"]):
            for event in (Delivery(message).read() for message in batch):
                if event.id == event_id:
                    return event
        return None

    async def erase(self, service: str, *, tenant: UUID, about: Callable[[Envelope], bool]) -> int:
        """Overwrites and removes what is about somebody among what the stream holds now; answers how many events.

        What is not an event of ours stays. Raises `BrokerAway`; what was removed until then stays removed.
        """
        places = []
        async for batch in self._stored(service, [f"waymark.{service}.*.*.*.{tenant}"]):
            for message in batch:
                with suppress(KeyError, ValueError):
                    if about(Delivery(message).read()):
                        places.append(message.metadata.sequence.stream)
        for place in places:
            await self._overwrite(stream_of(service), place)
        return len(places)

    async def _overwrite(self, stream: str, place: int) -> None:
        try:
            await self._stream.delete_msg(stream, place)
        except NotFoundError:
            return
        except (TimeoutError, nats.errors.Error) as error:
            raise BrokerAway(type(error).__name__) from error

    async def _stored(
        self, service: str, filters: list[str], since: datetime | None = None
    ) -> AsyncGenerator[list[Msg]]:
        config = self._reading(filters, since=since)
        made = await self._stream.add_consumer(stream_of(service), config)
        left, expected = made.num_pending or 0, 1
        async with self._pull(stream_of(service), made.name) as pull:
            while left > 0:
                batch = await pull.batch()
                if not batch or batch[0].metadata.sequence.consumer != expected:
                    raise BrokerAway("the replay was interrupted")
                expected += len(batch)
                left -= len(batch)
                yield batch
        await self._stream.delete_consumer(stream_of(service), made.name)

    async def follow(
        self, service: str, *, filters: list[str], after: int | None, since: datetime | None = None
    ) -> AsyncGenerator[tuple[int, Envelope]]:
        """Events with their place in the stream: what is stored from now, from `since`, or behind a place.

        Raises `BrokerAway`.
        """
        first = None if after is None else after + 1
        config = self._reading(filters, first=first, since=since, new=first is None and not since)
        made = await self._stream.add_consumer(stream_of(service), config)
        async with self._pull(stream_of(service), made.name) as pull:
            while True:
                for message in await pull.batch():
                    yield message.metadata.sequence.stream, Delivery(message).read()

    def _reading(
        self,
        filters: list[str],
        *,
        first: int | None = None,
        since: datetime | None = None,
        new: bool = False,
    ) -> api.ConsumerConfig:
        """A consumer that acknowledges nothing and is forgotten when nobody asks it any more."""
        config = api.ConsumerConfig(
            filter_subjects=filters,
            ack_policy=api.AckPolicy.NONE,
            inactive_threshold=300.0,
            mem_storage=True,
            num_replicas=1,
            name=f"reading-{self._client._nuid.next().decode()}",  # noqa: SLF001
        )
        if first is not None:
            config.deliver_policy, config.opt_start_seq = api.DeliverPolicy.BY_START_SEQUENCE, first
        elif since is not None:
            config.deliver_policy, config.opt_start_time = api.DeliverPolicy.BY_START_TIME, since
        elif new:
            config.deliver_policy = api.DeliverPolicy.NEW
        return config

    @asynccontextmanager
    async def _pull(self, stream: str, consumer: str) -> AsyncIterator[Pull]:
        pull = Pull(self._client, stream, consumer)
        self._pulls.add(pull)
        try:
            await pull.open()
            yield pull
        finally:
            self._pulls.discard(pull)
            await pull.close()


class _SayOnce:
    def __init__(self) -> None:
        self._away = False

    async def away(self, error: Exception) -> None:
        if not self._away:
            log.warning("broker unavailable, trying again", error=type(error).__name__)
        self._away = True

    async def back(self) -> None:
        if self._away:
            log.info("broker available again")
        self._away = False
