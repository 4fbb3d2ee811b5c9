"""What lies between two roles: what one asks beyond the other."""

from enum import StrEnum

import strawberry

from services.gateway.types.fields import limited, shown, told
from services.gateway.types.role import Role
from services.gateway.types.skill import Skill


@told(
    "How what one role asks stands to what the other one asks.",
    NEW="The first role does not ask for it at all.",
    GAP="The first role asks for less.",
    MET="Both ask for the same, or it asks for nothing to be learned.",
    EXCEEDS="The first role asks for more.",
)
class RoleGapStatus(StrEnum):
    NEW = "NEW"
    GAP = "GAP"
    MET = "MET"
    EXCEEDS = "EXCEEDS"


@strawberry.type(description="One skill that the second role asks for.")
class RoleGapItem:
    skill: Skill | None = shown("Which skill.")
    status: RoleGapStatus = shown("How the two roles stand to it.")
    as_is: float | None = shown("What the first role asks, from 0 to 5; null when it does not.")
    required: float = shown("What the second role asks.")
    gap: float = shown("What is missing; a skill that is new counts from 0.")
    weight: float = shown("How much it counts, from 1 to 5.")
    mandatory: bool = shown("Whether nobody can do without it.")


@strawberry.type(
    description="What somebody who does one role exactly as it asks lacks for another one."
)
class RoleGap:
    from_role: Role | None = shown("The first role.")
    to_role: Role | None = shown("The second role.")
    fit: float = shown("From 0 to 1: the share of what is asked that is there, by weight.")
    required_count: int = shown("How many skills the second role asks for.")
    gap_count: int = shown("In how many the first role asks for less.")
    new_count: int = shown("How many the first role does not ask for.")
    missing: float = shown("All gaps added up.")
    items: list[RoleGapItem] = limited("The skills, widest gap first.", first=100)
