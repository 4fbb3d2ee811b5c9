"""What mutations take. Members bear the names of the services' own REST bodies, so that an input is its body."""

from datetime import date, datetime
from typing import Any

import strawberry

from services.gateway.types.checkin import Cadence
from services.gateway.types.consent import ConsentRole, ConsentScope
from services.gateway.types.goal import AmountType, GoalHealth, GoalKind, Horizon, Visibility
from services.gateway.types.skill import Polarity

UNSET = strawberry.UNSET
ID = strawberry.ID


def needed(description: str) -> Any:
    return strawberry.field(description=description)


def optional(description: str) -> Any:
    return strawberry.field(description=description, default=UNSET)


VERSION = "The version that you read; another one answers StaleVersion."


@strawberry.input(description="What speaks for an assertion.")
class EvidenceInput:
    kind: str = needed(
        "URL, FILE_REF, COURSE_COMPLETION, ASSESSMENT_RESULT, CREDENTIAL, WORK_SAMPLE or TESTIMONY."
    )
    title: str | None = optional("Its title.")
    uri: str | None = optional("Where it is.")


@strawberry.input(description="A word on somebody's skill: one's own, or as their manager.")
class RecordSkillInput:
    person_id: ID = needed("Whose skill.")
    skill_id: ID = needed("Which skill.")
    level: float = needed("How well, from 0 to 5.")
    source: str = needed("SELF for oneself, MANAGER for a direct report.")
    occurred_on: date | None = optional("When it was seen; today if not given.")
    expires_on: date | None = optional("The first day on which it no longer holds.")
    evidence: list[EvidenceInput] | None = optional("What speaks for it.")
    polarity: Polarity | None = optional("Against it, e.g. of a failed test; else for it.")
    confidence: float | None = optional("How sure one is, from 0 to 1.")
    note: str | None = optional("In words.")
    request_review: bool | None = optional("Of oneself: to be reviewed by one's manager or HR.")


@strawberry.input(description="Which assertion.")
class DecideSkillInput:
    assertion_id: ID = needed("Which assertion.")


@strawberry.input(description="Which assertion to take back, and why.")
class RetractSkillInput:
    assertion_id: ID = needed("Which assertion; one's own.")
    reason: str = needed("Why it does not hold.")


@strawberry.input(description="What to let others see.")
class GrantConsentInput:
    person_id: ID = needed("Who gives it: yourself.")
    scope: ConsentScope = needed("What it is for.")
    grantee_id: ID | None = optional("Who is let in; everybody who works here if not given.")
    object_id: ID | None = optional("For which one thing; everything in the scope if not given.")
    role: ConsentRole | None = optional("In which part they are let in.")
    purpose: str = needed("What it is for, in words.")
    until: datetime | None = optional("Until when, with its zone; without an end if not given.")


@strawberry.input(description="Which consent to take back.")
class RevokeConsentInput:
    consent_id: ID = needed("Which consent; one's own.")


@strawberry.input(description="How a goal is measured.")
class MeasureInput:
    metric: str = needed("What is counted.")
    unit: str | None = optional("In which unit.")
    amount_type: AmountType = needed("How it counts.")
    start: float | None = optional("Where it begins.")
    target: float = needed("Where it should end.")


@strawberry.input(description="Whether a goal can be reached.")
class AchievableInput:
    rationale: str | None = optional("Why it can be reached.")
    effort_hours: float | None = optional("How many hours it takes.")


@strawberry.input(description="Why a goal matters.")
class RelevantInput:
    why: str | None = optional("In words.")


@strawberry.input(description="From when to when.")
class TimeBoundInput:
    start_date: date | None = optional("The first day.")
    due_date: date | None = optional("The last day.")


@strawberry.input(description="The five parts of a SMART goal.")
class SmartInput:
    specific: str | None = optional("What exactly.")
    measure: MeasureInput | None = optional("How it is measured.")
    achievable: AchievableInput | None = optional("Whether it can be reached.")
    relevant: RelevantInput | None = optional("Why it matters.")
    time_bound: TimeBoundInput | None = optional("From when to when.")


