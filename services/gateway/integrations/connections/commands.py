"""Making, rotating, setting up and disabling connections."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.gateway.integrations.connections import queries
from services.gateway.integrations.connections.models import Connection, Secret
from services.gateway.integrations.connections.rules import (
    ConnectionState,
    VerifierKind,
    new_secret_of,
    read_secret,
)
from services.gateway.integrations.connections.schemas import ConnectionCreate
from services.gateway.integrations.connections.settings import ConnectionSettings, check
from services.gateway.integrations.policy import CONNECTION, POLICY
from services.gateway.integrations.sealing import Vault
from shared import clock
from shared.ids import new_id
from shared.problems import Conflict, Invalid
from shared.settings import Environment
from shared.tenancy import Principal


class ConnectionExists(Conflict):
    """There is a connection of that name."""


class ConnectionDisabled(Conflict):
    """This connection is disabled."""


class SecretNotUsed(Conflict):
    """This connection's scheme has no secret."""


async def create(
    session: AsyncSession,
    principal: Principal,
    vault: Vault,
    *,
    wanted: ConnectionCreate,
    environment: Environment,
) -> tuple[Connection, bytes | None]:
    """The connection and its secret, which is never shown again. Raises `ConnectionExists`, `Invalid`."""
    await POLICY.require(session, principal, CONNECTION, "CHANGE", None)
    check(wanted.settings, wanted.verifier, environment)
    if await session.scalar(select(Connection.id).where(Connection.name == wanted.name)):
        raise ConnectionExists(f"Rotate the secret of {wanted.name!r}, or choose another name.")
    connection = Connection(
        id=new_id(),
        name=wanted.name,
        kind=wanted.kind,
        vendor=wanted.vendor,
        verifier=wanted.verifier,
        state=ConnectionState.ACTIVE,
        settings=wanted.settings.stored(),
        created_at=clock.now(),
        updated_at=clock.now(),
    )
    secret = _first_secret(wanted)
    session.add(connection)
    await session.flush()
    if secret is not None:
        await _add_secret(session, vault, connection.id, secret)
    return connection, secret


async def rotate_secret(
    session: AsyncSession,
    principal: Principal,
    vault: Vault,
    *,
    address: str,
    overlap: timedelta,
    given: str | None = None,
) -> tuple[Connection, bytes]:
    """A new secret; the one of now works on for the overlap, older ones end at once.

    Raises `NotFound`, `Forbidden`, `ConnectionDisabled`, `SecretNotUsed`, `Invalid`.
    """
    connection = await queries.get(session, principal, address, action="CHANGE")
    if connection.state is ConnectionState.DISABLED:
        raise ConnectionDisabled("Make a new connection instead.")
    if not connection.verifier.takes_secret:
        raise SecretNotUsed("Change the key or the token where it is issued.")
    secret = _secret_of(given, connection.verifier)
    mine = Secret.connection_id == connection.id
    older, newest = delete(Secret).where(mine, Secret.retires_at.is_not(None)), select(Secret)
    await session.execute(older)
    for row in await session.scalars(newest.where(mine)):
        row.retires_at = clock.now() + overlap
    connection.updated_at = clock.now()
    await session.flush()
    await _add_secret(session, vault, connection.id, secret)
    return connection, secret


async def set_up(
    session: AsyncSession,
    principal: Principal,
    *,
    address: str,
    settings: ConnectionSettings,
    environment: Environment,
) -> Connection:
    """Other settings from the next delivery on. Raises `NotFound`, `Forbidden`, `Invalid`."""
    connection = await queries.get(session, principal, address, action="CHANGE")
    check(settings, connection.verifier, environment)
    connection.settings = settings.stored()
    connection.updated_at = clock.now()
    return connection


async def disable(session: AsyncSession, principal: Principal, *, address: str) -> Connection:
    """Deliveries are refused from now on; again changes nothing. Raises `NotFound`, `Forbidden`."""
    connection = await queries.get(session, principal, address, action="CHANGE")
    if connection.state is not ConnectionState.DISABLED:
        connection.state = ConnectionState.DISABLED
        connection.updated_at = clock.now()
    return connection


def _first_secret(wanted: ConnectionCreate) -> bytes | None:
    """None where the other side proves itself with a key or a token of its own."""
    if not wanted.verifier.takes_secret:
        if wanted.secret is not None:
            raise Invalid.field("/secret", f"{wanted.verifier} has no secret; leave it out.")
        return None
    if wanted.settings.public_keys and wanted.secret is None:
        return None
    return _secret_of(wanted.secret, wanted.verifier)


def _secret_of(given: str | None, kind: VerifierKind) -> bytes:
    if given is None:
        return new_secret_of(kind)
    try:
        return read_secret(given, kind)
    except ValueError as error:
        raise Invalid.field("/secret", f"As {kind}: {error}.") from None


async def _add_secret(
    session: AsyncSession, vault: Vault, connection_id: UUID, secret: bytes
) -> None:
    secret_id = new_id()
    session.add(
        Secret(
            id=secret_id,
            connection_id=connection_id,
            sealed=vault.seal(secret, bound_to=secret_id.bytes),
            created_at=clock.now(),
        )
    )
    await session.flush()
