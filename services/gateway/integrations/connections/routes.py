"""/connections."""

from datetime import timedelta
from typing import Annotated
from urllib.parse import quote

from fastapi import Depends, Header, Request, Response

from services.gateway.integrations.connections import commands, queries
from services.gateway.integrations.connections.models import Connection
from services.gateway.integrations.connections.rules import VerifierKind, spelled
from services.gateway.integrations.connections.schemas import (
    ConnectionCreate,
    ConnectionRead,
    ConnectionWithSecret,
    SecretRotate,
    SettingsReplace,
)
from services.gateway.integrations.sealing import Sealing
from shared.door import Acting, Transaction, router
from shared.paging import Paging, link_next
from shared.problems import BadRequest
from shared.service import Service
from shared.settings import Environment

routes = router("/connections", "connections")


async def _refuse_key(idempotency_key: Annotated[str | None, Header()] = None) -> None:
    """A keyed answer is stored to be repeated, and a secret must not be stored in clear."""
    if idempotency_key is not None:
        raise BadRequest("Idempotency-Key: leave it out, this answer holds a secret.")


NotKeyed = Depends(_refuse_key)


@routes.post("", status_code=201, dependencies=[NotKeyed])
async def create_connection(
    request: Request,
    response: Response,
    session: Transaction,
    principal: Acting,
    vault: Sealing,
    wanted: ConnectionCreate,
) -> ConnectionWithSecret:
    """Makes a connection; the secret is in this answer only."""
    connection, secret = await commands.create(
        session, principal, vault, wanted=wanted, environment=_environment(request)
    )
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
    wanted = wanted or SecretRotate()
    connection, secret = await commands.rotate_secret(
        session,
        principal,
        vault,
        address=connection_id,
        overlap=timedelta(hours=wanted.overlap_hours),
        given=wanted.secret,
    )
    return _with_secret(connection, secret)


@routes.put("/{connection_id}/settings")
async def replace_settings(
    request: Request,
    session: Transaction,
    principal: Acting,
    connection_id: str,
    wanted: SettingsReplace,
) -> ConnectionRead:
    """The keys, names and limits of a connection, whole; they hold from the next delivery on."""
    connection = await commands.set_up(
        session,
        principal,
        address=connection_id,
        settings=wanted.settings,
        environment=_environment(request),
    )
    return ConnectionRead.model_validate(connection)


@routes.post("/{connection_id}/disable")
async def disable_connection(
    session: Transaction, principal: Acting, connection_id: str
) -> ConnectionRead:
    """Takes no more deliveries."""
    disabled = await commands.disable(session, principal, address=connection_id)
    return ConnectionRead.model_validate(disabled)


def _environment(request: Request) -> Environment:
    service: Service = request.app.state.service
    return service.settings.env


def _with_secret(connection: Connection, secret: bytes | None) -> ConnectionWithSecret:
    shown = ConnectionRead.model_validate(connection)
    spelt = None if secret is None else spelled(secret, connection.verifier)
    path = f"/webhooks/{connection.address}"
    if connection.verifier is VerifierKind.URL_SECRET:
        path += f"?{shown.settings.secret_parameter}={quote(spelt or '', safe='')}"
    return ConnectionWithSecret(**shown.model_dump(), webhook_path=path, secret=spelt)
