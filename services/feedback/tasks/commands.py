"""Writing tasks: those of a subject are made to be what is wanted, whatever they were before."""

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.feedback.checkins.models import CheckIn
from services.feedback.tasks import events
from services.feedback.tasks.models import Proposal, Task, Waiting
from services.feedback.tasks.rules import SUBJECTS, TaskKind, Wanted
from shared import clock
from shared.ids import new_id
from shared.tenancy import Principal


async def of_subject(session: AsyncSession, subject_id: UUID) -> list[Task]:
    """All tasks about it, closed ones too, locked until the commit."""
    found = select(Task).where(Task.subject_id == subject_id).order_by(Task.id)
    return list(await session.scalars(found.with_for_update()))


async def settle(
    session: AsyncSession,
    principal: Principal,
    *,
    subject_id: UUID,
    there: Collection[Task],
    wanted: Wanted,
    told_at: datetime | None = None,
) -> None:
    """Closes what is not wanted and opens what is; `there` are all tasks of the subject.

    What was told before one of them was closed opens none: it is an old fact, replayed.
    """
    at = told_at or clock.now()
    closed = [task for task in there if task.closed_at is None and _key(task) not in wanted]
    opened = []
    if told_at is None or not _closed_since(there, told_at):
        opened = _opened(there, wanted, subject_id, at)
    for task in closed:
        task.closed_at = at
    for task in there:
        if task.closed_at is None:
            task.due_on = wanted[_key(task)]
    session.add_all(opened)
    await session.flush()
    for task in closed:
        await events.tell(session, principal, task, events.TaskClosed)
    for task in opened:
        await events.tell(session, principal, task, events.TaskAdded)


async def forget(session: AsyncSession, person_id: UUID) -> int:
    """For an erasure, before their check-ins go: their own tasks, and those that others have because of them."""
    in_it = or_(
        Waiting.person_id == person_id, Waiting.turn_of == person_id, Waiting.also_of == person_id
    )
    of_them = or_(
        Task.person_id == person_id,
        Task.subject_id.in_(select(Waiting.subject_id).where(in_it)),
        Task.subject_id.in_(select(Proposal.id).where(Proposal.person_id == person_id)),
        Task.subject_id.in_(select(CheckIn.id).where(CheckIn.employee_id == person_id)),
    )
    tasks = (await session.execute(delete(Task).where(of_them).returning(Task.id))).all()
    theirs = delete(Proposal).where(Proposal.person_id == person_id).returning(Proposal.id)
    waiting = delete(Waiting).where(in_it).returning(Waiting.id)
    gone = [(await session.execute(each)).all() for each in (theirs, waiting)]
    return sum(map(len, (tasks, *gone)))


def _opened(there: Iterable[Task], wanted: Wanted, subject_id: UUID, at: datetime) -> list[Task]:
    """Those that are wanted and not open: made, or opened again."""
    known = {_key(task): task for task in there}
    opened = []
    for (person_id, kind), due_on in wanted.items():
        task = known.get((person_id, kind))
        if task is None:
            task = Task(
                id=new_id(),
                person_id=person_id,
                kind=kind,
                subject_type=SUBJECTS[kind],
                subject_id=subject_id,
            )
        elif task.closed_at is None:
            continue
        task.due_on, task.added_at, task.closed_at = due_on, at, None
        opened.append(task)
    return opened


def _closed_since(there: Iterable[Task], instant: datetime) -> bool:
    return any(task.closed_at is not None and task.closed_at >= instant for task in there)


def _key(task: Task) -> tuple[UUID, TaskKind]:
    return task.person_id, task.kind
