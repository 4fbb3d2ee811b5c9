"""What goes wrong, and when: the same seed gives the same order."""

import asyncio
import random
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial

from deploy.local.installation import ROLES, SERVICES
from tests.chaos.place import Place

PROCESSES = tuple(f"{service}-{role}" for service in SERVICES for role in ROLES)
DATABASE_STOPS = 3
BROKER_STOPS = ("nats stop", "nats kill", "nats stop")
LINKS = 20
BACK_AFTER = (0.5, 3.0)
DELAYS = (0.02, 0.4)
WHILE = (2.0, 5.0)

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Fault:
    """`act` answers whether it could be done."""

    kind: str
    act: Callable[[], Awaitable[bool]]


def plan(place: Place, chance: random.Random, *, kills: int) -> list[Fault]:
    """Every process equally often, in rounds; stops of the servers and faults of the links between them."""
    found: list[Fault] = []
    for _ in range(kills):
        names = list(PROCESSES)
        chance.shuffle(names)
        found += [Fault(f"kill {name}", partial(place.kill, name)) for name in names]
    others = [_database(place, chance) for _ in range(DATABASE_STOPS)]
    others += [_broker(place, chance, command) for command in BROKER_STOPS]
    others += [_link(place, chance, number) for number in range(LINKS)]
    chance.shuffle(others)
    step = len(found) / len(others)
    for number in reversed(range(len(others))):
        found.insert(int((number + 1) * step), others[number])
    return found


def _database(place: Place, chance: random.Random) -> Fault:
    return Fault(
        "postgres kill", partial(_away, place, "postgres kill", chance.uniform(*BACK_AFTER))
    )


def _broker(place: Place, chance: random.Random, command: str) -> Fault:
    return Fault(command, partial(_away, place, command, chance.uniform(*BACK_AFTER)))


async def _away(place: Place, command: str, seconds: float) -> bool:
    server = command.split(maxsplit=1)[0]
    await place.servers.order(command)
    await asyncio.sleep(seconds)
    await place.servers.order(f"{server} start")
    return True


def _link(place: Place, chance: random.Random, number: int) -> Fault:
    """Every link has its turn, every way of failing too."""
    names = sorted(place.proxies)
    proxy = place.proxies[names[number % len(names)]]
    way = ("cut", "reset", "delay", "swallow")[chance.randrange(4)]
    seconds, delay = chance.uniform(*WHILE), chance.uniform(*DELAYS)

    async def act() -> bool:
        match way:
            case "cut":
                proxy.cut()
            case "reset":
                proxy.reset()
            case "delay":
                await proxy.delaying(delay, seconds)
            case _:
                await proxy.swallowing(seconds)
        return True

    return Fault(f"{way} {proxy.name}", act)


async def happen(faults: Sequence[Fault], *, every: float, say: Say) -> Counter[str]:
    """One begins every so many seconds, at the earliest when the one before has ended.

    What is not possible, because the process is not back yet, has another turn at the end.
    """
    done: Counter[str] = Counter()
    loop = asyncio.get_running_loop()
    waiting = deque(faults)
    for number in range(1, 2 * len(faults) + 1):
        if not waiting:
            break
        begun, fault = loop.time(), waiting.popleft()
        if await fault.act():
            done[fault.kind] += 1
        else:
            done[f"not possible: {fault.kind}"] += 1
            waiting.append(fault)
        if number % 10 == 0:
            say(f"{number} of {len(faults)} faults")
        await asyncio.sleep(max(0.0, begun + every - loop.time()))
    return done


def by_kind(done: Counter[str]) -> dict[str, int]:
    """Counted by what was done; `fewestKills` is of the process that was killed least."""
    found: Counter[str] = Counter()
    for kind, count in done.items():
        word = kind.split()[0]
        found[kind if word in ("postgres", "nats", "not") else word] += count
    fewest = min(done[f"kill {name}"] for name in PROCESSES)
    return {**found, "fewestKills": fewest}
