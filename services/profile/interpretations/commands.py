"""Writing what a result may mean for a person, and taking it away."""

from uuid import UUID

from sqlalchemy import and_, delete, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.assessments import queries as assessments
from services.profile.assessments.models import AssessmentResult, AssessmentSession
from services.profile.assessments.parts import PurposeLock
from services.profile.assessments.rules import SessionState
from services.profile.consents.models import ConsentGrant
from services.profile.consents.rules import CONFIDANTS, ConsentRole, ConsentScope
from services.profile.interpretations import queries
from services.profile.interpretations.interpreting import mark
from services.profile.interpretations.models import ConfidantInterpretation
from services.profile.interpretations.problems import NotForWordsOfOthers, OwnResult
from services.profile.interpretations.schemas import InterpretationWrite
from services.profile.people.models import Person
from shared import clock, sealing
from shared.ids import new_id
from shared.problems import NotFound
from shared.tenancy import Principal


async def write(
    session: AsyncSession, principal: Principal, *, result_id: UUID, new: InterpretationWrite
) -> tuple[ConfidantInterpretation, bool]:
    """By a counsellor or mentor to whom the person shows the result; answers it and whether it is new.

    Raises `NotFound`, `OwnResult`, `NotForWordsOfOthers`.
    """
    result = await assessments.result(session, principal, result_id)
    if principal.person_id is None:
        raise NotFound
    if result.person_id == principal.person_id:
        raise OwnResult("Only whom you let in interprets it here.")
    if result.purpose_lock is not PurposeLock.GUIDANCE_ONLY:
        raise NotForWordsOfOthers("What a skill test found is a score.")
    role = await _role(session, result, principal.person_id)
    await _take_turns(session, result.person_id)
    row = await _before(session, result_id, principal.person_id)
    is_new = row is None
    row = row or ConfidantInterpretation(
        id=new_id(),
        result_id=result_id,
        person_id=result.person_id,
        author_id=principal.person_id,
        written_at=clock.now(),
    )
    row.role, row.updated_at = role, clock.now()
    row.sealed = await sealing.keys_of(session).seal(
        session, result.person_id, new.text, bound_to=row.id.bytes
    )
    session.add(row)
    await _interpreted(session, result)
    await session.flush()
    return row, is_new


async def remove(session: AsyncSession, principal: Principal, *, interpretation_id: UUID) -> UUID:
    """Of which result. By the person whose result it is, or by who wrote it. Raises `NotFound`."""
    row = await queries.interpretation(session, principal, interpretation_id)
    wanted = delete(ConfidantInterpretation).where(ConfidantInterpretation.id == row.id)
    await session.execute(wanted)
    return row.result_id


async def _role(session: AsyncSession, result: AssessmentResult, author_id: UUID) -> ConsentRole:
    """In which part the person lets the author in. Raises `NotFound` when it has ended this moment."""
    row = ConsentGrant
    given = select(row.role).where(
        row.subject_id == result.person_id,
        row.grantee_id == author_id,
        row.scope == ConsentScope.ASSESSMENT_RESULT,
        row.role.in_(CONFIDANTS),
        row.revoked_at.is_(None),
        or_(row.until.is_(None), row.until > clock.now()),
        or_(row.object_id.is_(None), row.object_id == result.id),
    )
    newest = given.order_by(row.granted_at.desc(), row.id.desc()).limit(1)
    found = await session.scalar(newest)
    if found is None:
        raise NotFound
    return found


async def _take_turns(session: AsyncSession, person_id: UUID) -> None:
    """Two who write of one person's results; one author twice would make two rows."""
    theirs = select(Person.id).where(Person.id == person_id).with_for_update(key_share=True)
    await session.execute(theirs)


async def _before(
    session: AsyncSession, result_id: UUID, author_id: UUID
) -> ConfidantInterpretation | None:
    row = ConfidantInterpretation
    by_author = and_(row.result_id == result_id, row.author_id == author_id)
    return await session.scalar(
        select(row).where(by_author), execution_options={"populate_existing": True}
    )


async def _interpreted(session: AsyncSession, result: AssessmentResult) -> None:
    """Another publisher's report has no session, and what is interpreted stays so since when it is."""
    if result.session_id is None:
        return
    wanted = select(AssessmentSession).where(
        AssessmentSession.id == result.session_id,
        AssessmentSession.state == SessionState.SCORED,
    )
    assessment = await session.scalar(wanted.with_for_update())
    if assessment is not None:
        mark(assessment)
