"""`python -m tests.bench.events`: facts from one service to another's read model, and webhooks, measured.

A whole Waymark of separate processes, its PostgreSQL without syncing. Facts are written by the outbox of profile, as
its runtime role; goals copies them. A webhook is compared with what the same server can do at all: a bare commit of one
row.
"""

import argparse
import asyncio
import json
import os
import signal
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from uuid import UUID

import asyncpg

from deploy.local.installation import Installation
from services.profile.skills.events import SkillChanged
from services.profile.skills.rules import SkillType
from shared import events
from shared.db import Database
from shared.ids import new_id
from shared.tenancy import Principal
from tests.bench import system, webhooks

WRITERS = 8
GROUP = "goals-skills"
LISTENERS = ("profile-worker", "goals-worker", "feedback-worker", "gateway-worker")
MOST_SECONDS = 300.0
SKEW = 1_000 << 80
"""A second of UUIDv7: facts are told in about the order of their ids."""

SEEN = """
    SELECT event_id FROM inbox_event
    WHERE tenant_id = $1 AND consumer = $2 AND event_id > $3 ORDER BY event_id
"""
LEFT = "SELECT count(*) FROM outbox_event WHERE relayed_at IS NULL"


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line asks for."""

    rate: int
    seconds: float
    backlog: int


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.events", description=__doc__)
    parser.add_argument("--rate", type=int, default=500, help="facts a second (default 500)")
    parser.add_argument("--seconds", type=float, default=20, help="of each measuring (default 20)")
    parser.add_argument("--backlog", type=int, default=10_000, help="facts (default 10,000)")
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with system.running() as started:
        options = Options(asked.rate, asked.seconds, asked.backlog)
        asyncio.run(_bench(started.made, options))


async def _bench(made: Installation, options: Options) -> None:
    database = Database.connect(
        made.environment["PROFILE_DATABASE_URL"], application_name="bench", pool_size=WRITERS
    )
    profile = Profile(database, made.tenant_id)
    found: dict[str, float] = {}
    try:
        async with Watcher.of(made) as watcher:
            await _steadily(profile, watcher, 100, 2)
            found |= await _steadily(profile, watcher, options.rate, options.seconds)
            found |= await _draining(made, profile, watcher, options.backlog)
        found |= await webhooks.accepted(made, seconds=options.seconds)
    finally:
        await database.close()
    for name, value in found.items():
        print(f"{name:40} {value:10,.1f}")
    print(json.dumps(found))


@dataclass(frozen=True, slots=True)
class Profile:
    """The producing side, without its door: what is measured begins with the commit."""

    database: Database
    tenant_id: UUID

    async def say(self) -> tuple[UUID, float]:
        """One fact about a skill of its own; its id and when it was committed."""
        principal = Principal.system(self.tenant_id, "bench")
        skill_id = new_id()
        fact = SkillChanged(
            skill_id=skill_id,
            framework_id=skill_id,
            framework_key="bench",
            code=str(skill_id),
            statement="A skill of the benchmark",
            type=SkillType.TECHNICAL,
            parent_id=None,
            half_life_months=12,
        )
        async with self.database.transaction(self.tenant_id) as session:
            event_id = await events.publish(session, principal, fact, subject=skill_id, sequence=1)
        return event_id, time.monotonic()


class Watcher:
    """When each fact had taken effect in goals, seen within ten milliseconds."""

    def __init__(self, connection: "asyncpg.Connection[asyncpg.Record]", tenant_id: UUID) -> None:
        self._connection = connection
        self._tenant_id = tenant_id
        self.seen: dict[UUID, float] = {}

    @classmethod
    def of(cls, made: Installation) -> "_Watching":
        return _Watching(made)

    async def look(self, wanted: dict[UUID, float], *, more: "asyncio.Event | None" = None) -> None:
        """Until all of them had their effect, and no more of them come once `more` is set."""
        deadline = time.monotonic() + MOST_SECONDS
        waiting = 0
        while time.monotonic() < deadline:
            ids = list(wanted)[waiting:]
            while ids and ids[0] in self.seen:
                ids.pop(0)
                waiting += 1
            if not ids and (more is None or more.is_set()):
                return
            if ids:
                await self._once(UUID(int=ids[0].int - SKEW))
            await asyncio.sleep(0.01)
        raise AssertionError("not all facts took effect")

    async def _once(self, after: UUID) -> None:
        rows = await self._connection.fetch(SEEN, self._tenant_id, GROUP, after)
        now = time.monotonic()
        for row in rows:
            self.seen.setdefault(UUID(bytes=row[0].bytes), now)


class _Watching:
    def __init__(self, made: Installation) -> None:
        self._made = made

    async def __aenter__(self) -> Watcher:
        self._connection = await asyncpg.connect(self._made.environment["GOALS_DATABASE_URL"])
        tenant_id = self._made.tenant_id
        await self._connection.execute(f"SET app.tenant = '{tenant_id}'")
        return Watcher(self._connection, tenant_id)

    async def __aexit__(self, *_: object) -> None:
        await self._connection.close()


async def _steadily(
    profile: Profile, watcher: Watcher, rate: int, seconds: float
) -> dict[str, float]:
    """Facts at a fixed rate, and how long each took to its effect."""
    said: dict[UUID, float] = {}
    started = time.monotonic()
    places = count()

    async def write() -> None:
        for place in places:
            due = started + place / rate
            if due > started + seconds:
                return
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            event_id, at = await profile.say()
            said[event_id] = at

    written = asyncio.Event()
    watching = asyncio.create_task(watcher.look(said, more=written))
    await asyncio.gather(*(write() for _ in range(WRITERS)))
    lasted = time.monotonic() - started
    written.set()
    await watching
    took = sorted(1000 * (watcher.seen[event_id] - at) for event_id, at in said.items())
    return {
        "facts a second, written": len(said) / lasted,
        "fact to read model, p50 ms": statistics.median(took),
        "fact to read model, p99 ms": took[int(len(took) * 0.99)],
        "fact to read model, worst ms": took[-1],
    }


async def _draining(
    made: Installation, profile: Profile, watcher: Watcher, facts: int
) -> dict[str, float]:
    """Written while no worker runs, then relayed and applied."""
    with paused(made):
        each = facts // WRITERS
        started = time.monotonic()

        async def write() -> list[tuple[UUID, float]]:
            return [await profile.say() for _ in range(each)]

        written = await asyncio.gather(*(write() for _ in range(WRITERS)))
        said = dict(sorted(pair for of_one in written for pair in of_one))
        writing = time.monotonic() - started
    started = time.monotonic()
    relayed = asyncio.create_task(_relayed(made))
    await watcher.look(said)
    drained = max(watcher.seen[event_id] for event_id in said) - started
    return {
        "backlog, facts": float(len(said)),
        "backlog, s to write": writing,
        "backlog, s to relay": await relayed - started,
        "backlog, s to drain": drained,
        "backlog, facts a second": len(said) / drained,
    }


@contextmanager
def paused(made: Installation) -> Iterator[None]:
    for name in LISTENERS:
        os.kill(made.pids[name], signal.SIGSTOP)
    try:
        yield
    finally:
        for name in LISTENERS:
            os.kill(made.pids[name], signal.SIGCONT)


async def _relayed(made: Installation) -> float:
    """When the outbox was empty."""
    connection = await asyncpg.connect(made.environment["PROFILE_DATABASE_URL"])
    await connection.execute(f"SET app.tenant = '{made.tenant_id}'")
    while await connection.fetchval(LEFT):
        await asyncio.sleep(0.05)
    await connection.close()
    return time.monotonic()


if __name__ == "__main__":
    main()
