"""`waymark events replay`: a service's groups given their facts again from the stream."""

import asyncio
from datetime import datetime
from uuid import UUID

from deploy.cli import reaching
from deploy.cli.output import write_json
from deploy.local.problems import Refused
from shared import events
from shared.events import Handlers
from shared.service import Service


class NothingToReplay(Refused):
    """There is no such group, or it keeps no read model that could be emptied."""


def replay(
    service: str,
    group: str | None,
    *,
    since: datetime | None,
    tenant_id: UUID | None,
    as_json: bool,
) -> None:
    """Without `since` read models are made anew. Raises `NothingToReplay` naming what there is."""
    applied = asyncio.run(_replay(service, group, since, tenant_id))
    if as_json:
        write_json(applied)
    for name, count in {} if as_json else applied.items():
        print(f"{service} {name}: {count} events applied")


async def _replay(
    name: str, only: str | None, since: datetime | None, tenant_id: UUID | None
) -> dict[str, int]:
    async with reaching.service(name) as found:
        handlers = reaching.handlers_of(found)
        known = sorted(handlers.groups if since else handlers.resets)
        if not known or (only and only not in known):
            what = "groups" if since else "read models"
            raise NothingToReplay(f"{name} has these {what}: {', '.join(known) or 'none'}.")
        return {
            group: await _of_group(found, handlers, group, since, tenant_id)
            for group in ([only] if only else known)
        }


async def _of_group(
    found: Service,
    handlers: Handlers,
    group: str,
    since: datetime | None,
    tenant_id: UUID | None,
) -> int:
    database, nats_url = found.database, found.settings.nats_url
    if since:
        told = await events.catch_up(
            handlers, group, database=database, nats_url=nats_url, since=since, tenant_id=tenant_id
        )
    else:
        told = await events.rebuild(
            handlers,
            group,
            database=database,
            nats_url=nats_url,
            reset=handlers.resets[group],
            tenant_id=tenant_id,
        )
    return sum(told.values())
