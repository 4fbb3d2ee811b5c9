"""POST /webhooks/{connectionId} and GET /webhook-deliveries."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from starlette.requests import ClientDisconnect

from services.gateway.integrations.connections.rules import Address
from services.gateway.integrations.sealing import Sealing
from services.gateway.integrations.webhooks import commands, queries
from services.gateway.integrations.webhooks.models import Delivery
from services.gateway.integrations.webhooks.rules import DeliveryState
from services.gateway.integrations.webhooks.schemas import DeliveryRead, DeliveryReceipt
from services.gateway.integrations.webhooks.verifying import Presented
from shared.door import Acting, Transaction, router
from shared.paging import Paging, link_next
from shared.problems import BadRequest, TooLarge, documented
from shared.service import Service

MOST_BYTES = 256 * 1024

inbound = APIRouter(
    prefix="/webhooks", tags=["webhooks"], responses=documented(400, 401, 405, 409, 410, 413, 503)
)
deliveries = router("/webhook-deliveries", "webhooks")


@inbound.post(
    "/{connection_id}",
    status_code=202,
    openapi_extra={"requestBody": {"required": True, "content": {"application/json": {}}}},
)
async def receive_webhook(request: Request, connection_id: str, vault: Sealing) -> DeliveryReceipt:
    """A signed delivery of a connection's LMS or HRIS: stored when this answers 202, mapped right after.

    The same message again answers 202 and does nothing more; another body under the same id answers 409.
    """
    presented = Presented(dict(request.headers), request.url.query, await _body(request))
    delivery = await _accepted(request, vault, Address.parse(connection_id), presented)
    return DeliveryReceipt.model_validate(delivery)


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
    """What became of the deliveries, oldest first; REJECTED and DEAD ones say why."""
    rows, after = await queries.page(
        session, principal, connection=connection_id, state=state, page=paging
    )
    link_next(request, response, after)
    return [queries.described(row) for row in rows]


async def _accepted(
    request: Request, vault: Sealing, address: Address, presented: Presented
) -> Delivery:
    """In a transaction of the address's tenant, committed before the answer is sent: the sender has no token."""
    service: Service = request.app.state.service
    async with service.database.transaction(address.tenant_id) as session:
        return await commands.accept(session, vault, address=address, presented=presented)


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
