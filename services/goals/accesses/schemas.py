"""The access log on the wire."""

from datetime import date, datetime
from uuid import UUID

from services.goals.accesses.rules import AccessPath
from shared.schemas import Output


class AccessRead(Output):
    """Somebody, or a machine client (`reader` is its name), who looked at `what` on a day, and how often."""

    id: UUID
    subject_id: UUID
    day: date
    reader: str
    reader_id: UUID | None
    what: str
    via: AccessPath
    times: int
    first_at: datetime
    last_at: datetime
