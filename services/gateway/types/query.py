"""Where queries start."""

from datetime import date, datetime

import strawberry

from services.gateway.types.access import AccessConnection
from services.gateway.types.checkin import CheckIn, CheckInState
from services.gateway.types.crosswalk import Crosswalk
from services.gateway.types.custom_gap import WantedProfile
from services.gateway.types.expert import Expert
from services.gateway.types.fields import argument, limited, paged, shown, taking
from services.gateway.types.gap import KNOWN_AT, Gap
from services.gateway.types.goal import Goal, GoalState
from services.gateway.types.instrument import Instrument, InstrumentKind
from services.gateway.types.journal import ReflectionPrompt
from services.gateway.types.learning import LearningResource
from services.gateway.types.migration import CARRIES, FrameworkMigration, MigrationReport
from services.gateway.types.person import OrgUnit, Person, PersonOrder, PersonStatus
from services.gateway.types.rating import Rating
from services.gateway.types.relay import Connection, Node
from services.gateway.types.role import Role, RoleFamily
from services.gateway.types.role_gap import RoleGap
from services.gateway.types.skill import (
    Skill,
    SkillAssociationType,
    SkillFramework,
    SkillType,
)
from services.gateway.types.task import Task
from services.gateway.types.weights import SourceWeights

UNSET = strawberry.UNSET


@strawberry.input(description="Which people; what is not given does not narrow.")
class PersonFilter:
    search: str | None = strawberry.field(default=UNSET, description="Part of a name.")
    org_unit_id: strawberry.ID | None = strawberry.field(
        default=UNSET, description="Only who works in this unit or below it."
    )
    status: PersonStatus | None = strawberry.field(default=UNSET, description="Only these.")


