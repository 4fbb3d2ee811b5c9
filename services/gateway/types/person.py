"""People and the units that they work in: where most pages start."""

from datetime import date, datetime
from enum import StrEnum

import strawberry

from services.gateway.types.access import AccessConnection
from services.gateway.types.assessment import (
    AssessmentResult,
    AssessmentSession,
    CompatibleOccupation,
    OccupationByValues,
)
from services.gateway.types.baseline import Baseline
from services.gateway.types.checkin import CheckIn, CheckInState
from services.gateway.types.consent import Consent
from services.gateway.types.experience import Credential, Experience, TimelineEntry
from services.gateway.types.export import Export
from services.gateway.types.fields import argument, limited, paged, shown, taking, told
from services.gateway.types.gap import KNOWN_AT, Gap, UnusedSkill
from services.gateway.types.goal import Goal, GoalState
from services.gateway.types.growth import Growth
from services.gateway.types.heat_map import HeatMap
from services.gateway.types.journal import (
    Aspiration,
    Insight,
    JournalNote,
    NoteKind,
    Reflection,
    Strength,
)
from services.gateway.types.learning import LearningRecord
from services.gateway.types.network import Contact, Interaction, Introduction
from services.gateway.types.rating import Rating, RatingState
from services.gateway.types.relay import Connection, Node
from services.gateway.types.role import Role
from services.gateway.types.skill import SkillAssertion, SkillContrast, SkillGroup, SkillLevel
from services.gateway.types.skill_test import SkillTest
from services.gateway.types.task import Task


@told(
    "Whether somebody works here.",
    PENDING="Named by a report, not yet told by the HR system.",
    ACTIVE="Works here.",
    ON_LEAVE="Away for a longer time.",
    TERMINATED="Has left.",
)
class PersonStatus(StrEnum):
    PENDING = "PENDING"
    ACTIVE = "ACTIVE"
    ON_LEAVE = "ON_LEAVE"
    TERMINATED = "TERMINATED"


@told(
    "What kind of unit it is.",
    COMPANY="The whole company.",
    DIVISION="A division.",
    DEPARTMENT="A department.",
    TEAM="A team.",
    COST_CENTRE="A cost centre.",
    PROJECT="A project organisation.",
)
class OrgUnitType(StrEnum):
    COMPANY = "COMPANY"
    DIVISION = "DIVISION"
    DEPARTMENT = "DEPARTMENT"
    TEAM = "TEAM"
    COST_CENTRE = "COST_CENTRE"
    PROJECT = "PROJECT"


@told(
    "How people are ordered.",
    NAME="By display name.",
    HIRE_DATE="Longest here first.",
)
class PersonOrder(StrEnum):
    NAME = "NAME"
    HIRE_DATE = "HIRE_DATE"


@strawberry.type(description="A unit of the organisation.")
class OrgUnit(Node):
    name: str = shown("Its name.")
    type: OrgUnitType = shown("What kind of unit it is.")
    leader: "Person | None" = shown("Who leads it.")
    parent: "OrgUnit | None" = shown("The unit above it.")
    children: list["OrgUnit"] = limited("The units below it.", first=100)
    members: Connection["Person"] = paged("Who works in it.")
    heat_map: HeatMap | None = taking(
        "Its gaps, for its leaders and HR.",
        skill_ids=argument(
            list[strawberry.ID] | None,
            "Of these skills alone: of a hundred thousand people not all can be reckoned at once.",
            default=strawberry.UNSET,
        ),
    )


