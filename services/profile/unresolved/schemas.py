"""What waits, as administrators see it: names of things in other systems, never what was told."""

from datetime import datetime
from uuid import UUID

from services.profile.unresolved.rules import Awaited, Kind, Reason
from shared.schemas import Output


class WaitsFor(Output):
    """What must arrive."""

    kind: Awaited
    system: str | None
    value: str | None
    email: str | None


class UnresolvedRead(Output):
    """One thing that waits."""

    id: UUID
    kind: Kind
    reason: Reason
    waits_for: WaitsFor | None
    said_at: datetime
    waiting_since: datetime


class UnresolvedCount(Output):
    """How many wait for the same reason."""

    kind: Kind
    reason: Reason
    count: int


class UnresolvedList(Output):
    """A page of what waits, and the counts of all of it."""

    counts: list[UnresolvedCount]
    entries: list[UnresolvedRead]