@strawberry.input(description="A new goal.")
class CreateGoalInput:
    person_id: ID | None = optional("Whose goal; one's own if not given.")
    title: str = needed("What is to be reached.")
    description: str | None = optional("More about it.")
    kind: GoalKind | None = optional("What it is for.")
    horizon: Horizon | None = optional("How far away it is.")
    smart: SmartInput | None = optional("The five parts of a SMART goal.")
    priority: int | None = optional("From 1, the most important, to 10.")
    visibility: Visibility | None = optional("Who else may see it.")
    parent_goal_id: ID | None = optional("The goal that it is part of.")
    skill_id: ID | None = optional("The skill that it builds.")
    learning_resource_id: ID | None = optional("Completing this moves the goal.")


@strawberry.input(description="What to change of a goal; what is not given stays.")
class UpdateGoalInput:
    goal_id: ID = needed("Which goal.")
    expected_version: int = needed(VERSION)
    title: str | None = optional("What is to be reached.")
    description: str | None = optional("More about it.")
    smart: SmartInput | None = optional("The five parts of a SMART goal.")
    priority: int | None = optional("From 1, the most important, to 10.")
    visibility: Visibility | None = optional("Who else may see it.")


@strawberry.input(description="Which goal.")
class GoalStepInput:
    goal_id: ID = needed("Which goal.")
    expected_version: int = needed(VERSION)


@strawberry.input(description="How far a goal is.")
class UpdateGoalProgressInput:
    goal_id: ID = needed("Which goal.")
    expected_version: int = needed(VERSION)
    value: float | None = optional("The measure's value; without a measure the share from 0 to 1.")
    note: str | None = optional("In words.")
    health: GoalHealth | None = optional("How it goes, if not as the numbers say.")


@strawberry.input(description="How a goal ended.")
class CloseGoalInput:
    goal_id: ID = needed("Which goal.")
    expected_version: int = needed(VERSION)
    outcome: str = needed("ACHIEVED, PARTIALLY_ACHIEVED or NOT_ACHIEVED.")
    rating: int | None = optional("From 1 to 5; this or evidence.")
    evidence: list[str] | None = optional("What shows the outcome; this or a rating.")
    note: str | None = optional("In words.")


@strawberry.input(description="Which goal to drop, and why.")
class CancelGoalInput:
    goal_id: ID = needed("Which goal.")
    expected_version: int = needed(VERSION)
    reason: str = needed("Why.")


@strawberry.input(description="A new step on the way to a goal.")
class AddMilestoneInput:
    goal_id: ID = needed("Which goal.")
    title: str = needed("What is to be done.")
    due_date: date | None = optional("By when.")
    weight: float | None = optional("How much it counts towards the goal.")
    depends_on: list[ID] | None = optional("The milestones that must be done before.")
    learning_resource_id: ID | None = optional("Completing this completes the milestone.")


@strawberry.input(description="Which milestone.")
class MilestoneStepInput:
    milestone_id: ID = needed("Which milestone.")


@strawberry.input(description="A new check-in.")
class ScheduleCheckInInput:
    employee_id: ID | None = optional("Whose; left out by the employee themself.")
    scheduled_for: datetime = needed("When, with its zone.")
    cadence: Cadence | None = optional("How often from then on.")
    priorities: list[str] | None = optional("What matters until then.")
    goal_refs: list[ID] | None = optional("The goals to talk about.")


@strawberry.input(description="What to change of a check-in; what is not given stays.")
class UpdateCheckInInput:
    check_in_id: ID = needed("Which check-in.")
    expected_version: int = needed(VERSION)
    scheduled_for: datetime | None = optional("When, with its zone.")
    priorities: list[str] | None = optional("What matters until the next one.")
    employee_notes: str | None = optional("What the employee notes.")
    manager_notes: str | None = optional("What the manager notes for both.")


@strawberry.input(description="Which check-in.")
class CheckInStepInput:
    check_in_id: ID = needed("Which check-in.")


@strawberry.input(description="A point to talk about.")
class AddAgendaItemInput:
    check_in_id: ID = needed("Which check-in.")
    text: str = needed("What it is.")


@strawberry.input(description="Something that one of the two will do.")
class AddActionItemInput:
    check_in_id: ID = needed("Which check-in.")
    text: str = needed("What is to be done.")
    owner_id: ID = needed("Who does it.")
    due_on: date | None = optional("By when.")


@strawberry.input(description="Which action item is done.")
class FinishActionItemInput:
    check_in_id: ID = needed("Of which check-in.")
    action_item_id: ID = needed("Which action item.")


@strawberry.input(description="The manager's note for themself; it replaces the one before.")
class KeepPrivateNoteInput:
    check_in_id: ID = needed("Which check-in.")
    text: str = needed("The note.")
