"""Reading deliveries."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.gateway.integrations.connections.rules import Address
from services.gateway.integrations.policy import DELIVERY, POLICY
from services.gateway.integrations.webhooks.models import Delivery
from services.gateway.integrations.webhooks.rules import DeliveryState
from services.gateway.integrations.webhooks.schemas import DeliveryRead
from shared.paging import PageRequest, page_of
from shared.tenancy import Principal


async def page(
    session: AsyncSession,
    principal: Principal,
    *,
    connection: str | None,
    state: DeliveryState | None,
    page: PageRequest,
) -> tuple[Sequence[Delivery], UUID | None]:
    """Oldest first. Raises `NotFound` for who may see none."""
    await POLICY.require(session, principal, DELIVERY, "READ", None)
    rows = select(Delivery)
    if connection is not None:
        rows = rows.where(Delivery.connection_id == Address.parse(connection).connection_id)
    if state is not None:
        rows = rows.where(Delivery.state == state)
    return await page_of(session, rows, key=Delivery.id, page=page)


def described(delivery: Delivery) -> DeliveryRead:
    address = str(Address(delivery.tenant_id, delivery.connection_id))
    return DeliveryRead(
        id=delivery.id,
        connection_id=address,
        message_id=delivery.message_id,
        event_type=delivery.event_type,
        state=delivery.state,
        reason=delivery.reason,
        sent_at=delivery.sent_at,
        received_at=delivery.received_at,
        settled_at=delivery.settled_at,
        decided_by=delivery.decided_by,
        decided_at=delivery.decided_at,
    )
