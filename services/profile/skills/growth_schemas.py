"""Levels of days that have passed, and their growth, on the wire."""

from datetime import date, datetime
from uuid import UUID

from pydantic import computed_field

from services.profile.skills.rules import EstimateRule
from services.profile.skills.schemas import ContributionRead
from shared.schemas import Output


class PastLevelRead(Output):
    """A level as of a day, by what was known at a moment; its contributions recompute it."""

    person_id: UUID
    skill_id: UUID
    level: float | None
    mass: float
    variance: float | None
    interval_low: float | None
    interval_high: float | None
    confidence: float
    self_level: float | None
    as_of: date
    known_at: datetime
    half_life_months: int
    rule: EstimateRule
    engine_version: str
    weights_version: int
    contributions: list[ContributionRead]


class GrowthRead(Output):
    """One skill then and now; null where nothing was known of it."""

    skill_id: UUID
    before: PastLevelRead | None
    now: PastLevelRead | None

    @computed_field(description="The level now minus the level then; null unless both are known.")
    def change(self) -> float | None:
        if self.before is None or self.now is None:
            return None
        if self.before.level is None or self.now.level is None:
            return None
        return self.now.level - self.before.level

    @computed_field(description="Whether the two 90 % intervals do not even touch.")
    def certain(self) -> bool:
        if self.before is None or self.now is None:
            return False
        return _above(self.now, self.before) or _above(self.before, self.now)


def _above(one: PastLevelRead, other: PastLevelRead) -> bool:
    if one.interval_low is None or other.interval_high is None:
        return False
    return one.interval_low > other.interval_high