@strawberry.type(description="Everything that can be asked.")
class Query:
    viewer: Person | None = shown("Whoever asks; null for a machine client.")
    node: Node | None = taking(
        "Anything by its id.", id=argument(strawberry.ID, "The id, as a query answered it.")
    )
    nodes: list[Node | None] = taking(
        "Several things by their ids, in the order asked.",
        ids=argument(list[strawberry.ID], "The ids, as queries answered them."),
    )
    person: Person | None = taking("Somebody.", id=argument(strawberry.ID, "Whose id."))
    people: Connection[Person] | None = paged(
        "Everybody whom you may see.",
        filter=argument(PersonFilter | None, "Which ones.", default=UNSET),
        order_by=argument(PersonOrder | None, "In which order.", default=UNSET),
    )
    org_unit: OrgUnit | None = taking("A unit.", id=argument(strawberry.ID, "Its id."))
    org_units: Connection[OrgUnit] | None = paged("All units.")
    framework: SkillFramework | None = taking(
        "A framework of skills.", id=argument(strawberry.ID, "Its id.")
    )
    frameworks: Connection[SkillFramework] | None = paged("All frameworks of skills.")
    skill: Skill | None = taking("A skill.", id=argument(strawberry.ID, "Its id."))
    skills: Connection[Skill] | None = paged(
        "All skills.",
        search=argument(str | None, "Part of a name or code.", default=UNSET),
        framework_id=argument(strawberry.ID | None, "Only of this framework.", default=UNSET),
        type=argument(SkillType | None, "Only of this type.", default=UNSET),
    )
    reflection_prompts: list[ReflectionPrompt] | None = limited(
        "The questions to think about for oneself."
    )
    instrument: Instrument | None = taking(
        "An instrument in its newest published version.",
        code=argument(str, "Its short name."),
        locale=argument(str, "In which language.", default="en"),
    )
    instruments: Connection[Instrument] | None = paged(
        "All instruments.",
        kind=argument(InstrumentKind | None, "Only of this kind.", default=UNSET),
        code=argument(str | None, "Only versions of this one.", default=UNSET),
        locale=argument(str | None, "Only in this language.", default=UNSET),
    )
    migration_preview: MigrationReport | None = taking(
        "What moving all evidence to another framework would do, for who may do it; nothing is moved.",
        from_framework_id=argument(strawberry.ID, "The old framework."),
        to_framework_id=argument(strawberry.ID, "The new one, which is published."),
        using=argument(list[SkillAssociationType] | None, CARRIES, default=UNSET),
    )
    migration: FrameworkMigration | None = taking(
        "A migration, for who may begin one.", id=argument(strawberry.ID, "Its id.")
    )
    migrations: list[FrameworkMigration] | None = limited(
        "The migrations from a framework, newest first, for who may begin one.",
        framework_id=argument(strawberry.ID, "From which framework."),
    )
    experts: list[Expert] | None = limited(
        "Who knows something, of those who let themselves be found by it; who certainly knows most first.",
        skill_id=argument(strawberry.ID, "Which skill."),
        org_unit_id=argument(strawberry.ID | None, "Only in this unit or below it.", default=UNSET),
        at_least=argument(
            int | None, "Only who certainly reaches this step of the scale.", default=UNSET
        ),
    )
    source_weights: list[SourceWeights] | None = limited(
        "The versions of the sources' weights, the one in force first."
    )
    rating: Rating | None = taking("A rating.", id=argument(strawberry.ID, "Its id."))
    role: Role | None = taking("A role.", id=argument(strawberry.ID, "Its id."))
    roles: Connection[Role] | None = paged(
        "All roles.",
        search=argument(str | None, "Part of a title.", default=UNSET),
        family=argument(str | None, "Only of the family of this name.", default=UNSET),
        catalogue=argument(str | None, "Only of this catalogue.", default=UNSET),
    )
    role_families: list[RoleFamily] | None = limited("All families of roles.", first=100)
    gap: Gap | None = taking(
        "How ready somebody is for their role, or for another one.",
        person_id=argument(strawberry.ID, "Whose gap."),
        role_id=argument(strawberry.ID | None, "For which role, if not their own.", default=UNSET),
        as_of=argument(date | None, "Another day than today.", default=UNSET),
        known_at=argument(datetime | None, KNOWN_AT, default=UNSET),
    )
    custom_gap: Gap | None = taking(
        "How ready somebody is for what you list, e.g. for a position that is no role here.",
        person_id=argument(strawberry.ID, "Whose gap; one's own, or as their HR somebody's."),
        wanted=argument(WantedProfile, "What to be measured against."),
        as_of=argument(date | None, "Another day than today.", default=UNSET),
        known_at=argument(datetime | None, KNOWN_AT, default=UNSET),
    )
    ranking: list[Gap] | None = limited(
        "Of those whose gap you may see, the nearest to a role: the readiest first, who has not been assessed last.",
        role_id=argument(strawberry.ID, "Which role."),
        as_of=argument(date | None, "Another day than today.", default=UNSET),
        known_at=argument(datetime | None, KNOWN_AT, default=UNSET),
    )
    role_gap: RoleGap | None = taking(
        "What one role asks beyond another one.",
        from_role_id=argument(strawberry.ID, "The role to start from."),
        to_role_id=argument(strawberry.ID, "The role to get to."),
    )
    crosswalks: Connection[Crosswalk] | None = paged(
        "Frameworks that were replaced, newest first, and what became of what roles ask for; for HR."
    )
    nearest_roles: list[RoleGap] | None = limited(
        "The roles that ask least beyond one, best fit first; what asks for no skill is left out.",
        from_role_id=argument(strawberry.ID, "The role to start from."),
    )
    goal: Goal | None = taking("A goal.", id=argument(strawberry.ID, "Its id."))
    goals: Connection[Goal] | None = paged(
        "Somebody's goals.",
        person_id=argument(strawberry.ID, "Whose goals."),
        states=argument(list[GoalState] | None, "Only in these states.", default=UNSET),
    )
    learning_resources: Connection[LearningResource] | None = paged(
        "Everything to learn from.",
        search=argument(str | None, "Part of a title.", default=UNSET),
    )
    check_in: CheckIn | None = taking("A check-in.", id=argument(strawberry.ID, "Its id."))
    check_ins: Connection[CheckIn] | None = paged(
        "Somebody's check-ins, on either side of the table, latest first.",
        person_id=argument(strawberry.ID, "Whose check-ins."),
        states=argument(list[CheckInState] | None, "Only in these states.", default=UNSET),
    )
    task: Task | None = taking("A task of yours.", id=argument(strawberry.ID, "Its id."))
    tasks: Connection[Task] | None = paged(
        "What waits for you, those with a day first.",
        open=argument(bool, "Those to be done, or else those that are closed.", default=True),
    )
    access_log: AccessConnection | None = paged(
        "Who looked at somebody's data, latest first: for themselves, HR and administrators.",
        person_id=argument(strawberry.ID, "Whose data."),
    )
