"""Whose turn it is with what profile told of: from a day on, until another, for the manager of the moment or HR."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, delete, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.feedback.people.models import Person
from services.feedback.registry import jobs as registry
from services.feedback.tasks import commands, partners
from services.feedback.tasks.models import Waiting
from services.feedback.tasks.rules import TaskKind
from shared import clock, jobs
from shared.db import Database
from shared.ids import new_id
from shared.jobs import Job, NewJob, TryLater
from shared.tenancy import Principal

TURN = "tasks.turn"


@dataclass(frozen=True, slots=True)
class Turn:
    """What waits, in the words of `Waiting`."""

    kind: TaskKind
    person_id: UUID
    turn_of: UUID | None = None
    also_of: UUID | None = None
    due_on: date | None = None
    opens_at: datetime | None = None
    ends_at: datetime | None = None


async def keep(
    session: AsyncSession,
    principal: Principal,
    subject_id: UUID,
    turns: Sequence[Turn],
    *,
    told_at: datetime,
) -> None:
    """These are all that wait about the subject; what does now becomes a task, what does later a job."""
    await _lock(session, subject_id)
    kinds = [turn.kind for turn in turns]
    await session.execute(
        delete(Waiting).where(Waiting.subject_id == subject_id, Waiting.kind.not_in(kinds))
    )
    for turn in turns:
        told = asdict(turn)
        row = {"tenant_id": principal.tenant_id, "id": new_id(), "subject_id": subject_id, **told}
        await session.execute(
            insert(Waiting)
            .values(row)
            .on_conflict_do_update(index_elements=["tenant_id", "subject_id", "kind"], set_=told)
        )
    await _settle(session, principal, subject_id, told_at=told_at)
    await _plan(session, principal, subject_id, turns)


async def settle(session: AsyncSession, principal: Principal, subject_id: UUID) -> None:
    """The tasks of the subject become what they should be by now."""
    await _lock(session, subject_id)
    await _settle(session, principal, subject_id, told_at=None)


@registry.job(TURN, at_once=2, most_attempts=None)
async def on_time(database: Database, principal: Principal, job: Job) -> None:
    """A task opens, or nobody is waited for any more; whatever was told in between holds."""
    instant = datetime.fromisoformat(job.arguments["at"])
    if clock.now() < instant:
        raise TryLater(instant - clock.now() + timedelta(seconds=1))
    async with database.transaction(principal.tenant_id) as session:
        await settle(session, principal, UUID(job.arguments["subject"]))


def for_manager_of(person_id: UUID) -> tuple[ColumnElement[bool], ...]:
    """What waits for whoever leads the person."""
    return Waiting.person_id == person_id, Waiting.turn_of.is_(None)


async def manager_of(session: AsyncSession, person_id: UUID) -> UUID | None:
    """Held until the commit: who changes them afterwards finds what waits for them."""
    found = select(Person.placed_under).where(Person.id == person_id).with_for_update(read=True)
    return await session.scalar(found)


async def _settle(
    session: AsyncSession, principal: Principal, subject_id: UUID, *, told_at: datetime | None
) -> None:
    now = clock.now()
    wanted: dict[tuple[UUID, TaskKind], date | None] = {}
    rows = select(Waiting).where(Waiting.subject_id == subject_id)
    fresh = {"populate_existing": True}
    for row in (await session.scalars(rows, execution_options=fresh)).all():
        if row.ends_at is not None and row.ends_at <= now:
            await session.delete(row)
            continue
        if row.opens_at is not None and now < row.opens_at:
            continue
        for whose in await _whose(session, row):
            wanted[whose, row.kind] = row.due_on
    await commands.settle(
        session,
        principal,
        subject_id=subject_id,
        there=await commands.of_subject(session, subject_id),
        wanted=wanted,
        told_at=told_at,
    )


async def _whose(session: AsyncSession, row: Waiting) -> Sequence[UUID]:
    whose = row.turn_of or await manager_of(session, row.person_id)
    return await partners.nearest(session, row.person_id) if whose is None else [whose]


async def _plan(
    session: AsyncSession, principal: Principal, subject_id: UUID, turns: Sequence[Turn]
) -> None:
    now = clock.now()
    instants = {instant for turn in turns for instant in (turn.opens_at, turn.ends_at)}
    planned = [
        NewJob(
            TURN,
            arguments={"subject": str(subject_id), "at": instant.isoformat()},
            dedupe_key=f"{subject_id} {instant.isoformat()}",
            delay=instant - now,
        )
        for instant in sorted(each for each in instants if each is not None and each > now)
    ]
    await jobs.enqueue_many(session, principal, jobs=planned)


async def _lock(session: AsyncSession, subject_id: UUID) -> None:
    """A fact, a job and a change of manager take turns with the tasks of one subject."""
    await session.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"),
        {"key": f"tasks:{session.info['tenant_id']}:{subject_id}"},
    )
