"""Writing check-ins: planning, the steps of its states, and what the two agree on."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from services.feedback.checkins import events, planning, queries
from services.feedback.checkins.models import Change, CheckIn
from services.feedback.checkins.rules import (
    STEPS,
    CheckInState,
    is_ahead,
    is_open,
    may_step,
)
from services.feedback.checkins.schemas import CheckInCreate, CheckInUpdate
from services.feedback.policy import CHECK_IN, POLICY
from services.feedback.tasks import preparing
from shared import clock
from shared.problems import Conflict, Forbidden, PreconditionFailed, StateTransition
from shared.tenancy import Principal


class NoManager(Conflict):
    """A check-in needs a manager."""


class CheckInClosed(Conflict):
    """A check-in that is over cannot change."""


class NotesNotSeen(Conflict):
    """Both must have seen the notes."""


async def schedule(
    session: AsyncSession, principal: Principal, *, wanted: CheckInCreate
) -> CheckIn:
    """Plans a talk of an employee with their manager of now.

    Raises `NotFound` when the caller is neither of them, `NoManager`.
    """
    employee_id = wanted.employee_id or principal.person_id
    await POLICY.require(session, principal, CHECK_IN, "SCHEDULE", employee_id)
    assert employee_id is not None
    manager_id = await queries.manager_of(session, employee_id)
    if manager_id is None:
        raise NoManager("Nobody is recorded as this person's manager. Have the HR data corrected.")
    return await planning.plan(
        session,
        principal,
        CheckIn(
            employee_id=employee_id,
            manager_id=manager_id,
            previous_id=None,
            cadence=wanted.cadence,
            scheduled_for=wanted.scheduled_for,
            priorities=wanted.priorities,
            goal_refs=[str(each) for each in wanted.goal_refs],
        ),
    )


async def revise(
    session: AsyncSession,
    principal: Principal,
    *,
    check_in_id: UUID,
    expected_version: int,
    wanted: CheckInUpdate,
) -> CheckIn:
    """Raises `NotFound`, `PreconditionFailed`, `CheckInClosed`, `Forbidden` for the other's notes."""
    check_in = await queries.get(session, principal, check_in_id, to_change=True)
    if check_in.version != expected_version:
        raise PreconditionFailed("It has changed since you read it. Read it again and repeat.")
    require_open(check_in)
    given = wanted.model_fields_set
    _refuse_others_notes(principal, check_in, given)
    replanned = bool(given & {"scheduled_for", "cadence"})
    if replanned:
        _refuse_replanning(check_in)
    _write_plan(check_in, wanted)
    _write_notes(check_in, wanted)
    await planning.touch(session, check_in)
    if replanned:
        await planning.watch(session, principal, check_in)
        await events.tell(session, principal, check_in, events.CheckInScheduled)
    await preparing.settle(session, principal, check_in)
    return check_in


async def prepare(session: AsyncSession, principal: Principal, *, check_in_id: UUID) -> CheckIn:
    """Either says: I am prepared. Raises `NotFound`, `StateTransition`."""
    check_in = await _step(session, principal, check_in_id, CheckInState.PREPARED)
    await planning.touch(session, check_in)
    await preparing.settle(session, principal, check_in, prepared=True)
    return check_in


async def hold(session: AsyncSession, principal: Principal, *, check_in_id: UUID) -> CheckIn:
    """The talk took place: the changes shown until now stay with it. Raises `NotFound`, `StateTransition`."""
    check_in = await _step(session, principal, check_in_id, CheckInState.HELD)
    check_in.held_at = clock.now()
    await planning.touch(session, check_in)
    await session.execute(
        update(Change)
        .where(Change.person_id == check_in.employee_id, Change.check_in_id.is_(None))
        .values(check_in_id=check_in.id)
    )
    await events.tell(session, principal, check_in, events.CheckInHeld)
    await preparing.settle(session, principal, check_in)
    return check_in


async def acknowledge(session: AsyncSession, principal: Principal, *, check_in_id: UUID) -> CheckIn:
    """The caller has seen the notes as they stand. Raises `NotFound`, `StateTransition` unless it is held."""
    check_in = await queries.get(session, principal, check_in_id, to_change=True)
    if check_in.state is not CheckInState.HELD:
        raise StateTransition(check_in.state, "notes seen", STEPS[check_in.state])
    _see(principal, check_in)
    await planning.touch(session, check_in)
    await preparing.settle(session, principal, check_in)
    return check_in


