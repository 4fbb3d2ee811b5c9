"""What the doors of the services' access logs have in common."""

from datetime import date, datetime, timedelta
from typing import Annotated, TypeAlias
from uuid import UUID

from fastapi import Depends, Query

from shared import clock
from shared.schemas import Day, Output

LOOKS_BACK = timedelta(days=90)


class AccessRead(Output):
    """Somebody, or a machine client (`reader` is its name), who looked at `what` on a day, and how often.

    A service names the rights of its own for `via`.
    """

    id: UUID
    subject_id: UUID
    day: date
    reader: str
    reader_id: UUID | None
    what: str
    via: str
    times: int
    first_at: datetime
    last_at: datetime


def _since(
    since: Annotated[
        Day | None, Query(description="The first day; ninety days ago if not given.")
    ] = None,
) -> date:
    return since or clock.today() - LOOKS_BACK


Since: TypeAlias = Annotated[date, Depends(_since)]
