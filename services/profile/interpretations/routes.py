"""The doors of texts and of what counsellors and mentors write; they come before those of sessions."""

from collections.abc import Sequence
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import Body, Request, Response, status

from services.profile.accesses.commands import noted
from services.profile.assessments import queries as assessments
from services.profile.assessments import registering
from services.profile.assessments.result_routes import RESULTS
from services.profile.assessments.schemas import AssessmentRead
from services.profile.interpretations import commands, importing, interpreting, known_texts, queries
from services.profile.interpretations.models import ConfidantInterpretation
from services.profile.interpretations.schemas import (
    Interpret,
    InterpretationGone,
    InterpretationKept,
    InterpretationRead,
    InterpretationRow,
    InterpretationWrite,
    TextsRead,
)
from services.profile.people.unit_routes import BODY, NDJSON, DryRun
from services.profile.rowsets import AnyRow
from shared import bulk
from shared.door import Acting, Transaction, router

routes = router("/assessments", "interpretations")
of_instruments = router("/instruments", "interpretations")
bulk_routes = router("/imports", "imports")


@of_instruments.get("/{instrument_id}/interpretations", response_model=list[TextsRead])
async def list_texts(
    session: Transaction, principal: Acting, instrument_id: UUID
) -> list[TextsRead]:
    """What is said of the instrument's scores, in all languages; those that were brought come first."""
    found = await registering.instrument(session, principal, instrument_id)
    kept = await known_texts.of_instrument(session, (found.code, found.version))
    return [TextsRead(built_in=each.built_in, texts=each.texts) for each in kept]


@bulk_routes.post("/interpretations", responses={200: NDJSON}, openapi_extra=BODY)
async def import_interpretations(
    request: Request, session: Transaction, principal: Acting, dry_run: DryRun = False
) -> Response:
    """Texts by instrument, language and version; a version that was brought stays as it is."""
    await registering.allow(session, principal)
    return await bulk.run(
        request,
        session,
        row_model=InterpretationRow,
        key=importing.key_of,
        apply=partial(importing.apply, session),
        dry_run=dry_run,
    )


@routes.post("/{assessment_id}/interpret", response_model=AssessmentRead)
async def interpret_assessment(
    session: Transaction,
    principal: Acting,
    assessment_id: UUID,
    wanted: Annotated[Interpret | None, Body()] = None,
) -> AnyRow:
    """Puts one's own results into words anew, by the texts that there are today, in the language asked for."""
    locale = wanted.locale if wanted else None
    await interpreting.again(session, principal, assessment_id=assessment_id, locale=locale)
    return await assessments.one(session, principal, assessment_id)


@routes.get("/results/{result_id}/interpretations", response_model=list[InterpretationRead])
async def list_interpretations(
    session: Transaction, principal: Acting, result_id: UUID
) -> Sequence[InterpretationRead]:
    """What counsellors and mentors wrote of one's own result; of somebody else's, what one wrote oneself."""
    result = await assessments.result(session, principal, result_id)
    await noted(session, principal, what=RESULTS, people=[result.person_id])
    return await queries.of_result(session, principal, result_id=result.id)


@routes.put(
    "/results/{result_id}/interpretation",
    response_model=InterpretationKept,
    responses={201: {"model": InterpretationKept, "description": "Written for the first time."}},
)
async def write_interpretation(
    response: Response,
    session: Transaction,
    principal: Acting,
    result_id: UUID,
    new: InterpretationWrite,
) -> ConfidantInterpretation:
    """Says what a result that somebody shows you may mean; the two of you alone ever read it."""
    row, is_new = await commands.write(session, principal, result_id=result_id, new=new)
    if is_new:
        response.status_code = status.HTTP_201_CREATED
    return row


@routes.delete("/interpretations/{interpretation_id}", response_model=InterpretationGone)
async def remove_interpretation(
    session: Transaction, principal: Acting, interpretation_id: UUID
) -> InterpretationGone:
    """Removes for good what was said of one's own result, or what one said oneself."""
    result_id = await commands.remove(session, principal, interpretation_id=interpretation_id)
    return InterpretationGone(id=interpretation_id, result_id=result_id)
