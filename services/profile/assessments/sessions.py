"""Asking somebody, beginning, calling off."""

from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.assessments import competency, expiry, queries, registry
from services.profile.assessments.events import (
    AssessmentAssigned,
    AssessmentCancelled,
    AssessmentFact,
    AssessmentStarted,
    tell,
)
from services.profile.assessments.models import AssessmentSession
from services.profile.assessments.parts import Kind, PurposeLock
from services.profile.assessments.problems import (
    AlreadyAssigned,
    AlreadyUnderWay,
    CoolDown,
    InstrumentNotInUse,
    SessionIsOver,
    UnknownInstrument,
)
from services.profile.assessments.registry import Registered
from services.profile.assessments.rules import (
    OPEN,
    SELF_COMPETENCY_CODE,
    STEPS,
    InstrumentStatus,
    SessionState,
    again_on,
    last_day,
)
from services.profile.assessments.schemas import AssessmentCreate, AssessmentStart, Subject
from services.profile.people import queries as people
from services.profile.people.models import Person
from services.profile.policy import POLICY
from shared import clock
from shared.ids import new_id
from shared.problems import Forbidden, Invalid, NotFound, StateTransition
from shared.tenancy import Principal


async def assign(session: AsyncSession, principal: Principal, *, new: AssessmentCreate) -> UUID:
    """Raises `NotFound`, `Forbidden`, `UnknownInstrument`, `InstrumentNotInUse`, `AlreadyAssigned`, `Invalid`."""
    asker = _person(principal)
    person_id = new.person_id or asker
    await people.person(session, principal, person_id)
    if not await POLICY.may(session, principal, "ASSESSMENT", "ASSIGN", person_id):
        raise Forbidden("Only the person themself and their HR partner plan an assessment.")
    if new.due_on is not None and new.due_on < clock.today():
        raise Invalid.field("/dueOn", "must not lie in the past")
    await _lock(session, person_id)
    assessment = await _made(session, person_id, asker, new)
    await _refuse_second(session, principal, assessment)
    assessment.due_on = assessment.last_on = new.due_on
    await _added(session, principal, assessment, AssessmentAssigned)
    return assessment.id


async def start(session: AsyncSession, principal: Principal, *, wanted: AssessmentStart) -> UUID:
    """What has begun already is gone on with.

    Raises `NotFound`, `SessionIsOver`, `StateTransition`, `AlreadyUnderWay`, `CoolDown`, `UnknownInstrument`, …
    """
    person_id = _person(principal)
    await _lock(session, person_id)
    if wanted.assessment_id is None:
        return await _start_own(session, principal, person_id, wanted)
    assessment = await queries.own(session, principal, wanted.assessment_id, locked=True)
    if assessment.state is SessionState.IN_PROGRESS:
        return assessment.id
    refuse_late(assessment, clock.today())
    await _begin(session, principal, assessment)
    return assessment.id


async def cancel(session: AsyncSession, principal: Principal, *, assessment_id: UUID) -> None:
    """By the person, or by HR what HR assigned; what was answered goes. Raises `NotFound`, `StateTransition`.

    What the person declined is open in HR's eyes, so HR may call it off like any other.
    """
    await _lock(session, (await queries.one(session, principal, assessment_id)).person_id)
    seen = await queries.one(session, principal, assessment_id)
    locked = select(AssessmentSession).where(AssessmentSession.id == assessment_id)
    assessment = (await session.scalars(locked.with_for_update())).one()
    if seen.state not in OPEN:
        raise StateTransition(seen.state, SessionState.CANCELLED, ())
    await close(session, assessment, SessionState.CANCELLED, by=_person(principal))
    await tell(session, principal, assessment, AssessmentCancelled)


async def close(
    session: AsyncSession, assessment: AssessmentSession, state: SessionState, *, by: UUID | None
) -> None:
    """Answers to what will never be handed in serve nothing and go."""
    assessment.state = state
    assessment.closed_at, assessment.closed_by = clock.now(), by
    await expiry.forget_answers(session, assessment)


def refuse_late(assessment: AssessmentSession, today: date) -> None:
    """Raises `SessionIsOver`; the job that closes it may not have come by yet."""
    if assessment.last_on is not None and assessment.last_on < today:
        raise SessionIsOver(f"Its last day was {assessment.last_on.isoformat()}. Begin a new one.")


async def _start_own(
    session: AsyncSession, principal: Principal, person_id: UUID, wanted: Subject
) -> UUID:
    assessment = await _made(session, person_id, person_id, wanted)
    if (under_way := await _under_way(session, assessment)) is not None:
        return under_way.id
    session.add(assessment)
    await _begin(session, principal, assessment)
    return assessment.id


