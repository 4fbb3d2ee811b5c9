"""A group's loop: take a batch, apply it tenant by tenant, acknowledge what is committed, postpone what failed."""

import asyncio
import random
from collections import defaultdict
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from time import monotonic
from uuid import UUID

import structlog
from sqlalchemy import text

from shared import clock
from shared.db import Database
from shared.events import inbox
from shared.events.broker import ACK_WAIT_SECONDS, Broker
from shared.events.delivery import Delivery
from shared.events.facts import Envelope
from shared.events.handlers import Group
from shared.events.metrics import CONSUMED, LAG
from shared.events.pull import BATCH
from shared.events.retention import Retention
from shared.jobs.outage import Outage, name_of
from shared.jobs.turn import Turn

log = structlog.get_logger("events")

TENANTS_AT_ONCE = 4
HELD_SECONDS = 1.0
FIRST_AT_ONCE = 25
TRANSACTION_SECONDS = 0.5
"""About as long as what a batch locks may keep others waiting."""

InHand = tuple[Delivery, Envelope]


class DatabaseAway(Exception):
    """Nothing could be applied; what was in hand went back to the broker and comes again, in its order."""


class Consumer:
    """One group of a service at work, in one worker at a time, so that no fact overtakes another of its subject.

    An event is dead after `most_failures` failures of its handler; until then those after it of its subject wait.
    """

    def __init__(
        self, database: Database, group: Group, retention: Retention, *, most_failures: int
    ) -> None:
        self.database = database
        self.group = group
        self.retention = retention
        self.most_failures = most_failures
        self._trouble = False
        self._at_once = FIRST_AT_ONCE
        self._slots = asyncio.Semaphore(TENANTS_AT_ONCE)

    async def run(self, broker: Broker, stop: asyncio.Event, outage: Outage) -> None:
        """Ends after the batch in hand once `stop` is set or another worker has the turn.

        Raises `DatabaseAway`, and `BrokerAway` when the connection was lost.
        """
        turn = Turn(self.database, self.group.name)
        async with turn.mine(stop) as have:
            if not have:
                return
            batches = broker.consume(
                self.group.source, consumer=self.group.name, filters=self.group.filters()
            )
            async for batch in _until(batches, stop, turn.lost):
                outage.over()
                beat = asyncio.create_task(_beat(batch, turn.lost))
                try:
                    await self._apply(batch)
                finally:
                    beat.cancel()

    async def _apply(self, batch: list[Delivery]) -> None:
        by_tenant: dict[UUID, list[InHand]] = defaultdict(list)
        for delivery in batch:
            if (event := await self._read(delivery)) is not None:
                by_tenant[event.tenant_id].append((delivery, event))
        self._trouble = False
        async with asyncio.TaskGroup() as tasks:
            for tenant_id, in_hand in by_tenant.items():
                tasks.create_task(self._apply_tenant(tenant_id, in_hand))
        if self._trouble:
            for delivery in batch:
                await delivery.give_back()
            raise DatabaseAway

    async def _read(self, delivery: Delivery) -> Envelope | None:
        """Only our relays write to our streams; what is not theirs stays in the stream and is not asked for again."""
        try:
            return delivery.read()
        except (KeyError, ValueError):
            log.error("unreadable event", consumer=self.group.name, tenant=delivery.tenant)
            self._count("unreadable")
            await delivery.discard()
            return None

    async def _apply_tenant(self, tenant_id: UUID, in_hand: Sequence[InHand]) -> None:
        """Portions that take about half a second each, in their order."""
        async with self._slots:
            waiting = list(in_hand)
            while waiting and not self._trouble:
                portion, waiting = waiting[: self._at_once], waiting[self._at_once :]
                began = monotonic()
                await self._apply_together(tenant_id, portion)
                self._pace(len(portion), monotonic() - began)

    def _pace(self, events: int, seconds: float) -> None:
        fitting = int(events * TRANSACTION_SECONDS / max(seconds, 0.001))
        self._at_once = max(1, min(fitting, 2 * self._at_once, BATCH))

    async def _apply_together(self, tenant_id: UUID, in_hand: Sequence[InHand]) -> None:
        """All in one transaction; when that fails each by itself, so that one bad event harms no other subject."""
        try:
            await self._commit(tenant_id, in_hand)
        except inbox.Rebuilding:
            await _postpone(in_hand)
        except Exception as error:  # noqa: BLE001 - whatever a handler raises is its own
            if await self._database_is_away():
                self._trouble = True
            elif len(in_hand) == 1:
                await self._failed(*in_hand[0], error)
            else:
                await self._apply_singly(tenant_id, in_hand)

    async def _apply_singly(self, tenant_id: UUID, in_hand: Sequence[InHand]) -> None:
        for delivery, event in in_hand:
            try:
                await self._commit(tenant_id, [(delivery, event)])
            except inbox.Rebuilding:
                await _postpone([(delivery, event)])
            except Exception as error:  # noqa: BLE001 - whatever a handler raises is its own
                await self._failed(delivery, event, error)
            if self._trouble:
                return

    async def _commit(self, tenant_id: UUID, in_hand: Sequence[InHand]) -> None:
        events = [event for _, event in in_hand]
        async with self.database.transaction(tenant_id) as session:
            applied = await inbox.apply_batch(session, self.group, tenant_id, events)
            again = [e.id for d, e in in_hand if d.redelivered and e.id not in applied.held]
            if again:
                await inbox.note_recovery(session, self.group, tenant_id, again)
            for event in events:
                if event.id in applied.held:
                    await inbox.note_held(session, self.group, event)
        await _postpone([each for each in in_hand if each[1].id in applied.held])
        for delivery, event in in_hand:
            if event.id not in applied.held:
                await delivery.acknowledge()
        self._tell(events, applied)
        await self._plan_purge(tenant_id)

    def _tell(self, events: Sequence[Envelope], applied: inbox.Applied) -> None:
        self._count("applied", applied.applied)
        self._count("duplicate", applied.duplicate)
        self._count("stale", applied.stale)
        self._count("held", len(applied.held))
        now = clock.now()
        lag = LAG.labels(self.group.name)
        for event in events:
            if event.id not in applied.held:
                lag.observe((now - event.occurred_at).total_seconds())

    async def _failed(self, delivery: Delivery, event: Envelope, error: Exception) -> None:
        """Not counted when the failure cannot be noted: then it is the database that failed."""
        try:
            dead = await inbox.note_failure(
                self.database, self.group, event, error, most=self.most_failures
            )
        except Exception:  # noqa: BLE001 - nothing is acknowledged without its row
            self._trouble = True
            return
        log.warning(
            "event dead" if dead else "event failed",
            consumer=self.group.name,
            event_id=str(event.id),
            type=event.type,
            tenant=str(event.tenant_id),
            reason=inbox.reason_of(error),
        )
        self._count("dead" if dead else "failed")
        if dead:
            await delivery.acknowledge()
        else:
            await delivery.postpone(_back_off(delivery.deliveries))

    async def _plan_purge(self, tenant_id: UUID) -> None:
        try:
            await self.retention.plan(self.database, tenant_id)
        except Exception as error:  # noqa: BLE001 - planned with the next batch
            log.warning("purge not planned", error=name_of(error))

    async def _database_is_away(self) -> bool:
        try:
            async with self.database.engine.connect() as connection:
                await connection.execute(text("SELECT 1"))
        except Exception:  # noqa: BLE001 - that is the question
            return True
        return False

    def _count(self, outcome: str, events: int = 1) -> None:
        if events:
            CONSUMED.labels(self.group.name, outcome).inc(events)


