"""Facts as they are stored, for somebody who watches."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from datetime import datetime
from uuid import UUID

import nats.errors

from shared.events.broker import Broker
from shared.events.facts import Envelope, service_of
from shared.events.pull import BrokerAway

WAIT_SECONDS = 1.0


async def tail(
    nats_url: str,
    patterns: Sequence[str],
    *,
    tenant_id: UUID | None = None,
    since: datetime | None = None,
) -> AsyncGenerator[Envelope]:
    """Endless, through outages of the broker; `patterns` are types such as `waymark.goals.goal.*.v1`.

    The facts of one service come in the order of its stream. Without `since` only what is stored from now on.
    """
    broker = await Broker.connect(nats_url, name="tail")
    queue: asyncio.Queue[Envelope] = asyncio.Queue(1)
    by_service: dict[str, list[str]] = {}
    for pattern in patterns:
        subject = f"{pattern}.{tenant_id or '*'}"
        by_service.setdefault(service_of(pattern), []).append(subject)
    following = [
        asyncio.create_task(_follow(broker, service, filters, since, queue))
        for service, filters in by_service.items()
    ]
    try:
        while True:
            yield await queue.get()
    finally:
        for each in following:
            each.cancel()
        await asyncio.gather(*following, return_exceptions=True)
        await broker.close()


async def _follow(
    broker: Broker,
    service: str,
    filters: list[str],
    since: datetime | None,
    queue: "asyncio.Queue[Envelope]",
) -> None:
    last: int | None = None
    while True:
        try:
            events = broker.follow(service, filters=filters, after=last, since=since)
            async for place, event in events:
                await queue.put(event)
                last = place
        except (BrokerAway, TimeoutError, nats.errors.Error):
            await asyncio.sleep(WAIT_SECONDS)
