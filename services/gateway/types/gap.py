"""The gap: what a role asks minus what a person shows, item by item, with everything to recompute it."""

from datetime import date
from enum import StrEnum

import strawberry

from services.gateway.types.fields import limited, shown, told
from services.gateway.types.role import Role
from services.gateway.types.skill import Contribution, Skill


@told(
    "How a person stands to one required skill.",
    UNASSESSED="Nobody has said anything yet; that is not zero.",
    MET="The required level is reached.",
    GAP="Below the required level.",
    EXCEEDS="Above it.",
)
class GapStatus(StrEnum):
    UNASSESSED = "UNASSESSED"
    MET = "MET"
    GAP = "GAP"
    EXCEEDS = "EXCEEDS"


@told(
    "What a gap is measured against.",
    CURRENT_ROLE="The person's own role.",
    TARGET_ROLE="A role that was asked for.",
    CUSTOM="A list of skills.",
)
class GapTarget(StrEnum):
    CURRENT_ROLE = "CURRENT_ROLE"
    TARGET_ROLE = "TARGET_ROLE"
    CUSTOM = "CUSTOM"


@strawberry.type(description="What profile said of the skill, and when.")
class GapEstimate:
    level: float = shown("The estimate, from 0 to 5.")
    mass: float = shown("Its weight of evidence then.")
    variance: float = shown("The spread of the evidence.")
    as_of: date = shown("The day that it was told for.")
    half_life_months: float | None = shown("After how many months evidence weighs half.")
    rule: str | None = shown("How the framework weighs evidence.")


@strawberry.type(description="What is left of the evidence on the day of the gap.")
class GapDecay:
    days: int = shown("Days between then and the day of the gap.")
    factor: float = shown("What these days leave of it.")
    mass: float = shown("The weight of evidence on the day of the gap.")


@strawberry.type(
    description="What an item's numbers come from. The engine's documentation has the formulas."
)
class GapTrace:
    estimate: GapEstimate = shown("What profile said of the skill.")
    decay: GapDecay = shown("What time has left of it.")
    half: float = shown("Half the width of the 90 % interval, before it is cut to 0 to 5.")
    contributions: list[Contribution] = shown("The evidence.")


@strawberry.type(
    description="One required skill. Without evidence all that is measured is null, not zero."
)
class GapItem:
    skill: Skill | None = shown("Which skill.")
    status: GapStatus = shown("How the person stands to it.")
    as_is: float | None = shown("The estimate, from 0 to 5.")
    interval_low: float | None = shown("Lower end of its 90 % interval.")
    interval_high: float | None = shown("Upper end of its 90 % interval.")
    confidence: float | None = shown("How much evidence there is, from 0 to 1.")
    required: float = shown("What is asked, from 0 to 5.")
    gap: float | None = shown("What is missing, never below 0.")
    weight: float = shown("How much it counts, from 1 to 5.")
    mandatory: bool = shown("Whether nobody can do without it.")
    blocker: bool = shown("Mandatory, and even the upper end of the interval is too low.")
    trace: GapTrace | None = shown("Everything to recompute these numbers.")


@strawberry.type(description="A skill that somebody holds and that their role does not ask for.")
class UnusedSkill:
    skill: Skill | None = shown("Which skill.")
    level: float = shown("How well they master it, from 0 to 5.")
    interval_low: float = shown("Lower end of the 90 % interval today.")
    interval_high: float = shown("Upper end of the 90 % interval today.")


@strawberry.type(description="How ready somebody is for a role.")
class Gap:
    target_type: GapTarget = shown("What it is measured against.")
    as_of: date = shown("The day it is reckoned for.")
    role: Role | None = shown("The role.")
    role_version: int | None = shown("Which version of the role.")
    readiness: float | None = shown(
        "From 0 to 1 over what has been assessed; null when nothing has."
    )
    readiness_low: float | None = shown("Lower end of its 90 % interval.")
    readiness_high: float | None = shown("Upper end of its 90 % interval.")
    unassessed_share: float = shown(
        "The share of the requirements, by weight, that nobody has assessed."
    )
    gap_count: int = shown("How many skills are below what is asked.")
    unassessed_count: int = shown("How many skills have not been assessed.")
    engine_version: str = shown("Which formulas were used.")
    items: list[GapItem] = limited("The required skills, widest gap first.", first=100)
