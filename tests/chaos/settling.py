"""Waiting until nothing is on its way any more, read from the databases and the broker themselves."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

import asyncpg
import httpx
import nats

from deploy.local.installation import DATABASE_OF
from tests.chaos.company import machine
from tests.chaos.place import Place

LOOKS = 3
ON_ITS_WAY = """
    SELECT (SELECT count(*) FROM outbox_event WHERE relayed_at IS NULL),
           (SELECT count(*) FROM queue.job WHERE tenant_id IS NOT NULL AND failed_at IS NULL
               AND name <> 'outbound.send' AND due_at < now() + interval '2 minutes'),
           (SELECT count(*) FROM inbox_dead_letter WHERE dead_at IS NULL)
"""
TO_SEND = "SELECT count(*) FROM outbound_delivery WHERE state = 'WAITING'"
MUCH_LATER = """
    SELECT subscription_id::text, id::text FROM outbound_delivery
    WHERE state = 'WAITING' AND due_at > now() + interval '20 seconds'
"""
MAPPED = "SELECT count(*) FROM webhooks_delivery WHERE state = 'RECEIVED'"


@dataclass(slots=True)
class Settled:
    """Whether three looks in a row found nothing, after how many seconds; what an operator had to replay."""

    whole: bool = False
    seconds: float = 0.0
    replayed: int = 0


async def settle(place: Place, *, most_seconds: float, say: Callable[[str], None]) -> Settled:
    started, found, quiet, told = time.monotonic(), Settled(), 0, 0.0
    while found.seconds < most_seconds and not found.whole:
        left = {name: count for name, count in (await _left(place)).items() if count}
        quiet = 0 if left else quiet + 1
        found.whole = quiet == LOOKS
        if left.keys() == {"to send"}:
            found.replayed += await hurry(place)
        if left and time.monotonic() > told + 20:
            told = time.monotonic()
            say(f"on its way: {left}")
        await asyncio.sleep(1.0)
        found.seconds = time.monotonic() - started
    return found


async def hurry(place: Place) -> int:
    """What failed twice waits five minutes; an operator who replays it need not. Answers how many."""
    connection = await asyncpg.connect(place.servers.superuser("integrations"))
    later = await connection.fetch(MUCH_LATER)
    await connection.close()
    url, caller = place.made.url, machine(place.made)
    async with httpx.AsyncClient(base_url=url, trust_env=False, headers=caller) as client:
        for subscription, delivery in later:
            path = f"/webhook-subscriptions/{subscription}/deliveries/{delivery}/replay"
            (await client.post(path)).raise_for_status()
    return len(later)


async def _left(place: Place) -> dict[str, int]:
    found: dict[str, int] = {}
    for database in DATABASE_OF.values():
        connection = await asyncpg.connect(place.servers.superuser(database))
        try:
            unrelayed, jobs, retried = await connection.fetchrow(ON_ITS_WAY)
            found[f"{database} outbox"] = unrelayed
            found[f"{database} jobs"] = jobs
            found[f"{database} retried"] = retried
            if database == "integrations":
                found["unmapped"] = await connection.fetchval(MAPPED)
                found["to send"] = await connection.fetchval(TO_SEND)
        finally:
            await connection.close()
    found["in the broker"] = await _pending(str(place.servers.told["nats_url"]))
    found["not ready"] = len(await place.unready())
    return found


async def _pending(url: str) -> int:
    """What the durable consumers have not acknowledged."""
    client = await nats.connect(url, max_reconnect_attempts=0)
    try:
        stream = client.jetstream()
        pending = 0
        for each in await stream.streams_info():
            for consumer in await stream.consumers_info(each.config.name or ""):
                if consumer.config.durable_name:
                    pending += (consumer.num_pending or 0) + (consumer.num_ack_pending or 0)
        return pending
    finally:
        await client.close()
