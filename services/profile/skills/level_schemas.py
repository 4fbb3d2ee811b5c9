"""What callers get of levels: of today, of days that have passed, of skills with others below them."""

from datetime import date, datetime
from uuid import UUID

from pydantic import Field, computed_field

from services.profile.skills.contrast import Contrast
from services.profile.skills.rules import AssertionSource, EstimateRule, RollUp
from shared.schemas import Output


class ContributionRead(Output):
    """What one assertion adds to the level: weight · decay · level."""

    assertion_id: UUID
    source: AssertionSource
    level: float
    weight: float
    decay: float
    occurred_on: date
    shift: float | None = Field(
        None, description="The level minus the level without it; null when nothing is left then."
    )
    level_without: float | None = None
    instead_id: UUID | None = Field(
        None, description="Under BEST and LATEST: the assertion that would take its place."
    )


class LevelRead(Output):
    """What is known of one skill of a person on `as_of`; a null level is unassessed, not zero."""

    id: UUID
    person_id: UUID
    skill_id: UUID
    level: float | None
    mass: float
    variance: float | None
    interval_low: float | None
    interval_high: float | None
    confidence: float
    self_level: float | None
    contrast: Contrast | None = Field(
        None,
        description="How the person's own word stands to the level, for who may see that word.",
    )
    as_of: date
    half_life_months: int
    rule: EstimateRule
    engine_version: str
    weights_version: int
    contributions: list[ContributionRead]


class GroupPartRead(Output):
    """A skill with evidence below another one, and its share in that one's level."""

    skill_id: UUID
    share: float
    level: float
    half: float


class GroupRead(Output):
    """What the skills below one say of it today; the formulas stand with `rollUp`, the parts are all they take."""

    person_id: UUID
    skill_id: UUID
    roll_up: RollUp
    level: float
    interval_low: float
    interval_high: float
    unassessed_share: float
    as_of: date
    parts: list[GroupPartRead]


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
