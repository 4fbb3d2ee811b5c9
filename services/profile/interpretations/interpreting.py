"""A result in words: when it is scored, and again when its person asks."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.assessments import queries as assessments
from services.profile.assessments import registry, sealed
from services.profile.assessments.instruments import Instrument
from services.profile.assessments.models import AssessmentResult, AssessmentSession
from services.profile.assessments.parts import PurposeLock
from services.profile.assessments.rules import STEPS, SessionState
from services.profile.interpretations import known_texts
from services.profile.interpretations.problems import NoTexts
from services.profile.interpretations.rules import interpret
from shared import clock
from shared.problems import StateTransition
from shared.tenancy import Principal

MEMBER = "interpretation"
"""Of a report."""


async def in_words(
    session: AsyncSession,
    person_id: UUID,
    instrument: Instrument,
    report: Mapping[str, Any],
    *,
    locale: str | None = None,
) -> dict[str, Any] | None:
    """With the version and the language of the texts; None where there are none for anything that was scored."""
    name = (instrument.code, instrument.version)
    texts = await known_texts.speaking_to(session, person_id, name, locale=locale)
    if texts is None or not (scales := interpret(report, texts)):
        return None
    return {
        "textVersion": texts.version,
        "locale": texts.locale,
        "source": texts.source,
        "introduction": texts.introduction,
        "interpretedAt": clock.now().isoformat(),
        "scales": scales,
    }


async def again(
    session: AsyncSession, principal: Principal, *, assessment_id: UUID, locale: str | None
) -> None:
    """One's own results of a session by the texts of today; the words of before go.

    Raises `NotFound`, `StateTransition`, `NoTexts`.
    """
    assessment = await assessments.own(session, principal, assessment_id, locked=True)
    if SessionState.INTERPRETED not in STEPS[assessment.state]:
        raise StateTransition(assessment.state, SessionState.INTERPRETED, STEPS[assessment.state])
    results = select(AssessmentResult).where(AssessmentResult.session_id == assessment_id)
    found = (await session.scalars(results.with_for_update())).all()
    said = [await _say_again(session, each, locale) for each in found]
    if not any(said):
        raise NoTexts("Nobody has written texts for it yet. A counsellor or mentor may.")
    mark(assessment)


def mark(assessment: AssessmentSession) -> None:
    """That there are words; the moment is that of the last."""
    assessment.state, assessment.interpreted_at = SessionState.INTERPRETED, clock.now()


async def _say_again(session: AsyncSession, result: AssessmentResult, locale: str | None) -> bool:
    found = await registry.find(session, result.instrument_id) if result.instrument_id else None
    report = await sealed.opened(session, result)
    if found is None or not report:
        return False
    words = await in_words(session, result.person_id, found.instrument, report, locale=locale)
    if words is not None:
        await keep(session, result, {**report, MEMBER: words})
    return words is not None


async def keep(session: AsyncSession, result: AssessmentResult, report: Mapping[str, Any]) -> None:
    """What is for guidance alone is sealed; what a skill test found stands in the open."""
    if result.purpose_lock is PurposeLock.ASSESSMENT:
        result.scores = {**report}
    else:
        result.sealed = await sealed.seal_result(session, result.person_id, result.id, report)
