"""Assignments: recorded once and for good, in force when their day comes."""

from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.people import standing
from services.profile.people.models import Assignment, OrgUnit, Person
from services.profile.people.problems import UnknownOrgUnit, UnknownPerson
from services.profile.people.rules import ChangeReason, first_day
from services.profile.people.schemas import AssignmentCreate
from services.profile.rowsets import insert_rows
from shared import clock
from shared.ids import new_id
from shared.jobs import days
from shared.problems import Invalid
from shared.tenancy import Principal

DUE = "people.due"


async def append(
    session: AsyncSession, principal: Principal, *, person_id: UUID, new: AssignmentCreate
) -> UUID:
    """Records it; `standing.settle` does the rest. Raises `UnknownPerson`, `UnknownOrgUnit`, `Invalid`."""
    await _refuse_unknown(session, new)
    hire_date = await session.scalar(select(Person.hire_date).where(Person.id == person_id))
    has_one = select(Assignment.id).where(Assignment.person_id == person_id).limit(1)
    known = await session.scalar(has_one) is not None
    begin = first_day(
        clock.today(), told=new.effective_from, hire_date=hire_date, has_assignment=known
    )
    if new.effective_to and new.effective_to <= begin:
        raise Invalid.field("/effectiveTo", "must be a day after effectiveFrom")
    reason = new.change_reason
    if not known and "change_reason" not in new.model_fields_set:
        reason = ChangeReason.HIRE
    row = new.model_dump(exclude={"effective_from", "effective_to", "change_reason"}) | {
        "id": new_id(),
        "person_id": person_id,
        "valid_from": begin,
        "valid_to": new.effective_to,
        "change_reason": reason,
        "recorded_at": clock.now(),
    }
    await insert_rows(session, Assignment, [row])
    await plan_due(session, principal, [begin, new.effective_to])
    assignment_id: UUID = row["id"]
    return assignment_id


async def close(session: AsyncSession, ends: Mapping[UUID, date]) -> None:
    """Records for each person that the assignment in force ends on that day: a copy that says so."""
    force = await standing.in_force(session, ends)
    rows = [
        {
            "id": new_id(),
            "person_id": person_id,
            **{name: getattr(last, name) for name in standing.POSITION},
            "inherited": last.inherited,
            "is_primary": True,
            "change_reason": last.change_reason,
            "valid_from": last.valid_from,
            "valid_to": ends[person_id],
            "recorded_at": clock.now(),
        }
        for person_id, last in force.items()
        if last.valid_from < ends[person_id]
    ]
    await insert_rows(session, Assignment, rows)


async def plan_due(
    session: AsyncSession, principal: Principal, when: Iterable[date | None]
) -> None:
    """Plans the job that acts on each day to come."""
    await days.plan(session, principal, DUE, when)


async def _refuse_unknown(session: AsyncSession, new: AssignmentCreate) -> None:
    if new.manager_id and not await _exists(session, Person, new.manager_id):
        raise UnknownPerson("/managerId: there is no such person")
    if new.org_unit_id and not await _exists(session, OrgUnit, new.org_unit_id):
        raise UnknownOrgUnit("/orgUnitId: there is no such unit")


async def _exists(session: AsyncSession, model: type[Person | OrgUnit], row_id: UUID) -> bool:
    return await session.scalar(select(model.id).where(model.id == row_id)) is not None
