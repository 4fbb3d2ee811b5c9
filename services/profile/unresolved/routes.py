"""The door of what waits."""

from typing import Annotated

from fastapi import Query, Request, Response

from services.profile.unresolved import queries
from services.profile.unresolved.rules import Kind
from services.profile.unresolved.schemas import UnresolvedList
from shared.door import Acting, Transaction, router
from shared.paging import Paging, link_next

routes = router("/unresolved", "unresolved")


@routes.get("", response_model=UnresolvedList)
async def list_unresolved(
    request: Request,
    response: Response,
    session: Transaction,
    principal: Acting,
    page: Paging,
    kind: Annotated[Kind | None, Query(description="Only this kind.")] = None,
) -> UnresolvedList:
    """What other systems told and cannot be done yet, with the reason and what it waits for."""
    found, after = await queries.waiting(session, principal, kind=kind, page=page)
    link_next(request, response, after)
    return found
