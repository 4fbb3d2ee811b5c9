"""The backlog of all tenants together, from what the jobs that will send it have noted.

Row-level security hides all tenants but one; the queue holds counts and times, which tell nothing of anybody.
"""

import math
from collections.abc import Callable
from time import monotonic
from typing import Any

from sqlalchemy import text

from services.gateway.integrations.outbound import metrics
from services.gateway.integrations.outbound.claiming import Ahead
from services.gateway.integrations.outbound.rules import SEND
from shared import clock
from shared.db import Database
from shared.jobs import NewJob

FRESH_SECONDS = 150.0
_measured = {"at": -math.inf, "waiting": math.nan, "oldest": math.nan}


def noted(subscription_id: str, ahead: Ahead) -> NewJob:
    """The job that will look after the subscription next; it joins one that waits already."""
    arguments: dict[str, Any] = {
        "id": subscription_id,
        "waiting": ahead.waiting,
        "oldest": ahead.oldest_at.timestamp(),
    }
    return NewJob(SEND, arguments, dedupe_key=subscription_id, delay=ahead.wait)


async def measure(database: Database) -> None:
    """Once a minute in one of the workers; in the others the gauges say nothing (NaN): take the maximum."""
    async with database.engine.connect() as connection:
        row = (await connection.execute(_BACKLOG, {"name": SEND})).one()
    age = clock.now().timestamp() - row.oldest if row.oldest is not None else 0.0
    _measured.update(at=monotonic(), waiting=float(row.waiting), oldest=max(age, 0.0))


def _fresh(name: str) -> Callable[[], float]:
    def value() -> float:
        stale = monotonic() - _measured["at"] > FRESH_SECONDS
        return math.nan if stale else _measured[name]

    return value


metrics.BACKLOG.set_function(_fresh("waiting"))
metrics.OLDEST.set_function(_fresh("oldest"))

_BACKLOG = text(
    """
    SELECT coalesce(sum((arguments ->> 'waiting')::integer), 0) AS waiting,
           min((arguments ->> 'oldest')::double precision) AS oldest
    FROM queue.job WHERE name = :name
    """
)
