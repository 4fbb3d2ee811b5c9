"""What people have done and earned, and their career in one order."""

from datetime import date, datetime
from enum import StrEnum

import strawberry

from services.gateway.types.fields import shown, told
from services.gateway.types.lazy import LazyPerson
from services.gateway.types.relay import Node
from services.gateway.types.skill import Skill


@told(
    "What kind of experience it is.",
    EMPLOYMENT="A job.",
    PART_TIME="A job beside something else.",
    VOLUNTEER="Unpaid service.",
    PROJECT="A project.",
    ROTATION="A time in another position.",
    COMMITTEE="A seat in a committee.",
    TASK_FORCE="A task force.",
    EDUCATION="School, studies, an apprenticeship.",
    LIFE="What life asked for, e.g. raising a child.",
)
class ExperienceType(StrEnum):
    EMPLOYMENT = "EMPLOYMENT"
    PART_TIME = "PART_TIME"
    VOLUNTEER = "VOLUNTEER"
    PROJECT = "PROJECT"
    ROTATION = "ROTATION"
    COMMITTEE = "COMMITTEE"
    TASK_FORCE = "TASK_FORCE"
    EDUCATION = "EDUCATION"
    LIFE = "LIFE"


@told(
    "Who stands for a record of experience.",
    NONE="Nobody: their manager or HR objected.",
    DECLARED="The person alone.",
    VERIFIED="Their manager or HR too.",
)
class ExperienceVerification(StrEnum):
    NONE = "NONE"
    DECLARED = "DECLARED"
    VERIFIED = "VERIFIED"


@told(
    "Who else may see a record of experience.",
    PRIVATE="Nobody.",
    MANAGEMENT="Their managers and HR.",
)
class ExperienceVisibility(StrEnum):
    PRIVATE = "PRIVATE"
    MANAGEMENT = "MANAGEMENT"


@strawberry.type(description="A skill that was used.")
class ExperienceSkill:
    level: float | None = shown("How well, from 0 to 5, as the person sees it.")
    skill: Skill | None = shown("Which skill.")


@strawberry.type(description="Something that somebody has done.")
class Experience(Node):
    person: LazyPerson | None = shown("Whose it is.")
    type: ExperienceType = shown("What kind of experience it is.")
    title: str = shown("What they were.")
    organisation: str | None = shown("Where.")
    started_on: date = shown("The first day.")
    ended_on: date | None = shown("The last day; null while it goes on.")
    hours_per_week: float | None = shown("How many hours a week.")
    responsibilities: list[str] = shown("What they had to do.")
    team_size_led: int | None = shown("How many people they led.")
    budget_amount: float | None = shown("How much money they answered for.")
    budget_currency: str | None = shown("In which currency (ISO 4217).")
    achievements: list[str] = shown("What came of it.")
    skills: list[ExperienceSkill] = shown("The skills that they used.")
    visibility: ExperienceVisibility = shown("Who else may see it.")
    verification: ExperienceVerification = shown("Who stands for it.")
    verified_by: LazyPerson | None = shown("Who verified it.")
    verified_at: datetime | None = shown("When it was verified.")
    version: int = shown("For `expectedVersion`, so that nobody's change is lost.")


@strawberry.type(description="A certificate, degree, licence or badge that somebody has earned.")
class Credential(Node):
    person: LazyPerson | None = shown("Who has it.")
    type: str = shown("CERTIFICATION, DEGREE, LICENCE, BADGE or OTHER.")
    name: str = shown("What it is called.")
    issuer: str | None = shown("Who issued it.")
    issued_on: date | None = shown("When it was issued.")
    expires_on: date | None = shown("The day it runs out.")
    expired_on: date | None = shown("The day it has run out.")
    revoked_on: date | None = shown("The day it was taken back.")
    credential_url: str | None = shown("Where it can be checked.")
    verification: str = shown("NONE, DECLARED, VERIFIED or REVOKED.")
    objection: str | None = shown("Why nobody stands for it.")
    skills: list[ExperienceSkill] = shown("The skills that it shows, as the person sees it.")


@told(
    "What an entry of a career is.",
    ASSIGNMENT="A position here.",
    EXPERIENCE="Something else that they have done.",
    CREDENTIAL="Something that they have earned.",
)
class TimelineKind(StrEnum):
    ASSIGNMENT = "ASSIGNMENT"
    EXPERIENCE = "EXPERIENCE"
    CREDENTIAL = "CREDENTIAL"


@told(
    "What of a position changed.",
    ROLE="The role.",
    LEVEL="The level or grade.",
    MANAGER="Who leads them.",
    ORG_UNIT="Where they work.",
    EMPLOYMENT_TYPE="How they are employed.",
)
class TimelinePart(StrEnum):
    ROLE = "ROLE"
    LEVEL = "LEVEL"
    MANAGER = "MANAGER"
    ORG_UNIT = "ORG_UNIT"
    EMPLOYMENT_TYPE = "EMPLOYMENT_TYPE"


@strawberry.type(description="What is not as it was in the position before.")
class TimelineChange:
    part: TimelinePart = shown("What changed.")
    before: str | None = shown("What it was; managers and units by their names of today.")
    after: str | None = shown("What it is.")


@strawberry.type(description="A stretch of a career.")
class TimelineEntry:
    id: strawberry.ID = shown("Opaque; the same in every answer.")
    kind: TimelineKind = shown("What it is.")
    title: str | None = shown("The position, the record or the credential by its name.")
    organisation: str | None = shown("The unit, the organisation or the issuer.")
    starts_on: date = shown("The first day.")
    ends_on: date | None = shown("The last day; null while it goes on.")
    level: str | None = shown("The level or grade of a position.")
    reason: str | None = shown("Why a position began; of the others what type they are of.")
    changes: list[TimelineChange] = shown("What is not as it was in the position before.")
    experience: Experience | None = shown("The whole record.")
    credential: Credential | None = shown("The whole credential.")
