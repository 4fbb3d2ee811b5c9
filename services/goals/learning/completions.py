"""An enrolment or completion as another system tells it: found, kept until it can be found, applied once."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.goals.learning import commands, queries
from services.goals.learning.events import CompletionTold, EnrolmentTold, LearningTold
from services.goals.learning.models import LearningResource, LearningUnresolved
from services.goals.learning.rules import RecordSource, ToldKind, WaitReason
from services.goals.people import queries as people
from shared import clock
from shared.events import Incoming
from shared.tenancy import Principal


@dataclass(frozen=True, slots=True)
class _Known:
    """Whom and what the words of a batch may mean."""

    names: people.Names
    catalogue: queries.Catalogue


async def lock(session: AsyncSession) -> None:
    """Whoever looks for a person or resource and whoever brings one take turns: none misses the other."""
    key = f"learning_unresolved:{session.info['tenant_id']}"
    await session.execute(_LOCK, {"key": key})


async def receive_completions(
    session: AsyncSession, principal: Principal, events: Sequence[Incoming[CompletionTold]]
) -> None:
    words = []
    for event in events:
        told, waiting = event.payload, _unresolved(event, event.payload, ToldKind.COMPLETION)
        waiting.said_at = told.said_at or told.completed_at
        waiting.completed_at, waiting.score = told.completed_at, told.score
        words.append(waiting)
    await _receive(session, principal, words)


async def receive_enrolments(
    session: AsyncSession, principal: Principal, events: Sequence[Incoming[EnrolmentTold]]
) -> None:
    words = []
    for event in events:
        told, waiting = event.payload, _unresolved(event, event.payload, ToldKind.ENROLMENT)
        waiting.said_at = told.said_at or told.enrolled_at
        waiting.enrolled_at, waiting.due_on = told.enrolled_at, told.due_on
        words.append(waiting)
    await _receive(session, principal, words)


async def resolve(
    session: AsyncSession, principal: Principal, waiting: Sequence[LearningUnresolved]
) -> None:
    """Applies and removes those whose person and resource are both known by now."""
    known = await _known(session, waiting)
    for each in waiting:
        reason = await _apply(session, principal, each, known)
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
    session: AsyncSession, principal: Principal, words: Sequence[LearningUnresolved]
) -> None:
    """Applies each, or keeps it until its person and its resource are known, instead of what was said before."""
    await lock(session)
    known = await _known(session, words)
    subjects = [each.subject for each in words]
    kept = select(LearningUnresolved.subject).where(LearningUnresolved.subject.in_(subjects))
    waiting = set(await session.scalars(kept))
    for word in words:
        if word.subject in waiting:
            await _replace(session, word)
        reason = await _apply(session, principal, word, known)
        if reason is not None:
            word.reason = reason
            await session.merge(word)
            waiting.add(word.subject)


async def _replace(session: AsyncSession, word: LearningUnresolved) -> None:
    await session.execute(
        delete(LearningUnresolved).where(
            LearningUnresolved.subject == word.subject,
            LearningUnresolved.kind == word.kind,
            LearningUnresolved.said_at <= word.said_at,
        )
    )


async def _known(session: AsyncSession, words: Sequence[LearningUnresolved]) -> _Known:
    values = {each.external_id for each in words} | {each.email for each in words}
    return _Known(
        await people.named(session, {each for each in values if each is not None}),
        await queries.with_codes(session, {each.code for each in words}),
    )


async def _apply(
    session: AsyncSession, principal: Principal, word: LearningUnresolved, known: _Known
) -> WaitReason | None:
    person_id = people.called(
        known.names, system=word.system, external_id=word.external_id, email=word.email
    )
    if person_id is None:
        return WaitReason.UNKNOWN_PERSON
    resource = queries.called(known.catalogue, provider=word.provider, code=word.code)
    if resource is None:
        return WaitReason.UNKNOWN_COURSE
    await _record(session, principal, word, person_id, resource)
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