async def _begin(
    session: AsyncSession, principal: Principal, assessment: AssessmentSession
) -> None:
    if SessionState.IN_PROGRESS not in STEPS[assessment.state]:
        raise StateTransition(assessment.state, SessionState.IN_PROGRESS, STEPS[assessment.state])
    with session.no_autoflush:
        if (other := await _under_way(session, assessment)) is not None:
            raise AlreadyUnderWay(other.id)
        found = await _in_use(session, assessment.instrument_id)
        instrument = found.instrument if found else None
        today = clock.today()
        if instrument is not None:
            await _refuse_early(session, assessment, instrument.cool_down_days)
        assessment.attempt = await _attempts(session, assessment) + 1
    assessment.content_hash = found.content_hash if found else None
    assessment.last_on = last_day(
        assessment.due_on, instrument.expires_days if instrument else None, started_on=today
    )
    assessment.state, assessment.started_at = SessionState.IN_PROGRESS, clock.now()
    await tell(session, principal, assessment, AssessmentStarted)
    await expiry.plan(session, principal, assessment.last_on)


async def _added(
    session: AsyncSession,
    principal: Principal,
    assessment: AssessmentSession,
    fact: type[AssessmentFact],
) -> None:
    session.add(assessment)
    await tell(session, principal, assessment, fact)
    await expiry.plan(session, principal, assessment.last_on)


async def _made(
    session: AsyncSession, person_id: UUID, asker: UUID, wanted: Subject
) -> AssessmentSession:
    found = await _in_use(session, wanted.instrument_id)
    skills = await competency.checked(session, wanted.skill_ids or [])
    return AssessmentSession(
        id=new_id(),
        person_id=person_id,
        instrument_id=found.id if found else None,
        code=found.instrument.code if found else SELF_COMPETENCY_CODE,
        name=found.instrument.name if found else "Rate your skills",
        kind=found.instrument.kind if found else Kind.SELF_COMPETENCY,
        purpose_lock=found.instrument.purpose_lock if found else PurposeLock.ASSESSMENT,
        skill_ids=skills,
        state=SessionState.ASSIGNED,
        assigned_by=asker,
        assigned_at=clock.now(),
        sequence=0,
    )


async def _in_use(session: AsyncSession, instrument_id: UUID | None) -> Registered | None:
    if instrument_id is None:
        return None
    found = await registry.find(session, instrument_id)
    if found is None:
        raise UnknownInstrument("/instrumentId: there is no such instrument")
    if found.status is not InstrumentStatus.PUBLISHED or not found.instrument.items:
        raise InstrumentNotInUse(f"{found.instrument.name} is not taken here now.")
    return found


async def _refuse_second(
    session: AsyncSession, principal: Principal, assessment: AssessmentSession
) -> None:
    """Whoever asks learns of what they see anyway: HR neither of what the person does alone, nor that they declined."""
    seen = queries.sessions(principal).c
    by_themself = assessment.assigned_by == assessment.person_id
    open_ones = select(seen.id).where(
        seen.person_id == assessment.person_id,
        seen.instrument_id == assessment.instrument_id,
        seen.state.in_([state.value for state in OPEN]),
        (seen.assigned_by == seen.person_id) == by_themself,
    )
    if (await session.execute(open_ones.limit(1))).first() is not None:
        raise AlreadyAssigned("Wait until it is done or its last day has passed, or cancel it.")


async def _under_way(
    session: AsyncSession, assessment: AssessmentSession
) -> AssessmentSession | None:
    """One with the same instrument, or with the same skills."""
    last_on = AssessmentSession.last_on
    return await session.scalar(
        select(AssessmentSession)
        .where(
            _same(assessment),
            AssessmentSession.id != assessment.id,
            AssessmentSession.skill_ids == assessment.skill_ids,
            AssessmentSession.state == SessionState.IN_PROGRESS,
            or_(last_on.is_(None), last_on >= clock.today()),
        )
        .limit(1)
    )


async def _refuse_early(
    session: AsyncSession, assessment: AssessmentSession, cool_down_days: int
) -> None:
    last = select(func.max(AssessmentSession.scored_on)).where(_same(assessment))
    day = again_on(await session.scalar(last), cool_down_days)
    if day is not None and clock.today() < day:
        raise CoolDown(day)


async def _attempts(session: AsyncSession, assessment: AssessmentSession) -> int:
    begun = select(func.count()).where(_same(assessment), AssessmentSession.started_at.is_not(None))
    return (await session.execute(begun)).scalar_one()


def _same(assessment: AssessmentSession) -> ColumnElement[bool]:
    return and_(
        AssessmentSession.person_id == assessment.person_id,
        AssessmentSession.code == assessment.code,
    )


async def _lock(session: AsyncSession, person_id: UUID) -> None:
    """One person's sessions take turns."""
    mine = select(Person.id).where(Person.id == person_id).with_for_update(key_share=True)
    await session.execute(mine)


def _person(principal: Principal) -> UUID:
    """Machine clients take and assign nothing."""
    if principal.person_id is None:
        raise NotFound
    return principal.person_id
