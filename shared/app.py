"""A blueprint and its settings become an application: the same bones for every service."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any
from uuid import uuid4

import structlog
from fastapi import FastAPI
from fastapi_offline import FastAPIOffline
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared import failures, health, operations, problems, telemetry
from shared.auth import KeySource, Verifier
from shared.db import Database
from shared.problems import ProblemDocument
from shared.safely import protect
from shared.sealing import hand_down
from shared.service import Blueprint, Service
from shared.settings import ServiceSettings
from shared.views.endpoint import OPENAPI, PREFIX, ViewEndpoint

VERSION = "0.1.0"
MAX_BODY_BYTES = 8 * 1024 * 1024

Lifespan = Callable[[FastAPI], Any]


def build(
    blueprint: Blueprint,
    settings: ServiceSettings,
    *,
    lifespan: Lifespan | None = None,
    database: Database | None = None,
) -> FastAPI:
    """The application of one service; `lifespan` adds what it holds open beside its database."""
    service = Service(
        blueprint=blueprint,
        settings=settings,
        database=database or _connect(blueprint, settings),
        verifier=Verifier(
            KeySource(settings.auth_jwks),
            issuer=settings.auth_issuer,
            audience=settings.auth_audience,
        ),
    )
    if blueprint.person_keys is not None:
        hand_down(service.database, blueprint.person_keys)
    app = FastAPIOffline(
        title=blueprint.title,
        version=VERSION,
        lifespan=_lifespan(service, lifespan),
        separate_input_output_schemas=False,
    )
    app.state.service = service
    app.state.readiness = health.Readiness(service)
    failures.install(app)
    app.include_router(health.routes)
    for router in blueprint.routers:
        app.include_router(router)
    app.include_router(operations.routes)
    _describe(app)
    app.add_middleware(telemetry.Metrics, service=blueprint.name)
    app.add_middleware(RequestLimits, most_bytes=MAX_BODY_BYTES)
    app.state.hot_paths = {PREFIX: ViewEndpoint(service, blueprint.views)}
    _lead_hot_paths(app)
    return app


def _connect(blueprint: Blueprint, settings: ServiceSettings) -> Database:
    return Database.connect(
        settings.database_url.get_secret_value(),
        application_name=f"waymark-{blueprint.name}",
        pool_size=settings.pool_size,
        bare_size=settings.view_pool_size,
    )


def _lifespan(service: Service, further: Lifespan | None) -> Lifespan:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        telemetry.observe_engine(service.database.engine, service.blueprint.name)
        await service.database.refuse_powerful_role()
        async with AsyncExitStack() as stack:
            stack.push_async_callback(service.database.close)
            if service.access_log is not None:
                every = service.settings.access_log_seconds
                await stack.enter_async_context(service.access_log.kept(every_seconds=every))
            if further is not None:
                await stack.enter_async_context(further(app))
            yield
            service.draining = True

    return lifespan


def _lead_hot_paths(app: FastAPI) -> None:
    """Around all middleware, but within FastAPI's traces."""
    build_stack = app.build_middleware_stack
    app.build_middleware_stack = lambda: HotPaths(  # type: ignore[method-assign]
        build_stack(), endpoints=app.state.hot_paths
    )


def _describe(app: FastAPI) -> None:
    """Adds to the OpenAPI document what no route declares: the problem document and the endpoint of views."""
    generate = app.openapi

    def openapi() -> dict[str, Any]:
        document = generate()
        schemas = document.setdefault("components", {}).setdefault("schemas", {})
        described = ProblemDocument.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas.update(described.pop("$defs"))
        schemas["ProblemDocument"] = described
        if app.state.service.blueprint.views:
            document["paths"][PREFIX] = OPENAPI
        return document

    app.openapi = openapi  # type: ignore[method-assign]


class HotPaths:
    """Leads some paths to plain ASGI endpoints before any middleware; the rest goes on.

    Such an endpoint does for itself what it needs of the middleware: ids, limits, metrics, problems.
    """

    def __init__(self, app: ASGIApp, *, endpoints: Mapping[str, ASGIApp]) -> None:
        self._app = app
        self._endpoints = endpoints

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        endpoint = self._endpoints.get(scope.get("path", ""), self._app)
        if scope["type"] != "http":
            endpoint = self._app
        await endpoint(scope, receive, send)


class RequestLimits:
    """Gives every request an id, in its logs and its answer, and refuses bodies that are too large.

    No answer is to be taken for another type than it says, and none that is JSON is kept by a cache on the way.
    """

    def __init__(self, app: ASGIApp, *, most_bytes: int) -> None:
        self._app = app
        self._most_bytes = most_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = next((value for name, value in scope["headers"] if name == b"x-request-id"), b"")
        request_id = given.decode("latin-1")[:64] if given.isalnum() else uuid4().hex
        received = 0

        async def limited() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self._most_bytes:
                raise problems.TooLarge(f"The body is larger than {self._most_bytes} bytes.")
            return message

        async def identified(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["X-Request-Id"] = request_id
                protect(headers)
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=request_id):
            await self._app(scope, limited, identified)
