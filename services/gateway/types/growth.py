"""Growth: what somebody's levels were on a day, what they are, and whether that is a change."""

from datetime import date, datetime

import strawberry

from services.gateway.types.baseline import Baseline
from services.gateway.types.fields import limited, shown
from services.gateway.types.skill import Contribution, EstimateRule, Skill


@strawberry.type(description="How well somebody mastered a skill on a day, as far as was known.")
class PastLevel:
    level: float | None = shown("The estimate without the person's own word, from 0 to 5.")
    self_level: float | None = shown("What the person said, where that is yours to see.")
    interval_low: float | None = shown("Lower end of the 90 % interval.")
    interval_high: float | None = shown("Upper end of the 90 % interval.")
    confidence: float = shown("How much evidence there was, from 0 to 1.")
    mass: float = shown("The weight of the evidence: weight times decay, added up.")
    variance: float | None = shown("The spread of the evidence, never below 0.25.")
    as_of: date = shown("The day that decay is reckoned for.")
    half_life_months: int = shown("After how many months evidence weighs half.")
    rule: EstimateRule = shown("How evidence becomes a level.")
    weights_version: int = shown("Which version of the sources' weights it is made with.")
    contributions: list[Contribution] = shown("Everything that the level is made of.")


@strawberry.type(description="One skill, then and now.")
class SkillGrowth:
    skill: Skill | None = shown("Which skill.")
    before: PastLevel | None = shown("On the first day; null when nothing was known.")
    now: PastLevel | None = shown("Today; null when nothing is known.")
    change: float | None = shown("The level now minus the level then; null unless both are known.")
    certain: bool = shown("Whether the two 90 % intervals do not even touch.")


@strawberry.type(description="How somebody's levels have changed from a day to today.")
class Growth:
    since: date = shown("The first day.")
    known_at: datetime | None = shown(
        "What was said later counts for nothing on the first day; null for now."
    )
    until: date = shown("Today.")
    baseline: Baseline | None = shown("The baseline that it begins with, if it does.")
    skills: list[SkillGrowth] = limited("The skills, what has changed most first.", first=100)
