"""The facts of tasks: that somebody has something to do or no longer has, never what others wrote."""

from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.feedback.tasks.models import Task
from services.feedback.tasks.rules import SubjectType, TaskKind
from shared import events
from shared.events import Fact
from shared.tenancy import Principal


class TaskFact(Fact):
    """The snapshot that every fact of a task carries; `person_id` is whose task it is."""

    task_id: UUID
    person_id: UUID
    kind: TaskKind
    subject_type: SubjectType
    subject_id: UUID
    due_on: date | None


class TaskAdded(TaskFact, type="waymark.feedback.task.added.v1"):
    """Somebody has something to do; it may be a task that was closed before."""


class TaskClosed(TaskFact, type="waymark.feedback.task.closed.v1"):
    """It is done, or no longer theirs to do."""


FACTS = (TaskAdded, TaskClosed)


async def tell(
    session: AsyncSession, principal: Principal, task: Task, fact: type[TaskFact]
) -> None:
    """Publishes the task as it is; its row must have been flushed."""
    told = fact(
        task_id=task.id,
        person_id=task.person_id,
        kind=task.kind,
        subject_type=task.subject_type,
        subject_id=task.subject_id,
        due_on=task.due_on,
    )
    await events.publish(session, principal, told, subject=task.id, sequence=task.sequence)
