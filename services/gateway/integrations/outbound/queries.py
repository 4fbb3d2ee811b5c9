"""Reading deliveries to other systems."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Row, Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.gateway.integrations.outbound.models import (
    OutboundAttempt,
    OutboundDelivery,
    OutboundEvent,
)
from services.gateway.integrations.outbound.rules import OutboundState
from services.gateway.integrations.outbound.schemas import (
    AttemptRead,
    OutboundDeliveryDetail,
    OutboundDeliveryRead,
)
from services.gateway.integrations.subscriptions import queries as subscriptions
from shared.paging import PageRequest
from shared.problems import NotFound
from shared.tenancy import Principal


async def page(
    session: AsyncSession,
    principal: Principal,
    *,
    subscription_id: UUID,
    state: OutboundState | None,
    page: PageRequest,
) -> tuple[list[OutboundDeliveryRead], UUID | None]:
    """Oldest first. Raises `NotFound`."""
    await subscriptions.get(session, principal, subscription_id)
    rows = _of(subscription_id)
    if state is not None:
        rows = rows.where(OutboundDelivery.state == state)
    if page.after is not None:
        rows = rows.where(OutboundDelivery.id > page.after)
    rows = rows.order_by(OutboundDelivery.id).limit(page.limit + 1)
    found = [described(row) for row in await session.execute(rows)]
    if len(found) <= page.limit:
        return found, None
    return found[: page.limit], found[page.limit - 1].id


async def one(
    session: AsyncSession, principal: Principal, *, subscription_id: UUID, delivery_id: UUID
) -> OutboundDeliveryDetail:
    """With its attempts. Raises `NotFound`."""
    await subscriptions.get(session, principal, subscription_id)
    found = _of(subscription_id).where(OutboundDelivery.id == delivery_id)
    row = (await session.execute(found)).one_or_none()
    if row is None:
        raise NotFound
    tried = select(OutboundAttempt).where(OutboundAttempt.delivery_id == delivery_id)
    attempts = await session.scalars(tried.order_by(OutboundAttempt.id))
    return OutboundDeliveryDetail(
        **described(row).model_dump(),
        attempts=[AttemptRead.model_validate(each) for each in attempts],
    )


def described(row: Row[OutboundDelivery, str, str, datetime]) -> OutboundDeliveryRead:
    delivery: OutboundDelivery = row.OutboundDelivery
    waits = delivery.state is OutboundState.WAITING
    return OutboundDeliveryRead(
        id=delivery.id,
        webhook_id=delivery.event_id,
        type=row.type,
        subject=row.subject,
        occurred_at=row.occurred_at,
        state=delivery.state,
        tries=delivery.tries,
        due_at=delivery.due_at if waits else None,
        settled_at=delivery.settled_at,
    )


def _of(subscription_id: UUID) -> Select[OutboundDelivery, str, str, datetime]:
    told = OutboundEvent.type, OutboundEvent.subject, OutboundEvent.occurred_at
    return (
        select(OutboundDelivery, *told)
        .join(OutboundEvent, OutboundEvent.id == OutboundDelivery.event_id)
        .where(OutboundDelivery.subscription_id == subscription_id)
    )
