"""Reading how connections are asked, what is still to be fetched, and the comparisons."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.gateway.integrations.connections import queries as connections
from services.gateway.integrations.connections.rules import Address
from services.gateway.integrations.fetching.models import ReconciliationRun, Source
from services.gateway.integrations.fetching.schemas import (
    FetchBackRead,
    ReconciliationRead,
    SourceRead,
)
from services.gateway.integrations.policy import DELIVERY, POLICY
from services.gateway.integrations.webhooks.models import FetchBackRequest
from services.gateway.integrations.webhooks.rules import FetchBackState
from shared.paging import PageRequest, page_of
from shared.problems import NotFound
from shared.tenancy import Principal


async def source(session: AsyncSession, principal: Principal, *, address: str) -> Source:
    """Raises `NotFound`, `Forbidden`."""
    connection = await connections.get(session, principal, address)
    found = await session.scalar(select(Source).where(Source.id == connection.id))
    if found is None:
        raise NotFound
    return found


async def runs(
    session: AsyncSession, principal: Principal, *, address: str, page: PageRequest
) -> tuple[Sequence[ReconciliationRun], UUID | None]:
    """Oldest first. Raises `NotFound`, `Forbidden`."""
    connection = await connections.get(session, principal, address)
    mine = select(ReconciliationRun).where(ReconciliationRun.connection_id == connection.id)
    return await page_of(session, mine, key=ReconciliationRun.id, page=page)


async def fetch_backs(
    session: AsyncSession,
    principal: Principal,
    *,
    connection: str | None,
    state: FetchBackState | None,
    page: PageRequest,
) -> tuple[Sequence[FetchBackRequest], UUID | None]:
    """Oldest first. Raises `NotFound` for who may see none."""
    await POLICY.require(session, principal, DELIVERY, "READ", None)
    rows = select(FetchBackRequest)
    if connection is not None:
        mine = Address.parse(connection).connection_id
        rows = rows.where(FetchBackRequest.connection_id == mine)
    if state is not None:
        rows = rows.where(FetchBackRequest.state == state)
    return await page_of(session, rows, key=FetchBackRequest.id, page=page)


def shown_source(row: Source) -> SourceRead:
    return SourceRead(
        connection_id=str(Address(row.tenant_id, row.id)),
        base_url=row.base_url,
        client_id=row.client_id,
        most_at_once=row.most_at_once,
        reconcile_hour=row.reconcile_hour,
        reconcile_at=row.reconcile_at,
        paused_until=row.paused_until,
        problem=row.problem,
        updated_at=row.updated_at,
    )


def shown_fetch_back(row: FetchBackRequest) -> FetchBackRead:
    names = FetchBackRead.model_fields.keys() - {"connection_id"}
    return FetchBackRead(
        connection_id=str(Address(row.tenant_id, row.connection_id)),
        **{name: getattr(row, name) for name in names},
    )


def shown_run(row: ReconciliationRun) -> ReconciliationRead:
    names = ReconciliationRead.model_fields.keys() - {"connection_id"}
    return ReconciliationRead(
        connection_id=str(Address(row.tenant_id, row.connection_id)),
        **{name: getattr(row, name) for name in names},
    )
