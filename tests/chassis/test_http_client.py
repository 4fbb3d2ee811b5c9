"""The client between our services, against a server on a socket that answers byte for byte what the test says."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from shared import http
from shared.http import BREAK_AFTER_FAILURES, Answer, CallFailed, ServiceClient

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-Kind: plain\r\n\r\nhello"


@dataclass
class Served:
    """What a server has seen."""

    client: ServiceClient
    requests: list[bytes] = field(default_factory=list)
    connections: int = 0


@asynccontextmanager
async def serving(
    *answers: Sequence[bytes] | None, within: float = 60.0, most: int = 64
) -> AsyncIterator[Served]:
    """Each request is answered by the next pieces, written apart; None closes the connection without a word."""
    waiting = list(answers)

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        served.connections += 1
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
                served.requests.append(head + await reader.readexactly(length))
                pieces = waiting.pop(0) if waiting else [OK]
                if pieces is None:
                    break
                for piece in pieces:
                    writer.write(piece)
                    await writer.drain()
                    await asyncio.sleep(0.01 if len(pieces) > 1 else 0)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    served = Served(
        ServiceClient(f"http://127.0.0.1:{port}", timeout=within, most_connections=most)
    )
    try:
        yield served
    finally:
        await served.client.close()
        server.close()


async def ask(
    served: Served, body: bytes = b"", *, idempotent: bool = True, within: float | None = None
) -> Answer:
    headers = b"X-Of: test\r\n"
    return await served.client.call(
        b"POST", b"/views", headers=headers, body=body, idempotent=idempotent, within=within
    )


async def test_calls_go_over_one_connection_and_bring_status_headers_and_body() -> None:
    async with serving() as served:
        first, second = await ask(served, b"one"), await ask(served, b"two")

    assert (first.status, first.body, first.headers[b"x-kind"]) == (200, b"hello", b"plain")
    assert second == first
    assert served.connections == 1
    assert served.requests[1].endswith(b"X-Of: test\r\n\r\ntwo")


@pytest.mark.parametrize(
    ("pieces", "body"),
    [
        ([OK[:10], OK[10:50], OK[50:-2], OK[-2:]], b"hello"),
        ([b"HTTP/1.1 200 OK\r\ncontent-LENGTH:0\r\n\r\n"], b""),
        ([b"HTTP/1.1 204 No Content\r\n\r\n"], b""),
        (
            [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nhel\r\n", b"2\r\nlo\r\n0\r\n\r\n"],
            b"hello",
        ),
    ],
    ids=["in pieces", "empty", "no content", "chunked"],
)  # fmt: skip
async def test_an_answer_is_whole_however_it_arrives(pieces: list[bytes], body: bytes) -> None:
    async with serving(pieces) as served:
        assert (await ask(served)).body == body
        assert (await ask(served)).body == b"hello"

    assert served.connections == 1


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\n\r\nno length",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nmore than two",
        b"SSH-2.0-OpenSSH\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"x" * 70_000,
    ],
    ids=["no length", "too much", "no HTTP", "bad chunk", "endless head"],
)
async def test_what_is_no_answer_fails_the_call_and_ends_the_connection(answer: bytes) -> None:
    async with serving([answer]) as served:
        with pytest.raises(CallFailed):
            await ask(served)
        assert (await ask(served)).body == b"hello"

    assert served.connections == 2


async def test_a_connection_that_the_service_closes_is_not_used_again() -> None:
    closing = OK.replace(b"X-Kind: plain", b"Connection: close")
    async with serving([closing]) as served:
        await ask(served)
        await ask(served)

    assert served.connections == 2


async def test_a_dead_connection_costs_an_idempotent_call_nothing_and_fails_any_other() -> None:
    async with serving([OK], None, [OK], None) as served:
        await ask(served, b"warm")
        assert (await ask(served, b"again")).body == b"hello"
        with pytest.raises(CallFailed):
            await ask(served, b"once only", idempotent=False)

    sent = [request.rpartition(b"\r\n\r\n")[2] for request in served.requests]
    assert sent == [b"warm", b"again", b"again", b"once only"]


async def test_a_slow_answer_fails_within_the_deadline_and_does_not_answer_the_next_call() -> None:
    async with serving([OK], [OK[:20], b""], [OK]) as served:
        await ask(served)
        with pytest.raises(CallFailed, match="TimeoutError"):
            await ask(served, within=0.2)
        while len(served.requests) < 2:
            await asyncio.sleep(0.01)
        assert (await ask(served)).body == b"hello"

    assert served.connections == 2


async def test_a_cancelled_call_gives_its_connection_up() -> None:
    async with serving([OK[:20], b""], [OK]) as served:
        calling = asyncio.ensure_future(ask(served))
        while not served.requests:
            await asyncio.sleep(0.01)
        calling.cancel()
        with pytest.raises(asyncio.CancelledError):
            await calling
        assert (await ask(served)).body == b"hello"

    assert served.connections == 2


async def test_more_calls_than_connections_wait_for_one() -> None:
    async with serving(most=2) as served:
        answers = await asyncio.gather(*(ask(served) for _ in range(20)))

    assert {answer.body for answer in answers} == {b"hello"}
    assert served.connections <= 2


async def test_the_circuit_opens_after_failures_and_calls_then_fail_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(http, "BREAK_SECONDS", 3600.0)
    async with serving(*[None] * 20) as served:
        for _ in range(BREAK_AFTER_FAILURES):
            with pytest.raises(CallFailed):
                await ask(served, idempotent=False)
        with pytest.raises(CallFailed, match="circuit open"):
            await ask(served)

    assert len(served.requests) == BREAK_AFTER_FAILURES
