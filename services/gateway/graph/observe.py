"""What is told of each request: one line and a few counts; never a variable, a literal or what an answer held."""

import traceback
from dataclasses import dataclass, field
from functools import lru_cache, partial
from time import perf_counter

import structlog
from prometheus_client import Counter, Gauge, Histogram

from shared import logs, telemetry
from shared.afterwards import afterwards

log = structlog.get_logger("graphql")

REQUESTS = Counter(
    "waymark_graphql_requests_total", "GraphQL requests by operation.", ["operation", "status"]
)
REJECTIONS = Counter(
    "waymark_graphql_rejections_total", "Requests that were not run.", ["code", "limit"]
)
COST = Histogram(
    "waymark_graphql_cost",
    "Records that a query may answer with, were every page full.",
    buckets=(1, 10, 50, 100, 250, 500, 1000, 2500, 5000),
)
SUBSCRIPTIONS = Gauge("waymark_graphql_subscriptions", "Open subscriptions.", ["transport"])
SKIPPED = Counter(
    "waymark_graphql_subscription_skipped_total", "Changes that a slow subscriber was not told."
)

MOST_NAMES = 200
ANONYMOUS, OTHER, NONE = "(anonymous)", "(other)", "(none)"

_names: set[str] = set()


def label(name: str | None) -> str:
    """The name of an operation as a label; names that come after many others share one."""
    if name is None:
        return ANONYMOUS
    if name not in _names:
        if len(_names) >= MOST_NAMES:
            return OTHER
        _names.add(name)
    return name


@dataclass(slots=True)
class Observed:
    """One request while it is answered."""

    request_id: str | None = None
    method: str = "POST"
    started: float = field(default_factory=perf_counter)
    operation: str = NONE
    cost: int = 0
    calls: int = 0
    code: str | None = None

    def refused(self, code: str, limit: str) -> None:
        self.code = code
        REJECTIONS.labels(code, limit).inc()

    def done(self, status: int) -> None:
        """Counts and tells it, in a moment."""
        afterwards(partial(self._tell, status, perf_counter() - self.started, logs.Moment.now()))

    def _tell(self, status: int, seconds: float, moment: logs.Moment) -> None:
        _count(self.operation, str(status)).inc()
        telemetry.answered("gateway", self.method, "/graphql", status, seconds=seconds)
        if self.cost:
            COST.observe(self.cost)
        moment.told(
            "graphql",
            operation=self.operation,
            cost=self.cost,
            calls=self.calls,
            ms=round(seconds * 1000, 2),
            status=status,
            code=self.code,
            request_id=self.request_id,
        )


_count = lru_cache(maxsize=4 * MOST_NAMES)(REQUESTS.labels)


def tell_failure(error: BaseException, request_id: str | None = None) -> None:
    """Where it failed and as what; the error's own text may hold what somebody wrote."""
    steps = traceback.extract_tb(error.__traceback__)
    places = [f"{each.filename}:{each.lineno}" for each in steps[-5:]]
    log.error("graphql_failed", error=type(error).__name__, at=places, request_id=request_id)
