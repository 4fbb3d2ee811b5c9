"""The facts of check-ins: that a talk is planned or took place, never what was said."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.feedback.checkins.models import CheckIn
from services.feedback.checkins.rules import Cadence, CheckInState
from shared import events
from shared.events import Fact
from shared.tenancy import Principal


class CheckInFact(Fact):
    """The snapshot that every fact of a check-in carries."""

    check_in_id: UUID
    employee_id: UUID
    manager_id: UUID
    previous_id: UUID | None
    cadence: Cadence
    scheduled_for: datetime
    state: CheckInState
    held_at: datetime | None


class CheckInScheduled(CheckInFact, type="waymark.feedback.check_in.scheduled.v1"):
    """Planned, or moved to another time."""


class CheckInHeld(CheckInFact, type="waymark.feedback.check_in.held.v1"):
    """The pair has talked."""


class CheckInCompleted(CheckInFact, type="waymark.feedback.check_in.completed.v1"):
    """Both have seen the notes."""


class CheckInMissed(CheckInFact, type="waymark.feedback.check_in.missed.v1"):
    """The grace has passed without a talk."""


class CheckInCancelled(CheckInFact, type="waymark.feedback.check_in.cancelled.v1"):
    """It will not take place."""


FACTS = (CheckInScheduled, CheckInHeld, CheckInCompleted, CheckInMissed, CheckInCancelled)


async def tell(
    session: AsyncSession, principal: Principal, check_in: CheckIn, fact: type[CheckInFact]
) -> None:
    """Publishes the check-in as it is; its row must have been flushed, its version is the sequence."""
    told = fact(
        check_in_id=check_in.id,
        employee_id=check_in.employee_id,
        manager_id=check_in.manager_id,
        previous_id=check_in.previous_id,
        cadence=check_in.cadence,
        scheduled_for=check_in.scheduled_for,
        state=check_in.state,
        held_at=check_in.held_at,
    )
    await events.publish(session, principal, told, subject=check_in.id, sequence=check_in.version)
