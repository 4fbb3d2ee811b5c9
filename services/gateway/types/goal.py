"""Goals: what somebody wants to reach, by when, and how it goes."""

from datetime import date, datetime
from enum import StrEnum

import strawberry

from services.gateway.types.fields import limited, shown, told
from services.gateway.types.lazy import LazyPerson
from services.gateway.types.learning import LearningResource
from services.gateway.types.relay import Node
from services.gateway.types.skill import Skill


@told(
    "Where a goal stands.",
    DRAFT="Being written; shown to its owner alone, and to the manager who began it for them.",
    PROPOSED="Waiting for a yes.",
    ACTIVE="Being worked on.",
    ON_HOLD="Paused.",
    ACHIEVED="Reached.",
    PARTIALLY_ACHIEVED="Reached in part.",
    NOT_ACHIEVED="Closed without being reached.",
    CANCELLED="Dropped, with a reason.",
    ARCHIVED="Put away.",
)
class GoalState(StrEnum):
    DRAFT = "DRAFT"
    PROPOSED = "PROPOSED"
    ACTIVE = "ACTIVE"
    ON_HOLD = "ON_HOLD"
    ACHIEVED = "ACHIEVED"
    PARTIALLY_ACHIEVED = "PARTIALLY_ACHIEVED"
    NOT_ACHIEVED = "NOT_ACHIEVED"
    CANCELLED = "CANCELLED"
    ARCHIVED = "ARCHIVED"


@told(
    "Whether a goal goes as planned.",
    ON_TRACK="Progress fits the time that has passed.",
    AT_RISK="Somewhat behind.",
    OFF_TRACK="Far behind, or overdue.",
    NOT_UPDATED="Nobody has said anything for long.",
)
class GoalHealth(StrEnum):
    ON_TRACK = "ON_TRACK"
    AT_RISK = "AT_RISK"
    OFF_TRACK = "OFF_TRACK"
    NOT_UPDATED = "NOT_UPDATED"


@told(
    "What a goal is for.",
    CAREER="The way to another role.",
    DEVELOPMENT="Learning something.",
    PERFORMANCE="Doing something at work.",
    OKR_OBJECTIVE="An objective with key results.",
)
class GoalKind(StrEnum):
    CAREER = "CAREER"
    DEVELOPMENT = "DEVELOPMENT"
    PERFORMANCE = "PERFORMANCE"
    OKR_OBJECTIVE = "OKR_OBJECTIVE"


@told(
    "How far away it is.",
    SHORT="Months.",
    MEDIUM="One to two years.",
    LONG="Further.",
)
class Horizon(StrEnum):
    SHORT = "SHORT"
    MEDIUM = "MEDIUM"
    LONG = "LONG"


@told(
    "Who else may see it.",
    PRIVATE="Only the owner.",
    MANAGER="The owner and those above.",
    TEAM="The team as well.",
    ORG="Everybody.",
)
class Visibility(StrEnum):
    PRIVATE = "PRIVATE"
    MANAGER = "MANAGER"
    TEAM = "TEAM"
    ORG = "ORG"


@told(
    "How a measure counts.",
    PERCENT="Percent.",
    NUMBER="A number.",
    CURRENCY="Money.",
    BINARY="Done or not.",
)
class AmountType(StrEnum):
    PERCENT = "PERCENT"
    NUMBER = "NUMBER"
    CURRENCY = "CURRENCY"
    BINARY = "BINARY"


@told(
    "Where a milestone stands.",
    PENDING="Not begun.",
    IN_PROGRESS="Begun.",
    DONE="Done.",
    MISSED="Overdue; it may still be done.",
    CANCELLED="Dropped.",
)
class MilestoneState(StrEnum):
    PENDING = "PENDING"
    IN_PROGRESS = "IN_PROGRESS"
    DONE = "DONE"
    MISSED = "MISSED"
    CANCELLED = "CANCELLED"


