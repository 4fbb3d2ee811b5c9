"""The doors of sessions. What a write answers says how far a session is; answers are read, one's own alone."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import Query, Response, status
from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.assessments import answering, queries, sessions, submitting
from services.profile.assessments.schemas import (
    AnswersGiven,
    AssessmentCreate,
    AssessmentRead,
    AssessmentStart,
    AssessmentSubmit,
    AssessmentWhole,
)
from services.profile.rowsets import AnyRow
from shared.door import Acting, Transaction, router
from shared.problems import NotFound
from shared.sealing.vault import Sealing
from shared.tenancy import Principal

routes = router("/assessments", "assessments")


@routes.get("", response_model=list[AssessmentRead])
async def list_assessments(
    session: Transaction,
    principal: Acting,
    person_id: Annotated[UUID | None, Query(alias="personId")] = None,
) -> Sequence[AnyRow]:
    """One's own sessions, or those that HR assigned to somebody; the newest first."""
    if (whose := person_id or principal.person_id) is None:
        raise NotFound
    return await queries.of_person(session, principal, person_id=whose)


@routes.post("", response_model=AssessmentRead, status_code=status.HTTP_201_CREATED)
async def assign_assessment(
    response: Response, session: Transaction, principal: Acting, new: AssessmentCreate
) -> AnyRow:
    """Plans a session: one's own, or as HR somebody's."""
    made = await sessions.assign(session, principal, new=new)
    response.headers["Location"] = f"/assessments/{made}"
    return await queries.one(session, principal, made)


@routes.post("/start", response_model=AssessmentRead)
async def start_assessment(
    session: Transaction, principal: Acting, wanted: AssessmentStart
) -> AnyRow:
    """Begins what one was assigned, or something of one's own; what has begun is gone on with."""
    return await _read(session, principal, await sessions.start(session, principal, wanted=wanted))


@routes.get("/{assessment_id}", response_model=AssessmentWhole | AssessmentRead)
async def read_assessment(
    session: Transaction, principal: Acting, assessment_id: UUID
) -> AssessmentWhole | AssessmentRead:
    """One's own with what is saved so far; to HR how far it is."""
    return await answering.whole(session, principal, assessment_id=assessment_id)


@routes.patch("/{assessment_id}/answers", response_model=AssessmentRead)
async def save_answers(
    session: Transaction, principal: Acting, assessment_id: UUID, given: AnswersGiven
) -> AnyRow:
    """Saves some answers; those of other items stay."""
    await answering.save(session, principal, assessment_id=assessment_id, given=given.answers)
    return await _read(session, principal, assessment_id)


@routes.post("/{assessment_id}/submit", response_model=AssessmentRead)
async def submit_assessment(
    session: Transaction,
    principal: Acting,
    vault: Sealing,
    assessment_id: UUID,
    wanted: AssessmentSubmit | None = None,
) -> AnyRow:
    """Hands it in; the result is there at once. Again changes nothing."""
    await submitting.submit(
        session,
        principal,
        vault,
        assessment_id=assessment_id,
        norm_group=wanted.norm_group if wanted else None,
    )
    return await _read(session, principal, assessment_id)


@routes.post("/{assessment_id}/cancel", response_model=AssessmentRead)
async def cancel_assessment(session: Transaction, principal: Acting, assessment_id: UUID) -> AnyRow:
    """Declines it, or calls off what one assigned; what was answered goes."""
    await sessions.cancel(session, principal, assessment_id=assessment_id)
    return await _read(session, principal, assessment_id)


async def _read(session: AsyncSession, principal: Principal, assessment_id: UUID) -> AnyRow:
    return await queries.one(session, principal, assessment_id)
