"""Roles: what a position asks of the person in it."""

from datetime import datetime
from enum import StrEnum

import strawberry

from services.gateway.types.fields import limited, shown, told
from services.gateway.types.relay import Node
from services.gateway.types.skill import Skill


@told(
    "Which kind of career a role belongs to.",
    INDIVIDUAL_CONTRIBUTOR="Growing in one's own craft.",
    MANAGEMENT="Leading people.",
    SPECIALIST="Becoming the expert.",
)
class RoleTrack(StrEnum):
    INDIVIDUAL_CONTRIBUTOR = "INDIVIDUAL_CONTRIBUTOR"
    MANAGEMENT = "MANAGEMENT"
    SPECIALIST = "SPECIALIST"


@strawberry.type(description="Roles that belong together, from the first to the last step.")
class RoleFamily(Node):
    name: str = shown("Its name.")


@strawberry.type(description="A skill that a role asks for.")
class SkillRequirement:
    skill: Skill | None = shown("Which skill.")
    required_level: float = shown("How well, from 0 to 5.")
    importance: float = shown("How much it counts, from 1 to 5.")
    mandatory: bool = shown("Whether nobody can do without it.")


@strawberry.type(description="Experience that a role asks for.")
class ExperienceRequirement:
    type: str = shown("Which kind of experience.")
    min_months: int = shown("For how many months.")
    min_team_size: int | None = shown("With a team of how many.")
    text: str | None = shown("In words.")
    mandatory: bool | None = shown("Whether nobody can do without it.")


@strawberry.type(description="A certificate, degree or licence that a role asks for.")
class CredentialRequirement:
    name: str = shown("Its name.")
    issuer: str | None = shown("Who issues it.")
    mandatory: bool = shown("Whether nobody can do without it.")


@strawberry.type(description="A role in its newest version.")
class Role(Node):
    catalogue: str = shown("Which catalogue it comes from.")
    code: str = shown("Its code there.")
    title: str = shown("Its title.")
    level: int | None = shown("Its step on the ladder, where there is one.")
    track: RoleTrack | None = shown("Which kind of career it belongs to.")
    description: str | None = shown("What it is about.")
    onet_soc_code: str | None = shown("The occupation in O*NET-SOC.")
    version: int = shown("Counts up with every change of what it asks.")
    published_at: datetime = shown("Since when this version holds.")
    family: RoleFamily | None = shown("The family that it belongs to.")
    requirements: list[SkillRequirement] = limited(
        "The skills it asks for, weightiest first.", first=100
    )
    experience: list[ExperienceRequirement] = shown("The experience it asks for.")
    credentials: list[CredentialRequirement] = shown("The credentials it asks for.")
