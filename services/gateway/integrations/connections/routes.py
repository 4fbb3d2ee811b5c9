"""/connections."""

from datetime import timedelta
from typing import Annotated

from fastapi import Depends, Header, Request, Response

from services.gateway.integrations.connections import commands, queries
from services.gateway.integrations.connections.models import Connection
from services.gateway.integrations.connections.rules import spelled
from services.gateway.integrations.connections.schemas import (
    ConnectionCreate,
    ConnectionRead,
    ConnectionWithSecret,
    SecretRotate,
)
from services.gateway.integrations.sealing import Sealing
from shared.door import Acting, Transaction, router
from shared.paging import Paging, link_next
from shared.problems import BadRequest

routes = router("/connections", "connections")


async def _refuse_key(idempotency_key: Annotated[str | None, Header()] = None) -> None:
    """A keyed answer is stored to be repeated, and a secret must not be stored in clear."""
    if idempotency_key is not None:
        raise BadRequest("Idempotency-Key: leave it out, this answer holds a secret.")


NotKeyed = Depends(_refuse_key)


@routes.post("", status_code=201, dependencies=[NotKeyed])
async def create_connection(
    response: Response,
    session: Transaction,
    principal: Acting,
    vault: Sealing,
    wanted: ConnectionCreate,
) -> ConnectionWithSecret:
    """Makes a connection; the secret is in this answer only."""
    connection, secret = await commands.create(session, principal, vault, wanted=wanted)
    response.headers["Location"] = f"/connections/{connection.address}"
    return _with_secret(connection, secret)


@routes.get("")
async def list_connections(
    request: Request, response: Response, session: Transaction, principal: Acting, paging: Paging
) -> list[ConnectionRead]:
    """The tenant's connections, without secrets."""
    rows, after = await queries.page(session, principal, paging)
    link_next(request, response, after)
    return [ConnectionRead.model_validate(row) for row in rows]


@routes.get("/{connection_id}")
async def read_connection(
    session: Transaction, principal: Acting, connection_id: str
) -> ConnectionRead:
    """One connection, without its secrets."""
    return ConnectionRead.model_validate(await queries.get(session, principal, connection_id))


@routes.post("/{connection_id}/rotate-secret", dependencies=[NotKeyed])
async def rotate_secret(
    session: Transaction,
    principal: Acting,
    vault: Sealing,
    connection_id: str,
    wanted: SecretRotate | None = None,
) -> ConnectionWithSecret:
    """A new secret beside the one of now, so that the other side can change over without a gap."""
    overlap = timedelta(hours=(wanted or SecretRotate()).overlap_hours)
    connection, secret = await commands.rotate_secret(
        session, principal, vault, address=connection_id, overlap=overlap
    )
    return _with_secret(connection, secret)


@routes.post("/{connection_id}/disable")
async def disable_connection(
    session: Transaction, principal: Acting, connection_id: str
) -> ConnectionRead:
    """Takes no more deliveries."""
    disabled = await commands.disable(session, principal, address=connection_id)
    return ConnectionRead.model_validate(disabled)


def _with_secret(connection: Connection, secret: bytes) -> ConnectionWithSecret:
    shown = ConnectionRead.model_validate(connection)
    return ConnectionWithSecret(
        **shown.model_dump(),
        webhook_path=f"/webhooks/{connection.address}",
        secret=spelled(secret),
    )
