"""The figures of a run: a table to read, one JSON object to compare."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.bench.measure import Found, Load
from tests.bench.statements import Counted

SERVICES = ("profile", "goals", "feedback")
BEHIND = (*SERVICES, "postgres")


@dataclass(slots=True)
class Report:
    """What was found; `queries` fills up while the run goes on."""

    people: int
    load: Load
    first_start_seconds: float
    generating_seconds: float
    calls_of_wide_list: float = 0
    boot_seconds: Mapping[str, float] = field(default_factory=dict)
    resident_mb: Mapping[str, float] = field(default_factory=dict)
    queries: dict[str, dict[str, Any]] = field(default_factory=dict)
    found: dict[str, dict[str, Found]] = field(default_factory=dict)

    def add(self, query: str, found: dict[str, Found], *, calls: float, counted: Counted) -> None:
        gateway = found["gateway"]
        cpu, own = gateway.cpu_us, gateway.measured
        limit, plain = found["limit"].cpu_us["limit"], found["plain"].cpu_us["plain"]
        self.found[query] = found
        self.queries[query] = {
            "gateway_cpu_us": round(cpu["gateway"]),
            "limit_cpu_us": round(limit),
            "plain_cpu_us": round(plain),
            "system_cpu_us": round(sum(cpu.values())),
            "plain_system_cpu_us": round(sum(found["plain"].cpu_us.values())),
            "gateway_to_limit": round(cpu["gateway"] / limit, 2),
            "plain_to_gateway": round(plain / cpu["gateway"], 1),
            "rps": round(own.rps, 1),
            "p50_ms": round(own.p50_ms, 2),
            "p99_ms": round(own.p99_ms, 2),
            "upstream_calls": calls,
            "statements": round(counted.statements, 2),
            "planning_ms": round(counted.planning_ms, 3),
            "running_ms": round(counted.running_ms, 3),
            "answer_bytes": round(own.bytes),
            "requests": own.requests,
            "cpu_us": {name: round(used) for name, used in cpu.items()},
            "load_cpu_us": round(own.cpu_us),
            "limit_rps": round(found["limit"].measured.rps, 1),
            "plain_rps": round(found["plain"].measured.rps, 1),
        }

    def as_json(self) -> dict[str, Any]:
        return {
            **self.queries,
            "processes": {
                "boot_seconds": {name: round(took, 2) for name, took in self.boot_seconds.items()},
                "resident_mb": {name: round(size) for name, size in self.resident_mb.items()},
                "first_start_seconds": round(self.first_start_seconds, 1),
            },
            "upstream_calls_of_a_list_of_100": self.calls_of_wide_list,
            "people": self.people,
            "concurrency": self.load.concurrency,
            "seconds": self.load.seconds,
            "generating_seconds": round(self.generating_seconds, 1),
        }


def print_report(report: Report) -> None:
    print(
        f"\n{report.people:,} people, {report.load.concurrency} connections; CPU in µs a request\n"
    )
    columns = ("", "own CPU", *BEHIND, "together", "load", "req/s", "p50 ms", "p99 ms")
    for query, found in report.found.items():
        _print_row(query, columns[1:])
        for name, each in found.items():
            _print_row(f"  {name}", _figures(name, each))
        _print_notes(report.queries[query])
    if report.boot_seconds:
        _print_processes(report)


def _figures(name: str, found: Found) -> tuple[str, ...]:
    cpu, measured = found.cpu_us, found.measured
    used = (cpu[name], *(cpu[each] for each in BEHIND), sum(cpu.values()), measured.cpu_us)
    return (
        *(f"{each:,.0f}" for each in used),
        f"{measured.rps:,.1f}",
        f"{measured.p50_ms:,.2f}",
        f"{measured.p99_ms:,.2f}",
    )


def _print_row(title: str, cells: tuple[str, ...]) -> None:
    print(f"{title:12}" + "".join(f"{cell:>10}" for cell in cells))


def _print_notes(figures: Mapping[str, Any]) -> None:
    print(
        f"  gateway / limit {figures['gateway_to_limit']}, plain / gateway {figures['plain_to_gateway']};"
        f" {figures['upstream_calls']:g} calls and {figures['statements']:g} statements a query"
        f" ({figures['planning_ms']} ms of planning, {figures['running_ms']} ms of running);"
        f" {figures['answer_bytes']:,} bytes\n"
    )


def _print_processes(report: Report) -> None:
    _print_row("process", ("boot s", "memory MB"))
    for name in sorted({*report.boot_seconds, *report.resident_mb}):
        took, size = report.boot_seconds.get(name), report.resident_mb.get(name)
        cells = ("-" if took is None else f"{took:.2f}", "-" if size is None else f"{size:.0f}")
        print(f"{name:18}" + "".join(f"{cell:>10}" for cell in cells))
    print(
        "From nothing to ready, with a new cluster and all migrations:"
        f" {report.first_start_seconds:.1f} s\n"
    )
