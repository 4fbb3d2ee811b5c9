"""The GraphQL endpoint of an application, put together from its parts."""

from fastapi import FastAPI

from services.gateway import schema
from services.gateway.clients.services import Services
from services.gateway.graph.compile import Compiler
from services.gateway.graph.cursors import Cursors
from services.gateway.graph.documents import Documents
from services.gateway.graph.http import GraphQL
from services.gateway.graph.mutate import Mutations
from services.gateway.settings import GatewaySettings
from services.gateway.types.joins import BINDINGS
from services.gateway.types.mutations import WRITES
from shared.settings import Environment


def endpoint(app: FastAPI, settings: GatewaySettings, clients: Services) -> GraphQL:
    """Introspection is on in development unless a setting says otherwise."""
    core = schema.core(schema.build())
    cursors = Cursors(settings.cursor_secret.get_secret_value().encode())
    compiler = Compiler(core, BINDINGS, cursors)
    introspection = settings.introspection
    return GraphQL(
        schema=core,
        documents=Documents(core, compiler),
        mutations=Mutations(compiler, {write.name: write for write in WRITES}),
        cursors=cursors,
        verifier=app.state.service.verifier,
        clients=clients,
        introspection=settings.env is not Environment.PRODUCTION
        if introspection is None
        else introspection,
        seconds=settings.query_seconds,
        service_seconds=settings.service_seconds,
    )
