"""What was written down for a day to come and is done on that day."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.people import commands, events, standing
from services.profile.people.assigning import DUE
from services.profile.people.events import PersonFact
from services.profile.people.models import Assignment, Person
from services.profile.people.rules import PersonStatus
from services.profile.reactions import jobs
from services.profile.rowsets import update_rows
from shared import clock
from shared.db import Database
from shared.jobs import Job, days
from shared.tenancy import Principal

MOST_AT_ONCE = 500
FIRST = UUID(int=0)


@jobs.job(DUE, at_once=2, most_attempts=None)
async def on_day(database: Database, principal: Principal, job: Job) -> None:
    """People leave and arrive, assignments begin and end; later days are caught up with."""
    days.wait_for_day(job)
    last = FIRST
    while True:
        async with database.transaction(principal.tenant_id) as session:
            found = await apply_due(session, principal, today=clock.today(), after=last)
        if len(found) < MOST_AT_ONCE:
            return
        last = found[-1]


async def apply_due(
    session: AsyncSession, principal: Principal, *, today: date, after: UUID = FIRST
) -> list[UUID]:
    """Does what is due for the next persons in the order of their ids; answers who they were."""
    await standing.lock(session)
    rows = (await session.execute(_due(today).where(Person.id > after))).all()
    leaving: Mapping[UUID, date] = {
        row.id: row.termination_date
        for row in rows
        if row.termination_date is not None and row.termination_date <= today
    }
    if leaving:
        await commands.end_employment(session, principal, people=leaving)
    others = [row for row in rows if row.id not in leaving]
    arriving = [
        row.id
        for row in others
        if row.status is PersonStatus.PENDING and row.hire_date and row.hire_date <= today
    ]
    await update_rows(
        session, Person, [{"id": each, "status": PersonStatus.ACTIVE} for each in arriving]
    )
    told: dict[UUID, list[type[PersonFact]]] = {row.id: [] for row in others}
    told |= {each: [events.PersonUpdated] for each in arriving}
    await standing.settle(session, principal, told=told, today=today, refuse_circles=False)
    return [row.id for row in rows]


def _due(today: date) -> Select[UUID, PersonStatus, date | None, date | None]:
    begun = and_(
        Assignment.is_primary,
        Assignment.valid_from <= today,
        or_(Person.assignment_since.is_(None), Assignment.valid_from > Person.assignment_since),
    )
    ended = and_(Assignment.id == Person.assignment_id, Assignment.valid_to <= today)
    moves = select(Assignment.id).where(Assignment.person_id == Person.id, or_(begun, ended))
    arrives = and_(Person.status == PersonStatus.PENDING, Person.hire_date <= today)
    return (
        select(Person.id, Person.status, Person.hire_date, Person.termination_date)
        .where(
            Person.status != PersonStatus.TERMINATED,
            or_(Person.termination_date <= today, arrives, moves.exists()),
        )
        .order_by(Person.id)
        .limit(MOST_AT_ONCE)
    )
