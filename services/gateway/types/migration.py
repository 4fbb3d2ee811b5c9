"""Moving what is known of people's skills from one framework to another: what it would do, and how far it is."""

from datetime import datetime
from enum import StrEnum

import strawberry

from services.gateway.types.fields import limited, shown, told
from services.gateway.types.inputs import ID, needed, optional
from services.gateway.types.lazy import LazyPerson
from services.gateway.types.relay import Node
from services.gateway.types.skill import Skill, SkillAssociationType, SkillFramework
from services.gateway.types.writing import Write

CARRIES = (
    "Which associations carry evidence: EXACT_MATCH_OF and REPLACED_BY if not given; "
    "IS_PART_OF and IS_RELATED_TO may be added."
)


@told(
    "What becomes of a skill's evidence.",
    ONE_TO_ONE="It goes to one skill, which takes no other.",
    ONE_TO_MANY="It goes to several skills.",
    MANY_TO_ONE="It goes to one skill, together with that of others.",
    MANY_TO_MANY="It goes to several skills, together with that of others.",
    LOST="It has no place, and stays in the old framework.",
)
class SkillFate(StrEnum):
    ONE_TO_ONE = "ONE_TO_ONE"
    ONE_TO_MANY = "ONE_TO_MANY"
    MANY_TO_ONE = "MANY_TO_ONE"
    MANY_TO_MANY = "MANY_TO_MANY"
    LOST = "LOST"


@told(
    "Where a migration stands.",
    RUNNING="Evidence is on its way.",
    DONE="All evidence has its place.",
)
class MigrationState(StrEnum):
    RUNNING = "RUNNING"
    DONE = "DONE"


@strawberry.type(description="A skill that takes evidence.")
class MigrationTarget:
    skill: Skill | None = shown("Which skill of the new framework.")


@strawberry.type(description="What becomes of one skill of the old framework.")
class MigratedSkill:
    skill: Skill | None = shown("Which skill.")
    fate: SkillFate = shown("What becomes of its evidence.")
    assertions: int = shown("How many assertions stand.")
    people: int = shown("Of how many people they are.")
    targets: list[MigrationTarget] = shown("The skills that take them.")


@strawberry.type(description="All skills of one fate.")
class MigrationSum:
    fate: SkillFate = shown("Which fate.")
    skills: int = shown("How many skills.")
    assertions: int = shown("How many assertions.")


@strawberry.type(
    description="What a migration does, and what is lost by it; figures alone, nobody's name."
)
class MigrationReport:
    from_framework: SkillFramework | None = shown("The old framework.")
    to_framework: SkillFramework | None = shown("The new one.")
    carried_by: list[SkillAssociationType] = shown("Which associations carry evidence.")
    assertions: int = shown("How many assertions stand in the old framework.")
    people: int = shown("Of how many people they are.")
    superseded: int = shown(
        "How many would at once be replaced by a newer one of the same source and assessor."
    )
    lost_assertions: int = shown("How many have no place, and stay.")
    lost_people: int = shown("Of how many people those are.")
    sums: list[MigrationSum] = shown("Skills and assertions by fate.")
    skills: list[MigratedSkill] = limited("The skills, by their codes.", first=100)


@strawberry.type(description="Evidence on its way from one framework to another.")
class FrameworkMigration(Node):
    state: MigrationState = shown("Where it stands.")
    copied: int = shown("How many assertions have been continued in the new framework.")
    started_by: LazyPerson | None = shown("Who began it; null for another system.")
    started_at: datetime = shown("When it began.")
    finished_at: datetime | None = shown("When it was done.")
    report: MigrationReport | None = shown("The preview, as it was when it began.")


@strawberry.input(description="From which framework to which evidence is to move.")
class StartMigrationInput:
    framework_id: ID = needed("The old framework; it is deprecated at once.")
    to_framework_id: ID = needed("The new one, which is published.")
    using: list[SkillAssociationType] | None = optional(CARRIES)
    accept_loss: bool = strawberry.field(
        default=False, description="Whether evidence without a place may stay behind."
    )


WRITES = (
    Write(
        "startMigration",
        "Deprecates a framework and moves its evidence to another one, for HR and administrators.",
        StartMigrationInput,
        "profile",
        "POST",
        "/frameworks/{frameworkId}/migrations",
        FrameworkMigration,
    ),
)
