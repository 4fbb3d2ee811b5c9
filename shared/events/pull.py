"""Messages of a pull consumer as they come."""

import asyncio
import json
from collections.abc import Sequence
from typing import Any

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from nats.js import api

PULL_SECONDS = 3.0
BATCH = 100
GATHER_SECONDS = 0.02
"""What follows closely is one batch, and so one transaction."""


class BrokerAway(Exception):
    """The broker did not store or deliver."""


class Pull:
    """One open request for a batch at a time; what has come is handed over soon.

    Unlike `PullSubscription.fetch` it gives back what a worker that stops has not looked at, and ends with a connection
    that was lost: what was on its way on it comes later, and must not be overtaken.
    """

    def __init__(self, client: Client, stream: str, consumer: str) -> None:
        self._client = client
        self._next = f"$JS.API.CONSUMER.MSG.NEXT.{stream}.{consumer}"
        self._inbox = client.new_inbox()
        self._arrived: asyncio.Queue[Msg | None] = asyncio.Queue()
        self._wanted = 0
        self._subscription: Subscription | None = None

    async def open(self) -> None:
        self._subscription = await self._client.subscribe(self._inbox, cb=self._arrived.put)

    def interrupt(self) -> None:
        """The request went down with the connection that it was made on."""
        self._arrived.put_nowait(None)

    async def close(self) -> None:
        if self._subscription and self._client.is_connected:
            await self._subscription.unsubscribe()
            while not self._arrived.empty():
                message = self._arrived.get_nowait()
                if message and not _status(message):
                    await message.nak()

    async def batch(self) -> list[Msg]:
        """What there is, at most BATCH; empty when nothing came for PULL_SECONDS. Raises `BrokerAway`."""
        if not self._wanted:
            await self._request()
        try:
            async with asyncio.timeout(PULL_SECONDS + 1):
                arrived = [await self._arrived.get()]
        except TimeoutError:
            self._wanted = 0
            return []
        if arrived[0] and not _status(arrived[0]) and self._arrived.qsize() + 1 < self._wanted:
            await asyncio.sleep(GATHER_SECONDS)
        while not self._arrived.empty():
            arrived.append(self._arrived.get_nowait())
        if None in arrived:
            raise BrokerAway("the connection was lost")
        statuses = [_status(message) for message in arrived if message]
        messages = [message for message in arrived if message and not _status(message)]
        ended = len(messages) < len(arrived)
        self._wanted = 0 if ended else max(0, self._wanted - len(messages))
        if not messages:
            await self._look_at(statuses)
        return messages

    async def _request(self) -> None:
        expires = int(PULL_SECONDS * 1e9)
        self._wanted = BATCH
        request = json.dumps({"batch": BATCH, "expires": expires}).encode()
        await self._client.publish(self._next, request, reply=self._inbox)

    async def _look_at(self, statuses: Sequence[str | None]) -> None:
        """408 and 404 end an empty request. Anything else, such as a deleted consumer, starts the consumer anew."""
        for status in statuses:
            if status == "503":
                await asyncio.sleep(0.5)
            elif status not in ("408", "404"):
                raise BrokerAway(f"pull ended with status {status}")


def _status(message: Msg) -> str | None:
    headers: dict[str, Any] | None = message.headers
    return headers.get(api.Header.STATUS) if headers else None
