"""What is measured side by side: the gateway, the plain one, and the limit, each ready at a port with its requests."""

import asyncio
import json
import signal
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from deploy.local import probe
from deploy.local.installation import Installation
from deploy.local.processes import die_with_parent, free_ports
from tests.bench import queries, recording
from tests.bench.queries import Caller, Request


@dataclass(frozen=True, slots=True)
class Contender:
    """A server with what to send it: wire bytes by query."""

    name: str
    pid: int
    port: int
    requests: dict[str, list[bytes]]


@dataclass(frozen=True, slots=True)
class Recorded:
    """The requests of a query with the levels of calls that the gateway makes for each."""

    requests: list[Request]
    levels: list[list[list[recording.Call]]]

    @property
    def calls(self) -> float:
        """Upstream calls of one query."""
        return sum(len(level) for levels in self.levels for level in levels) / len(self.levels)


async def ask(port: int, request: Request) -> dict[str, Any]:
    """The parsed answer of a gateway at that port."""
    headers = {"Authorization": f"Bearer {request.token}", "Content-Type": "application/json"}
    async with httpx.AsyncClient(trust_env=False, timeout=30) as client:
        url = f"http://127.0.0.1:{port}/graphql"
        answer = await client.post(url, content=request.body, headers=headers)
    found: dict[str, Any] = answer.json()
    return found


async def whole_requests(
    name: str, port: int, callers: Sequence[Caller], reader: Callable[[], Caller], pages: int
) -> list[Request]:
    """The requests of a query, each sent once and its answer found to be whole; raises `NotWhole`.

    Each page of the list has a token of its own, although it is always the same reader who turns them.
    """
    if name == "dashboard":
        requests = queries.dashboards(callers)
        for request in requests:
            queries.whole_dashboard(await ask(port, request))
        return requests
    requests, after = [], None
    for _ in range(pages):
        request = queries.page(reader(), after=after)
        after = queries.whole_page(await ask(port, request))
        requests.append(request)
    return requests


async def record(made: Installation, requests: dict[str, list[Request]]) -> dict[str, Recorded]:
    """Sends every request once more through a gateway whose calls are heard."""
    async with recording.recording(made) as (recorder, port):
        for request in (each for several in requests.values() for each in several):
            await ask(port, request)
    return {
        name: Recorded(several, [recorder.levels(each) for each in several])
        for name, several in requests.items()
    }


@asynccontextmanager
async def plain(made: Installation, log: Path) -> AsyncIterator[tuple[int, int]]:
    """The pid and the port of the plain gateway."""
    (port,) = free_ports(1)
    child = recording.child_of(made, "gateway-api")
    with log.open("wb") as out:
        running = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "tests.bench.plain", str(port)),
            env=dict(child.environment),
            stdout=out,
            stderr=out,
            preexec_fn=die_with_parent(signal.SIGKILL),
        )
    try:
        while await probe.status(f"http://127.0.0.1:{port}/docs") != 200:
            if running.returncode is not None:
                raise queries.NotWhole(f"the plain gateway ended: {log.read_text()}")
            await asyncio.sleep(0.05)
        yield running.pid, port
    finally:
        if running.returncode is None:
            running.kill()
        await running.wait()


@asynccontextmanager
async def limit(recorded: dict[str, Recorded]) -> AsyncIterator[Contender]:
    """The bare server, told what to do for each of the requests."""
    (port,) = free_ports(1)
    wires = {
        name: [request.wire(f"127.0.0.1:{port}") for request in each.requests]
        for name, each in recorded.items()
    }
    plan = [
        (wire.decode("latin-1"), _spelled(levels))
        for name, each in recorded.items()
        for wire, levels in zip(wires[name], each.levels, strict=True)
    ]
    running = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "tests.bench.limit"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        preexec_fn=die_with_parent(signal.SIGKILL),
    )
    try:
        assert running.stdin
        assert running.stdout
        running.stdin.write(json.dumps({"port": port, "requests": plan}).encode() + b"\n")
        await running.stdin.drain()
        await running.stdout.readline()
        yield Contender("limit", running.pid, port, wires)
    finally:
        if running.returncode is None:
            running.kill()
        await running.wait()


def _spelled(levels: list[list[recording.Call]]) -> list[list[tuple[int, str]]]:
    return [[(call.port, call.request.decode("latin-1")) for call in level] for level in levels]
