"""Setting up how a connection is asked, wanting a comparison, and deciding about what could not be fetched or told."""

from datetime import datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.gateway.integrations.connections import queries as connections
from services.gateway.integrations.connections.commands import ConnectionDisabled
from services.gateway.integrations.connections.models import Connection
from services.gateway.integrations.connections.rules import ConnectionState
from services.gateway.integrations.fetching.models import ReconciliationRun, Source
from services.gateway.integrations.fetching.rules import OPEN, ReconciliationState, next_night
from services.gateway.integrations.fetching.schemas import SourceSet
from services.gateway.integrations.fetching.vendors import APIS, VendorApi
from services.gateway.integrations.policy import DELIVERY, POLICY
from services.gateway.integrations.sealing import Vault
from services.gateway.integrations.webhooks.fetching import wake
from services.gateway.integrations.webhooks.models import FetchBackRequest
from services.gateway.integrations.webhooks.rules import FetchBackState
from shared import clock, jobs
from shared.addresses import AddressRefused, AddressRules
from shared.ids import new_id
from shared.problems import Conflict, Invalid, NotFound, StateTransition
from shared.tenancy import Principal

RECONCILE = "fetching.reconcile"
NIGHTLY = "fetching.nightly"
REFUSED = "Refused by an administrator."


class VendorNotAsked(Conflict):
    """Waymark does not ask this vendor."""


class SourceUnknown(Conflict):
    """Nobody has set up how this connection is asked."""


async def set_up(
    session: AsyncSession,
    principal: Principal,
    vault: Vault,
    *,
    address: str,
    wanted: SourceSet,
    rules: AddressRules,
) -> Source:
    """Asks so from now on. Raises `NotFound`, `Forbidden`, `VendorNotAsked`, `ConnectionDisabled`, `Invalid`."""
    connection = await connections.get(session, principal, address, action="CHANGE")
    api = _api(connection)
    _check(wanted, api, rules)
    found = select(Source).where(Source.id == connection.id).with_for_update()
    source = await session.scalar(found)
    sealed = _sealed(vault, connection.id, wanted, source)
    now = clock.now()
    if source is None:
        source = Source(id=connection.id, created_at=now)
        session.add(source)
    hour = wanted.reconcile_hour if api.lists else None
    source.base_url, source.client_id, source.sealed = wanted.base_url, wanted.client_id, sealed
    source.most_at_once, source.reconcile_hour = wanted.most_at_once, hour
    source.paused_until = source.problem = None
    source.updated_at = now
    await plan(session, principal, source, now=now)
    await wake(session, principal, connection_id=connection.id)
    await session.flush()
    return source


async def remove(session: AsyncSession, principal: Principal, *, address: str) -> None:
    """Forgets address and secret: nothing is asked any more. Raises `NotFound`, `Forbidden`."""
    connection = await connections.get(session, principal, address, action="CHANGE")
    await session.execute(delete(Source).where(Source.id == connection.id))


async def plan(
    session: AsyncSession, principal: Principal, source: Source, *, now: datetime
) -> None:
    """Has the listing compared in the next night, if nights are wanted."""
    if source.reconcile_hour is None:
        source.reconcile_at = None
        return
    source.reconcile_at = next_night(source.id, source.reconcile_hour, after=now)
    await _at_night(session, principal, source.id, source.reconcile_at - now)


async def night(session: AsyncSession, principal: Principal, *, connection_id: UUID) -> None:
    """Wants a comparison and plans the next night; a plan that has been changed is put off or forgotten."""
    found = select(Source).where(Source.id == connection_id).with_for_update()
    source = await session.scalar(found)
    connection = await session.scalar(select(Connection).where(Connection.id == connection_id))
    if source is None or connection is None or source.reconcile_at is None:
        return
    if connection.state is ConnectionState.DISABLED:
        return
    now = clock.now()
    if now < source.reconcile_at:
        await _at_night(session, principal, source.id, source.reconcile_at - now)
        return
    await _want(session, principal, connection_id, approved=False)
    await plan(session, principal, source, now=now)


async def reconcile(
    session: AsyncSession, principal: Principal, *, address: str, approved: bool
) -> ReconciliationRun:
    """A comparison as soon as may be; one that waits or runs already is answered.

    Raises `NotFound`, `Forbidden`, `ConnectionDisabled`, `VendorNotAsked`, `SourceUnknown`.
    """
    connection = await connections.get(session, principal, address, action="CHANGE")
    if _api(connection).lists is None:
        raise VendorNotAsked(f"The listing of {connection.vendor} is not read.")
    if await session.scalar(select(Source.id).where(Source.id == connection.id)) is None:
        raise SourceUnknown(f"PUT /connections/{address}/fetching first.")
    return await _want(session, principal, connection.id, approved=approved)


async def replay(
    session: AsyncSession, principal: Principal, *, request_id: UUID
) -> FetchBackRequest:
    """Asks again for what was given up or refused. Raises `NotFound`, `Forbidden`, `StateTransition`."""
    row = await _locked(session, principal, request_id)
    ended = (FetchBackState.DEAD, FetchBackState.GONE, FetchBackState.REJECTED)
    if row.state not in ended:
        raise StateTransition(row.state, FetchBackState.WAITING, [])
    row.decided_by = row.decided_at = None
    return await _again(session, principal, row)


