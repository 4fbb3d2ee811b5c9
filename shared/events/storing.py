"""Events on their way into the broker's streams, many in one write, each with its receipt."""

import asyncio
import json
from collections.abc import Sequence
from itertools import count

import nats.errors
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from nats.js import api

from shared.events.facts import Envelope
from shared.events.pull import BrokerAway


class Storing:
    """One inbox for the receipts of everything that a connection sends.

    `JetStreamContext.publish_async` lets each message go out alone: a system call a message, here and in the broker.
    """

    def __init__(self, client: Client) -> None:
        self._client = client
        self._inbox = client.new_inbox()
        self._subscription: Subscription | None = None
        self._numbers = count()
        self._waiting: dict[str, asyncio.Future[None]] = {}

    async def store(self, events: Sequence[Envelope], *, within: float) -> None:
        """Waits until the broker has stored all of them. Raises `BrokerAway`; some may be stored then."""
        if not self._client.is_connected:
            raise BrokerAway("not connected")
        receipts: dict[str, asyncio.Future[None]] = {}
        try:
            async with asyncio.timeout(within):
                await self._listen()
                for event in events:
                    receipts |= await self._send(event)
                await asyncio.gather(*receipts.values())
        except (TimeoutError, nats.errors.Error) as error:
            raise BrokerAway(type(error).__name__) from error
        finally:
            for name, receipt in receipts.items():
                self._waiting.pop(name, None)
                receipt.cancel()

    async def _listen(self) -> None:
        if self._subscription is None:
            self._subscription = await self._client.subscribe(f"{self._inbox}.*", cb=self._told)

    async def _send(self, event: Envelope) -> dict[str, asyncio.Future[None]]:
        name = f"{self._inbox}.{next(self._numbers)}"
        receipt = self._waiting[name] = asyncio.get_running_loop().create_future()
        headers = {**event.headers(), api.Header.MSG_ID: str(event.id)}
        await self._client.publish(event.broker_subject, event.body, reply=name, headers=headers)
        return {name: receipt}

    async def _told(self, message: Msg) -> None:
        receipt = self._waiting.pop(message.subject, None)
        if receipt is None or receipt.done():
            return
        why = _refusal(message)
        if why is None:
            receipt.set_result(None)
        else:
            receipt.set_exception(BrokerAway(why))


def _refusal(message: Msg) -> str | None:
    """Why it was not stored; without a stream for its subject there is an empty answer with a status."""
    if message.headers and api.Header.STATUS in message.headers:
        return f"status {message.headers[api.Header.STATUS]}"
    error = json.loads(message.data).get("error")
    return f"error {error.get('err_code')}" if error else None
