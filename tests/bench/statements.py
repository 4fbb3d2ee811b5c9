"""What a query costs PostgreSQL in statements: its own log of them, switched on for a few requests."""

import asyncio
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from deploy.local.installation import Installation
from tests.bench import contenders, data
from tests.bench.queries import Request

SETTLE_SECONDS = 0.5
ENTRY = re.compile(r"duration: ([0-9.]+) ms  (parse|bind|execute|statement)\b")


@dataclass(frozen=True, slots=True)
class Counted:
    """Of one query on average: statements run, and milliseconds spent in planning (parse and bind) and running them.

    The log counts everything that goes over the wire: BEGIN, COMMIT and settings too.
    """

    statements: float
    planning_ms: float
    running_ms: float


async def count(made: Installation, port: int, requests: Sequence[Request]) -> Counted:
    """Sends the requests one by one, twice; what is warm the second time is what is counted."""
    log = Path(made.home) / "logs" / "postgres.log"
    for request in requests:
        await contenders.ask(port, request)
    await _set(made, "0")
    begun = log.stat().st_size
    for request in requests:
        await contenders.ask(port, request)
    await _set(made, "-1")
    with log.open() as file:
        file.seek(begun)
        entries = ENTRY.findall(file.read())
    spent: dict[str, float] = defaultdict(float)
    for duration, kind in entries:
        spent[kind] += float(duration)
    run = sum(kind in ("execute", "statement") for _, kind in entries)
    return Counted(
        run / len(requests),
        (spent["parse"] + spent["bind"]) / len(requests),
        (spent["execute"] + spent["statement"]) / len(requests),
    )


async def _set(made: Installation, milliseconds: str) -> None:
    connection = await asyncpg.connect(data.superuser_url(made, "profile"))
    try:
        await connection.execute(f"ALTER SYSTEM SET log_min_duration_statement = {milliseconds}")
        await connection.execute("SELECT pg_reload_conf()")
    finally:
        await connection.close()
    await asyncio.sleep(SETTLE_SECONDS)
