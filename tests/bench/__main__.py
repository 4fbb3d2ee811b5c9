"""`python -m tests.bench`: Waymark's two typical queries, measured beside the ordinary way and the possible one."""

import argparse
import asyncio
import json
import signal
import sys
from dataclasses import dataclass

from tests.bench import boot, contenders, data, queries, statements, system
from tests.bench.contenders import Contender
from tests.bench.cpu import Watch
from tests.bench.measure import Found, Load, measure
from tests.bench.queries import Caller
from tests.bench.report import Report, print_report
from tests.bench.system import System

QUERIES = ("dashboard", "list")
CALLERS = 100
PAGES = 40
WIDE = 100
COUNTED = 20
SERVICES = ("profile", "goals", "feedback")


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line asks for."""

    people: int
    load: Load
    only: tuple[str, ...]


def main() -> None:
    options = _options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with system.running() as started:
        asyncio.run(_bench(started, options))


def _options() -> Options:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--people", type=int, default=10_000, help="how many (default 10,000)")
    parser.add_argument("--seconds", type=float, default=10, help="of each measuring (default 10)")
    parser.add_argument("--concurrency", type=int, default=32, help="connections (default 32)")
    parser.add_argument("--only", choices=QUERIES, help="one of the two queries")
    asked = parser.parse_args()
    if asked.people < 2 * CALLERS:
        parser.error(f"--people: at least {2 * CALLERS}")
    load = Load(asked.concurrency, warm_up=min(3.0, asked.seconds), seconds=asked.seconds)
    return Options(asked.people, load, (asked.only,) if asked.only else QUERIES)


async def _bench(started: System, options: Options) -> None:
    made = started.made
    print(f"Waymark runs from {made.home}; generating {options.people:,} people ...", flush=True)
    took = await data.generate(made, people=options.people)
    print(f"Generated in {took:.0f} s. Starting the others ...", flush=True)
    report = Report(options.people, options.load, started.first_start_seconds, took)
    report.boot_seconds = await boot.seconds(made)
    subjects = await data.subjects(made, people=options.people, count=CALLERS)
    callers = [queries.caller(made, subject) for subject in subjects]

    def reader() -> Caller:
        return queries.caller(made, subjects[data.HR_PARTNER])

    async def requests_at(port: int, name: str) -> list[queries.Request]:
        return await contenders.whole_requests(name, port, callers, reader, PAGES)

    own_port = int(made.url.rpartition(":")[2])
    asked = {name: await requests_at(own_port, name) for name in options.only}
    wide = queries.page(reader(), after=None, first=WIDE)
    recorded = await contenders.record(made, asked | {"wide": [wide]})
    report.calls_of_wide_list = recorded.pop("wide").calls
    async with (
        contenders.plain(made, started.home / "logs" / "plain.log") as (plain_pid, plain_port),
        contenders.limit(recorded) as limit,
    ):
        plainly = {name: await requests_at(plain_port, name) for name in options.only}
        compared = [
            _contender("gateway", made.pids["gateway-api"], own_port, asked),
            limit,
            _contender("plain", plain_pid, plain_port, plainly),
        ]
        with started.without_workers():
            for name in options.only:
                counted = await statements.count(made, own_port, asked[name][:COUNTED])
                found = await _compare(started, name, compared, options.load)
                report.add(name, found, calls=recorded[name].calls, counted=counted)
    everything = Watch(made.pids, {"postgres": started.postmaster})
    report.resident_mb = everything.resident_mb()
    print_report(report)
    print(json.dumps(report.as_json()), flush=True)


def _contender(
    name: str, pid: int, port: int, asked: dict[str, list[queries.Request]]
) -> Contender:
    wires = {
        query: [request.wire(f"127.0.0.1:{port}") for request in requests]
        for query, requests in asked.items()
    }
    return Contender(name, pid, port, wires)


def _watch(started: System, pid: int, name: str) -> Watch:
    services = {each: started.made.pids[f"{each}-api"] for each in SERVICES}
    return Watch({name: pid, **services}, {"postgres": started.postmaster})


async def _compare(
    started: System, name: str, compared: list[Contender], load: Load
) -> dict[str, Found]:
    found = {}
    for contender in compared:
        print(f"Measuring {name}: {contender.name} ...", flush=True)
        watch = _watch(started, contender.pid, contender.name)
        requests = contender.requests[name]
        found[contender.name] = await measure(contender.port, requests, load, watch)
    return found


if __name__ == "__main__":
    main()
