"""The tasks of a check-in follow its state, within the transaction of each step."""

from datetime import UTC

from sqlalchemy.ext.asyncio import AsyncSession

from services.feedback.checkins import queries
from services.feedback.checkins.models import CheckIn
from services.feedback.checkins.rules import CheckInState
from services.feedback.tasks import commands
from services.feedback.tasks.models import Task
from services.feedback.tasks.rules import TaskKind, Wanted
from shared.tenancy import Principal


async def settle(
    session: AsyncSession, principal: Principal, check_in: CheckIn, *, prepared: bool = False
) -> None:
    """`prepared` says that the caller has just said so: the other one still may."""
    there = await commands.of_subject(session, check_in.id)
    wanted: Wanted = {}
    match check_in.state:
        case CheckInState.SCHEDULED | CheckInState.PREPARED:
            wanted = _to_prepare(check_in, there)
        case CheckInState.HELD:
            wanted = await _to_complete(session, check_in)
    if prepared:
        wanted = {key: due for key, due in wanted.items() if key[0] != principal.person_id}
    await commands.settle(session, principal, subject_id=check_in.id, there=there, wanted=wanted)


def _to_prepare(check_in: CheckIn, there: list[Task]) -> Wanted:
    """Both, by the talk's day in UTC; nobody again who was prepared before."""
    due_on = check_in.scheduled_for.astimezone(UTC).date()
    ready = {task.person_id for task in there if task.closed_at is not None}
    pair = (check_in.employee_id, check_in.manager_id)
    return {(each, TaskKind.PREPARE_CHECK_IN): due_on for each in pair if each not in ready}


async def _to_complete(session: AsyncSession, check_in: CheckIn) -> Wanted:
    """Who has not seen the notes as they stand, or else both; a former manager is not waited for."""
    seen_at = {check_in.employee_id: check_in.employee_seen_at}
    if await queries.manager_of(session, check_in.employee_id) == check_in.manager_id:
        seen_at[check_in.manager_id] = check_in.manager_seen_at
    unseen = [each for each, instant in seen_at.items() if instant is None]
    return {(each, TaskKind.COMPLETE_CHECK_IN): None for each in unseen or seen_at}
