"""/connections/{id}/fetching, /connections/{id}/reconciliations and /fetch-backs."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response

from services.gateway.integrations.connections.routes import NotKeyed
from services.gateway.integrations.fetching import commands, queries
from services.gateway.integrations.fetching.schemas import (
    FetchBackRead,
    ReconcileWanted,
    ReconciliationRead,
    SourceRead,
    SourceSet,
)
from services.gateway.integrations.sealing import Sealing
from services.gateway.integrations.subscriptions.addressing import Rules
from services.gateway.integrations.webhooks.rules import FetchBackState
from shared.door import Acting, Transaction, router
from shared.paging import Paging, link_next

sources = router("/connections", "connections")
fetch_backs = router("/fetch-backs", "connections")


@sources.put("/{connection_id}/fetching", dependencies=[NotKeyed])
async def set_source(
    session: Transaction,
    principal: Acting,
    vault: Sealing,
    rules: Rules,
    connection_id: str,
    wanted: SourceSet,
) -> SourceRead:
    """Where and as whom the connection's system is asked for what its webhooks do not say."""
    source = await commands.set_up(
        session, principal, vault, address=connection_id, wanted=wanted, rules=rules
    )
    return queries.shown_source(source)


@sources.get("/{connection_id}/fetching")
async def read_source(session: Transaction, principal: Acting, connection_id: str) -> SourceRead:
    """How the connection's system is asked, without the secret."""
    return queries.shown_source(await queries.source(session, principal, address=connection_id))


@sources.delete("/{connection_id}/fetching", status_code=204)
async def delete_source(session: Transaction, principal: Acting, connection_id: str) -> None:
    """Asks no more, and forgets the secret."""
    await commands.remove(session, principal, address=connection_id)


@sources.post("/{connection_id}/reconcile", status_code=202)
async def reconcile_connection(
    session: Transaction,
    principal: Acting,
    connection_id: str,
    wanted: ReconcileWanted | None = None,
) -> ReconciliationRead:
    """Compares the system's whole listing with what was told, as every night; one at a time."""
    approved = (wanted or ReconcileWanted()).approve_terminations
    run = await commands.reconcile(session, principal, address=connection_id, approved=approved)
    return queries.shown_run(run)


@sources.get("/{connection_id}/reconciliations")
async def list_reconciliations(
    request: Request,
    response: Response,
    session: Transaction,
    principal: Acting,
    paging: Paging,
    connection_id: str,
) -> list[ReconciliationRead]:
    """What each comparison saw and told."""
    rows, after = await queries.runs(session, principal, address=connection_id, page=paging)
    link_next(request, response, after)
    return [queries.shown_run(row) for row in rows]


@fetch_backs.get("")
async def list_fetch_backs(
    request: Request,
    response: Response,
    session: Transaction,
    principal: Acting,
    paging: Paging,
    connection: Annotated[str | None, Query(alias="connectionId")] = None,
    state: FetchBackState | None = None,
) -> list[FetchBackRead]:
    """What webhooks hinted at, and what became of asking for it."""
    rows, after = await queries.fetch_backs(
        session, principal, connection=connection, state=state, page=paging
    )
    link_next(request, response, after)
    return [queries.shown_fetch_back(row) for row in rows]


@fetch_backs.post("/{request_id}/replay")
async def replay_fetch_back(
    session: Transaction, principal: Acting, request_id: UUID
) -> FetchBackRead:
    """Asks again for what was given up, gone or refused."""
    row = await commands.replay(session, principal, request_id=request_id)
    return queries.shown_fetch_back(row)


@fetch_backs.post("/{request_id}/approve")
async def approve_fetch_back(
    session: Transaction, principal: Acting, request_id: UUID
) -> FetchBackRead:
    """Lets leavers through that are held."""
    row = await commands.approve(session, principal, request_id=request_id)
    return queries.shown_fetch_back(row)


@fetch_backs.post("/{request_id}/reject")
async def reject_fetch_back(
    session: Transaction, principal: Acting, request_id: UUID
) -> FetchBackRead:
    """Refuses leavers that are held."""
    row = await commands.reject(session, principal, request_id=request_id)
    return queries.shown_fetch_back(row)