@strawberry.type(
    description="Somebody who works here. What is not yours to see of a colleague is null."
)
class Person(Node):
    display_name: str = shown("The name that others see.")
    preferred_name: str | None = shown("How they want to be called.")
    work_email: str | None = shown("Their e-mail at work.")
    status: PersonStatus | None = shown("Whether they work here.")
    locale: str | None = shown("Language and region (BCP 47).")
    time_zone: str | None = shown("Time zone (IANA).")
    hire_date: date | None = shown("Since when they work here.")
    role_title: str | None = shown("The title of their position.")
    level: str | None = shown("Their level or grade.")
    manager: "Person | None" = shown("Who leads them.")
    direct_reports: Connection["Person"] = paged("Whom they lead.")
    org_unit: OrgUnit | None = shown("Where they work.")
    role: Role | None = shown("Their role, and what it asks.")
    skills: list[SkillLevel] = limited(
        "What they master, best known first.",
        first=50,
        contrasts=argument(
            list[SkillContrast] | None,
            "Only where their own word stands so to the evidence.",
            default=strawberry.UNSET,
        ),
    )
    skill_groups: list[SkillGroup] = limited(
        "What skills with others below them come to by these.", first=50
    )
    ratings: list[Rating] = limited(
        "What colleagues were asked to rate of their skills, newest first.",
        states=argument(
            list[RatingState] | None, "Only in these states.", default=strawberry.UNSET
        ),
    )
    ratings_to_give: list[Rating] = limited(
        "What they are asked to rate of colleagues' skills, newest first.",
        states=argument(
            list[RatingState] | None, "Only in these states.", default=strawberry.UNSET
        ),
    )
    skill_assertions: list[SkillAssertion] = limited(
        "What has been said of their skills, newest first."
    )
    skill_tests: list[SkillTest] | None = limited(
        "What they scored in tests, newest first; their manager and HR see the scores."
    )
    growth: Growth | None = taking(
        "How their levels have changed: from a day, from a baseline, else from their newest baseline.",
        since=argument(date | None, "From this day on.", default=strawberry.UNSET),
        known_at=argument(
            datetime | None,
            "By what was known of that day at this moment, else by what is known now.",
            default=strawberry.UNSET,
        ),
        baseline_id=argument(
            strawberry.ID | None, "From this baseline on; this or a day.", default=strawberry.UNSET
        ),
    )
    experience: list[Experience] | None = limited("What they have done, newest first.", first=50)
    credentials: list[Credential] | None = limited("What they have earned, newest first.")
    timeline: list[TimelineEntry] | None = limited(
        "Their career in one order, oldest first.", first=100
    )
    baselines: list[Baseline] | None = limited(
        "What was known of their skills on certain days, newest first."
    )
    reflections: Connection[Reflection] | None = paged(
        "What they wrote for themselves, newest first; only they themselves see any.",
        prompt_code=argument(str | None, "Only answers to this prompt.", default=strawberry.UNSET),
    )
    journal_notes: list[JournalNote] | None = limited(
        "What they note of themselves, newest first; only they themselves see any.",
        first=50,
        kinds=argument(list[NoteKind] | None, "Only of these kinds.", default=strawberry.UNSET),
    )
    aspirations: list[Aspiration] | None = limited(
        "Where they want to be, newest first; only they themselves see any."
    )
    strengths: list[Strength] | None = limited(
        "The skills that stand out from their own mean; only they themselves see any.", first=50
    )
    insights: list[Insight] | None = limited(
        "What they have understood, newest first; only they themselves see any."
    )
    consents: list[Consent] | None = limited(
        "What they let others see of them, newest first; only they themselves see any."
    )
    contacts: Connection[Contact] | None = paged(
        "Whom they know, newest first; only they themselves see any."
    )
    interactions: Connection[Interaction] | None = paged(
        "What they talked about with contacts, latest first; only they themselves see any."
    )
    introductions: Connection[Introduction] | None = paged(
        "Introductions in which they have a part, newest first; only they themselves see any."
    )
    access_log: AccessConnection | None = paged("Who looked at their data, latest first.")
    exports: list[Export] | None = limited(
        "The exports of all that is held about them, newest first; only they themselves see any."
    )
    received_consents: list[Consent] | None = limited(
        "What others let them see by name, newest first; only they themselves see any."
    )
    assessments: list[AssessmentSession] | None = limited(
        "What they take and have taken, newest first; HR sees what it assigned."
    )
    assessment_results: list[AssessmentResult] | None = limited(
        "Their results as far as they are yours to see, newest first."
    )
    compatible_occupations: list[CompatibleOccupation] | None = limited(
        "The occupations whose interests run most like theirs; only they themselves see any.",
        first=20,
    )
    occupations_by_values: list[OccupationByValues] | None = limited(
        "The occupations that offer what they want of work in their order; only they themselves see any.",
        first=20,
    )
    gap: Gap | None = taking(
        "How ready they are for their own role, or for another one.",
        role_id=argument(strawberry.ID | None, "Another role.", default=strawberry.UNSET),
        as_of=argument(date | None, "Another day than today.", default=strawberry.UNSET),
        known_at=argument(datetime | None, KNOWN_AT, default=strawberry.UNSET),
    )
    unused_skills: list[UnusedSkill] | None = limited(
        "What they can do and their role does not ask for, most certain first.",
        at_least=argument(
            float | None,
            "From which level on; from the middle if not given.",
            default=strawberry.UNSET,
        ),
    )
    goals: Connection[Goal] | None = paged(
        "What they want to reach.",
        states=argument(list[GoalState] | None, "Only in these states.", default=strawberry.UNSET),
    )
    learning: list[LearningRecord] | None = limited(
        "What they learn and have learned, newest first."
    )
    check_ins: Connection[CheckIn] | None = paged(
        "Their check-ins, on either side of the table, latest first.",
        states=argument(
            list[CheckInState] | None, "Only in these states.", default=strawberry.UNSET
        ),
    )
    tasks: Connection[Task] | None = paged(
        "What waits for them, those with a day first; only they themselves see any.",
        open=argument(bool, "Those to be done, or else those that are closed.", default=True),
    )
