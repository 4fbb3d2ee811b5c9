"""What an operator sees of events and jobs."""

from prometheus_client import Counter, Gauge, Histogram

from shared import jobs
from shared.db import Database

RELAYED = Counter("waymark_events_relayed", "Events stored by the broker", ["service"])
CONSUMED = Counter(
    "waymark_events_consumed",
    "Events by outcome: applied, duplicate, stale, held, failed, dead, unreadable",
    ["consumer", "outcome"],
)
LAG = Histogram(
    "waymark_events_lag_seconds",
    "From the fact to its effect in a consumer",
    ["consumer"],
    buckets=(0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 300),
)
PENDING = Gauge("waymark_inbox_pending", "Events not yet applied by a consumer", ["consumer"])
BACKLOG = Gauge("waymark_outbox_backlog", "Events not yet relayed", ["service"])
OLDEST = Gauge("waymark_outbox_oldest_seconds", "Age of the oldest unrelayed event", ["service"])
JOBS_WAITING = Gauge("waymark_jobs_waiting", "Jobs due or running", ["service", "job"])
JOBS_OLDEST = Gauge("waymark_jobs_oldest_seconds", "Age of the oldest due job", ["service", "job"])
JOBS_FAILED = Gauge("waymark_jobs_failed", "Jobs that failed for good", ["service", "job"])


async def measure(database: Database, service: str, names: set[str], *, relay: str) -> None:
    """Sets the gauges from one query of the queue; a name without rows is zero."""
    found = {backlog.name: backlog for backlog in await jobs.waiting(database)}
    for name in names | found.keys():
        backlog = found.get(name, jobs.Waiting(name, 0, 0, 0, 0.0))
        JOBS_WAITING.labels(service, name).set(backlog.jobs)
        JOBS_OLDEST.labels(service, name).set(backlog.overdue_seconds)
        JOBS_FAILED.labels(service, name).set(backlog.failed)
        if name == relay:
            BACKLOG.labels(service).set(backlog.items)
            OLDEST.labels(service).set(backlog.overdue_seconds)
