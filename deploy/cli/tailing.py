"""`waymark events tail`: facts as they are stored, one line each, with ids and no contents."""

import asyncio
import json
from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import UUID

from deploy.cli import reaching
from deploy.cli.migrating import effective_environment
from deploy.cli.output import write_json
from deploy.local.problems import Refused
from shared import events
from shared.events.facts import Envelope
from shared.events.handlers import PATTERN


class NoSuchType(Refused):
    """A type of facts is written wrongly."""


def tail(
    service: str | None,
    type: str | None,
    *,
    tenant_id: UUID | None,
    since: datetime | None,
    full: bool,
    as_json: bool,
) -> None:
    """Until Ctrl-C. Raises `NoSuchType`."""
    url = effective_environment().get("NATS_URL")
    if not url:
        raise Refused("Set NATS_URL, or run `waymark up`.")
    with suppress(KeyboardInterrupt):
        patterns = _patterns(service, type)
        asyncio.run(_tail(url, patterns, tenant_id, since, full=full, as_json=as_json))


def _patterns(service: str | None, type: str | None) -> list[str]:
    """`goal.progressed`, `goal.*`, or a whole type with its version."""
    if type is None:
        return [f"waymark.{_producer(each)}.*.*.*" for each in reaching.services(service)]
    if type.startswith("waymark."):
        if not PATTERN.fullmatch(type):
            raise NoSuchType(f"{type!r} is not waymark.<service>.<aggregate>.<verb>.v<n>.")
        return [type]
    if type.count(".") != 1:
        raise NoSuchType(f"{type!r}: write <aggregate>.<verb>, with * for either.")
    return [f"waymark.{_producer(each)}.{type}.*" for each in reaching.services(service)]


def _producer(service: str) -> str:
    return "integrations" if service == "gateway" else service


async def _tail(
    url: str,
    patterns: list[str],
    tenant_id: UUID | None,
    since: datetime | None,
    *,
    full: bool,
    as_json: bool,
) -> None:
    async for event in events.tail(url, patterns, tenant_id=tenant_id, since=since):
        if as_json:
            write_json(_members(event, full=full))
        else:
            print(_line(event, full=full), flush=True)


def _members(event: Envelope, *, full: bool) -> dict[str, Any]:
    found = {
        "id": event.id,
        "type": event.type,
        "subject": event.subject,
        "sequence": event.sequence,
        "time": event.occurred_at.isoformat(),
        "tenant": event.tenant_id,
    }
    return found | {"payload": json.loads(event.body)} if full else found


def _line(event: Envelope, *, full: bool) -> str:
    at = event.occurred_at.strftime("%H:%M:%S.%f")[:-3]
    sequence = "" if event.sequence is None else f"#{event.sequence}"
    line = f"{at}  {event.type}  {event.subject}{sequence}  tenant {event.tenant_id}  {event.id}"
    return f"{line}\n    {event.body.decode()}" if full else line
