"""NATS JetStream, known to this module alone: streams, durable consumers, acknowledged sends, replays.

nats-py itself and not FastStream, see DECISIONS.md: events are applied a batch at a time, each subject in order.
"""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import nats
import structlog
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js import JetStreamContext, api
from nats.js.errors import NotFoundError

from shared.events.facts import Envelope, stream_of
from shared.events.pull import BrokerAway, Pull

log = structlog.get_logger("events")

ACK_SECONDS = 5.0
DUPLICATE_WINDOW_SECONDS = 600.0
ACK_WAIT_SECONDS = 5.0


@dataclass(slots=True)
class Delivery:
    """One message in hand: it is acknowledged after the commit, or comes again."""

    message: Msg
    settled: bool = False

    @property
    def deliveries(self) -> int:
        return self.message.metadata.num_delivered

    @property
    def redelivered(self) -> bool:
        return self.deliveries > 1

    @property
    def tenant(self) -> str:
        return self.message.subject.rpartition(".")[2]

    def read(self) -> Envelope:
        """Raises `KeyError` or `ValueError` on what is not one of our events."""
        return Envelope.read(self.message.headers or {}, self.message.data)

    async def acknowledge(self) -> None:
        self.settled = True
        await self.message.ack()

    async def postpone(self, seconds: float) -> None:
        self.settled = True
        await self.message.nak(delay=seconds)

    async def discard(self) -> None:
        self.settled = True
        await self.message.term()

    async def keep(self) -> None:
        """Asks for the full time again."""
        if not self.settled:
            await self.message.in_progress()


class Broker:
    """One connection that comes back by itself, for as long as it takes."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._stream: JetStreamContext = client.jetstream(timeout=ACK_SECONDS)
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
                pull.restart()

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
        await said.back()
        return broker

    @property
    def is_connected(self) -> bool:
        return self._client.is_connected

    async def close(self) -> None:
        await self._client.close()

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
        """Sends in the given order without waiting in between, then until each is stored. Raises `BrokerAway`."""
        if not self.is_connected:
            raise BrokerAway("not connected")
        try:
            stored = [await self._send(event) for event in events]
            async with asyncio.timeout(ACK_SECONDS):
                await asyncio.gather(*stored)
        except (TimeoutError, nats.errors.Error) as error:
            raise BrokerAway(type(error).__name__) from error

    async def _send(self, event: Envelope) -> "asyncio.Future[api.PubAck]":
        headers = {**event.headers(), api.Header.MSG_ID: str(event.id)}
        return await self._stream.publish_async(
            event.broker_subject, event.body, wait_stall=ACK_SECONDS, headers=headers
        )

    async def consume(
        self, service: str, *, consumer: str, filters: list[str]
    ) -> AsyncGenerator[list[Delivery]]:
        """Batches of a durable consumer, which begins at the stream's first event when it is new."""
        config = api.ConsumerConfig(
            name=consumer,
            durable_name=consumer,
            filter_subjects=filters,
            ack_wait=ACK_WAIT_SECONDS,
            max_deliver=-1,
            max_ack_pending=10_000,
        )
        await self._stream.add_consumer(stream_of(service), config)
        async with self._pull(stream_of(service), consumer) as pull:
            while True:
                if batch := await pull.batch():
                    yield [Delivery(message) for message in batch]

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

    async def replay(self, service: str, *, filters: list[str]) -> AsyncGenerator[list[Envelope]]:
        """Everything that the stream holds now and passes the filters, in its order. Raises `BrokerAway` on a gap."""
        config = api.ConsumerConfig(
            filter_subjects=filters,
            ack_policy=api.AckPolicy.NONE,
            inactive_threshold=300.0,
            mem_storage=True,
            num_replicas=1,
            name=f"replay-{self._client._nuid.next().decode()}",  # noqa: SLF001
        )
        made = await self._stream.add_consumer(stream_of(service), config)
        left, expected = made.num_pending or 0, 1
        async with self._pull(stream_of(service), made.name) as pull:
            while left > 0:
                batch = await pull.batch()
                if not batch or batch[0].metadata.sequence.consumer != expected:
                    raise BrokerAway("the replay was interrupted")
                expected += len(batch)
                left -= len(batch)
                yield [Delivery(message).read() for message in batch]
        await self._stream.delete_consumer(stream_of(service), made.name)

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