async def approve(
    session: AsyncSession, principal: Principal, *, request_id: UUID
) -> FetchBackRequest:
    """Lets held leavers through, as the source says then. Raises `NotFound`, `Forbidden`, `StateTransition`."""
    row = await _locked(session, principal, request_id)
    if row.state is not FetchBackState.HELD:
        raise StateTransition(row.state, FetchBackState.WAITING, [])
    row.decided_by, row.decided_at = principal.subject, clock.now()
    return await _again(session, principal, row)


async def reject(
    session: AsyncSession, principal: Principal, *, request_id: UUID
) -> FetchBackRequest:
    """Refuses held leavers. Raises `NotFound`, `Forbidden`, `StateTransition`."""
    row = await _locked(session, principal, request_id)
    if row.state is not FetchBackState.HELD:
        raise StateTransition(row.state, FetchBackState.REJECTED, [])
    row.state, row.reason = FetchBackState.REJECTED, REFUSED
    row.decided_by, row.decided_at = principal.subject, clock.now()
    return row


async def _again(
    session: AsyncSession, principal: Principal, row: FetchBackRequest
) -> FetchBackRequest:
    """Raises `Conflict` when a newer hint waits for the same thing."""
    waits = select(FetchBackRequest.id).where(
        FetchBackRequest.connection_id == row.connection_id,
        FetchBackRequest.kind == row.kind,
        FetchBackRequest.external_id == row.external_id,
        FetchBackRequest.state == FetchBackState.WAITING,
    )
    if await session.scalar(waits) is not None:
        raise Conflict("A newer request for the same thing waits already.")
    row.state, row.tries, row.due_at = FetchBackState.WAITING, 0, clock.now()
    row.reason = row.settled_at = None
    await wake(session, principal, connection_id=row.connection_id)
    return row


async def _locked(
    session: AsyncSession, principal: Principal, request_id: UUID
) -> FetchBackRequest:
    await POLICY.require(session, principal, DELIVERY, "CHANGE", None)
    found = select(FetchBackRequest).where(FetchBackRequest.id == request_id)
    row = await session.scalar(found.with_for_update())
    if row is None:
        raise NotFound
    return row


async def _want(
    session: AsyncSession, principal: Principal, connection_id: UUID, *, approved: bool
) -> ReconciliationRun:
    """Under the connection's lock, so that there is one open run."""
    lock = select(Connection.id).where(Connection.id == connection_id)
    await session.execute(lock.with_for_update(key_share=True))
    open_one = select(ReconciliationRun).where(
        ReconciliationRun.connection_id == connection_id, ReconciliationRun.state.in_(OPEN)
    )
    run = await session.scalar(open_one)
    if run is not None:
        run.approved = run.approved or approved
        return run
    run = ReconciliationRun(
        id=new_id(),
        connection_id=connection_id,
        state=ReconciliationState.WAITING,
        asked_by=principal.subject,
        approved=approved,
        asked_at=clock.now(),
    )
    session.add(run)
    await session.flush()
    arguments = {"id": str(run.id)}
    await jobs.enqueue(session, principal, name=RECONCILE, arguments=arguments)
    await session.refresh(run)
    return run


async def _at_night(
    session: AsyncSession, principal: Principal, connection_id: UUID, delay: timedelta
) -> None:
    key = str(connection_id)
    await jobs.enqueue(
        session, principal, name=NIGHTLY, arguments={"id": key}, dedupe_key=key, delay=delay
    )


def _api(connection: Connection) -> VendorApi:
    if connection.state is ConnectionState.DISABLED:
        raise ConnectionDisabled("Make a new connection instead.")
    api = APIS.get(connection.vendor)
    if api is None:
        listed = ", ".join(sorted(APIS))
        raise VendorNotAsked(f"{connection.vendor} is not asked; asked are: {listed}.")
    return api


def _check(wanted: SourceSet, api: VendorApi, rules: AddressRules) -> None:
    try:
        rules.target(wanted.base_url)
    except AddressRefused as why:
        raise Invalid.field("/baseUrl", f"Not an address to ask: {why}.") from None
    if "?" in wanted.base_url:
        raise Invalid.field("/baseUrl", "Leave out the query.")
    if api.needs_client_id and wanted.client_id is None:
        raise Invalid.field("/clientId", "Name the client or service user whose secret it is.")


def _sealed(vault: Vault, connection_id: UUID, wanted: SourceSet, before: Source | None) -> bytes:
    """A secret is never carried over to another host: who may set the address must not learn it."""
    if wanted.secret is not None:
        return vault.seal(wanted.secret.encode(), bound_to=connection_id.bytes)
    if before is None:
        raise Invalid.field("/secret", "Send the key, token or secret.")
    if _origin(before.base_url) != _origin(wanted.base_url):
        raise Invalid.field("/secret", "Send it again for another host.")
    return before.sealed


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc.lower()
