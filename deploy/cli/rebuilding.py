"""`waymark events rebuild`: read models made anew from the stream."""

import asyncio
import os
import sys
from importlib import import_module

import structlog

from deploy.cli.output import write_json
from deploy.local.in_process import settings_of
from deploy.local.installation import running_installation
from deploy.local.problems import Refused
from shared import events
from shared.service import Service


class NothingToRebuild(Refused):
    """There is no such read model."""


def rebuild(service: str, group: str | None, *, as_json: bool) -> None:
    """Raises `NothingToRebuild` naming what there is."""
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    os.environ.update(running_installation().environment)
    applied = asyncio.run(_rebuild(service, group))
    if as_json:
        write_json(applied)
    for name, count in {} if as_json else applied.items():
        print(f"{service} {name}: {count} events applied")


async def _rebuild(name: str, only: str | None) -> dict[str, int]:
    service = _service(name)
    handlers = service.blueprint.handlers
    groups = sorted(handlers.resets) if handlers else []
    if handlers is None or not groups or (only and only not in groups):
        raise NothingToRebuild(f"{name} has these read models: {', '.join(groups) or 'none'}.")
    applied = {}
    try:
        for group in [only] if only else groups:
            told = await events.rebuild(
                handlers,
                group,
                database=service.database,
                nats_url=service.settings.nats_url,
                reset=handlers.resets[group],
            )
            applied[group] = sum(told.values())
    finally:
        await service.database.close()
    return applied


def _service(name: str) -> Service:
    try:
        module = import_module(f"services.{name}.app")
    except ModuleNotFoundError:
        raise NothingToRebuild("Name a service: goals, feedback or gateway.") from None
    service: Service = module.create_app(settings_of(name)).state.service
    return service
