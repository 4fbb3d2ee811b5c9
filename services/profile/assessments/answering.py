"""Saving answers bit by bit, and reading one's own."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.assessments import competency, queries, registry, sealed
from services.profile.assessments.answers import wrong
from services.profile.assessments.instruments import Instrument
from services.profile.assessments.models import AssessmentSession
from services.profile.assessments.problems import InstrumentNotInUse, WrongAnswers
from services.profile.assessments.rules import STEPS, SessionState
from services.profile.assessments.schemas import AnswerGiven, AssessmentRead, AssessmentWhole
from services.profile.assessments.sealed import Given
from services.profile.assessments.sessions import refuse_late
from shared import clock
from shared.problems import StateTransition
from shared.tenancy import Principal

FORMS = ("value", "choice", "ranking", "text")


async def save(
    session: AsyncSession,
    principal: Principal,
    *,
    assessment_id: UUID,
    given: Sequence[AnswerGiven],
) -> None:
    """Lays these answers over those that are saved.

    Raises `NotFound`, `StateTransition`, `SessionIsOver`, `WrongAnswers`.
    """
    assessment = await queries.own(session, principal, assessment_id, locked=True)
    refuse_unless_under_way(assessment, SessionState.SUBMITTED)
    known = await sealed.answers(session, assessment.id, assessment.person_id)
    new = {each.item: each.model_dump(mode="json", exclude_none=True) for each in given}
    await _refuse_wrong(session, assessment, given, answered(new))
    kept = {key: each for key, each in (known | new).items() if _value(each) is not None}
    await sealed.keep_answers(session, assessment.id, assessment.person_id, kept)


async def whole(
    session: AsyncSession, principal: Principal, *, assessment_id: UUID
) -> AssessmentWhole | AssessmentRead:
    """One's own with its answers; of somebody else's how far it is. Raises `NotFound`."""
    row = await queries.one(session, principal, assessment_id)
    read = AssessmentRead.model_validate(row)
    if principal.person_id != read.person_id:
        return read
    assessment = await queries.own(session, principal, assessment_id)
    saved = await sealed.answers(session, assessment.id, assessment.person_id)
    return AssessmentWhole.model_validate(
        read.model_dump()
        | {
            "answers": list(saved.values()),
            "skill_items": await competency.items(session, assessment),
        }
    )


def answered(given: Given) -> dict[str, Any]:
    """Item key → answer, as `answers.py` and the scoring take it."""
    return {key: value for key, each in given.items() if (value := _value(each)) is not None}


def timings(given: Given) -> dict[str, float]:
    return {key: each["seconds"] for key, each in given.items() if "seconds" in each}


def refuse_unless_under_way(assessment: AssessmentSession, wanted: SessionState) -> None:
    """Raises `StateTransition`, `SessionIsOver`."""
    if assessment.state is not SessionState.IN_PROGRESS:
        raise StateTransition(assessment.state, wanted, STEPS[assessment.state])
    refuse_late(assessment, clock.today())


async def instrument_of(session: AsyncSession, assessment: AssessmentSession) -> Instrument | None:
    """What the session is answered with, unchanged since it began; None where skills are rated."""
    if assessment.instrument_id is None:
        return None
    found = await registry.find(session, assessment.instrument_id)
    if found is None or found.content_hash != assessment.content_hash:
        raise InstrumentNotInUse("The instrument is not the one that you began with. Start anew.")
    return found.instrument


async def _refuse_wrong(
    session: AsyncSession,
    assessment: AssessmentSession,
    given: Sequence[AnswerGiven],
    answers: Mapping[str, Any],
) -> None:
    instrument = await instrument_of(session, assessment)
    if instrument is None:
        faults = await competency.faults(session, assessment, answers)
    else:
        faults = {each.key: each.sentence for each in wrong(instrument, answers)}
    places = {each.item: place for place, each in enumerate(given)}
    errors = [
        {"pointer": f"/answers/{places[key]}", "detail": sentence}
        for key, sentence in faults.items()
    ]
    if errors:
        told = "; ".join(f"{each['pointer']}: {each['detail']}" for each in errors)
        raise WrongAnswers(told, errors=errors)


def _value(each: Mapping[str, Any]) -> Any:
    return next((each[name] for name in FORMS if each.get(name) is not None), None)
