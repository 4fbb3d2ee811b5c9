"""What a gap can be measured against that is no role's; members bear the names of the REST body."""

import strawberry

from services.gateway.types.inputs import ID, needed, optional


@strawberry.input(description="A skill that is wanted.")
class WantedSkill:
    skill_id: ID = needed("Which skill; each once.")
    required_level: float = needed("How well, from 0 to 5.")
    importance: float = strawberry.field(
        default=3.0, description="How much it counts, from 1 to 5."
    )
    mandatory: bool = strawberry.field(
        default=False, description="Whether nobody can do without it."
    )


@strawberry.input(description="Experience that is wanted.")
class WantedExperience:
    type: str = needed("A kind of record, WORK, LEADERSHIP, or a word of the record's title.")
    min_months: int = needed("For how many months.")
    min_team_size: int | None = optional("With a team of how many.")
    text: str | None = optional("In words.")
    mandatory: bool = strawberry.field(
        default=False, description="Whether nobody can do without it."
    )


@strawberry.input(description="A certificate, degree or licence that is wanted.")
class WantedCredential:
    name: str = needed("Its name.")
    issuer: str | None = optional("Who must have issued it; anybody if not given.")
    mandatory: bool = strawberry.field(
        default=False, description="Whether nobody can do without it."
    )


@strawberry.input(description="What somebody is measured against, in place of a role.")
class WantedProfile:
    requirements: list[WantedSkill] = needed("At least one skill, at most 1,000.")
    experience: list[WantedExperience] | None = optional("The experience, at most 100.")
    credentials: list[WantedCredential] | None = optional("The credentials, at most 100.")
