"""Enrolling, completing, failing, giving up."""

from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.goals.goals import learned
from services.goals.goals.rules import Source
from services.goals.learning import queries, rules
from services.goals.learning.events import of_record
from services.goals.learning.models import LearningRecord, LearningResource
from services.goals.learning.rules import RecordSource, RecordState
from services.goals.learning.schemas import RecordCompletion
from services.goals.policy import POLICY
from shared import clock, events
from shared.ids import new_id
from shared.problems import Conflict, Invalid, NotFound, StateTransition
from shared.tenancy import Actor, Principal


class AlreadyEnrolled(Conflict):
    """This person has a record of this resource already."""


class Enrolment(NamedTuple):
    """When, until when it is to be done, and who says so."""

    enrolled_at: datetime
    due_on: date | None
    source: RecordSource


class Completion(NamedTuple):
    """When, how well, who says so, and which event told it."""

    completed_at: datetime
    score: float | None
    source: RecordSource
    event_id: UUID | None


async def enrol(
    session: AsyncSession, principal: Principal, *, resource_id: UUID, person_id: UUID | None
) -> LearningRecord:
    """Again after a failure or withdrawal. Raises `AlreadyEnrolled`, `NotFound`, `Forbidden`."""
    whose = person_id or principal.person_id
    if whose is None:
        raise NotFound
    await POLICY.require(session, principal, "LEARNING_RECORD", "CHANGE", whose)
    await queries.require_person(session, whose)
    resource = await queries.get_resource(session, principal, resource_id)
    record = await queries.record_of(session, whose, resource_id)
    if record is None:
        record = _new(whose, resource_id, _source(principal))
        session.add(record)
    elif RecordState.ENROLLED not in rules.steps_from(record.state):
        raise AlreadyEnrolled(f"The record {record.id} is {record.state.value}.")
    record.state, record.enrolled_at = RecordState.ENROLLED, clock.now()
    await _save(session, principal, record, resource)
    return record


async def complete(
    session: AsyncSession, principal: Principal, *, record_id: UUID, told: RecordCompletion
) -> LearningRecord:
    """Raises `StateTransition` when it is completed already."""
    record, resource = await queries.record_for_change(session, principal, record_id)
    completed_at = told.completed_at or clock.now()
    if completed_at > clock.now():
        raise Invalid.field("/completedAt", "cannot lie in the future")
    _step(record, RecordState.COMPLETED)
    await _complete(
        session,
        principal,
        record,
        resource,
        Completion(completed_at, told.score, _source(principal), None),
    )
    return record


async def move(
    session: AsyncSession, principal: Principal, *, record_id: UUID, wanted: RecordState
) -> LearningRecord:
    """Begins, fails or gives up. Raises `StateTransition`."""
    record, resource = await queries.record_for_change(session, principal, record_id)
    _step(record, wanted)
    await _save(session, principal, record, resource)
    return record


async def record_completion(
    session: AsyncSession,
    principal: Principal,
    *,
    person_id: UUID,
    resource: LearningResource,
    completion: Completion,
) -> None:
    """Completes the person's record, made if need be; a record that is completed stays as it is."""
    record = await queries.record_of(session, person_id, resource.id)
    if record is None:
        record = _new(person_id, resource.id, completion.source)
        session.add(record)
    elif record.state is RecordState.COMPLETED:
        return
    await _complete(session, principal, record, resource, completion)


async def record_enrolment(
    session: AsyncSession,
    principal: Principal,
    *,
    person_id: UUID,
    resource: LearningResource,
    enrolment: Enrolment,
) -> None:
    """Enrols the person, again after a failure or withdrawal; what is completed stays completed.

    Of a record that is under way the due day alone changes; an enrolment older than the record's own changes nothing.
    """
    record = await queries.record_of(session, person_id, resource.id)
    if record is None:
        record = _new(person_id, resource.id, enrolment.source)
        session.add(record)
    elif not _is_news(record, enrolment):
        return
    if record.state is not RecordState.IN_PROGRESS:
        record.state = RecordState.ENROLLED
    record.enrolled_at, record.due_on = enrolment.enrolled_at, enrolment.due_on
    await _save(session, principal, record, resource)


def _is_news(record: LearningRecord, enrolment: Enrolment) -> bool:
    if record.state is RecordState.COMPLETED:
        return False
    if record.enrolled_at is None or record.enrolled_at < enrolment.enrolled_at:
        return True
    under_way = RecordState.ENROLLED not in rules.steps_from(record.state)
    same = record.enrolled_at == enrolment.enrolled_at
    return same and under_way and record.due_on != enrolment.due_on


async def _complete(
    session: AsyncSession,
    principal: Principal,
    record: LearningRecord,
    resource: LearningResource,
    completion: Completion,
) -> None:
    record.state = RecordState.COMPLETED
    record.completed_at, record.score = completion.completed_at, completion.score
    record.source, record.source_event_id = completion.source, completion.event_id
    await _save(session, principal, record, resource)
    await learned.apply(
        session,
        principal,
        person_id=record.person_id,
        resource_id=resource.id,
        source=Source(completion.source.value),
    )


def _new(person_id: UUID, resource_id: UUID, source: RecordSource) -> LearningRecord:
    return LearningRecord(id=new_id(), person_id=person_id, resource_id=resource_id, source=source)


def _source(principal: Principal) -> RecordSource:
    return RecordSource.LMS if principal.actor is Actor.CLIENT else RecordSource.MANUAL


def _step(record: LearningRecord, wanted: RecordState) -> None:
    allowed = rules.steps_from(record.state)
    if wanted not in allowed:
        states = [each.value for each in allowed]
        raise StateTransition(record.state.value, wanted.value, states)
    record.state = wanted


async def _save(
    session: AsyncSession,
    principal: Principal,
    record: LearningRecord,
    resource: LearningResource,
) -> None:
    await session.flush()
    fact = of_record(record, resource)
    if fact is not None:
        await events.publish(session, principal, fact, subject=record.id, sequence=record.version)
