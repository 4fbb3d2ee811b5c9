"""`python -m tests.chaos`: does anything get lost or happen twice while everything fails?"""

import argparse
import asyncio
import json
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from tests.bench import events
from tests.bench.load import percentile
from tests.chaos import company, faults, place, proving, settling
from tests.chaos.place import Place
from tests.chaos.proving import Verdict
from tests.chaos.receiver import NARROW, WIDE, Receiver, settings
from tests.chaos.sending import Ledger, Senders

MOST_SECONDS = 1200.0


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line asks for; `every` is the time between two faults, in seconds."""

    deliveries: int
    seed: int
    rate: float
    every: float
    kills: int
    settle: float


def main() -> None:
    asked = _asked()
    signal.signal(signal.SIGTERM, _end)
    if asked.sustained:
        asyncio.run(_sustained())
        return
    options = Options(
        asked.deliveries, asked.seed, asked.rate, asked.every, asked.kills, asked.settle
    )
    sys.exit(asyncio.run(_chaos(options)))


def _end(*_: object) -> None:
    """Once: what was started is being ended then."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sys.exit(143)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    add = parser.add_argument
    add("--deliveries", type=int, default=10_000, help="acknowledged inputs (default 10,000)")
    add("--seed", type=int, default=1, help="the order of everything that goes wrong (default 1)")
    add("--rate", type=float, default=45, help="inputs a second at most (default 45)")
    add("--every", type=float, default=3, help="seconds from fault to fault (default 3)")
    add("--kills", type=int, default=5, help="of every process (default 5)")
    add("--settle", type=float, default=300, help="seconds to wait for the rest (default 300)")
    add("--sustained", action="store_true", help="measure instead: nothing fails")
    return parser.parse_args()


async def _sustained() -> None:
    """The benchmark of facts and webhooks, on a server that syncs every commit."""
    async with place.running(proxied=False, settings={}) as started:
        options = events.Options(rate=500, seconds=20, backlog=10_000)
        await events._bench(started.made, options)


async def _chaos(options: Options) -> int:
    started = time.monotonic()

    def say(line: str) -> None:
        print(f"{time.monotonic() - started:5.0f} s  {line}", flush=True)

    async with (
        asyncio.timeout(MOST_SECONDS),
        Receiver(options.seed, NARROW) as narrow,
        Receiver(options.seed, WIDE) as wide,
        place.running(proxied=True, settings=settings([narrow, wide])) as waymark,
    ):
        say(f"Waymark runs from {waymark.home}")
        receivers = (narrow, wide)
        for each in receivers:
            await each.subscribe(waymark)
        people = max(50, options.deliveries // company.COURSES)
        firm = await company.fill(waymark, people=people)
        say(f"{people} people, {company.COURSES} courses; the faults begin")
        ledger, done = await _drive(waymark, firm, options, say)
        say(f"{ledger.acknowledged} acknowledged; waiting for the rest")
        settled = await settling.settle(waymark, most_seconds=options.settle, say=say)
        verdict = await proving.prove(waymark, firm, ledger, receivers)
    for example in verdict.examples:
        say(example)
    told = _told(verdict, ledger, receivers, done) | {"settled": asdict(settled)}
    told |= {"seed": options.seed, "seconds": round(time.monotonic() - started)}
    print(json.dumps(told), flush=True)
    whole = settled.whole and ledger.acknowledged >= options.deliveries
    return 0 if whole and not told["lost"] and not told["doubled"] else 1


async def _drive(
    waymark: Place, firm: company.Company, options: Options, say: Callable[[str], None]
) -> tuple[Ledger, Counter[str]]:
    """Senders and faults at once; both come to their end."""
    senders = Senders(
        waymark, firm, inputs=options.deliveries, rate=options.rate, seed=options.seed
    )
    planned = faults.plan(waymark, random.Random(options.seed), kills=options.kills)

    async def watch() -> None:
        while True:
            await asyncio.sleep(30)
            say(f"{senders.ledger.acknowledged} acknowledged, {dict(senders.ledger.answers)}")

    watching = asyncio.create_task(watch())
    try:
        async with asyncio.TaskGroup() as tasks:
            happening = tasks.create_task(faults.happen(planned, every=options.every, say=say))
            tasks.create_task(senders.run())
    finally:
        watching.cancel()
    return senders.ledger, happening.result()


def _told(
    verdict: Verdict, ledger: Ledger, receivers: Sequence[Receiver], done: Counter[str]
) -> dict[str, Any]:
    took = sorted(ledger.seconds)
    return {
        "acknowledged": ledger.acknowledged,
        "of": {kind: len(keys) for kind, keys in ledger.taken.items()},
        "left": sum(map(len, ledger.left.values())),
        "effects": verdict.effects,
        "lost": sum(verdict.lost.values()),
        "doubled": sum(verdict.doubled.values()),
        "wrong": {**verdict.lost, **{k: n for k, n in verdict.doubled.items() if n}},
        "dead": dict(verdict.dead),
        "faults": faults.by_kind(done),
        "againSent": ledger.again,
        "answers": dict(ledger.answers),
        "acknowledgedP50Ms": round(1e3 * percentile(took, 0.5)),
        "acknowledgedP99Ms": round(1e3 * percentile(took, 0.99)),
        "outbound": {
            "acknowledged": {each.pattern: len(each.taken) for each in receivers},
            "resent": verdict.resent,
            "refused": dict(sum((each.refused for each in receivers), Counter())),
            "wronglySigned": sum(each.wrongly_signed for each in receivers),
        },
    }


if __name__ == "__main__":
    main()
