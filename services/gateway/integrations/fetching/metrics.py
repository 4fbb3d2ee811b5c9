"""What an operator sees of asking the sources."""

from datetime import datetime, timedelta

from prometheus_client import Counter, Gauge, Histogram

ASKED = Counter(
    "waymark_fetching_asked",
    "Things asked for by outcome: DONE, GONE, HELD, DEAD, POSTPONED for a failure of the one "
    "thing, PAUSED with the whole connection, LOST to another worker",
    ["vendor", "outcome"],
)
LAG = Histogram(
    "waymark_fetching_lag_seconds",
    "From the source's hint to its answer",
    ["vendor"],
    buckets=(1, 2, 5, 15, 60, 300, 900, 3600, 21600, 86400),
)
BACKLOG = Gauge("waymark_fetching_backlog", "Things that wait to be asked for")
OLDEST = Gauge("waymark_fetching_oldest_seconds", "Age of the oldest hint among them")
RUNS = Counter(
    "waymark_reconciliation_runs",
    "Comparisons of a listing by outcome: DONE, HELD, FAILED, CUT_OFF to be tried again",
    ["vendor", "outcome"],
)
FOUND = Counter(
    "waymark_reconciliation_found",
    "What ended comparisons have seen, told, missed (vanished), held and could not read (unread)",
    ["vendor", "what"],
)
SECONDS = Histogram(
    "waymark_reconciliation_seconds",
    "From a comparison's begin to its end",
    ["vendor"],
    buckets=(1, 5, 15, 60, 300, 900, 3600, 10800),
)


def asked(vendor: str, outcome: str, *, lag: timedelta | None = None) -> None:
    ASKED.labels(vendor, outcome).inc()
    if lag is not None:
        LAG.labels(vendor).observe(max(lag.total_seconds(), 0.0))


def ended(
    vendor: str,
    outcome: str,
    found: dict[str, int],
    *,
    started_at: datetime | None,
    finished_at: datetime | None,
) -> None:
    RUNS.labels(vendor, outcome).inc()
    for what, count in found.items():
        FOUND.labels(vendor, what).inc(count)
    if started_at is not None and finished_at is not None:
        SECONDS.labels(vendor).observe((finished_at - started_at).total_seconds())
