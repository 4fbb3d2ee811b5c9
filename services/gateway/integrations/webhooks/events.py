"""The canonical facts: what any LMS or HRIS said, in our words."""

from uuid import UUID

from pydantic import AwareDatetime

from shared.events import Fact
from shared.schemas import Output


class LearnerReference(Output):
    """The person as the source knows them: an identifier of its own, or the work e-mail."""

    external_id: str | None = None
    email: str | None = None


class CourseReference(Output):
    """The course as the source knows it."""

    provider: str | None = None
    code: str


class LearningCompleted(Fact, type="waymark.integrations.learning.completed.v1"):
    """Somebody has completed a course; `system` names whose identifier the person's is."""

    connection_id: UUID
    delivery_id: UUID
    system: str
    person: LearnerReference
    course: CourseReference
    completed_at: AwareDatetime
    score: float | None = None


FACTS = (LearningCompleted,)