@told(
    "Where an update comes from.",
    MANUAL="A person.",
    LMS="The learning system.",
    HRIS="The HR system.",
)
class UpdateSource(StrEnum):
    MANUAL = "MANUAL"
    LMS = "LMS"
    HRIS = "HRIS"


@strawberry.type(description="How a goal is measured.")
class Measure:
    metric: str | None = shown("What is counted.")
    unit: str | None = shown("In which unit.")
    amount_type: AmountType | None = shown("How it counts.")
    start: float | None = shown("Where it began.")
    target: float | None = shown("Where it should end.")
    current: float | None = shown("Where it is.")


@strawberry.type(description="Whether a goal can be reached.")
class Achievable:
    rationale: str | None = shown("Why it can be reached.")
    effort_hours: float | None = shown("How many hours it takes.")
    budget_amount: float | None = shown("What it costs.")
    budget_currency: str | None = shown("In which currency (ISO 4217).")


@strawberry.type(description="Why a goal matters.")
class Relevant:
    why: str | None = shown("In words.")


@strawberry.type(description="From when to when.")
class TimeBound:
    start_date: date | None = shown("The first day.")
    due_date: date | None = shown("The last day.")


@strawberry.type(description="The five parts of a SMART goal.")
class Smart:
    specific: str | None = shown("What exactly.")
    measure: Measure = shown("How it is measured.")
    achievable: Achievable = shown("Whether it can be reached.")
    relevant: Relevant = shown("Why it matters.")
    time_bound: TimeBound = shown("From when to when.")


@strawberry.type(description="What the SMART check says of one letter.")
class SmartFinding:
    letter: str = shown("S, M, A, R or T.")
    passed: bool = shown("Whether it is there.")
    reason: str = shown("Why, and what to add.")


@strawberry.type(description="A step on the way to a goal.")
class Milestone(Node):
    title: str = shown("What is to be done.")
    due_date: date | None = shown("By when.")
    weight: float = shown("How much it counts towards the goal.")
    state: MilestoneState = shown("Where it stands.")
    completed_at: datetime | None = shown("When it was done.")
    completed_source: UpdateSource | None = shown("Who or what said so.")
    learning_resource: LearningResource | None = shown("Completing this completes the milestone.")


@strawberry.type(description="An entry of a goal's log.")
class GoalUpdate:
    at: datetime = shown("When.")
    value: float | None = shown("The measure's value.")
    progress: float = shown("The goal's progress then, from 0 to 1.")
    note: str | None = shown("In words.")
    source: UpdateSource = shown("Who or what said so.")


@strawberry.type(description="Something that a person wants to reach.")
class Goal(Node):
    title: str = shown("What is to be reached.")
    description: str | None = shown("More about it.")
    kind: GoalKind = shown("What it is for.")
    horizon: Horizon = shown("How far away it is.")
    smart: Smart = shown("The five parts of a SMART goal.")
    smart_verdict: list[SmartFinding] = shown("What the SMART check says.")
    state: GoalState = shown("Where it stands.")
    health: GoalHealth = shown("Whether it goes as planned.")
    progress: float = shown("From 0 to 1.")
    priority: int = shown("From 1, the most important, to 10.")
    weight: float = shown("How much it counts beside the others.")
    visibility: Visibility = shown("Who else may see it, once it is no draft any more.")
    due_date: date | None = shown("By when.")
    version: int = shown("For `expectedVersion`, so that nobody's change is lost.")
    created_at: datetime = shown("When it was written.")
    skill: Skill | None = shown("The skill that it builds.")
    learning_resource: LearningResource | None = shown("Completing this moves the goal.")
    parent: "Goal | None" = shown("The goal that it is part of.")
    milestones: list[Milestone] = limited("The steps on the way.")
    updates: list[GoalUpdate] = limited("What was said of it, newest first.")
    person: LazyPerson | None = shown("Whose goal it is.")
    proposed_by: LazyPerson | None = shown("Who proposed it; the other one of two approves it.")
