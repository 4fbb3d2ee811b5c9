"""What others hear of learning, and what a learning system tells."""

from datetime import date, datetime
from uuid import UUID

from pydantic import Field

from services.goals.learning.models import LearningRecord, LearningResource
from services.goals.learning.rules import RecordState, ResourceStatus
from shared.events import Fact, Payload


class TaughtSkill(Fact):
    """A skill that the resource is expected to raise."""

    skill_id: UUID
    expected_delta: float


class RecordFact(Fact):
    """A learning record as it is after the change, with what it teaches."""

    record_id: UUID
    person_id: UUID
    resource_id: UUID
    title: str
    state: RecordState
    score: float | None
    completed_at: datetime | None
    due_on: date | None
    skills: list[TaughtSkill]
    source_event_id: UUID | None


class LearningEnrolled(RecordFact, type="waymark.goals.learning_record.enrolled.v1"):
    """Somebody began."""


class LearningCompleted(RecordFact, type="waymark.goals.learning_record.completed.v1"):
    """Somebody finished; told once a record."""


class LearningFailed(RecordFact, type="waymark.goals.learning_record.failed.v1"):
    """Somebody did not pass."""


class LearningWithdrawn(RecordFact, type="waymark.goals.learning_record.withdrawn.v1"):
    """Somebody gave it up."""


class LearningResourceChanged(Fact, type="waymark.goals.learning_resource.changed.v1"):
    """A resource is new or differs."""

    resource_id: UUID
    provider: str
    code: str
    title: str
    type: str
    status: ResourceStatus
    hours: float | None
    cost: float | None
    currency: str | None
    skills: list[TaughtSkill]


FACTS: tuple[type[Fact], ...] = (
    LearningEnrolled,
    LearningCompleted,
    LearningFailed,
    LearningWithdrawn,
    LearningResourceChanged,
)
OF_STATE: dict[RecordState, type[RecordFact]] = {
    RecordState.ENROLLED: LearningEnrolled,
    RecordState.COMPLETED: LearningCompleted,
    RecordState.FAILED: LearningFailed,
    RecordState.WITHDRAWN: LearningWithdrawn,
}


class ToldPerson(Payload):
    """Who, as the other system calls them."""

    external_id: str | None = Field(default=None, max_length=500)
    email: str | None = Field(default=None, max_length=500)


class ToldCourse(Payload):
    """What, as the other system calls it."""

    provider: str | None = None
    code: str


class LearningTold(Payload):
    """What the facts of learning systems share; the first of them did not tell when they were said."""

    system: str | None = None
    said_at: datetime | None = None
    person: ToldPerson
    course: ToldCourse


class EnrolmentTold(LearningTold):
    """`waymark.integrations.learning.enrolled.v1` as it is read here."""

    enrolled_at: datetime
    due_on: date | None = None


class CompletionTold(LearningTold):
    """`waymark.integrations.learning.completed.v1` as it is read here."""

    completed_at: datetime
    score: float | None = None


def taught(resource: LearningResource) -> list[TaughtSkill]:
    return [TaughtSkill.model_validate(each) for each in resource.skills]


def changed(resource: LearningResource) -> tuple[LearningResourceChanged, UUID, int]:
    """The fact with its subject and sequence."""
    fact = LearningResourceChanged(
        resource_id=resource.id,
        provider=resource.provider,
        code=resource.code,
        title=resource.title,
        type=resource.type,
        status=resource.status,
        hours=resource.hours,
        cost=resource.cost,
        currency=resource.currency,
        skills=taught(resource),
    )
    return fact, resource.id, resource.version


def of_record(record: LearningRecord, resource: LearningResource) -> RecordFact | None:
    """None for a state that nobody is told of."""
    fact = OF_STATE.get(record.state)
    if fact is None:
        return None
    return fact(
        record_id=record.id,
        person_id=record.person_id,
        resource_id=record.resource_id,
        title=resource.title,
        state=record.state,
        score=record.score,
        completed_at=record.completed_at,
        due_on=record.due_on,
        skills=taught(resource),
        source_event_id=record.source_event_id,
    )
