"""One's own check-ins that are planned, as moments of a calendar."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.feedback.accesses.commands import noted
from services.feedback.checkins.models import CheckIn
from services.feedback.checkins.queries import visible
from services.feedback.checkins.rules import CheckInState
from services.feedback.people.models import Person
from shared.calendars import Entry, calendar
from shared.problems import NotFound
from shared.tenancy import Principal

PLANNED = (CheckInState.SCHEDULED, CheckInState.PREPARED)


async def of_caller(session: AsyncSession, principal: Principal) -> str:
    """As employee or as manager; nothing of what is prepared or noted. Raises `NotFound` for who is no person."""
    if principal.person_id is None:
        raise NotFound
    found = await session.scalars(
        select(CheckIn).where(visible(principal, CheckIn), CheckIn.state.in_(PLANNED))
    )
    planned = found.all()
    await noted(session, principal, people={each.employee_id for each in planned})
    others = {each.id: _other(each, principal.person_id) for each in planned}
    names = await _names(session, others.values())
    return calendar(
        "Waymark check-ins",
        (
            Entry(
                uid=f"{each.id}@checkins.waymark",
                title=f"Check-in with {names.get(others[each.id], 'a colleague')}",
                at=each.scheduled_for,
                changed_at=each.updated_at,
                sequence=each.version,
            )
            for each in planned
        ),
    )


def _other(check_in: CheckIn, mine: UUID) -> UUID:
    return check_in.manager_id if check_in.employee_id == mine else check_in.employee_id


async def _names(session: AsyncSession, people: Iterable[UUID]) -> Mapping[UUID, str]:
    found = await session.execute(
        select(Person.id, Person.display_name).where(Person.id.in_(list(people)))
    )
    return {row.id: row.display_name for row in found}
