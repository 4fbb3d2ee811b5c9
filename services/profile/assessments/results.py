"""What a person does with results: records another publisher's, shows one to a confidant, removes one."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.assessments import queries, registry, reporting, sealed, validity
from services.profile.assessments.instruments import GUIDANCE_KINDS
from services.profile.assessments.models import AssessmentResult
from services.profile.assessments.parts import PurposeLock
from services.profile.assessments.problems import (
    InstrumentNotInUse,
    ResultNotShareable,
    UnknownInstrument,
)
from services.profile.assessments.registry import Registered
from services.profile.assessments.rules import Origin
from services.profile.assessments.schemas import (
    ExternalResultCreate,
    ResultRead,
    Retake,
    ShareCreate,
)
from services.profile.consents import commands as consents
from services.profile.consents.models import ConsentGrant
from services.profile.consents.rules import ConsentScope
from services.profile.consents.schemas import ConsentCreate
from services.profile.interpretations.models import ConfidantInterpretation
from services.profile.policy import POLICY
from services.profile.rowsets import AnyRow
from shared import clock
from shared.ids import new_id
from shared.problems import Forbidden, Invalid, NotFound
from shared.tenancy import Principal


async def record_external(
    session: AsyncSession, principal: Principal, *, new: ExternalResultCreate
) -> AssessmentResult:
    """One's own, for guidance alone, whatever it was taken for. Raises `NotFound`, `Invalid`."""
    person_id = principal.person_id
    if person_id is None:
        raise NotFound
    known = await _external(session, new.instrument_id) if new.instrument_id else None
    kind = known.instrument.kind if known else new.kind
    if kind not in GUIDANCE_KINDS:
        kinds = ", ".join(sorted(GUIDANCE_KINDS))
        raise Invalid.field("/kind", f"use one of {kinds}; skills are shown as assertions")
    if new.taken_on > clock.today():
        raise Invalid.field("/takenOn", "must not lie in the future")
    result = AssessmentResult(
        id=new_id(),
        person_id=person_id,
        instrument_id=new.instrument_id,
        code=known.instrument.code if known else None,
        kind=kind,
        purpose_lock=PurposeLock.GUIDANCE_ONLY,
        origin=Origin.EXTERNAL,
        taken_on=new.taken_on,
        recorded_at=clock.now(),
    )
    report = reporting.of_external(new, known.instrument if known else None)
    result.sealed = await sealed.seal_result(session, person_id, result.id, report)
    session.add(result)
    await session.flush()
    return result


async def share(
    session: AsyncSession, principal: Principal, *, result_id: UUID, new: ShareCreate
) -> ConsentGrant:
    """With a counsellor or mentor who neither leads the person nor is their HR. Raises `NotFound`, `Invalid`, …"""
    result = await _own(session, principal, result_id)
    if result.purpose_lock is not PurposeLock.GUIDANCE_ONLY:
        raise ResultNotShareable("Your manager and your HR partner see its score as it is.")
    wanted = ConsentCreate(
        scope=ConsentScope.ASSESSMENT_RESULT, object_id=result_id, **new.model_dump()
    )
    consent, _ = await consents.grant(session, principal, person_id=result.person_id, new=wanted)
    return consent


async def remove(session: AsyncSession, principal: Principal, *, result_id: UUID) -> None:
    """What is for one's own guidance is one's own to remove. Raises `NotFound`, `Forbidden`."""
    result = await _own(session, principal, result_id)
    if result.purpose_lock is not PurposeLock.GUIDANCE_ONLY:
        raise Forbidden("What a skill test found stays.")
    said = delete(ConfidantInterpretation).where(ConfidantInterpretation.result_id == result_id)
    await session.execute(said)
    await session.execute(delete(AssessmentResult).where(AssessmentResult.id == result_id))


async def read(session: AsyncSession, result: AssessmentResult) -> ResultRead:
    """With its report opened, for whom a query has shown it to."""
    (found,) = await read_many(session, [result])
    return found


async def read_many(session: AsyncSession, found: Sequence[AssessmentResult]) -> list[ResultRead]:
    """In their order, each with its report opened and whether it holds today."""
    terms = await validity.of(session, [each.id for each in found]) if found else {}
    return [await _read(session, each, terms[each.id]) for each in found]


async def _read(session: AsyncSession, result: AssessmentResult, term: AnyRow) -> ResultRead:
    names = set(ResultRead.model_fields) - {"report", "outdated", "retake"}
    members: dict[str, Any] = {name: getattr(result, name) for name in names}
    members |= {"report": await sealed.opened(session, result), "outdated": term.outdated}
    if term.retake_instrument_id is not None:
        members["retake"] = Retake(instrument_id=term.retake_instrument_id, on=term.retake_on)
    return ResultRead.model_validate(members)


async def _external(session: AsyncSession, instrument_id: UUID) -> Registered:
    """Raises `UnknownInstrument`, `InstrumentNotInUse`."""
    found = await registry.find(session, instrument_id)
    if found is None:
        raise UnknownInstrument("/instrumentId: there is no such instrument")
    if not found.instrument.licence.external_only:
        raise InstrumentNotInUse(f"{found.instrument.name} is taken here: begin a session.")
    return found


async def _own(session: AsyncSession, principal: Principal, result_id: UUID) -> AssessmentResult:
    """Raises `NotFound`, `Forbidden`."""
    result = await queries.result(session, principal, result_id)
    if not await POLICY.may(session, principal, "ASSESSMENT", "READ", result.person_id):
        raise Forbidden("Only the person decides who sees their result.")
    return result
