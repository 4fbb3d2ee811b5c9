"""Check-ins: the regular talk of a person and their manager."""

from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import strawberry

from services.gateway.types.fields import limited, shown, told
from services.gateway.types.goal import Goal
from services.gateway.types.relay import Node
from services.gateway.types.skill import Skill

if TYPE_CHECKING:
    from services.gateway.types.person import Person

LazyPerson = Annotated["Person", strawberry.lazy("services.gateway.types.person")]


@told(
    "How often a pair meets.",
    WEEKLY="Every week.",
    BIWEEKLY="Every other week.",
    MONTHLY="Every month.",
    QUARTERLY="Every quarter.",
    NONE="Once.",
)
class Cadence(StrEnum):
    WEEKLY = "WEEKLY"
    BIWEEKLY = "BIWEEKLY"
    MONTHLY = "MONTHLY"
    QUARTERLY = "QUARTERLY"
    NONE = "NONE"


@told(
    "Where a check-in stands.",
    SCHEDULED="Planned.",
    PREPARED="At least one of the two has prepared it.",
    HELD="It took place.",
    COMPLETED="Both have seen the notes.",
    MISSED="It did not take place.",
    CANCELLED="Called off.",
)
class CheckInState(StrEnum):
    SCHEDULED = "SCHEDULED"
    PREPARED = "PREPARED"
    HELD = "HELD"
    COMPLETED = "COMPLETED"
    MISSED = "MISSED"
    CANCELLED = "CANCELLED"


@told(
    "What happened since the last check-in.",
    GOAL_PROGRESSED="A goal moved.",
    GOAL_CLOSED="A goal was closed.",
    MILESTONE_COMPLETED="A milestone was done.",
    LEARNING_COMPLETED="A course was completed.",
    SKILL_CHANGED="An estimate of a skill changed.",
)
class ChangeKind(StrEnum):
    GOAL_PROGRESSED = "GOAL_PROGRESSED"
    GOAL_CLOSED = "GOAL_CLOSED"
    MILESTONE_COMPLETED = "MILESTONE_COMPLETED"
    LEARNING_COMPLETED = "LEARNING_COMPLETED"
    SKILL_CHANGED = "SKILL_CHANGED"


@strawberry.type(description="A point to talk about.")
class AgendaItem:
    id: strawberry.ID = shown("Opaque; the same in every answer.")
    text: str = shown("What it is.")
    created_at: datetime = shown("When it was added.")
    author: LazyPerson | None = shown("Who added it.")


@strawberry.type(description="Something that one of the two will do.")
class ActionItem:
    id: strawberry.ID = shown("Opaque; the same in every answer.")
    text: str = shown("What is to be done.")
    due_on: date | None = shown("By when.")
    done_at: datetime | None = shown("When it was done.")
    owner: LazyPerson | None = shown("Who does it.")


@strawberry.type(description="Something that has happened since the last check-in.")
class CheckInChange:
    kind: ChangeKind = shown("What kind of thing.")
    title: str = shown("What it is about.")
    from_value: float | None = shown("The value before.")
    to_value: float | None = shown("The value now.")
    occurred_at: datetime = shown("When.")
    goal: Goal | None = shown("The goal that it is about.")
    skill: Skill | None = shown("The skill that it is about.")


@strawberry.type(description="A talk of a person and their manager; only the two of them see it.")
class CheckIn(Node):
    state: CheckInState = shown("Where it stands.")
    cadence: Cadence = shown("How often the two meet.")
    scheduled_for: datetime = shown("When it is planned for.")
    held_at: datetime | None = shown("When it took place.")
    priorities: list[str] = shown("What matters until the next one.")
    employee_notes: str | None = shown("What the employee noted.")
    manager_notes: str | None = shown("What the manager noted for both.")
    private_manager_note: str | None = shown(
        "What the manager noted for nobody else; null for everybody else."
    )
    version: int = shown("For `expectedVersion`, so that nobody's change is lost.")
    agenda: list[AgendaItem] = limited("The points to talk about.")
    changes: list[CheckInChange] = limited("What has happened since the last check-in.")
    action_items: list[ActionItem] = limited("What the two will do.")
    employee: LazyPerson | None = shown("The employee.")
    manager: LazyPerson | None = shown("The manager.")
