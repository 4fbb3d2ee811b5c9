"""Requests to fetch what a webhook only hinted at: stored with the delivery, one a thing until it is fetched.

Whoever fetches takes the WAITING rows of a connection, asks its source, tells the facts by `telling.tell` and marks the
row. A hint that comes after that makes a new row.
"""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from services.gateway.integrations.webhooks.mapping import FetchBack
from services.gateway.integrations.webhooks.models import Delivery
from services.gateway.integrations.webhooks.rules import FetchBackState
from shared import jobs
from shared.ids import new_id
from shared.tenancy import Principal

FETCH = "fetching.fetch"
GATHERING = timedelta(seconds=2)
"""Several hints at one thing often come together: they are one fetch."""


async def ask(
    session: AsyncSession,
    principal: Principal,
    asked: Sequence[tuple[Delivery, Sequence[FetchBack]]],
    *,
    now: datetime,
) -> None:
    """A request that waits already learns of the further fields; one job a connection does the fetching."""
    wanted = [(delivery, each) for delivery, back in asked for each in back]
    for delivery, each in sorted(wanted, key=_thing):
        told = {
            "tenant": delivery.tenant_id,
            "id": new_id(),
            "connection": delivery.connection_id,
            "delivery": delivery.id,
            "kind": each.kind,
            "external_id": each.external_id,
            "changed_fields": json.dumps(list(each.changed_fields)),
            "said_at": each.said_at,
            "state": FetchBackState.WAITING.value,
            "asked_at": now,
        }
        await session.execute(_ASK, told)
    for connection_id in sorted({delivery.connection_id for delivery, _ in wanted}):
        await wake(session, principal, connection_id=connection_id, delay=GATHERING)


def _thing(wanted: tuple[Delivery, FetchBack]) -> tuple[UUID, str, str]:
    delivery, each = wanted
    return delivery.connection_id, each.kind, each.external_id


async def wake(
    session: AsyncSession,
    principal: Principal,
    *,
    connection_id: UUID,
    delay: timedelta = timedelta(0),
) -> None:
    """Has what is to be fetched of a connection looked at; joins a job that waits for that already."""
    key = str(connection_id)
    await jobs.enqueue(
        session, principal, name=FETCH, arguments={"id": key}, dedupe_key=key, delay=delay
    )


_ASK = text(
    """
    INSERT INTO webhooks_fetch_back AS known
        (tenant_id, id, connection_id, delivery_id, kind, external_id, changed_fields, said_at, state,
         asked_at, due_at)
    VALUES (:tenant, :id, :connection, :delivery, :kind, :external_id,
            CAST(:changed_fields AS jsonb), :said_at, :state, :asked_at, :asked_at)
    ON CONFLICT (tenant_id, connection_id, kind, external_id) WHERE state = 'WAITING' DO UPDATE
    SET said_at = greatest(known.said_at, excluded.said_at),
        changed_fields = (
            SELECT coalesce(jsonb_agg(DISTINCT name ORDER BY name), '[]')
            FROM jsonb_array_elements(known.changed_fields || excluded.changed_fields) AS told(name)
        )
    """
)