async def complete(session: AsyncSession, principal: Principal, *, check_in_id: UUID) -> CheckIn:
    """The caller confirms the notes, the other has done so; a recurring one plans the next.

    A manager who is no longer the manager is not waited for. Raises `NotFound`, `StateTransition`, `NotesNotSeen`.
    """
    check_in = await _step(session, principal, check_in_id, CheckInState.COMPLETED)
    _see(principal, check_in)
    if check_in.employee_seen_at is None:
        raise NotesNotSeen("The employee has not acknowledged the notes as they stand.")
    if check_in.manager_seen_at is None and await planning.is_pair(session, check_in):
        raise NotesNotSeen("The manager has not acknowledged the notes as they stand.")
    check_in.closed_at = clock.now()
    await planning.touch(session, check_in)
    await events.tell(session, principal, check_in, events.CheckInCompleted)
    await preparing.settle(session, principal, check_in)
    await planning.plan_next(session, principal, check_in)
    return check_in


async def cancel(session: AsyncSession, principal: Principal, *, check_in_id: UUID) -> CheckIn:
    """Ends the series too: to go on, move it to another time. Raises `NotFound`, `StateTransition`."""
    check_in = await _step(session, principal, check_in_id, CheckInState.CANCELLED)
    check_in.closed_at = clock.now()
    await planning.touch(session, check_in)
    await events.tell(session, principal, check_in, events.CheckInCancelled)
    await preparing.settle(session, principal, check_in)
    return check_in


async def miss(session: AsyncSession, principal: Principal, *, check_in_id: UUID) -> CheckIn:
    """The grace has passed; a recurring one plans the next. Raises `NotFound`, `StateTransition`."""
    check_in = await _step(session, principal, check_in_id, CheckInState.MISSED)
    check_in.closed_at = clock.now()
    await planning.touch(session, check_in)
    await events.tell(session, principal, check_in, events.CheckInMissed)
    await preparing.settle(session, principal, check_in)
    await planning.plan_next(session, principal, check_in)
    return check_in


def require_open(check_in: CheckIn) -> None:
    if not is_open(check_in.state):
        raise CheckInClosed(f"This check-in is {check_in.state}.")


async def _step(
    session: AsyncSession, principal: Principal, check_in_id: UUID, wanted: CheckInState
) -> CheckIn:
    check_in = await queries.get(session, principal, check_in_id, to_change=True)
    if not may_step(check_in.state, wanted):
        raise StateTransition(check_in.state, wanted, STEPS[check_in.state])
    check_in.state = wanted
    return check_in


def _see(principal: Principal, check_in: CheckIn) -> None:
    if principal.person_id == check_in.employee_id:
        check_in.employee_seen_at = clock.now()
    if principal.person_id == check_in.manager_id:
        check_in.manager_seen_at = clock.now()


def _refuse_others_notes(principal: Principal, check_in: CheckIn, given: Collection[str]) -> None:
    for name, author_id in (
        ("employee_notes", check_in.employee_id),
        ("manager_notes", check_in.manager_id),
    ):
        if name in given and principal.person_id != author_id:
            raise Forbidden("Each writes their own notes: you cannot write the other's.")


def _refuse_replanning(check_in: CheckIn) -> None:
    if not is_ahead(check_in.state):
        raise CheckInClosed("It has taken place: its time and cadence stay as they were.")


def _write_plan(check_in: CheckIn, wanted: CheckInUpdate) -> None:
    if wanted.scheduled_for is not None:
        check_in.scheduled_for = wanted.scheduled_for
    if wanted.cadence is not None:
        check_in.cadence = wanted.cadence
    if wanted.priorities is not None:
        check_in.priorities = wanted.priorities
    if wanted.goal_refs is not None:
        check_in.goal_refs = [str(each) for each in wanted.goal_refs]


def _write_notes(check_in: CheckIn, wanted: CheckInUpdate) -> None:
    """Changed notes have not been seen by the other; null empties them."""
    given = wanted.model_fields_set
    if "employee_notes" in given and wanted.employee_notes != check_in.employee_notes:
        check_in.employee_notes = wanted.employee_notes
        check_in.manager_seen_at = None
    if "manager_notes" in given and wanted.manager_notes != check_in.manager_notes:
        check_in.manager_notes = wanted.manager_notes
        check_in.employee_seen_at = None
