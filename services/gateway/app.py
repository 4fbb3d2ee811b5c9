"""The gateway as an application: GraphQL beside the integrations' REST doors."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from services.gateway import cors, files, forwarding
from services.gateway.clients import services
from services.gateway.graphql import endpoints
from services.gateway.integrations import parts as integrations
from services.gateway.integrations.outbound.openapi import with_webhooks
from services.gateway.settings import GatewaySettings
from shared.app import build
from shared.db import Database
from shared.outward import Outward
from shared.service import Blueprint

SETTINGS = GatewaySettings


def _blueprint(settings: GatewaySettings) -> Blueprint:
    parts = integrations.parts(
        seal_key=settings.seal_key,
        outward=Outward(settings.webhook_addresses),
        kept=settings.kept,
    )
    return Blueprint(
        name="gateway",
        title="Waymark for LMS and HRIS",
        database_name=parts.database_name,
        metadata=parts.metadata,
        callers=parts.callers,
        routers=[*parts.routers, forwarding.routes, files.routes],
        facts=parts.facts,
        handlers=parts.handlers,
        jobs=parts.jobs,
    )


def create_app(settings: GatewaySettings, *, database: Database | None = None) -> FastAPI:
    clients = services.of(settings)

    @asynccontextmanager
    async def connected(_app: FastAPI) -> AsyncIterator[None]:
        yield
        await graphql.live.close()
        await services.close(clients)

    app = build(_blueprint(settings), settings, lifespan=connected, database=database)
    app.state.clients = clients
    graphql = endpoints(app, settings, clients)
    app.router.routes[:0] = graphql.routes
    app.state.hot_paths["/graphql"] = graphql.over_http
    _admit(app, settings)
    describe = app.openapi
    app.openapi = lambda: with_webhooks(describe())  # type: ignore[method-assign]
    return app


def _admit(app: FastAPI, settings: GatewaySettings) -> None:
    """Puts CORS around all middleware, so that a page can read every answer, also that of a failure."""
    build_stack = app.build_middleware_stack
    app.build_middleware_stack = lambda: cors.around(  # type: ignore[method-assign]
        build_stack(), settings.allowed_origins
    )
