"""The load generator, a process of its own: so many connections, each sending its next request when it has its answer.

Reads its plan from stdin, one JSON line with address, concurrency, seconds of warm-up and of measuring and the
requests; says `warm` when it is warm, waits for a line, measures, and prints one JSON line with what it found.
"""

import asyncio
import json
import resource
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import cycle
from time import perf_counter
from typing import Any

import uvloop

OK, ERRORS = b" 200 ", b'"errors"'


class BadAnswer(Exception):
    """An answer that is not 200, or that has errors."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What one measuring found; `cpu_us` is the generator's own cost of one request."""

    requests: int
    seconds: float
    p50_ms: float
    p99_ms: float
    cpu_us: float
    bytes: float

    @property
    def rps(self) -> float:
        return self.requests / self.seconds


@dataclass(slots=True)
class Tally:
    """The latencies of one measuring, in seconds, and how many bytes came."""

    latencies: list[float]
    received: int = 0


async def _client(
    host: str, port: int, requests: Iterator[bytes], until: float, tally: Tally
) -> None:
    reader, writer = await asyncio.open_connection(host, port, limit=2**20)
    try:
        while (begun := perf_counter()) < until:
            writer.write(next(requests))
            body = await read_answer(reader)
            tally.received += len(body)
            tally.latencies.append(perf_counter() - begun)
    finally:
        writer.close()


async def read_answer(reader: asyncio.StreamReader) -> bytes:
    """The body of one answer with a Content-Length; raises `BadAnswer` for any other status than 200 and for errors."""
    head = await reader.readuntil(b"\r\n\r\n")
    place = head.lower().index(b"content-length:") + 15
    body = await reader.readexactly(int(head[place : head.index(b"\r", place)]))
    if OK not in head[:16] or ERRORS in body:
        raise BadAnswer(head[:16].decode() + body[-1500:].decode(errors="replace"))
    return body


async def _drive(plan: dict[str, Any], seconds: float) -> tuple[Tally, float]:
    requests = cycle([each.encode("latin-1") for each in plan["requests"]])
    tally, begun = Tally([]), perf_counter()
    address = (plan["host"], plan["port"])
    until = begun + seconds
    await asyncio.gather(
        *(_client(*address, requests, until, tally) for _ in range(plan["concurrency"]))
    )
    return tally, perf_counter() - begun


def percentile(ordered: Sequence[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def _cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def main() -> None:
    plan = json.loads(sys.stdin.readline())
    uvloop.run(_drive(plan, plan["warm_up"]))
    print("warm", flush=True)
    sys.stdin.readline()
    used = _cpu_seconds()
    tally, seconds = uvloop.run(_drive(plan, plan["seconds"]))
    used = _cpu_seconds() - used
    ordered = sorted(tally.latencies)
    measured = Measured(
        requests=len(ordered),
        seconds=seconds,
        p50_ms=percentile(ordered, 0.5) * 1e3,
        p99_ms=percentile(ordered, 0.99) * 1e3,
        cpu_us=used / len(ordered) * 1e6,
        bytes=tally.received / len(ordered),
    )
    print(json.dumps(asdict(measured)), flush=True)


if __name__ == "__main__":
    main()
