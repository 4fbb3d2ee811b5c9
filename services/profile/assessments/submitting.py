"""Handing in: answers become a result in the same transaction, which only the person sees."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.assessments import (
    accumulating,
    answering,
    competency,
    measuring,
    queries,
    registry,
    reporting,
    sealed,
)
from services.profile.assessments.answers import unanswered
from services.profile.assessments.events import AssessmentScored, AssessmentSubmitted, tell
from services.profile.assessments.instruments import Instrument
from services.profile.assessments.models import AssessmentResult, AssessmentSession
from services.profile.assessments.parts import PurposeLock
from services.profile.assessments.preferences import derive
from services.profile.assessments.problems import AnswersMissing
from services.profile.assessments.rules import HANDED_IN, Origin, SessionState, valid_until
from services.profile.assessments.scoring import NotScorable, Scored, score
from services.profile.interpretations import interpreting
from shared import clock
from shared.ids import new_id
from shared.problems import Invalid
from shared.sealing import Vault
from shared.tenancy import Principal


async def submit(
    session: AsyncSession,
    principal: Principal,
    vault: Vault,
    *,
    assessment_id: UUID,
    norm_group: str | None = None,
) -> None:
    """Again changes nothing. Raises `NotFound`, `StateTransition`, `SessionIsOver`, `AnswersMissing`, `Invalid`."""
    assessment = await queries.own(session, principal, assessment_id, locked=True)
    if assessment.state in HANDED_IN:
        return
    answering.refuse_unless_under_way(assessment, SessionState.SUBMITTED)
    given = await sealed.answers(session, assessment.id, assessment.person_id)
    answers = answering.answered(given)
    instrument = await answering.instrument_of(session, assessment)
    _refuse_gaps(instrument, assessment, answers)
    assessment.state, assessment.submitted_at = SessionState.SUBMITTED, clock.now()
    assessment.closed_at, assessment.closed_by = clock.now(), assessment.person_id
    await tell(session, principal, assessment, AssessmentSubmitted)
    interpreted = False
    if instrument is None:
        await competency.record(session, principal, assessment, answers)
    elif instrument.scales:
        scored = await _scored(session, assessment, instrument, given, norm_group)
        interpreted = await _keep_all(session, vault, assessment, instrument, scored, answers)
    else:
        return
    assessment.state, assessment.scored_on = SessionState.SCORED, clock.today()
    await tell(session, principal, assessment, AssessmentScored)
    if interpreted:
        interpreting.mark(assessment)


def _refuse_gaps(
    instrument: Instrument | None, assessment: AssessmentSession, answers: Mapping[str, Any]
) -> None:
    if instrument is None:
        missing = [key for key in assessment.skill_ids if key not in answers]
    else:
        missing = unanswered(instrument, answers)
    if missing:
        errors = [{"pointer": f"/answers/{key}", "detail": "answer it"} for key in missing]
        raise AnswersMissing(
            f"{len(missing)} of the items still need an answer: {', '.join(missing[:10])}"
            f"{', …' if len(missing) > 10 else ''}.",
            errors=errors,
        )


async def _scored(
    session: AsyncSession,
    assessment: AssessmentSession,
    instrument: Instrument,
    given: sealed.Given,
    norm_group: str | None,
) -> Scored:
    """Raises `Invalid` for a norm group that there is not."""
    assert assessment.instrument_id is not None
    try:
        return score(
            instrument,
            answering.answered(given),
            timings=answering.timings(given),
            norm_group=norm_group,
            reliability=await accumulating.known(session, assessment.instrument_id),
        )
    except NotScorable as refused:
        raise Invalid.field("/normGroup", str(refused)) from None


async def _keep_all(
    session: AsyncSession,
    vault: Vault,
    assessment: AssessmentSession,
    instrument: Instrument,
    scored: Scored,
    answers: Mapping[str, Any],
) -> bool:
    """Answers whether there are words for any of it."""
    instrument_id = assessment.instrument_id
    assert instrument_id is not None
    report = reporting.of_scored(instrument, scored)
    interpreted = await _keep(session, assessment, instrument_id, instrument, report)
    await accumulating.add(
        session, vault, instrument_id=instrument_id, instrument=instrument, answers=answers
    )
    if instrument.purpose_lock is PurposeLock.ASSESSMENT:
        await measuring.record(session, assessment, scored)
        return interpreted
    return await _derive(session, assessment, scored) or interpreted


async def _derive(session: AsyncSession, assessment: AssessmentSession, scored: Scored) -> bool:
    """What the tenant's or the package's type-like instruments read off these traits."""
    interpreted = False
    for each in await registry.derived_from(session, scored.instrument):
        if preferences := derive(each.instrument, scored):
            report = reporting.of_preferences(each.instrument, preferences)
            words = await _keep(session, assessment, each.id, each.instrument, report)
            interpreted = interpreted or words
    return interpreted


async def _keep(
    session: AsyncSession,
    assessment: AssessmentSession,
    instrument_id: UUID,
    instrument: Instrument,
    report: Mapping[str, Any],
) -> bool:
    words = await interpreting.in_words(session, assessment.person_id, instrument, report)
    today = clock.today()
    result = AssessmentResult(
        id=new_id(),
        person_id=assessment.person_id,
        session_id=assessment.id,
        instrument_id=instrument_id,
        code=instrument.code,
        kind=instrument.kind,
        purpose_lock=instrument.purpose_lock,
        origin=Origin.SCORED,
        taken_on=today,
        valid_until=valid_until(today, instrument.valid_days),
        recorded_at=clock.now(),
    )
    report = {**report, interpreting.MEMBER: words}
    if instrument.purpose_lock is PurposeLock.ASSESSMENT:
        report["flags"] = []  # they are for the person alone
    await interpreting.keep(session, result, report)
    session.add(result)
    await session.flush()
    return words is not None
