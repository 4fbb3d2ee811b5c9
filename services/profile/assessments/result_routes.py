"""The doors of results: they come before those of sessions, whose paths would swallow theirs."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response, status

from services.profile.accesses.commands import noted
from services.profile.assessments import occupation_values, occupations, queries, results
from services.profile.assessments.models import AssessmentResult
from services.profile.assessments.occupation_values import OccupationByValues
from services.profile.assessments.occupations import CompatibleOccupation
from services.profile.assessments.schemas import (
    ExternalResultCreate,
    ResultKept,
    ResultRead,
    ShareCreate,
)
from services.profile.consents.models import ConsentGrant
from services.profile.consents.schemas import ConsentRead
from shared.door import Acting, Transaction, router
from shared.paging import Paging, link_next
from shared.problems import NotFound

routes = router("/assessments", "assessments")
RESULTS = "ASSESSMENT_RESULTS"
"""As the access log calls them."""


@routes.get("/results", response_model=list[ResultRead])
async def list_results(
    request: Request,
    response: Response,
    session: Transaction,
    principal: Acting,
    page: Paging,
    person_id: Annotated[UUID | None, Query(alias="personId")] = None,
) -> list[ResultRead]:
    """One's own results, or those of somebody who has let one in; of skill tests also the team's."""
    if (whose := person_id or principal.person_id) is None:
        raise NotFound
    found, after = await queries.results(session, principal, person_id=whose, page=page)
    await noted(session, principal, what=RESULTS, people={each.person_id for each in found})
    link_next(request, response, after)
    return await results.read_many(session, found)


@routes.post("/results", response_model=ResultKept, status_code=status.HTTP_201_CREATED)
async def record_external_result(
    response: Response, session: Transaction, principal: Acting, new: ExternalResultCreate
) -> AssessmentResult:
    """Keeps what another publisher's report says of oneself."""
    result = await results.record_external(session, principal, new=new)
    response.headers["Location"] = f"/assessments/results/{result.id}"
    return result


@routes.get("/results/{result_id}", response_model=ResultRead)
async def read_result(session: Transaction, principal: Acting, result_id: UUID) -> ResultRead:
    """One result with its report."""
    found = await queries.result(session, principal, result_id)
    await noted(session, principal, what=RESULTS, people=[found.person_id])
    return await results.read(session, found)


@routes.delete("/results/{result_id}", status_code=status.HTTP_204_NO_CONTENT)
async def remove_result(session: Transaction, principal: Acting, result_id: UUID) -> None:
    """Removes one of one's own results for guidance, for good."""
    await results.remove(session, principal, result_id=result_id)


@routes.post(
    "/results/{result_id}/shares",
    response_model=ConsentRead,
    status_code=status.HTTP_201_CREATED,
)
async def share_result(
    response: Response, session: Transaction, principal: Acting, result_id: UUID, new: ShareCreate
) -> ConsentGrant:
    """Shows a result to a counsellor or mentor; `POST /consents/{id}/revoke` takes it back at once."""
    consent = await results.share(session, principal, result_id=result_id, new=new)
    response.headers["Location"] = f"/consents/{consent.id}"
    return consent


@routes.get("/compatible-occupations", response_model=list[CompatibleOccupation])
async def list_compatible_occupations(
    session: Transaction,
    principal: Acting,
    first: Annotated[int, Query(ge=1, le=100, description="How many at most.")] = 20,
) -> list[CompatibleOccupation]:
    """The occupations whose interests run most like one's own, best first; nobody else sees them."""
    if principal.person_id is None:
        raise NotFound
    return await occupations.compatible(session, principal, first=first)


@routes.get("/occupations-by-values", response_model=list[OccupationByValues])
async def list_occupations_by_values(
    session: Transaction,
    principal: Acting,
    first: Annotated[int, Query(ge=1, le=100, description="How many at most.")] = 20,
) -> list[OccupationByValues]:
    """The occupations that offer what one wants of work in the order in which one wants it; nobody else sees them."""
    if principal.person_id is None:
        raise NotFound
    return await occupation_values.compatible(session, principal, first=first)
