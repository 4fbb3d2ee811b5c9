"""The gaps of a whole unit: figures of at least five people, and nobody to be singled out by subtracting them."""

from typing import TYPE_CHECKING, Annotated

import strawberry

from services.gateway.types.fields import limited, shown
from services.gateway.types.skill import Skill

if TYPE_CHECKING:
    from services.gateway.types.person import OrgUnit

LazyUnit = Annotated["OrgUnit", strawberry.lazy("services.gateway.types.person")]


@strawberry.type(description="A unit and a skill; of one that is suppressed all figures are null.")
class HeatMapCell:
    org_unit: LazyUnit | None = shown("Which unit.")
    is_whole: bool = shown("Whether it is the unit that was asked for, not one below it.")
    suppressed: bool = shown("Too few people, or somebody could be found out by subtracting.")
    people: int | None = shown("Who works there or below and has a role that asks for the skill.")
    coverage: float | None = shown("The share without a gap, of those who have been assessed.")
    mean_gap: float | None = shown("The mean gap of those who have been assessed.")
    unassessed_share: float | None = shown("The share of whom nothing is known.")


@strawberry.type(description="One skill of a heat map.")
class HeatMapSkill:
    skill: Skill | None = shown("Which skill.")
    cells: list[HeatMapCell] = shown("The whole unit first, then the units right below it.")


@strawberry.type(description="Gaps and coverage of a unit, skill by skill, as they are now.")
class HeatMap:
    k: int = shown("The least number of people that a cell tells of.")
    skills: list[HeatMapSkill] = limited("The skills, largest mean gap first.")
