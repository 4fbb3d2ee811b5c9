"""`/crosswalks`: frameworks that were replaced, and what became of the requirements of roles."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Request, Response

from services.goals.crosswalks import queries
from services.goals.crosswalks.models import Crosswalk
from services.goals.crosswalks.rules import Outcome
from services.goals.crosswalks.schemas import (
    CrosswalkDetail,
    CrosswalkRead,
    MovedRequirementRead,
)
from shared.door import Acting, Transaction, router
from shared.paging import Paging, link_next

routes = router("/crosswalks", "crosswalks")


@routes.get("", response_model=list[CrosswalkRead])
async def list_crosswalks(
    request: Request, response: Response, session: Transaction, principal: Acting, page: Paging
) -> Sequence[Crosswalk]:
    """All replaced frameworks."""
    found, after = await queries.listed(session, principal, page=page)
    link_next(request, response, after)
    return found


@routes.get("/{crosswalk_id}", response_model=CrosswalkDetail)
async def get_crosswalk(
    session: Transaction, principal: Acting, crosswalk_id: UUID
) -> Mapping[str, Any]:
    """How far the roles have followed, and how many requirements wait for somebody's decision."""
    return await queries.get_one(session, principal, crosswalk_id)


@routes.get("/{crosswalk_id}/requirements", response_model=list[MovedRequirementRead])
async def list_requirements(
    request: Request,
    response: Response,
    session: Transaction,
    principal: Acting,
    page: Paging,
    crosswalk_id: UUID,
    outcome: Annotated[Outcome | None, Query(description="Only those with this outcome.")] = None,
) -> Sequence[Mapping[str, Any]]:
    """What became of each requirement, beside the skills of the new framework that are related to it."""
    found, after = await queries.requirements(
        session, principal, crosswalk_id=crosswalk_id, outcome=outcome, page=page
    )
    link_next(request, response, after)
    return found
