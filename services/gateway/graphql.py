"""The GraphQL endpoints of an application, put together from their parts."""

from dataclasses import dataclass
from pathlib import Path

from fastapi import FastAPI
from starlette.routing import BaseRoute, Mount, WebSocketRoute
from starlette.staticfiles import StaticFiles

from services.gateway import schema
from services.gateway.clients.services import Services, gatherings
from services.gateway.explorer import Explorer
from services.gateway.graph.compile import Compiler
from services.gateway.graph.cursors import Cursors
from services.gateway.graph.documents import Documents
from services.gateway.graph.engine import Engine
from services.gateway.graph.http import GraphQL
from services.gateway.graph.limits import Limits
from services.gateway.graph.mutate import Mutations
from services.gateway.graph.persisted import Persisted, read_trusted
from services.gateway.graph.sse import Streams
from services.gateway.graph.subscriptions import Subscriptions
from services.gateway.graph.websocket import WebSockets
from services.gateway.settings import GatewaySettings
from services.gateway.types.joins import BINDINGS
from services.gateway.types.mutations import WRITES
from services.gateway.types.subscription import WATCHES
from shared.events.live import Live
from shared.settings import Environment

STATIC = Path(__file__).parent / "static" / "graphiql"


@dataclass(frozen=True, slots=True)
class Endpoints:
    """The endpoint at /graphql, what else is below it, and what they hold open."""

    over_http: GraphQL
    routes: list[BaseRoute]
    live: Live


def endpoints(app: FastAPI, settings: GatewaySettings, clients: Services) -> Endpoints:
    """Introspection, and GraphiQL with it, is on outside production unless a setting says otherwise."""
    engine = _engine(app, settings, clients)
    live = Live(settings.nats_url, name="gateway api")
    service = app.state.service
    subscriptions = Subscriptions(engine, live, WATCHES, draining=lambda: bool(service.draining))
    explorer = Explorer(STATIC) if engine.introspection else None
    over_http = GraphQL(engine, Streams(subscriptions), explorer)
    routes: list[BaseRoute] = [
        WebSocketRoute(
            "/graphql", WebSockets(subscriptions, settings.allowed_origins), name="graphql-ws"
        ),
    ]
    if explorer is not None:
        routes.append(Mount("/graphql/static", StaticFiles(directory=STATIC)))
    return Endpoints(over_http, routes, live)


def _engine(app: FastAPI, settings: GatewaySettings, clients: Services) -> Engine:
    core = schema.core(schema.build())
    cursors = Cursors(settings.cursor_secret.get_secret_value().encode())
    compiler = Compiler(core, BINDINGS, cursors)
    on = settings.introspection
    trusted = read_trusted(settings.trusted_documents) if settings.trusted_documents else {}
    return Engine(
        schema=core,
        documents=Documents(core, compiler, Limits(cost=settings.most_cost)),
        persisted=Persisted(trusted, only=settings.trusted_documents_only),
        mutations=Mutations(compiler, {write.name: write for write in WRITES}),
        cursors=cursors,
        verifier=app.state.service.verifier,
        clients=clients,
        gatherings=gatherings(clients, settings),
        introspection=settings.env is not Environment.PRODUCTION if on is None else on,
        seconds=settings.query_seconds,
        service_seconds=settings.service_seconds,
    )
