"""When a pair parts, its talks to come are cancelled.

Only those planned before the event: told late or again, it says nothing of what was planned since.
"""

from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.feedback.checkins import commands
from services.feedback.checkins.models import CheckIn
from services.feedback.checkins.rules import CheckInState
from services.feedback.people.events import PERSON_EVENTS
from services.feedback.registry import handlers
from shared.events import Incoming, Payload
from shared.tenancy import Principal


class ManagerSnapshot(Payload):
    """Who leads the person now."""

    person_id: UUID
    status: str
    manager_id: UUID | None = None


@handlers.on(*PERSON_EVENTS, group="pairs")
async def part(
    session: AsyncSession, principal: Principal, event: Incoming[ManagerSnapshot]
) -> None:
    told = event.payload
    apart = CheckIn.manager_id.is_distinct_from(told.manager_id)
    if told.status == "TERMINATED":
        apart = CheckIn.manager_id.is_not(None)
    planned_before = CheckIn.created_at <= event.occurred_at
    ahead = or_(
        *(CheckIn.state == each for each in (CheckInState.SCHEDULED, CheckInState.PREPARED))
    )
    found = select(CheckIn.id).where(
        CheckIn.employee_id == told.person_id, ahead, apart, planned_before
    )
    for check_in_id in (await session.scalars(found)).all():
        await commands.cancel(session, principal, check_in_id=check_in_id)
