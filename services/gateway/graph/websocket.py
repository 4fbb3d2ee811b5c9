"""GraphQL over WebSocket: the graphql-transport-ws protocol, each connection with the token of its first message."""

import asyncio
import json
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from graphql import OperationType
from starlette.types import Receive, Scope, Send

from services.gateway.graph.asking import RequestError, decode, from_wire
from services.gateway.graph.engine import Caller
from services.gateway.graph.observe import SUBSCRIPTIONS, Observed, tell_failure
from services.gateway.graph.subscriptions import Subscriptions

PROTOCOL = "graphql-transport-ws"
INIT_SECONDS = 10.0
SEND_SECONDS = 30.0
MOST_OPERATIONS = 50
MOST_ID_CHARACTERS = 128

BAD, UNAUTHORIZED, FORBIDDEN = 4400, 4401, 4403
WRONG_PROTOCOL, INIT_TIMEOUT, TAKEN, TOO_MANY_INITS = 4406, 4408, 4409, 4429
TOO_BIG, INTERNAL = 1009, 1011


class _Close(Exception):
    """Ends the connection with a code and a reason that the protocol names."""

    def __init__(self, code: int, reason: str) -> None:
        self.code, self.reason = code, reason


class _Gone(Exception):
    """The other side has closed."""


@dataclass(frozen=True, slots=True)
class WebSockets:
    """The endpoint, as plain ASGI. CORS does not hold for WebSockets: pages of other origins are refused here."""

    subscriptions: Subscriptions
    origins: Collection[str] = ()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        if not _may_come(dict(scope["headers"]), self.origins):
            await send({"type": "websocket.close"})
            return
        known = PROTOCOL in scope["subprotocols"]
        await send({"type": "websocket.accept", "subprotocol": PROTOCOL if known else None})
        connection = _Connection(self, receive, send)
        try:
            if not known:
                raise _Close(WRONG_PROTOCOL, f"Subprotocol not acceptable: use {PROTOCOL}")
            await connection.run(dict(scope["headers"]).get(b"authorization"))
        except _Close as close:
            with suppress(OSError, RuntimeError):
                await send({"type": "websocket.close", "code": close.code, "reason": close.reason})
        except (_Gone, OSError):
            return
        finally:
            await connection.end()


