"""A completion as another system tells it: found, kept until it can be found, applied once."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.goals.learning import commands, queries
from services.goals.learning.events import CompletionTold
from services.goals.learning.models import LearningUnresolved
from services.goals.learning.rules import RecordSource
from services.goals.people import queries as people
from shared.tenancy import Principal


async def receive(
    session: AsyncSession, principal: Principal, event_id: UUID, told: CompletionTold
) -> None:
    """Applies the completion, or keeps it until its person and its resource are known."""
    email = told.person.email
    waiting = LearningUnresolved(
        tenant_id=principal.tenant_id,
        id=event_id,
        system=told.system,
        external_id=told.person.external_id,
        email=email.lower() if email else None,
        provider=told.course.provider,
        code=told.course.code,
        completed_at=told.completed_at,
        score=told.score,
    )
    if not await _apply(session, principal, waiting):
        await session.merge(waiting)


async def resolve(
    session: AsyncSession, principal: Principal, waiting: Sequence[LearningUnresolved]
) -> None:
    """Applies and removes those whose person and resource are both known by now."""
    for each in waiting:
        if await _apply(session, principal, each):
            await session.delete(each)
    await session.flush()


async def _apply(session: AsyncSession, principal: Principal, waiting: LearningUnresolved) -> bool:
    person_id = await people.called(
        session, system=waiting.system, external_id=waiting.external_id, email=waiting.email
    )
    resource = await queries.called(session, provider=waiting.provider, code=waiting.code)
    if person_id is None or resource is None:
        return False
    await commands.record_completion(
        session,
        principal,
        person_id=person_id,
        resource=resource,
        completion=commands.Completion(
            waiting.completed_at, waiting.score, RecordSource.LMS, waiting.id
        ),
    )
    return True
