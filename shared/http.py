"""Outgoing HTTP: one small client for the calls between our own services, httpx for everybody else."""

import asyncio
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from time import monotonic
from typing import Any
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
    """Status, lower-case headers and whole body of one answer."""

    status: int
    headers: Mapping[bytes, bytes]
    body: bytes


class _Connection:
    """One keep-alive HTTP/1.1 connection; used by one call at a time."""

    __slots__ = ("reader", "writer")

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def exchange(self, request: bytes) -> tuple[Answer, bool]:
        """The answer, and whether the connection may be used again."""
        self.writer.write(request)
        head = await self.reader.readuntil(b"\r\n\r\n")
        lines = head[:-4].split(b"\r\n")
        status = int(lines[0][9:12])
        headers = {}
        for line in lines[1:]:
            name, _, value = line.partition(b":")
            headers[name.strip().lower()] = value.strip()
        body = await self._body(status, headers)
        return Answer(status, headers, body), headers.get(b"connection", b"").lower() != b"close"

    async def _body(self, status: int, headers: Mapping[bytes, bytes]) -> bytes:
        if status in (204, 304):
            return b""
        if (length := headers.get(b"content-length")) is not None:
            return await self.reader.readexactly(int(length))
        if headers.get(b"transfer-encoding", b"").lower() == b"chunked":
            return await self._chunks()
        raise CallFailed("answer without a length")

    async def _chunks(self) -> bytes:
        chunks = []
        while size := int((await self.reader.readuntil(b"\r\n")).split(b";")[0], 16):
            chunks.append(await self.reader.readexactly(size))
            await self.reader.readexactly(2)
        await self.reader.readuntil(b"\r\n")
        return b"".join(chunks)


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
        try:
            async with asyncio.timeout(within or self._timeout), self._places:
                answer = await self._send(request, idempotent)
        except (TimeoutError, OSError, EOFError, ValueError, asyncio.LimitOverrunError) as error:
            self._failed()
            raise CallFailed(type(error).__name__) from error
        self._failures = 0
        return answer

    async def _send(self, request: bytes, idempotent: bool) -> Answer:
        while self._idle:
            connection = self._idle.pop()
            if connection.reader.at_eof() or connection.writer.is_closing():
                connection.writer.close()
                continue
            try:
                return await self._exchange(connection, request)
            except (OSError, EOFError):
                if not idempotent:
                    raise
        return await self._exchange(await self._connect(), request)

    async def _exchange(self, connection: _Connection, request: bytes) -> Answer:
        reusable = False
        try:
            answer, reusable = await connection.exchange(request)
            return answer
        finally:
            if reusable:
                self._idle.append(connection)
            else:
                connection.writer.close()

    async def _connect(self) -> _Connection:
        for attempt in (0, 1, 2):
            try:
                streams = await asyncio.open_connection(
                    self._host, self._port, limit=MAX_HEAD_BYTES
                )
                return _Connection(*streams)
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
            self._idle.pop().writer.close()
