"""GraphQL over server-sent events: the distinct connections mode of graphql-sse, one operation a request."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass

from graphql import OperationType
from starlette.types import Receive, Send

from services.gateway.graph.asking import EVENT_STREAM, RequestError
from services.gateway.graph.engine import Caller, Prepared
from services.gateway.graph.observe import SUBSCRIPTIONS, Observed, tell_failure
from services.gateway.graph.subscriptions import Subscriptions

HEARTBEAT_SECONDS = 10.0
SEND_SECONDS = 30.0
HEARTBEAT = b":\n\n"
COMPLETE = b"event: complete\ndata:\n\n"


@dataclass(frozen=True, slots=True)
class Streams:
    """Answers operations as streams of events, whose lines end in LF alone."""

    subscriptions: Subscriptions

    async def serve(
        self,
        prepared: Prepared,
        caller: Caller | None,
        seen: Observed,
        receive: Receive,
        send: Send,
    ) -> None:
        """Until the operation, the token or the connection ends. Raises `RequestError` before the first byte."""
        if prepared.kind is not OperationType.SUBSCRIPTION:
            engine = self.subscriptions.engine
            answer = await engine.answer(prepared, caller, seen)
            await self.once(answer, send)
            seen.done(200)
            return
        assert caller is not None
        async with self.subscriptions.open(prepared, caller) as answers:
            await _start(send)
            with SUBSCRIPTIONS.labels("sse").track_inprogress():
                await self._follow(answers, caller, receive, send)
        seen.done(200)

    async def once(self, answer: bytes, send: Send) -> None:
        """A stream of a single answer."""
        await _start(send)
        await _send(send, _event(answer) + COMPLETE, more=False)

    async def refuse(self, error: RequestError, send: Send) -> None:
        """A document's errors come as an event: `EventSource` cannot read other answers than 200."""
        await self.once(json.dumps({"errors": error.errors}).encode(), send)

    async def _follow(
        self, answers: AsyncIterator[bytes], caller: Caller, receive: Receive, send: Send
    ) -> None:
        gone = asyncio.create_task(_disconnected(receive))
        try:
            with suppress(TimeoutError, OSError):
                async with asyncio.timeout(caller.claims.seconds_left()):
                    await self._tell(answers, gone, send)
            if not gone.done():
                with suppress(TimeoutError, OSError):
                    await _send(send, COMPLETE, more=False)
        finally:
            gone.cancel()

    async def _tell(
        self, answers: AsyncIterator[bytes], gone: "asyncio.Task[None]", send: Send
    ) -> None:
        """An answer is asked for once the one before is sent, so that who reads slowly is told the latest."""
        taking = asyncio.ensure_future(anext(answers))
        try:
            while True:
                await asyncio.wait(
                    (taking, gone),
                    timeout=HEARTBEAT_SECONDS,
                    return_when=asyncio.FIRST_COMPLETED,
                )
                if gone.done() or self.subscriptions.draining():
                    return
                if not taking.done():
                    await _send(send, HEARTBEAT)
                    continue
                if (error := taking.exception()) is not None:
                    tell_failure(error)
                    return
                await _send(send, _event(taking.result()))
                taking = asyncio.ensure_future(anext(answers))
        finally:
            taking.cancel()
            await asyncio.gather(taking, return_exceptions=True)


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _start(send: Send) -> None:
    lines = [
        (b"content-type", f"{EVENT_STREAM}; charset=utf-8".encode()),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
        (b"x-accel-buffering", b"no"),
        (b"vary", b"Accept"),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": lines})
    await _send(send, HEARTBEAT)


async def _send(send: Send, text: bytes, *, more: bool = True) -> None:
    """Raises `TimeoutError` when the other side takes nothing for `SEND_SECONDS`."""
    async with asyncio.timeout(SEND_SECONDS):
        await send({"type": "http.response.body", "body": text, "more_body": more})


def _event(answer: bytes) -> bytes:
    """The answer is one line: JSON escapes what would break it."""
    return b"event: next\ndata: %b\n\n" % answer
