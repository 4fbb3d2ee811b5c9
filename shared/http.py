"""Outgoing HTTP: one small client for the calls between our own services, httpx for everybody else."""

import asyncio
import re
from collections import deque
from dataclasses import dataclass
from time import monotonic
from typing import Any, cast
from urllib.parse import urlsplit

import httpx

MAX_HEAD_BYTES = 64 * 1024
BREAK_AFTER_FAILURES = 5
BREAK_SECONDS = 2.0


class FetchError(Exception):
    """The other side could not be reached, or did not answer as HTTP should."""


class CallFailed(Exception):
    """A service of ours did not answer: away, too slow, cut off, or its circuit is open."""


async def fetch_json(url: str, *, within: float) -> Any:
    """A JSON document from an outside address; `within` in seconds. Raises `FetchError`."""
    try:
        async with httpx.AsyncClient(trust_env=False, timeout=within) as client:
            response = await client.get(url)
            response.raise_for_status()
            return response.json()
    except (httpx.HTTPError, ValueError) as error:
        raise FetchError(f"{url} did not answer with JSON: {type(error).__name__}") from error


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, head and whole body of one answer."""

    status: int
    head: bytes
    body: bytes

    @property
    def headers(self) -> dict[bytes, bytes]:
        """By lower-case name."""
        pairs = (line.partition(b":") for line in self.head.split(b"\r\n")[1:])
        return {name.strip().lower(): value.strip() for name, _, value in pairs}


class _Connection(asyncio.Protocol):
    """One keep-alive HTTP/1.1 connection; used by one call at a time.

    A protocol, not streams: the whole of a small answer comes in one piece, and is read where it arrives.
    """

    __slots__ = ("_answer", "_buffer", "alive", "transport")

    def __init__(self) -> None:
        self._answer: asyncio.Future[Answer] | None = None
        self._buffer = b""
        self.alive = False
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport, self.alive = cast(asyncio.Transport, transport), True

    def send(self, request: bytes, answer: asyncio.Future[Answer]) -> None:
        assert self.transport is not None
        self._answer = answer
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._buffer = self._buffer + data if self._buffer else data
        answer = self._answer
        if answer is None or answer.done():
            self.close()
            return
        try:
            found = _read(self._buffer)
        except ValueError as error:
            self._fail(error)
            return
        if found is not None:
            self._answer, self._buffer = None, b""
            answer.set_result(found)

    def connection_lost(self, exc: Exception | None) -> None:
        self._fail(exc or EOFError("closed"))

    def _fail(self, error: Exception) -> None:
        self.close()
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(error)
        self._answer = None

    def close(self) -> None:
        self.alive = False
        if self.transport is not None:
            self.transport.close()


_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*([0-9]{1,12})[ \t]*\r\n", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding:[ \t]*chunked[ \t]*\r\n", re.IGNORECASE)
_CLOSE = re.compile(rb"\r\nconnection:[ \t]*close[ \t]*\r\n", re.IGNORECASE)


def _read(received: bytes) -> Answer | None:
    """The answer, or None while it is not whole; raises `ValueError` for what is no HTTP/1.1 answer."""
    end = received.find(b"\r\n\r\n")
    if end < 0:
        if len(received) > MAX_HEAD_BYTES:
            raise ValueError("endless head")
        return None
    if not received.startswith(b"HTTP/1."):
        raise ValueError("no HTTP")
    head, status, start = received[: end + 2], int(received[9:12]), end + 4
    if (length := _LENGTH.search(head)) is not None:
        stop = start + int(length[1])
        if len(received) < stop:
            return None
        if len(received) > stop:
            raise ValueError("more than an answer")
        return Answer(status, head[:-2], received[start:])
    if status in (204, 304):
        return Answer(status, head[:-2], b"")
    if _CHUNKED.search(head) is None:
        raise ValueError("answer without a length")
    body = _unchunked(received, start)
    return None if body is None else Answer(status, head[:-2], body)


def _unchunked(received: bytes, at: int) -> bytes | None:
    chunks: list[bytes] = []
    while (end := received.find(b"\r\n", at)) >= 0:
        size = int(received[at:end].split(b";")[0], 16)
        at = end + 2
        if size == 0:
            return b"".join(chunks) if received.endswith(b"\r\n\r\n") else None
        chunks.append(received[at : at + size])
        at += size + 2
    return None


class ServiceClient:
    """Calls one service of ours over pooled keep-alive connections, with a deadline and a circuit breaker."""

    def __init__(self, base_url: str, *, most_connections: int = 64, timeout: float = 3.0) -> None:
        address = urlsplit(base_url)
        if address.scheme != "http" or not address.hostname:
            raise ValueError(f"{base_url!r} is not an http:// address of a service")
        self._host, self._port = address.hostname, address.port or 80
        self._authority = f"{self._host}:{self._port}".encode()
        self._timeout = timeout
        self._idle: deque[_Connection] = deque()
        self._places = asyncio.Semaphore(most_connections)
        self._failures = 0
        self._open_until = 0.0

    async def call(
        self,
        method: bytes,
        path: bytes,
        *,
        headers: bytes,
        body: bytes = b"",
        idempotent: bool,
        within: float | None = None,
    ) -> Answer:
        """`headers` are ready `Name: value\\r\\n` lines. Raises `CallFailed`.

        An idempotent call is sent once more when a connection turns out to be dead; any call is, when it could not even
        be connected.
        """
        if monotonic() < self._open_until:
            raise CallFailed("circuit open")
        request = b"%b %b HTTP/1.1\r\nHost: %b\r\nContent-Length: %d\r\n%b\r\n%b" % (
            method, path, self._authority, len(body), headers, body,
        )  # fmt: skip
        deadline = asyncio.get_running_loop().time() + (within or self._timeout)
        try:
            if self._places.locked():
                async with asyncio.timeout_at(deadline), self._places:
                    answer = await self._send(request, idempotent, deadline)
            else:
                async with self._places:
                    answer = await self._send(request, idempotent, deadline)
        except (TimeoutError, OSError, EOFError, ValueError) as error:
            self._failed()
            raise CallFailed(type(error).__name__) from error
        self._failures = 0
        return answer

    async def _send(self, request: bytes, idempotent: bool, deadline: float) -> Answer:
        while self._idle:
            connection = self._idle.pop()
            if not connection.alive:
                continue
            try:
                return await self._exchange(connection, request, deadline)
            except (OSError, EOFError) as error:
                if not idempotent or isinstance(error, TimeoutError):
                    raise
        async with asyncio.timeout_at(deadline):
            connection = await self._connect()
        return await self._exchange(connection, request, deadline)

    async def _exchange(self, connection: _Connection, request: bytes, deadline: float) -> Answer:
        """One timer a call, and none of asyncio's cancelling: the connection is given up when it rings."""
        loop = asyncio.get_running_loop()
        waiting: asyncio.Future[Answer] = loop.create_future()
        timer = loop.call_at(deadline, _expire, waiting)
        answer = None
        try:
            connection.send(request, waiting)
            answer = await waiting
            return answer
        finally:
            timer.cancel()
            if answer is not None and _CLOSE.search(answer.head + b"\r\n") is None:
                self._idle.append(connection)
            else:
                connection.close()

    async def _connect(self) -> _Connection:
        loop = asyncio.get_running_loop()
        for attempt in (0, 1, 2):
            try:
                _, connection = await loop.create_connection(_Connection, self._host, self._port)
                return connection
            except ConnectionRefusedError:
                if attempt == 2:
                    raise
                await asyncio.sleep(0.05 * 2**attempt)
        raise AssertionError

    def _failed(self) -> None:
        self._failures += 1
        if self._failures >= BREAK_AFTER_FAILURES:
            self._open_until = monotonic() + BREAK_SECONDS

    async def close(self) -> None:
        while self._idle:
            self._idle.pop().close()


def _expire(waiting: asyncio.Future[Answer]) -> None:
    if not waiting.done():
        waiting.set_exception(TimeoutError("too slow"))
