"""Running a service as processes: `api` answers HTTP, `worker` relays, consumes and does timed work."""

import asyncio
import contextlib
import gc
import signal
import sys
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from typing import Protocol, TypeVar

import uvicorn
from fastapi import FastAPI
from prometheus_client import make_asgi_app
from pydantic import ValidationError
from starlette.types import ASGIApp

from shared import events, health, logs
from shared.accesses import keeping
from shared.jobs import Jobs
from shared.service import Service
from shared.settings import ServiceSettings

Settings = TypeVar("Settings", bound=ServiceSettings)
DRAIN_SECONDS = 20


class Serve(Protocol):
    """One of `serve_api` and `serve_worker`."""

    def __call__(
        self,
        settings: Settings,
        create_app: Callable[[Settings], FastAPI],
        *,
        stop: asyncio.Event,
    ) -> Awaitable[None]: ...


def main(
    settings_class: type[Settings], create_app: Callable[[Settings], FastAPI], name: str
) -> None:
    """The body of a service's `__main__`: `python -m services.<name> api|worker`."""
    role = sys.argv[1] if len(sys.argv) == 2 else ""
    roles: dict[str, Serve] = {"api": serve_api, "worker": serve_worker}
    if role not in roles:
        raise SystemExit(f"usage: python -m services.{name} api|worker")
    settings = read_settings(settings_class)
    logs.configure(settings.log_level, service=f"{name}-{role}")
    with asyncio.Runner(
        loop_factory=uvicorn.Config("", loop="uvloop").get_loop_factory()
    ) as runner:
        runner.run(_until_signalled(roles[role], settings, create_app))


def read_settings(settings_class: type[Settings]) -> Settings:
    """Stops the start with one readable line for a missing or wrong setting."""
    try:
        return settings_class()
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise SystemExit(f"{settings_class.__name__} is not complete: {wrong}") from None


async def _until_signalled(
    serve: Serve, settings: Settings, create_app: Callable[[Settings], FastAPI]
) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await serve(settings, create_app, stop=stop)


async def serve_api(
    settings: Settings, create_app: Callable[[Settings], FastAPI], *, stop: asyncio.Event
) -> None:
    """Answers HTTP until `stop`, then finishes what is in flight."""
    app = _for_good(create_app(settings))
    async with asyncio.TaskGroup() as group:
        servers = [_server(app, settings.host, settings.port)]
        if settings.metrics_port:
            servers.append(_server(_side_door(app), settings.host, settings.metrics_port))
        running = [group.create_task(server.serve()) for server in servers]
        await _first(stop.wait(), *running)
        app.state.service.draining = True
        for server in servers:
            server.should_exit = True


async def serve_worker(
    settings: Settings, create_app: Callable[[Settings], FastAPI], *, stop: asyncio.Event
) -> None:
    """Relays facts, applies others' facts and does timed work until `stop`."""
    app = _for_good(create_app(settings))
    service: Service = app.state.service
    async with app.router.lifespan_context(app), asyncio.TaskGroup() as group:
        side = _server(_side_door(app), settings.host, settings.metrics_port)
        answering = group.create_task(side.serve()) if settings.metrics_port else None
        await events.run_worker(
            service.database,
            handlers=service.blueprint.handlers or events.Handlers(service.blueprint.name),
            registry=jobs_of(service),
            nats_url=settings.nats_url,
            replicas=settings.nats_replicas,
            retention=events.Retention(
                outbox=timedelta(days=settings.retention_outbox_days),
                inbox=timedelta(days=settings.retention_inbox_days),
            ),
            stop=stop,
        )
        side.should_exit = True
        if answering is not None:
            await answering


def _for_good(app: FastAPI) -> FastAPI:
    """What a start has made stays: looking through all of it for garbage would stop the gateway for 0.1 s each time."""
    gc.collect()
    gc.freeze()
    return app


def jobs_of(service: Service) -> Jobs | None:
    """The service's own, and the purge of its access log if it has one."""
    jobs = service.blueprint.jobs
    if service.blueprint.accesses is None:
        return jobs
    kept = timedelta(days=service.settings.retention_access_log_days)
    return keeping.with_purge(jobs, service.blueprint.name, kept=kept)


async def _first(*awaitables: Awaitable[object]) -> None:
    """Until the first ends, so that a server that cannot start ends the process instead of hanging it."""
    tasks = [asyncio.ensure_future(awaitable) for awaitable in awaitables]
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)


def _side_door(app: FastAPI) -> ASGIApp:
    """Metrics and health on a port of their own, which no user reaches."""
    side = FastAPI(openapi_url=None)
    side.state.service = app.state.service
    side.state.readiness = app.state.readiness
    side.include_router(health.routes)
    side.mount("/metrics", make_asgi_app())
    return side


class _Server(uvicorn.Server):
    """Leaves the signals to the process, which may run several servers."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _server(app: ASGIApp, host: str, port: int) -> _Server:
    return _Server(
        uvicorn.Config(
            app,
            host=host,
            port=port,
            http="httptools",
            ws="websockets-sansio",
            log_config=None,
            access_log=False,
            server_header=False,
            date_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=DRAIN_SECONDS,
            h11_max_incomplete_event_size=64 * 1024,
        )
    )
