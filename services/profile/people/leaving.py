"""Somebody leaves, as an HR system tells it: on the day, and nothing of their history is lost."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.people import assigning, commands, events, references, upserting
from services.profile.people.models import Person
from services.profile.people.rules import PersonStatus
from services.profile.people.standing import settle
from services.profile.people.told import TerminationTold
from services.profile.rowsets import AnyRow, update_rows
from services.profile.unresolved import commands as unresolved
from services.profile.unresolved.commands import Word, resolves, word_of
from services.profile.unresolved.models import Unresolved
from services.profile.unresolved.rules import Kind, Obstacle, Reason
from shared import clock
from shared.tenancy import Principal


async def apply(session: AsyncSession, principal: Principal, word: Word[TerminationTold]) -> None:
    """Ends the employment on its day; a word older than the last one about the status changes nothing."""
    await references.lock(session)
    match = await references.find(session, word.told.system, word.told.person)
    obstacle = match.obstacle
    if match.person is not None:
        obstacle = await _end(session, principal, match.person, word.told)
    if obstacle:
        await unresolved.keep(session, Kind.TERMINATION, word, obstacle)
    else:
        await unresolved.let_go(session, Kind.TERMINATION, word.subject)


@resolves(Kind.TERMINATION)
async def resolve(session: AsyncSession, principal: Principal, entry: Unresolved) -> None:
    await apply(session, principal, word_of(entry, TerminationTold))


async def _end(
    session: AsyncSession, principal: Principal, person: AnyRow, told: TerminationTold
) -> Obstacle | None:
    day, today = told.termination_date, clock.today()
    left = person.status is PersonStatus.TERMINATED
    if person.status_said_at and told.said_at < person.status_said_at:
        return None
    if person.hire_date and day < person.hire_date:
        return Obstacle(Reason.BEFORE_HIRE, blocked_by=person.id)
    if left and day > today:
        return Obstacle(Reason.NOT_EMPLOYED, blocked_by=person.id)
    await upserting.said_status(session, person.id, told)
    if day == person.termination_date and (left or day > today):
        return None
    row: dict[str, Any] = {"id": person.id, "termination_date": day}
    await update_rows(session, Person, [row])
    if day <= today and not left:
        await commands.end_employment(session, principal, people={person.id: day})
        return None
    if left:
        await assigning.close(session, {person.id: day})
    await assigning.plan_due(session, principal, [day])
    await settle(session, principal, told={person.id: [events.PersonUpdated]}, today=today)
    return None
