"""An enrolment or completion as another system tells it: found, kept until it can be found, applied once."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.goals.learning import commands, queries
from services.goals.learning.events import CompletionTold, EnrolmentTold, LearningTold
from services.goals.learning.models import LearningResource, LearningUnresolved
from services.goals.learning.rules import RecordSource, ToldKind, WaitReason
from services.goals.people import queries as people
from shared import clock
from shared.events import Incoming
from shared.tenancy import Principal


async def lock(session: AsyncSession) -> None:
    """Whoever looks for a person or resource and whoever brings one take turns: none misses the other."""
    key = f"learning_unresolved:{session.info['tenant_id']}"
    await session.execute(_LOCK, {"key": key})


async def receive_completion(
    session: AsyncSession, principal: Principal, event: Incoming[CompletionTold]
) -> None:
    told = event.payload
    waiting = _unresolved(event, told, ToldKind.COMPLETION)
    waiting.said_at = told.said_at or told.completed_at
    waiting.completed_at, waiting.score = told.completed_at, told.score
    await _receive(session, principal, waiting)


async def receive_enrolment(
    session: AsyncSession, principal: Principal, event: Incoming[EnrolmentTold]
) -> None:
    told = event.payload
    waiting = _unresolved(event, told, ToldKind.ENROLMENT)
    waiting.said_at = told.said_at or told.enrolled_at
    waiting.enrolled_at, waiting.due_on = told.enrolled_at, told.due_on
    await _receive(session, principal, waiting)


async def resolve(
    session: AsyncSession, principal: Principal, waiting: Sequence[LearningUnresolved]
) -> None:
    """Applies and removes those whose person and resource are both known by now."""
    for each in waiting:
        reason = await _apply(session, principal, each)
        if reason is None:
            await session.delete(each)
        else:
            each.reason = reason
    await session.flush()


def _unresolved(
    event: Incoming[CompletionTold] | Incoming[EnrolmentTold], told: LearningTold, kind: ToldKind
) -> LearningUnresolved:
    email = told.person.email
    return LearningUnresolved(
        tenant_id=event.tenant_id,
        id=event.id,
        kind=kind,
        subject=event.subject,
        system=told.system,
        external_id=told.person.external_id,
        email=email.lower() if email else None,
        provider=told.course.provider,
        code=told.course.code,
        waiting_since=clock.now(),
    )


async def _receive(
    session: AsyncSession, principal: Principal, waiting: LearningUnresolved
) -> None:
    """Applies it, or keeps it until its person and its resource are known, instead of what was said before."""
    await lock(session)
    await session.execute(
        delete(LearningUnresolved).where(
            LearningUnresolved.subject == waiting.subject,
            LearningUnresolved.kind == waiting.kind,
            LearningUnresolved.said_at <= waiting.said_at,
        )
    )
    reason = await _apply(session, principal, waiting)
    if reason is not None:
        waiting.reason = reason
        await session.merge(waiting)


async def _apply(
    session: AsyncSession, principal: Principal, waiting: LearningUnresolved
) -> WaitReason | None:
    person_id = await people.called(
        session, system=waiting.system, external_id=waiting.external_id, email=waiting.email
    )
    if person_id is None:
        return WaitReason.UNKNOWN_PERSON
    resource = await queries.called(session, provider=waiting.provider, code=waiting.code)
    if resource is None:
        return WaitReason.UNKNOWN_COURSE
    await _record(session, principal, waiting, person_id, resource)
    return None


async def _record(
    session: AsyncSession,
    principal: Principal,
    waiting: LearningUnresolved,
    person_id: UUID,
    resource: LearningResource,
) -> None:
    if waiting.completed_at is not None:
        completion = commands.Completion(
            waiting.completed_at, waiting.score, RecordSource.LMS, waiting.id
        )
        await commands.record_completion(
            session, principal, person_id=person_id, resource=resource, completion=completion
        )
    elif waiting.enrolled_at is not None:
        enrolment = commands.Enrolment(waiting.enrolled_at, waiting.due_on, RecordSource.LMS)
        await commands.record_enrolment(
            session, principal, person_id=person_id, resource=resource, enrolment=enrolment
        )


_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))")
