"""The only place that reads the clock, so that everything else can be told what time it is."""

from datetime import UTC, date, datetime


def now() -> datetime:
    """The current instant, in UTC with its zone."""
    return datetime.now(UTC)


def today() -> date:
    """The current day in UTC."""
    return now().date()