async def _postpone(in_hand: Sequence[InHand]) -> None:
    for delivery, _ in in_hand:
        await delivery.postpone(HELD_SECONDS)


async def _beat(batch: list[Delivery], lost: asyncio.Event) -> None:
    """Tells the broker that a long batch is still in hand, so that a killed worker's can come again soon."""
    while not lost.is_set():
        await asyncio.sleep(ACK_WAIT_SECONDS / 3)
        for delivery in batch:
            await delivery.keep()


async def _until(
    batches: AsyncGenerator[list[Delivery]], *ends: asyncio.Event
) -> AsyncIterator[list[Delivery]]:
    """The batches until one of the events is set, without waiting for one that may not come."""
    ending = {asyncio.create_task(end.wait()) for end in ends}
    try:
        while not any(end.is_set() for end in ends):
            following = asyncio.ensure_future(anext(batches))
            await asyncio.wait({following, *ending}, return_when=asyncio.FIRST_COMPLETED)
            if not following.done():
                following.cancel()
                await asyncio.gather(following, return_exceptions=True)
                return
            yield following.result()
    finally:
        for each in ending:
            each.cancel()
        await batches.aclose()


def _back_off(deliveries: int) -> float:
    """Seconds: doubles from half a second, at most a minute, spread by a quarter either way."""
    seconds: float = min(0.5 * 2 ** min(deliveries - 1, 10), 60.0)
    return seconds * random.uniform(0.75, 1.25)
