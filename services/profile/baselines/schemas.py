"""Baselines on the wire."""

from datetime import date, datetime
from uuid import UUID

from services.profile.wording import Line
from shared.schemas import Input, Output


class BaselineCreate(Input):
    """Of which cycle it is the baseline, e.g. "2027"; each cycle has one, and without a cycle there may be any."""

    cycle: Line | None = None


class BaselineRead(Output):
    """When it was taken, for which day, of how many skills; `contentHash` is the SHA-256 of its canonical JSON."""

    id: UUID
    person_id: UUID
    cycle: str | None
    taken_at: datetime
    as_of: date
    engine_version: str
    skill_count: int
    content_hash: str


class BaselineLevelRead(Output):
    """What was known of one skill; a null level was unassessed, which is not zero."""

    skill_id: UUID
    level: float | None
    mass: float
    variance: float | None
    interval_low: float | None
    interval_high: float | None
    self_level: float | None


class BaselineDetail(BaselineRead):
    """A baseline with what it holds. `verified`: the content hashes to `contentHash` still."""

    verified: bool
    levels: list[BaselineLevelRead]
