"""From facts to a delivery for each subscription that asks for one."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Row, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.gateway.integrations.outbound.models import OutboundDelivery, OutboundEvent
from services.gateway.integrations.outbound.rules import SEND, OutboundState
from services.gateway.integrations.subscriptions.catalogue import wanted
from services.gateway.integrations.subscriptions.models import Subscription
from services.gateway.integrations.subscriptions.rules import TOLD
from services.gateway.integrations.tables import Base
from shared import clock, jobs
from shared.events import Incoming
from shared.ids import new_id
from shared.jobs import NewJob
from shared.tenancy import Principal

WAKE = "outbound.wake"
_KNOWN = "outbound.subscriptions"
_WOKEN = "outbound.woken"


async def spread(
    session: AsyncSession, principal: Principal, *, events: Sequence[Incoming[Any]]
) -> None:
    """Stores each fact once, and a delivery a subscription; again changes nothing.

    A fact is stored for a subscription that is not verified or disabled too, which gets no delivery: a replay of the
    time that it missed finds it. Facts from before a subscription was made are none of its business.
    """
    told, deliveries = [], []
    subscriptions = await _subscriptions(session) if events else ()
    for event in events:
        asking = [
            each
            for each in subscriptions
            if each.created_at <= event.occurred_at and wanted(each.event_types, event.type)
        ]
        if asking:
            told.append(_event(principal.tenant_id, event))
        ids = [each.id for each in asking if each.state in TOLD]
        deliveries += [_delivery(principal.tenant_id, event.id, each) for each in ids]
    if told:
        await session.execute(_STORE, told)
    if deliveries:
        await session.execute(_DELIVER, deliveries)
    if told:
        await _wake(session, principal)


async def wake(session: AsyncSession, principal: Principal, *, ids: Sequence[UUID]) -> None:
    """Has these subscriptions looked at now; a job for each that joins one which waits already."""
    wanted_jobs = [NewJob(SEND, {"id": str(each)}, dedupe_key=str(each)) for each in ids]
    await jobs.enqueue_many(session, principal, jobs=wanted_jobs)


async def _subscriptions(session: AsyncSession) -> Sequence[Row[Any]]:
    """Read once a transaction, which may hold a hundred facts."""
    if _KNOWN not in session.info:
        found = select(
            Subscription.id, Subscription.state, Subscription.event_types, Subscription.created_at
        )
        session.info[_KNOWN] = (await session.execute(found)).all()
    known: Sequence[Row[Any]] = session.info[_KNOWN]
    return known


async def _wake(session: AsyncSession, principal: Principal) -> None:
    """One job a transaction, which finds out for whom: two batches that enqueued for the same subscriptions in another
    order could wait for each other."""
    if not session.info.get(_WOKEN):
        session.info[_WOKEN] = True
        await jobs.enqueue(session, principal, name=WAKE)


def _event(tenant_id: UUID, event: Incoming[Any]) -> dict[str, Any]:
    payload: BaseModel = event.payload
    return {
        "tenant_id": tenant_id,
        "id": event.id,
        "type": event.type,
        "subject": event.subject,
        "sequence": event.sequence,
        "occurred_at": event.occurred_at,
        "payload": payload.model_dump(mode="json"),
    }


def _delivery(tenant_id: UUID, event_id: UUID, subscription_id: UUID) -> dict[str, Any]:
    return {
        "tenant_id": tenant_id,
        "id": new_id(),
        "subscription_id": subscription_id,
        "event_id": event_id,
        "state": OutboundState.WAITING,
        "tries": 0,
        "due_at": clock.now(),
    }


_TABLES = Base.metadata.tables
_STORE = insert(_TABLES[OutboundEvent.__tablename__]).on_conflict_do_nothing()
_DELIVER = insert(_TABLES[OutboundDelivery.__tablename__]).on_conflict_do_nothing(
    index_elements=["tenant_id", "subscription_id", "event_id"]
)
