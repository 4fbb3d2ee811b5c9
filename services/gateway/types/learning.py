"""Learning: what can be learned, and what somebody has learned."""

from datetime import datetime
from enum import StrEnum

import strawberry

from services.gateway.types.fields import limited, shown, told
from services.gateway.types.relay import Node
from services.gateway.types.skill import Skill


@told(
    "What kind of learning it is.",
    COURSE="A course.",
    WORKSHOP="A workshop.",
    CERTIFICATION="A certification.",
    DEGREE="A degree.",
    READING="Something to read.",
    CONFERENCE="A conference.",
    OTHER="Something else.",
)
class LearningType(StrEnum):
    COURSE = "COURSE"
    WORKSHOP = "WORKSHOP"
    CERTIFICATION = "CERTIFICATION"
    DEGREE = "DEGREE"
    READING = "READING"
    CONFERENCE = "CONFERENCE"
    OTHER = "OTHER"


@told(
    "Where learning stands.",
    ASSIGNED="Given.",
    ENROLLED="Signed up.",
    IN_PROGRESS="Under way.",
    COMPLETED="Completed.",
    FAILED="Not passed.",
    WITHDRAWN="Given up.",
    EXPIRED="Not done in time.",
)
class LearningState(StrEnum):
    ASSIGNED = "ASSIGNED"
    ENROLLED = "ENROLLED"
    IN_PROGRESS = "IN_PROGRESS"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"
    WITHDRAWN = "WITHDRAWN"
    EXPIRED = "EXPIRED"


@strawberry.type(description="What a piece of learning is expected to add to a skill.")
class ExpectedDelta:
    skill: Skill | None = shown("Which skill.")
    expected_delta: float = shown("How much, on the scale from 0 to 5.")


@strawberry.type(description="Something to learn from.")
class LearningResource(Node):
    provider: str = shown("Who offers it.")
    code: str = shown("Its code there.")
    title: str = shown("Its title.")
    type: LearningType = shown("What kind of learning it is.")
    url: str | None = shown("Where it is.")
    hours: float | None = shown("How many hours it takes.")
    cost: float | None = shown("What it costs.")
    currency: str | None = shown("In which currency (ISO 4217).")
    language: str | None = shown("In which language (BCP 47).")
    skills: list[ExpectedDelta] = limited("What it is expected to add.", first=100)


@strawberry.type(description="Somebody's learning.")
class LearningRecord(Node):
    state: LearningState = shown("Where it stands.")
    score: float | None = shown("The score, as the provider tells it.")
    completed_at: datetime | None = shown("When it was completed.")
    resource: LearningResource | None = shown("What was learned from.")
