"""What learning systems told and cannot be done yet, for administrators: a page with the counts of all."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.goals.learning.models import LearningUnresolved
from services.goals.learning.rules import ToldKind
from services.goals.learning.schemas import (
    UnresolvedCount,
    UnresolvedList,
    UnresolvedRead,
    WaitsFor,
)
from services.goals.policy import POLICY
from shared.door import Acting, Transaction, router
from shared.paging import PageRequest, Paging, link_next, page_of
from shared.problems import Forbidden
from shared.tenancy import Principal

routes = router("/unresolved", "unresolved")


@routes.get("", response_model=UnresolvedList)
async def list_unresolved(
    request: Request,
    response: Response,
    session: Transaction,
    principal: Acting,
    page: Paging,
    kind: Annotated[ToldKind | None, Query(description="Only this kind.")] = None,
) -> UnresolvedList:
    """What learning systems told and cannot be done yet, with the reason and whom and what it means."""
    found, after = await waiting(session, principal, kind=kind, page=page)
    link_next(request, response, after)
    return found


async def waiting(
    session: AsyncSession, principal: Principal, *, kind: ToldKind | None, page: PageRequest
) -> tuple[UnresolvedList, UUID | None]:
    """A page with its key of the next one. Raises `Forbidden`."""
    if not await POLICY.may(session, principal, "UNRESOLVED", "READ", None):
        raise Forbidden("What waits is shown to administrators.")
    by = (LearningUnresolved.kind, LearningUnresolved.reason)
    rows = select(LearningUnresolved)
    counts = select(*by, func.count().label("count")).group_by(*by).order_by(*by)
    if kind:
        rows = rows.where(LearningUnresolved.kind == kind)
        counts = counts.where(LearningUnresolved.kind == kind)
    counted = [UnresolvedCount.model_validate(each) for each in await session.execute(counts)]
    found, after = await page_of(session, rows, key=LearningUnresolved.id, page=page)
    return UnresolvedList(counts=counted, entries=[_shown(each) for each in found]), after


def _shown(entry: LearningUnresolved) -> UnresolvedRead:
    return UnresolvedRead(
        id=entry.id,
        kind=entry.kind,
        reason=entry.reason,
        waits_for=WaitsFor.model_validate(entry),
        said_at=entry.said_at,
        waiting_since=entry.waiting_since,
    )
