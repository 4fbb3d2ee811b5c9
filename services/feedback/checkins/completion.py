"""How many check-ins took place: all that HR and the line above a pair may know of them."""

from datetime import UTC, date, datetime, time
from uuid import UUID

from sqlalchemy import Select, distinct, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.feedback.checkins.models import CheckIn
from services.feedback.checkins.rules import SMALLEST_GROUP, CheckInState
from services.feedback.checkins.schemas import CompletionRead
from services.feedback.people.models import UNIT_TREE, Person
from services.feedback.policy import COMPLETION, POLICY
from shared.problems import NotFound
from shared.tenancy import Principal


async def of_unit(
    session: AsyncSession, principal: Principal, *, org_unit_id: UUID, since: date, until: date
) -> CompletionRead:
    """Counts over those people of the unit and below it whom the caller stands above, days in UTC, `until` included.

    Only people with a check-in due in that time count towards the five that a number takes.
    Raises `NotFound` when the caller stands above nobody there.
    """
    members = (
        select(Person.id)
        .join(UNIT_TREE, UNIT_TREE.c.descendant_id == Person.org_unit_id)
        .where(UNIT_TREE.c.ancestor_id == org_unit_id)
        .where(POLICY.visible(principal, COMPLETION, "READ", Person.id))
    )
    if await session.scalar(members.limit(1)) is None:
        raise NotFound
    people, due, completed, missed = await _counts(session, members, since, until)
    enough = people >= SMALLEST_GROUP
    return CompletionRead(
        org_unit_id=org_unit_id,
        since=since,
        until=until,
        people=people if enough else None,
        due=due if enough else None,
        completed=completed if enough else None,
        missed=missed if enough else None,
        suppressed_reason=None if enough else f"FEWER_THAN_{SMALLEST_GROUP}_PEOPLE",
    )


async def _counts(
    session: AsyncSession, members: Select[UUID], since: date, until: date
) -> tuple[int, int, int, int]:
    """People with a check-in, check-ins, those that took place, those that were missed."""
    took_place = CheckIn.state.in_((CheckInState.HELD, CheckInState.COMPLETED))
    counted = select(
        func.count(distinct(CheckIn.employee_id)),
        func.count(),
        func.count().filter(took_place),
        func.count().filter(CheckIn.state == CheckInState.MISSED),
    ).where(
        CheckIn.employee_id.in_(members),
        CheckIn.state != CheckInState.CANCELLED,
        CheckIn.scheduled_for >= datetime.combine(since, time.min, UTC),
        CheckIn.scheduled_for <= datetime.combine(until, time.max, UTC),
    )
    people, due, completed, missed = (await session.execute(counted)).one()
    return people, due, completed, missed
