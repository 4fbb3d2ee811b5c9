"""POST and OPTIONS /webhooks/{connectionId}, and /webhook-deliveries."""

import re
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from starlette.requests import ClientDisconnect

from services.gateway.integrations.connections.rules import Address
from services.gateway.integrations.sealing import Sealing
from services.gateway.integrations.webhooks import commands, deciding, queries
from services.gateway.integrations.webhooks.commands import Receipt, Unasked
from services.gateway.integrations.webhooks.rules import DeliveryState
from services.gateway.integrations.webhooks.schemas import (
    Decided,
    DeliveryRead,
    DeliveryReceipt,
    HeldOfConnection,
)
from services.gateway.integrations.webhooks.verifying import Presented
from shared.door import Acting, Transaction, router
from shared.outward import Outward
from shared.paging import Paging, link_next
from shared.problems import BadRequest, TooLarge, documented
from shared.service import Service

MOST_BYTES = 256 * 1024
MOST_A_MINUTE = 6000
ORIGIN = re.compile(r"[A-Za-z0-9.:_-]{1,255}")

inbound = APIRouter(
    prefix="/webhooks", tags=["webhooks"], responses=documented(400, 401, 405, 409, 410, 413, 503)
)
deliveries = router("/webhook-deliveries", "webhooks")
BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {},
            "application/cloudevents+json": {},
            "application/cloudevents-batch+json": {},
            "application/jwt": {},
        },
    }
}


@inbound.post("/{connection_id}", status_code=202, openapi_extra=BODY)
async def receive_webhook(request: Request, connection_id: str, vault: Sealing) -> DeliveryReceipt:
    """A delivery of a connection's LMS or HRIS: stored when this answers 202, mapped right after.

    The same message again answers 202 and does nothing more; another body under the same id answers 409.
    """
    return await _received(request, vault, connection_id)


@inbound.post("/{connection_id}/{secret}", status_code=202, openapi_extra=BODY)
async def receive_webhook_with_secret(
    request: Request, connection_id: str, secret: str, vault: Sealing
) -> DeliveryReceipt:
    """The same for a sender that can only be given a URL."""
    return await _received(request, vault, connection_id, path_secret=secret)


@inbound.options("/{connection_id}", status_code=204)
@inbound.options("/{connection_id}/{secret}", status_code=204)
async def shake_hands(request: Request, response: Response) -> None:
    """The handshake of CloudEvents: whoever asks may send, up to a rate; what is sent is verified all the same."""
    response.headers["Allow"] = "POST, OPTIONS"
    origin = request.headers.get("webhook-request-origin")
    if origin is None:
        return
    if not ORIGIN.fullmatch(origin):
        raise BadRequest("WebHook-Request-Origin: send a host name.")
    response.headers["WebHook-Allowed-Origin"] = origin
    wanted = request.headers.get("webhook-request-rate", "")
    rate = int(wanted) if re.fullmatch(r"[0-9]{1,9}", wanted) else MOST_A_MINUTE
    response.headers["WebHook-Allowed-Rate"] = str(max(1, min(rate, MOST_A_MINUTE)))


@deliveries.get("")
async def list_deliveries(
    request: Request,
    response: Response,
    session: Transaction,
    principal: Acting,
    paging: Paging,
    connection_id: Annotated[str | None, Query(alias="connectionId")] = None,
    state: DeliveryState | None = None,
) -> list[DeliveryRead]:
    """What became of the deliveries, oldest first; those that came to nothing say why."""
    rows, after = await queries.page(
        session, principal, connection=connection_id, state=state, page=paging
    )
    link_next(request, response, after)
    return [queries.described(row) for row in rows]


@deliveries.post("/approve")
async def approve_held(
    session: Transaction, principal: Acting, wanted: HeldOfConnection
) -> Decided:
    """Lets all through that is held of a connection."""
    decided = await deciding.decide_all(
        session, principal, connection=wanted.connection_id, through=True
    )
    return Decided(deliveries=decided)


@deliveries.post("/reject")
async def reject_held(session: Transaction, principal: Acting, wanted: HeldOfConnection) -> Decided:
    """Refuses all that is held of a connection."""
    decided = await deciding.decide_all(
        session, principal, connection=wanted.connection_id, through=False
    )
    return Decided(deliveries=decided)


@deliveries.post("/{delivery_id}/replay")
async def replay_delivery(
    session: Transaction, principal: Acting, delivery_id: UUID
) -> DeliveryRead:
    """Maps a delivery again that was dead, rejected or ignored."""
    return queries.described(
        await deciding.replay_delivery(session, principal, delivery_id=delivery_id)
    )


@deliveries.post("/{delivery_id}/approve")
async def approve_delivery(
    session: Transaction, principal: Acting, delivery_id: UUID
) -> DeliveryRead:
    """Lets a held delivery through."""
    return queries.described(await deciding.approve(session, principal, delivery_id=delivery_id))


@deliveries.post("/{delivery_id}/reject")
async def reject_delivery(
    session: Transaction, principal: Acting, delivery_id: UUID
) -> DeliveryRead:
    """Refuses a held delivery."""
    return queries.described(await deciding.reject(session, principal, delivery_id=delivery_id))


async def _received(
    request: Request, vault: Sealing, connection_id: str, *, path_secret: str = ""
) -> DeliveryReceipt:
    presented = Presented(
        dict(request.headers), request.url.query, await _body(request), path_secret
    )
    receipt = await _accepted(request, vault, Address.parse(connection_id), presented)
    return DeliveryReceipt(id=receipt.id, state=receipt.state)


async def _accepted(
    request: Request, vault: Sealing, address: Address, presented: Presented
) -> Receipt:
    """In a transaction of the address's tenant, committed before the answer is sent: the sender has no token.

    What has to be asked of others is asked between two transactions, so that none waits for a stranger.
    """
    service: Service = request.app.state.service
    outward: Outward = request.state.outward
    verified = None
    while True:
        async with service.database.writing(address.tenant_id) as connection:
            outcome = await commands.accept(
                connection,
                vault,
                address=address,
                presented=presented,
                tokens=service.verifier,
                outward=outward,
                verified=verified,
            )
        if not isinstance(outcome, Unasked):
            return outcome
        verified = await outcome.verify()


async def _body(request: Request) -> bytes:
    """Raises `TooLarge` as soon as more has come than is allowed."""
    received = bytearray()
    try:
        async for chunk in request.stream():
            received += chunk
            if len(received) > MOST_BYTES:
                raise TooLarge(f"Send at most {MOST_BYTES} bytes.")
    except ClientDisconnect:
        raise BadRequest("The body ended too early.") from None
    return bytes(received)
