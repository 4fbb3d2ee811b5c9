"""Frameworks that were replaced, and what became of what roles ask for."""

from datetime import datetime
from enum import StrEnum

import strawberry

from services.gateway.types.fields import argument, paged, shown, told
from services.gateway.types.relay import Connection, Node
from services.gateway.types.role import Role
from services.gateway.types.skill import Skill, SkillFramework


@told(
    "How far the roles have followed.",
    WAITING="Not all of the mapping has arrived.",
    RUNNING="Role by role they follow.",
    DONE="All have followed that could.",
)
class CrosswalkState(StrEnum):
    WAITING = "WAITING"
    RUNNING = "RUNNING"
    DONE = "DONE"


@told(
    "What became of a requirement; all but those that moved are as they were.",
    MOVED="The role asks for the skill's exact match or replacement instead, in a new version.",
    AMBIGUOUS="Several skills match it exactly.",
    COLLIDES="The role would ask for the same skill twice.",
    ONLY_NEAR="There are broader, narrower or related skills only.",
    UNRELATED="No skill of the new framework is related to it.",
)
class RequirementOutcome(StrEnum):
    MOVED = "MOVED"
    AMBIGUOUS = "AMBIGUOUS"
    COLLIDES = "COLLIDES"
    ONLY_NEAR = "ONLY_NEAR"
    UNRELATED = "UNRELATED"


@strawberry.type(description="A skill of the new framework that is related to the old one.")
class CrosswalkRelation:
    skill: Skill | None = shown("Which skill.")
    type: str = shown("What the old skill is to it, as associations between skills say it.")
    turned: bool = shown("Whether that is said the other way round: what it is to the old one.")


@strawberry.type(description="What became of one requirement of a role.")
class CrosswalkRequirement:
    role: Role | None = shown("The role, as it is now.")
    skill: Skill | None = shown("The skill that it asked for.")
    outcome: RequirementOutcome = shown("What became of it.")
    target: Skill | None = shown("The skill that it asks for instead.")
    from_version: int = shown("The role's version that was looked at.")
    to_version: int | None = shown("The version that asks for the new skill.")
    decided_at: datetime = shown("When that was decided.")
    relations: list[CrosswalkRelation] = shown("All that might take the skill's place.")


@strawberry.type(description="A framework of skills that was replaced by another one.")
class Crosswalk(Node):
    from_framework: SkillFramework | None = shown("The one that was replaced.")
    to_framework: SkillFramework | None = shown("The one that took its place.")
    state: CrosswalkState = shown("How far the roles have followed.")
    told_at: datetime = shown("When all evidence had its place in the new framework.")
    applied_at: datetime | None = shown("When the roles had followed.")
    requirements: Connection[CrosswalkRequirement] = paged(
        "What became of each requirement of the old framework's skills.",
        outcomes=argument(
            list[RequirementOutcome] | None, "Only with these outcomes.", default=strawberry.UNSET
        ),
    )
