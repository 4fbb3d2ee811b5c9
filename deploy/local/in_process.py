"""All services and workers in one event loop of one process, for small machines and for tests."""

import asyncio
import inspect
import os
from collections.abc import Sequence
from importlib import import_module

from deploy.local.supervisor import Child
from shared.serve import read_settings, serve_api, serve_worker
from shared.settings import ServiceSettings


async def run_in_process(children: Sequence[Child], *, stop: asyncio.Event) -> None:
    """Until `stop`; the first one that fails ends all."""
    async with asyncio.TaskGroup() as group:
        for child in children:
            name, _, role = child.name.partition("-")
            serve = serve_api if role == "api" else serve_worker
            settings = _of_child(name, child)
            create_app = import_module(f"services.{name}.app").create_app
            group.create_task(serve(settings, create_app, stop=stop))


def _of_child(name: str, child: Child) -> ServiceSettings:
    os.environ.update(child.environment)
    return settings_of(name)


def settings_of(name: str) -> ServiceSettings:
    """A service's settings, read from the environment of this process."""
    module = import_module(f"services.{name}.settings")
    (found,) = (
        member
        for _, member in inspect.getmembers(module, inspect.isclass)
        if issubclass(member, ServiceSettings) and member.__module__ == module.__name__
    )
    return read_settings(found)
