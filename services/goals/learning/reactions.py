"""What this slice does when others tell something: learning comes in, and what waited finds its person."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from services.goals.events import handlers
from services.goals.learning import completions, queries
from services.goals.learning.events import CompletionTold, EnrolmentTold
from services.goals.people import queries as people
from services.goals.people.events import PersonSnapshot
from shared.events import Incoming
from shared.tenancy import Principal


@handlers.on("waymark.integrations.learning.completed.v1", group="learning")
async def receive_completions(
    session: AsyncSession, principal: Principal, events: Sequence[Incoming[CompletionTold]]
) -> None:
    await completions.receive_completions(session, principal, events)


@handlers.on("waymark.integrations.learning.enrolled.v1", group="learning")
async def receive_enrolments(
    session: AsyncSession, principal: Principal, events: Sequence[Incoming[EnrolmentTold]]
) -> None:
    await completions.receive_enrolments(session, principal, events)


@handlers.on("waymark.profile.person.*.v1", group="people")
async def resolve_completions(
    session: AsyncSession, principal: Principal, event: Incoming[PersonSnapshot]
) -> None:
    """Comes after the copy of the person, whose handler is registered first by being imported above."""
    names = await people.names_of(session, event.payload.person_id)
    if names:
        await completions.lock(session)
        waiting = await queries.unresolved_of_person(session, names)
        await completions.resolve(session, principal, waiting)