@dataclass(slots=True)
class _Connection:
    endpoint: WebSockets
    receive: Receive
    send: Send
    running: dict[str, "asyncio.Task[None]"] = field(default_factory=dict)

    async def run(self, authorization: bytes | None) -> None:
        try:
            async with asyncio.timeout(INIT_SECONDS):
                payload = await self._initialised()
        except TimeoutError:
            raise _Close(INIT_TIMEOUT, "Connection initialisation timeout") from None
        caller = await self._caller(payload, authorization)
        await self._tell({"type": "connection_ack"})
        try:
            async with asyncio.timeout(caller.claims.seconds_left()):
                while True:
                    await self._handle(await self._next(), caller)
        except TimeoutError:
            raise _Close(FORBIDDEN, "The token has expired") from None

    async def end(self) -> None:
        tasks = list(self.running.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _initialised(self) -> dict[str, Any]:
        """The payload of `connection_init`; nothing but a ping may come before."""
        while True:
            message = await self._next()
            match message["type"]:
                case "connection_init":
                    payload = message.get("payload")
                    return payload if isinstance(payload, dict) else {}
                case "ping" | "pong":
                    await self._ping(message)
                case _:
                    raise _Close(UNAUTHORIZED, "Unauthorized")

    async def _caller(self, payload: dict[str, Any], authorization: bytes | None) -> Caller:
        given = payload.get("Authorization") or payload.get("authorization")
        if given is None and authorization is not None:
            given = authorization.decode("latin-1")
        try:
            caller = await self.endpoint.subscriptions.engine.caller(str(given or ""))
        except RequestError:
            caller = None
        if caller is None:
            raise _Close(FORBIDDEN, "Forbidden: send payload {Authorization: 'Bearer …'}")
        return caller

    async def _next(self) -> dict[str, Any]:
        limits = self.endpoint.subscriptions.engine.documents.limits
        message = await self.receive()
        if message["type"] == "websocket.disconnect":
            raise _Gone
        text = (message.get("text") or "").encode()
        if len(text) > limits.body_bytes:
            raise _Close(TOO_BIG, f"Messages are limited to {limits.body_bytes} bytes")
        try:
            wire = decode(text, limits)
        except RequestError:
            wire = None
        if not isinstance(wire, dict) or not isinstance(wire.get("type"), str):
            raise _Close(BAD, "Invalid message received")
        return wire

    async def _handle(self, message: dict[str, Any], caller: Caller) -> None:
        match message["type"]:
            case "subscribe":
                await self._subscribe(message, caller)
            case "complete":
                if (task := self.running.pop(_id(message), None)) is not None:
                    task.cancel()
            case "ping" | "pong":
                await self._ping(message)
            case "connection_init":
                raise _Close(TOO_MANY_INITS, "Too many initialisation requests")
            case _:
                raise _Close(BAD, "Invalid message received")

    async def _ping(self, message: dict[str, Any]) -> None:
        if message["type"] == "ping":
            echoed = {"payload": message["payload"]} if "payload" in message else {}
            await self._tell({"type": "pong", **echoed})

    async def _subscribe(self, message: dict[str, Any], caller: Caller) -> None:
        identity = _id(message)
        if identity in self.running:
            raise _Close(TAKEN, f"Subscriber for {identity} already exists")
        if len(self.running) >= MOST_OPERATIONS:
            refusal = RequestError(
                429, "TOO_MANY_SUBSCRIPTIONS", f"A connection runs {MOST_OPERATIONS} at most."
            )
            await self._refuse(identity, refusal)
            return
        work = self._operate(identity, message.get("payload"), caller)
        self.running[identity] = asyncio.create_task(work)

    async def _operate(self, identity: str, payload: Any, caller: Caller) -> None:
        seen = Observed()
        try:
            await self._run(identity, payload, caller, seen)
            self._forget(identity)
            await self._tell({"type": "complete", "id": identity})
        except RequestError as error:
            seen.refused(error.code, error.limit)
            self._forget(identity)
            await self._refuse(identity, error)
        except (OSError, TimeoutError):
            return
        except Exception as error:  # noqa: BLE001 - the last resort
            tell_failure(error)
            self._forget(identity)
            await self._refuse(
                identity, RequestError(500, "INTERNAL", "An unexpected error was logged.")
            )
        finally:
            seen.done(200)

    async def _run(self, identity: str, payload: Any, caller: Caller, seen: Observed) -> None:
        subscriptions = self.endpoint.subscriptions
        prepared = subscriptions.engine.prepare(from_wire(payload), caller, seen)
        if prepared.kind is not OperationType.SUBSCRIPTION:
            await self._answer(identity, await subscriptions.engine.answer(prepared, caller, seen))
            return
        async with subscriptions.open(prepared, caller) as answers:
            with SUBSCRIPTIONS.labels("websocket").track_inprogress():
                async for answer in answers:
                    await self._answer(identity, answer)

    def _forget(self, identity: str) -> None:
        """The id may be used again, also for what has begun under it meanwhile."""
        if self.running.get(identity) is asyncio.current_task():
            del self.running[identity]

    async def _answer(self, identity: str, answer: bytes) -> None:
        head = json.dumps({"type": "next", "id": identity})[:-1]
        await self._send(f'{head},"payload":{answer.decode()}}}')

    async def _refuse(self, identity: str, error: RequestError) -> None:
        await self._tell({"type": "error", "id": identity, "payload": error.errors})

    async def _tell(self, message: dict[str, Any]) -> None:
        await self._send(json.dumps(message))

    async def _send(self, text: str) -> None:
        async with asyncio.timeout(SEND_SECONDS):
            await self.send({"type": "websocket.send", "text": text})


def _may_come(headers: dict[bytes, bytes], origins: Collection[str]) -> bool:
    """Only browsers name an origin, and every one does; a page of this gateway's own has its host."""
    origin = headers.get(b"origin")
    if origin is None:
        return True
    named = origin.decode("latin-1")
    host = headers.get(b"host", b"").decode("latin-1")
    return named in origins or named in (f"https://{host}", f"http://{host}")


def _id(message: dict[str, Any]) -> str:
    identity = message.get("id")
    if not isinstance(identity, str) or not 0 < len(identity) <= MOST_ID_CHARACTERS:
        raise _Close(BAD, "Invalid message received")
    return identity
