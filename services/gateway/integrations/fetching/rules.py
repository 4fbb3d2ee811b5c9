"""When to ask again, when at night, and the states of a reconciliation."""

import random
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

JITTER = 0.2
SCHEDULE = tuple(
    timedelta(seconds=seconds)
    for seconds in (15, 60, 300, 900, 3600, 3 * 3600, 6 * 3600, 12 * 3600, 24 * 3600)
)
LONGEST_WAIT = timedelta(days=1)
AWAY = timedelta(minutes=1)
DENIED = timedelta(minutes=15)
MOST_RUN_TRIES = 5


class ReconciliationState(StrEnum):
    """WAITING until a worker reads the listing, RUNNING while it does.

    DONE told what was new, HELD told all but the leavers, who are too many; FAILED has not come to the listing's end,
    so that nobody has vanished.
    """

    WAITING = "WAITING"
    RUNNING = "RUNNING"
    DONE = "DONE"
    HELD = "HELD"
    FAILED = "FAILED"


OPEN = (ReconciliationState.WAITING, ReconciliationState.RUNNING)


def next_try(tries: int) -> timedelta | None:
    """How long to wait after that many failures of one thing, or None when it is given up."""
    if tries > len(SCHEDULE):
        return None
    return SCHEDULE[tries - 1] * random.uniform(1, 1 + JITTER)


def next_night(connection_id: UUID, hour: int, *, after: datetime) -> datetime:
    """The next time of that hour (UTC); each connection has its own minute, so that not all come at once."""
    at = after.replace(hour=hour, minute=connection_id.int % 60, second=0, microsecond=0)
    return at if at > after else at + timedelta(days=1)
