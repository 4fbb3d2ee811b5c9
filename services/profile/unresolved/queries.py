"""Reading what waits, for administrators."""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.policy import POLICY
from services.profile.unresolved.models import Unresolved
from services.profile.unresolved.rules import Kind
from services.profile.unresolved.schemas import (
    UnresolvedCount,
    UnresolvedList,
    UnresolvedRead,
    WaitsFor,
)
from shared.paging import PageRequest, page_of
from shared.problems import Forbidden
from shared.tenancy import Principal


async def waiting(
    session: AsyncSession, principal: Principal, *, kind: Kind | None, page: PageRequest
) -> tuple[UnresolvedList, UUID | None]:
    """A page with its key of the next one. Raises `Forbidden`."""
    if not await POLICY.may(session, principal, "UNRESOLVED", "READ", None):
        raise Forbidden("What waits is shown to administrators.")
    rows = select(Unresolved)
    counts = select(Unresolved.kind, Unresolved.reason, func.count().label("count"))
    if kind:
        rows, counts = rows.where(Unresolved.kind == kind), counts.where(Unresolved.kind == kind)
    grouped = counts.group_by(Unresolved.kind, Unresolved.reason)
    ordered = grouped.order_by(Unresolved.kind, Unresolved.reason)
    counted = [UnresolvedCount.model_validate(each) for each in await session.execute(ordered)]
    found, after = await page_of(session, rows, key=Unresolved.id, page=page)
    return UnresolvedList(counts=counted, entries=[_shown(each) for each in found]), after


def _shown(entry: Unresolved) -> UnresolvedRead:
    awaited = entry.awaited
    waits = awaited and WaitsFor(
        kind=awaited, system=entry.system, value=entry.value, email=entry.email
    )
    return UnresolvedRead(
        id=entry.id,
        kind=entry.kind,
        reason=entry.reason,
        waits_for=waits,
        said_at=entry.said_at,
        waiting_since=entry.waiting_since,
    )
