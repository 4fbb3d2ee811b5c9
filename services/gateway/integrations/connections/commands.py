"""Making, rotating and disabling connections."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.gateway.integrations.connections import queries
from services.gateway.integrations.connections.models import Connection, Secret
from services.gateway.integrations.connections.rules import ConnectionState, new_secret
from services.gateway.integrations.connections.schemas import ConnectionCreate
from services.gateway.integrations.policy import CONNECTION, POLICY
from services.gateway.integrations.sealing import Vault
from shared import clock
from shared.ids import new_id
from shared.problems import Conflict
from shared.tenancy import Principal


class ConnectionExists(Conflict):
    """There is a connection of that name."""


class ConnectionDisabled(Conflict):
    """This connection is disabled."""


async def create(
    session: AsyncSession, principal: Principal, vault: Vault, *, wanted: ConnectionCreate
) -> tuple[Connection, bytes]:
    """The connection and its secret, which is never shown again. Raises `ConnectionExists`."""
    await POLICY.require(session, principal, CONNECTION, "CHANGE", None)
    if await session.scalar(select(Connection.id).where(Connection.name == wanted.name)):
        raise ConnectionExists(f"Rotate the secret of {wanted.name!r}, or choose another name.")
    connection = Connection(
        id=new_id(),
        name=wanted.name,
        kind=wanted.kind,
        vendor=wanted.vendor,
        verifier=wanted.verifier,
        state=ConnectionState.ACTIVE,
        created_at=clock.now(),
        updated_at=clock.now(),
    )
    session.add(connection)
    await session.flush()
    return connection, await _add_secret(session, vault, connection.id)


async def rotate_secret(
    session: AsyncSession, principal: Principal, vault: Vault, *, address: str, overlap: timedelta
) -> tuple[Connection, bytes]:
    """A new secret; the one of now works on for the overlap, older ones end at once.

    Raises `NotFound`, `Forbidden`, `ConnectionDisabled`.
    """
    connection = await queries.get(session, principal, address, action="CHANGE")
    if connection.state is ConnectionState.DISABLED:
        raise ConnectionDisabled("Make a new connection instead.")
    mine = Secret.connection_id == connection.id
    older, newest = delete(Secret).where(mine, Secret.retires_at.is_not(None)), select(Secret)
    await session.execute(older)
    for secret in await session.scalars(newest.where(mine)):
        secret.retires_at = clock.now() + overlap
    connection.updated_at = clock.now()
    await session.flush()
    return connection, await _add_secret(session, vault, connection.id)


async def disable(session: AsyncSession, principal: Principal, *, address: str) -> Connection:
    """Deliveries are refused from now on; again changes nothing. Raises `NotFound`, `Forbidden`."""
    connection = await queries.get(session, principal, address, action="CHANGE")
    if connection.state is not ConnectionState.DISABLED:
        connection.state = ConnectionState.DISABLED
        connection.updated_at = clock.now()
    return connection


async def _add_secret(session: AsyncSession, vault: Vault, connection_id: UUID) -> bytes:
    secret, secret_id = new_secret(), new_id()
    session.add(
        Secret(
            id=secret_id,
            connection_id=connection_id,
            sealed=vault.seal(secret, bound_to=secret_id.bytes),
            created_at=clock.now(),
        )
    )
    await session.flush()
    return secret
