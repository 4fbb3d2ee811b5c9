"""A group's events given to it again from the stream, tenant by tenant: to make a read model anew, or to fill gaps."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import structlog
from sqlalchemy.exc import InterfaceError
from sqlalchemy.ext.asyncio import AsyncSession

from shared.db import Database
from shared.events import inbox
from shared.events.broker import Broker
from shared.events.facts import Envelope
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
    consumer out, so that readers see the old rows until it is done; what arrives meanwhile is applied afterwards. What
    a handler fails on rests as a dead letter.
    """
    wanted = handlers.groups[group]
    broker = await Broker.connect(nats_url, name=f"replay {wanted.name}")
    try:
        applied = {}
        for tenant in await _tenants(broker, wanted, tenant_id):
            async with database.transaction(tenant) as session:
                await inbox.forget(session, wanted, tenant)
                await reset(session)
                applied[tenant] = await _replay(session, broker, wanted, tenant)
            log.info("rebuilt", consumer=wanted.name, tenant=str(tenant), events=applied[tenant])
        return applied
    finally:
        await broker.close()


async def catch_up(
    handlers: Handlers,
    group: str,
    *,
    database: Database,
    nats_url: str,
    since: datetime,
    tenant_id: UUID | None = None,
) -> dict[UUID, int]:
    """Replays what was stored since then; what was applied before has no second effect. Answers like `rebuild`.

    For a group that has learnt to read another type of fact: its consumer goes on, and does not look back.
    """
    wanted = handlers.groups[group]
    broker = await Broker.connect(nats_url, name=f"replay {wanted.name}")
    try:
        applied = {}
        for tenant in await _tenants(broker, wanted, tenant_id):
            applied[tenant] = 0
            filters = wanted.filters(str(tenant))
            async for events in broker.replay(wanted.source, filters=filters, since=since):
                async with database.transaction(tenant) as session:
                    applied[tenant] += await _apply(session, wanted, tenant, events)
        return applied
    finally:
        await broker.close()


async def tenants(handlers: Handlers, *, nats_url: str) -> list[UUID]:
    """Those that the streams know which these handlers read; RLS hides them from the service's own role."""
    broker = await Broker.connect(nats_url, name="tenants")
    try:
        groups = handlers.groups.values()
        found = [await _tenants(broker, group, None) for group in groups]
        return sorted({tenant for each in found for tenant in each})
    finally:
        await broker.close()


async def _tenants(broker: Broker, group: Group, only: UUID | None) -> list[UUID]:
    if only is not None:
        return [only]
    found = await broker.tenants(group.source, filters=group.filters())
    return sorted(UUID(tenant) for tenant in found)


async def _replay(session: AsyncSession, broker: Broker, group: Group, tenant_id: UUID) -> int:
    applied = 0
    async for events in broker.replay(group.source, filters=group.filters(str(tenant_id))):
        applied += await _apply(session, group, tenant_id, events)
    return applied


async def _apply(
    session: AsyncSession, group: Group, tenant_id: UUID, events: Sequence[Envelope]
) -> int:
    """All at once; when that fails each by itself, and what fails then is kept with its reason."""
    try:
        async with session.begin_nested():
            return (await inbox.apply_batch(session, group, tenant_id, events)).applied
    except Exception as error:
        if not session.is_active or isinstance(error, (inbox.Rebuilding, InterfaceError)):
            raise
        if len(events) == 1:
            await inbox.note_dead(session, group, events[0], error)
            return 0
    return sum([await _apply(session, group, tenant_id, [event]) for event in events])
