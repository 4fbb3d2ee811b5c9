"""One measuring: the load generator against an address, and what the watched processes used meanwhile."""

import asyncio
import json
import signal
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from deploy.local.processes import die_with_parent
from tests.bench.cpu import Watch
from tests.bench.load import Measured

LINE_LIMIT = 2**28


class LoadFailed(Exception):
    """The load generator ended early; its last words follow."""


@dataclass(frozen=True, slots=True)
class Load:
    """How hard and how long."""

    concurrency: int
    warm_up: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Found:
    """What was measured, and the CPU of each watched process in microseconds a request."""

    measured: Measured
    cpu_us: Mapping[str, float]


async def measure(port: int, requests: Sequence[bytes], load: Load, watch: Watch) -> Found:
    """Sends the requests round and round; between warm-up and measuring nothing is under way."""
    generator = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "tests.bench.load"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        limit=LINE_LIMIT,
        preexec_fn=die_with_parent(signal.SIGKILL),
    )
    try:
        await _say(generator, _plan(port, requests, load))
        await _hear(generator)
        before = watch.used_us()
        await _say(generator, b"go\n")
        measured = Measured(**json.loads(await _hear(generator)))
        after = watch.used_us()
    finally:
        if generator.returncode is None:
            generator.kill()
        await generator.wait()
    used = {name: (after[name] - before[name]) / measured.requests for name in after}
    return Found(measured, used)


def _plan(port: int, requests: Sequence[bytes], load: Load) -> bytes:
    plan = {
        "host": "127.0.0.1",
        "port": port,
        "concurrency": load.concurrency,
        "warm_up": load.warm_up,
        "seconds": load.seconds,
        "requests": [each.decode("latin-1") for each in requests],
    }
    return json.dumps(plan).encode() + b"\n"


async def _say(generator: asyncio.subprocess.Process, line: bytes) -> None:
    assert generator.stdin
    generator.stdin.write(line)
    await generator.stdin.drain()


async def _hear(generator: asyncio.subprocess.Process) -> bytes:
    assert generator.stdout
    assert generator.stderr
    if line := await generator.stdout.readline():
        return line
    raise LoadFailed((await generator.stderr.read()).decode())
