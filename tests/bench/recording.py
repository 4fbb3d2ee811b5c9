"""What the gateway asks of the services for a request: heard by proxies between them and a gateway of its own."""

import asyncio
import re
import signal
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import TypeAlias

from deploy.local import environment, probe
from deploy.local.installation import Installation
from deploy.local.processes import die_with_parent, free_ports
from deploy.local.supervisor import Child
from tests.bench.load import read_answer
from tests.bench.queries import Request

UPSTREAM = ("profile", "goals", "feedback")
HOLD_SECONDS = 0.03
"""Answers are held back, so that calls of one level of the query overlap and the levels can be told apart."""
TOKEN = re.compile(rb"\r\n[Aa]uthorization: Bearer ([^\r]+)\r\n")
READY_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Call:
    """One request to a service, as it was sent, but addressed to the service itself."""

    port: int
    request: bytes
    begun: float
    ended: float


@dataclass(slots=True)
class Recorder:
    """The calls by the caller's token: whoever records sends each request under a token of its own."""

    calls: dict[str, list[Call]] = field(default_factory=lambda: defaultdict(list))

    def levels(self, request: Request) -> list[list[Call]]:
        """The calls of a request; those of a level were under way together, the next ones waited for them."""
        levels: list[list[Call]] = []
        for call in sorted(self.calls[request.token], key=lambda each: each.begun):
            if levels and call.begun < min(each.ended for each in levels[-1]):
                levels[-1].append(call)
            else:
                levels.append([call])
        return levels


@asynccontextmanager
async def recording(made: Installation) -> AsyncIterator[tuple[Recorder, int]]:
    """A recorder and the port of a gateway whose calls it hears."""
    recorder = Recorder()
    servers, urls = [], {}
    for name in UPSTREAM:
        port = int(made.doors[f"{name}-api"].rpartition(":")[2])
        server = await asyncio.start_server(_proxy(recorder, port), "127.0.0.1", 0, limit=2**20)
        servers.append(server)
        own = server.sockets[0].getsockname()[1]
        urls[f"GATEWAY_{name.upper()}_URL"] = f"http://127.0.0.1:{own}"
    port, metrics = free_ports(2)
    further = {**urls, "GATEWAY_PORT": str(port), "GATEWAY_METRICS_PORT": str(metrics)}
    async with another(made, "gateway-api", further, f"http://127.0.0.1:{port}"):
        yield recorder, port
    for server in servers:
        server.close()


@asynccontextmanager
async def another(
    made: Installation, name: str, settings: dict[str, str], door: str
) -> AsyncIterator[float]:
    """One more process of that name with other settings; yields how many seconds it took to be ready."""
    child = child_of(made, name)
    begun = monotonic()
    with (Path(made.home) / "logs" / f"another-{name}.log").open("wb") as log:
        running = await asyncio.create_subprocess_exec(
            *child.command,
            env={**child.environment, **settings},
            stdout=log,
            stderr=log,
            preexec_fn=die_with_parent(signal.SIGKILL),
        )
    try:
        while await probe.status(f"{door}/readyz") != 200:
            if running.returncode is not None or monotonic() > begun + READY_SECONDS:
                raise TimeoutError(f"another {name} did not become ready: {log.name}")
            await asyncio.sleep(0.01)
        yield monotonic() - begun
    finally:
        if running.returncode is None:
            running.terminate()
        await running.wait()


def child_of(made: Installation, name: str) -> Child:
    """How the launcher starts that process."""
    children = environment.children(Path(made.home), made.environment, made.doors)
    return next(each for each in children if each.name == name)


Serve: TypeAlias = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def _proxy(recorder: Recorder, port: int) -> Serve:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        upstream = await asyncio.open_connection("127.0.0.1", port, limit=2**20)
        own = writer.get_extra_info("sockname")[1]
        try:
            while request := await _read_request(reader):
                begun = monotonic()
                direct = request.replace(b"127.0.0.1:%d" % own, b"127.0.0.1:%d" % port, 1)
                upstream[1].write(direct)
                body = await read_answer(upstream[0])
                await asyncio.sleep(HOLD_SECONDS)
                found = TOKEN.search(direct)
                assert found
                call = Call(port, direct, begun, monotonic())
                recorder.calls[found[1].decode()].append(call)
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))
        finally:
            upstream[1].close()
            writer.close()

    return serve


async def _read_request(reader: asyncio.StreamReader) -> bytes:
    """Head and body of the next request; nothing when the other side has closed."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, ConnectionResetError):
        return b""
    place = head.lower().index(b"content-length:") + 15
    return head + await reader.readexactly(int(head[place : head.index(b"\r", place)]))
