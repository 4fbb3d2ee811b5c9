"""GraphQL over HTTP: negotiation, methods, request errors; the answer's bytes as they were spliced."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from random import getrandbits

from graphql import OperationType
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.gateway.graph import asking
from services.gateway.graph.asking import (
    EVENT_STREAM,
    HTML,
    JSON,
    Asked,
    RequestError,
    accepts,
    exceeded,
    negotiate,
)
from services.gateway.graph.engine import Caller, Engine, Prepared, Recent
from services.gateway.graph.observe import Observed, tell_failure
from services.gateway.graph.sse import Streams

SHOW_COST = b"x-query-cost"

Headers = Mapping[bytes, bytes]


@dataclass(frozen=True, slots=True)
class GraphQL:
    """The GraphQL endpoint, as plain ASGI. `explorer` is what a browser gets to see, if anything."""

    engine: Engine
    streams: Streams
    explorer: ASGIApp | None = None
    recent: Recent = field(default_factory=Recent)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers: Headers = dict(scope["headers"])
        if self.explorer and scope["method"] == "GET" and _from_browser(scope, headers):
            await self.explorer(scope, receive, send)
            return
        seen = Observed(_request_id(headers), scope["method"])
        accept = headers.get(b"accept", b"").decode("latin-1")
        try:
            await self._serve(scope, headers, receive, send, seen)
        except RequestError as error:
            seen.refused(error.code, error.limit)
            await self._refuse(error, accept, seen, send)
        except Exception as error:  # noqa: BLE001 - the last resort
            tell_failure(error, seen.request_id)
            seen.code = "INTERNAL"
            await _respond(send, seen, 500, JSON, UNEXPECTED)
            seen.done(500)

    async def _serve(
        self, scope: Scope, headers: Headers, receive: Receive, send: Send, seen: Observed
    ) -> None:
        accept = headers.get(b"accept", b"").decode("latin-1")
        media_type = negotiate(accept)
        caller, prepared = await self._prepare(scope, headers, receive, seen)
        if media_type == EVENT_STREAM or prepared.kind is OperationType.SUBSCRIPTION:
            _check_streams(accept)
            await self.streams.serve(prepared, caller, seen, receive, send)
            return
        body = await self.engine.answer(prepared, caller, seen)
        if SHOW_COST in headers:
            body = self._with_cost(body, seen)
        await _respond(send, seen, 200, media_type, body)
        seen.done(200)

    async def _refuse(self, error: RequestError, accept: str, seen: Observed, send: Send) -> None:
        try:
            media_type = negotiate(accept)
        except RequestError:
            media_type = JSON
        if media_type == EVENT_STREAM and error.of_document:
            await self.streams.refuse(error, send)
            seen.done(200)
            return
        media_type = JSON if media_type == EVENT_STREAM else media_type
        status = 200 if error.of_document and media_type == JSON else error.status
        body = json.dumps({"errors": error.errors}).encode()
        await _respond(send, seen, status, media_type, body, error.allow)
        seen.done(status)

    async def _prepare(
        self, scope: Scope, headers: Headers, receive: Receive, seen: Observed
    ) -> tuple[Caller | None, Prepared]:
        asked, body = None, b""
        if scope["method"] == "POST":
            body = await self._posted(headers, receive)
        known = self.recent.get(body)
        if known is None:
            asked = self._read(scope, body)
        caller = await self.engine.caller(
            _text(headers, b"authorization"), _text(headers, b"idempotency-key")
        )
        if asked is None:
            assert known is not None
            return caller, self.engine.prepare_again(known, caller, seen)
        prepared = self.engine.prepare(asked, caller, seen)
        if scope["method"] == "GET" and prepared.kind is OperationType.MUTATION:
            raise RequestError(405, "METHOD_NOT_ALLOWED", "Send mutations by POST.", allow="POST")
        if body:
            self.recent.remember(body, prepared)
        return caller, prepared

    def _read(self, scope: Scope, body: bytes) -> Asked:
        limits = self.engine.documents.limits
        if scope["method"] == "POST":
            return asking.from_body(body, limits)
        if scope["method"] == "GET":
            return asking.from_query_string(scope["query_string"], limits)
        raise RequestError(
            405, "METHOD_NOT_ALLOWED", "Send a POST, or a query by GET.", allow="GET, POST"
        )

    async def _posted(self, headers: Headers, receive: Receive) -> bytes:
        asking.check_content(
            headers.get(b"content-type", b""), headers.get(b"content-encoding", b"identity")
        )
        return await self._body(headers, receive)

    async def _body(self, headers: Headers, receive: Receive) -> bytes:
        """The whole body; raises `RequestError` as soon as it is too large, or when it does not come."""
        most = self.engine.documents.limits.body_bytes
        declared = headers.get(b"content-length", b"0")
        if declared.isdigit() and int(declared[:12]) > most:
            raise self._too_large(int(declared[:12]))
        message = await receive()
        body: bytes = message.get("body", b"")
        if message.get("more_body"):
            try:
                async with asyncio.timeout(self.engine.seconds):
                    body += await self._rest(receive, most - len(body))
            except TimeoutError:
                raise RequestError(408, "TIMEOUT", "The body did not come in time.") from None
        if len(body) > most:
            raise self._too_large(len(body))
        return body

    async def _rest(self, receive: Receive, most: int) -> bytes:
        chunks, size = [], 0
        message: Message = {"more_body": True}
        while message.get("more_body") and size <= most:
            message = await receive()
            chunks.append(message.get("body", b""))
            size += len(chunks[-1])
        return b"".join(chunks)

    def _too_large(self, given: int) -> RequestError:
        return exceeded(self.engine.documents.limits.refuse("body_bytes", given), 413)

    def _with_cost(self, body: bytes, seen: Observed) -> bytes:
        shown = {"given": seen.cost, "most": self.engine.documents.limits.cost, "calls": seen.calls}
        return body[:-1] + b',"extensions":{"cost":' + json.dumps(shown).encode() + b"}}"


UNEXPECTED = json.dumps(
    {"errors": [{"message": "An unexpected error was logged.", "extensions": {"code": "INTERNAL"}}]}
).encode()


def _from_browser(scope: Scope, headers: Headers) -> bool:
    """A page is asked for, and no query is."""
    accept = headers.get(b"accept", b"").decode("latin-1")
    return accepts(accept, HTML) and b"query=" not in scope["query_string"]


def _check_streams(accept: str) -> None:
    if not accepts(accept, EVENT_STREAM):
        raise RequestError(
            406,
            "NOT_ACCEPTABLE",
            f"Subscribe with Accept: {EVENT_STREAM}, or over a WebSocket (graphql-transport-ws).",
        )


def _text(headers: Headers, name: bytes) -> str | None:
    value = headers.get(name)
    return None if value is None else value.decode("latin-1")


def _request_id(headers: Headers) -> str:
    """The caller's own, if it looks like one."""
    given = headers.get(b"x-request-id", b"")
    return given.decode("latin-1")[:64] if given.isalnum() else f"{getrandbits(128):032x}"


async def _respond(
    send: Send, seen: Observed, status: int, media_type: str, body: bytes, allow: str | None = None
) -> None:
    lines = [
        _content_type(media_type),
        (b"content-length", b"%d" % len(body)),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
        (b"vary", b"Accept"),
        (b"x-request-id", str(seen.request_id).encode("latin-1")),
    ]
    if status == 401:
        lines.append((b"www-authenticate", b"Bearer"))
    if allow:
        lines.append((b"allow", allow.encode()))
    await send({"type": "http.response.start", "status": status, "headers": lines})
    await send({"type": "http.response.body", "body": body})


@lru_cache(maxsize=8)
def _content_type(media_type: str) -> tuple[bytes, bytes]:
    return (b"content-type", f"{media_type}; charset=utf-8".encode())
