"""Putting a check-in on the calendar: the first of a pair, and the next of a series."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.feedback.checkins import events, queries
from services.feedback.checkins.models import CheckIn
from services.feedback.checkins.rules import CheckInState, missed_from, next_time
from services.feedback.tasks import preparing
from shared import clock, jobs
from shared.ids import new_id
from shared.tenancy import Principal

DEADLINE = "checkins.deadline"


async def plan(session: AsyncSession, principal: Principal, check_in: CheckIn) -> CheckIn:
    """Stores a new check-in, watches its deadline and tells of it."""
    check_in.id = new_id()
    check_in.state = CheckInState.SCHEDULED
    check_in.created_at = check_in.updated_at = clock.now()
    session.add(check_in)
    await session.flush()
    await watch(session, principal, check_in)
    await events.tell(session, principal, check_in, events.CheckInScheduled)
    await preparing.settle(session, principal, check_in)
    return check_in


async def plan_next(session: AsyncSession, principal: Principal, last: CheckIn) -> None:
    """The next of the series, unless the pair has parted or has another one ahead already."""
    upcoming = next_time(last.scheduled_for, last.cadence, after=clock.now())
    if upcoming is None or not await is_pair(session, last):
        return
    if await queries.has_one_ahead(
        session, employee_id=last.employee_id, manager_id=last.manager_id
    ):
        return
    following = CheckIn(
        employee_id=last.employee_id,
        manager_id=last.manager_id,
        previous_id=last.id,
        cadence=last.cadence,
        scheduled_for=upcoming,
        priorities=[],
        goal_refs=last.goal_refs,
    )
    await plan(session, principal, following)


async def watch(session: AsyncSession, principal: Principal, check_in: CheckIn) -> None:
    """One timed job a check-in, so that nobody must search all tenants for what was missed."""
    due = missed_from(check_in.scheduled_for, check_in.created_at)
    await jobs.enqueue(
        session,
        principal,
        name=DEADLINE,
        arguments={"id": str(check_in.id)},
        dedupe_key=str(check_in.id),
        delay=max(due - clock.now(), timedelta(0)),
    )


async def touch(session: AsyncSession, check_in: CheckIn) -> None:
    """Counts the version up, also when only something that hangs on the check-in has changed."""
    check_in.updated_at = clock.now()
    await session.flush()


async def is_pair(session: AsyncSession, check_in: CheckIn) -> bool:
    """Whether the manager of the check-in is the employee's manager now."""
    manager_id: UUID | None = await queries.manager_of(session, check_in.employee_id)
    return manager_id == check_in.manager_id
