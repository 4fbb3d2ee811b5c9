"""A read model made anew from the stream, tenant by tenant, while readers see the old rows until the commit."""

from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from shared.db import Database
from shared.events import inbox
from shared.events.broker import Broker
from shared.events.handlers import Group, Handlers, Reset

log = structlog.get_logger("events")


async def rebuild(
    handlers: Handlers,
    group: str,
    *,
    database: Database,
    nats_url: str,
    reset: Reset,
    tenant_id: UUID | None = None,
) -> dict[UUID, int]:
    """Replays all of the group's events; answers how many were applied for each tenant found in the stream.

    `reset` deletes the read model's rows of the session's tenant. Each tenant is one transaction that keeps the live
    consumer out; what arrives meanwhile is applied afterwards. A handler's exception leaves that tenant as it was and
    is raised.
    """
    broker = await Broker.connect(nats_url, name=f"rebuild {handlers.groups[group].name}")
    try:
        wanted = handlers.groups[group]
        tenants = [tenant_id] if tenant_id else await _tenants(broker, wanted)
        applied = {}
        for tenant in tenants:
            async with database.transaction(tenant) as session:
                applied[tenant] = await _rebuild_tenant(session, broker, wanted, tenant, reset)
            log.info("rebuilt", consumer=wanted.name, tenant=str(tenant), events=applied[tenant])
        return applied
    finally:
        await broker.close()


async def _tenants(broker: Broker, group: Group) -> list[UUID]:
    found = await broker.tenants(group.source, filters=group.filters())
    return sorted(UUID(tenant) for tenant in found)


async def _rebuild_tenant(
    session: AsyncSession, broker: Broker, group: Group, tenant_id: UUID, reset: Reset
) -> int:
    await inbox.forget(session, group, tenant_id)
    await reset(session)
    applied = 0
    async for events in broker.replay(group.source, filters=group.filters(str(tenant_id))):
        applied += (await inbox.apply_batch(session, group, tenant_id, events)).applied
    return applied
