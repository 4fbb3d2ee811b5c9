"""The gap: what a role asks minus what a person shows, item by item, with everything to recompute it."""

from datetime import date, datetime
from enum import StrEnum

import strawberry

from services.gateway.types.fields import limited, shown, told
from services.gateway.types.goal import Goal
from services.gateway.types.lazy import LazyPerson
from services.gateway.types.learning import LearningResource, LearningState
from services.gateway.types.role import Role
from services.gateway.types.skill import Contribution, Skill

KNOWN_AT = "Only what had been told and published by that moment."


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


@told(
    "How records stand to required experience or a credential.",
    MET="There is enough of it, verified.",
    PARTLY="There is some of it.",
    UNVERIFIED="There is enough of it, but not all of that has been verified.",
    MISSING="There is nothing of it.",
)
class RecordStatus(StrEnum):
    MET = "MET"
    PARTLY = "PARTLY"
    UNVERIFIED = "UNVERIFIED"
    MISSING = "MISSING"


@strawberry.type(description="A record of experience that counts.")
class CountedRecord:
    record_id: str = shown("Which record.")
    type: str = shown("What kind of experience it is.")
    title: str = shown("What it was.")
    organisation: str | None = shown("Where it was.")
    started_on: date = shown("Its first day.")
    ended_on: date | None = shown("Its last day; null while it goes on.")
    hours_per_week: float | None = shown("How many hours a week; a day counts whole all the same.")
    team_size_led: int | None = shown("How many people were led.")
    verification: str = shown("DECLARED by the person, or VERIFIED by their manager or HR.")


@strawberry.type(
    description="What counted, and how long it lasted: days that records share count once."
)
class ExperienceTrace:
    matched_by: str = shown("TYPE of the record, any WORK, LEADING people, or a word of the TITLE.")
    whole_months: int = shown("Calendar months.")
    days: int = shown("Days beside them.")
    verified_whole_months: int = shown("Calendar months of verified records.")
    verified_days: int = shown("Days beside them.")
    records: list[CountedRecord] = shown("The records, earliest first.")


@strawberry.type(description="Experience that the role asks for.")
class ExperienceGap:
    type: str = shown("What kind of experience.")
    text: str | None = shown("In words.")
    min_months: int = shown("For how many months.")
    min_team_size: int | None = shown("With a team of how many.")
    mandatory: bool = shown("Whether nobody can do without it.")
    status: RecordStatus = shown("How the person stands to it.")
    months: float = shown("How many months there are.")
    verified_months: float = shown("How many of them are verified.")
    missing_months: float = shown("How many are missing.")
    trace: ExperienceTrace = shown("Everything to recompute these numbers.")


@strawberry.type(description="A credential of the name that is asked for.")
class HeldCredential:
    credential_id: str = shown("Which one.")
    name: str = shown("Its name.")
    issuer: str | None = shown("Who issued it.")
    issued_on: date | None = shown("When it was issued.")
    expires_on: date | None = shown("When it runs out.")
    revoked_on: date | None = shown("When it was taken back.")
    verification: str = shown("DECLARED by the person, VERIFIED by a system, or REVOKED.")
    stands: str = shown("VALID, EXPIRED or REVOKED on the day of the gap.")


@strawberry.type(description="What was looked at for a credential.")
class CredentialTrace:
    records: list[HeldCredential] = shown("The credentials of that name, earliest first.")


@strawberry.type(description="A credential that the role asks for.")
class CredentialGap:
    name: str = shown("Its name.")
    issuer: str | None = shown("By whom it must be issued.")
    mandatory: bool = shown("Whether nobody can do without it.")
    status: RecordStatus = shown("How the person stands to it; never PARTLY.")
    expires_on: date | None = shown("Until when it is held.")
    trace: CredentialTrace = shown("What was looked at.")


@told(
    "What stands in the way of a role.",
    SKILL="A mandatory skill whose interval stays below what is asked.",
    EXPERIENCE="Mandatory experience, not even declared.",
    CREDENTIAL="A mandatory credential, not even declared.",
)
class BlockerKind(StrEnum):
    SKILL = "SKILL"
    EXPERIENCE = "EXPERIENCE"
    CREDENTIAL = "CREDENTIAL"


@strawberry.type(description="Something without which nobody gets the role, and which is missing.")
class GapBlocker:
    kind: BlockerKind = shown("What kind it is.")
    skill: Skill | None = shown("The skill, if it is one.")
    name: str | None = shown("The experience or credential, if it is one.")


@strawberry.type(description="A course that teaches the skill and has not been completed.")
class ClosingCourse:
    resource: LearningResource | None = shown("The course.")
    expected_delta: float = shown("How much it is expected to add, on the scale from 0 to 5.")
    delta_per_hour: float | None = shown("The same an hour; null when its hours are not told.")
    state: LearningState | None = shown("Where the person stands with it.")


@strawberry.type(description="An open goal of the person about the skill.")
class ClosingGoal:
    goal: Goal | None = shown("The goal.")


@strawberry.type(
    description="A colleague who masters what is asked and lets themselves be found for it."
)
class ClosingMentor:
    person: LazyPerson | None = shown("Who it is.")


@strawberry.type(description="What closes the gap of one skill.")
class Closer:
    skill: Skill | None = shown("Which skill.")
    gap: float | None = shown("What is missing; null when it has not been assessed.")
    courses: list[ClosingCourse] = shown("At most five courses, what adds most an hour first.")
    goals: list[ClosingGoal] = shown("Goals that are set on it, as far as you may see them.")
    mentors: list[ClosingMentor] = shown("At most five colleagues to ask, who have agreed to it.")


@strawberry.type(description="How ready somebody is for a role.")
class Gap:
    person: LazyPerson | None = shown("Whose it is.")
    target_type: GapTarget = shown("What it is measured against.")
    as_of: date = shown("The day it is reckoned for.")
    known_at: datetime | None = shown("What is told later counts for nothing; null for now.")
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
    experience_gaps: list[ExperienceGap] = limited("The required experience.", first=100)
    credential_gaps: list[CredentialGap] = limited("The required credentials.", first=100)
    blockers: list[GapBlocker] = limited("What stands in the way.", first=100)
    closers: list[Closer] = limited(
        "What closes each gap, in the order of the items: courses, and goals that are set already.",
        first=25,
    )
