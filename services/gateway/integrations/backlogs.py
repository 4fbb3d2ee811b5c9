"""What waits of all tenants together, from what the jobs that will look after it have noted.

Row-level security hides all tenants but one; the queue holds counts and times, which tell nothing of anybody.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from prometheus_client import Gauge
from sqlalchemy import text

from shared import clock
from shared.db import Database
from shared.jobs import NewJob

FRESH_SECONDS = 150.0


@dataclass(frozen=True, slots=True)
class Ahead:
    """When to look again, how many things wait, and since when the oldest does."""

    wait: timedelta
    waiting: int
    oldest_at: datetime


class Backlog:
    """Of the jobs of one name. Measured in one of the workers; in the others the gauges say nothing (NaN)."""

    def __init__(self, job: str, *, waiting: Gauge, oldest: Gauge) -> None:
        self._job = job
        self._at = -math.inf
        self._found = {"waiting": math.nan, "oldest": math.nan}
        waiting.set_function(self._fresh("waiting"))
        oldest.set_function(self._fresh("oldest"))

    def noted(self, key: str, ahead: Ahead) -> NewJob:
        """The job that will look after it next; it joins one that waits already."""
        arguments: dict[str, Any] = {
            "id": key,
            "waiting": ahead.waiting,
            "oldest": ahead.oldest_at.timestamp(),
        }
        return NewJob(self._job, arguments, dedupe_key=key, delay=ahead.wait)

    async def measure(self, database: Database) -> None:
        async with database.engine.connect() as connection:
            row = (await connection.execute(_BACKLOG, {"name": self._job})).one()
        age = clock.now().timestamp() - row.oldest if row.oldest is not None else 0.0
        self._found = {"waiting": float(row.waiting), "oldest": max(age, 0.0)}
        self._at = monotonic()

    def _fresh(self, name: str) -> Callable[[], float]:
        def value() -> float:
            return math.nan if monotonic() - self._at > FRESH_SECONDS else self._found[name]

        return value


_BACKLOG = text(
    """
    SELECT coalesce(sum((arguments ->> 'waiting')::integer), 0) AS waiting,
           min((arguments ->> 'oldest')::double precision) AS oldest
    FROM queue.job WHERE name = :name
    """
)
