"""GraphQL over HTTP: negotiation, request errors, the answer's bytes as they were spliced."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from time import monotonic
from typing import Any

import structlog
from graphql import GraphQLError, GraphQLSchema, OperationType, execute_sync
from graphql.execution.values import get_variable_values
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from services.gateway.context import Context
from services.gateway.graph.cursors import Cursors
from services.gateway.graph.documents import Document, Documents, as_json, is_introspection
from services.gateway.graph.execute import Run, execute
from services.gateway.graph.mutate import Mutations
from shared.auth import Claims, Verifier, bearer
from shared.http import ServiceClient
from shared.problems import Unauthenticated

log = structlog.get_logger()

GRAPHQL_JSON = "application/graphql-response+json"
JSON = "application/json"
MOST_BODY_BYTES = 256 * 1024


class RequestError(Exception):
    """The request is refused before anything is executed."""

    def __init__(self, status: int, code: str, errors: list[Mapping[str, Any]] | str) -> None:
        self.status = status
        self.errors = (
            [{"message": errors, "extensions": {"code": code}}]
            if isinstance(errors, str)
            else errors
        )


@dataclass(frozen=True, slots=True)
class Asked:
    """A well-formed GraphQL request."""

    query: str
    operation_name: str | None
    variables: dict[str, Any]


@dataclass(frozen=True, slots=True)
class GraphQL:
    """The GraphQL endpoint, as plain ASGI."""

    schema: GraphQLSchema
    documents: Documents
    mutations: Mutations
    cursors: Cursors
    verifier: Verifier
    clients: Mapping[str, ServiceClient]
    introspection: bool
    seconds: float
    service_seconds: float

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        media_type = JSON
        try:
            media_type = negotiate(request.headers.get("accept"))
            body = await self._answer(request)
            response = Response(body, media_type=media_type)
        except RequestError as error:
            legacy = media_type == JSON and error.status == 400
            response = Response(
                json.dumps({"errors": error.errors}),
                status_code=200 if legacy else error.status,
                media_type=media_type,
                headers={"WWW-Authenticate": "Bearer"} if error.status == 401 else None,
            )
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> bytes:
        asked = read(request, await request.body())
        document = self.documents.read(asked.query)
        if document.errors:
            raise RequestError(400, "GRAPHQL_VALIDATION_FAILED", as_json(document.errors))
        try:
            operation = document.operation(asked.operation_name)
        except GraphQLError as error:
            raise RequestError(400, "BAD_USER_INPUT", as_json([error])) from None
        if is_introspection(operation):
            return self._introspect(document, asked)
        claims = await self._claims(request)
        variables = get_variable_values(
            self.schema, operation.variable_definitions or (), asked.variables, max_errors=5
        )
        if isinstance(variables, list):
            raise RequestError(400, "BAD_USER_INPUT", as_json(variables))
        run = Run(self._context(request, claims), self.cursors, variables)
        if operation.operation is OperationType.MUTATION:
            collector = self.documents.collector(document, variables)
            return await self.mutations.execute(operation, collector, run)
        if operation.operation is OperationType.QUERY:
            return await execute(self.documents.plan(document, operation, variables), run)
        raise RequestError(400, "BAD_USER_INPUT", "This endpoint runs queries and mutations.")

    def _introspect(self, document: Document, asked: Asked) -> bytes:
        assert document.node is not None
        only_typename = "__schema" not in asked.query and "__type(" not in asked.query
        if not self.introspection and not only_typename:
            raise RequestError(400, "INTROSPECTION_DISABLED", "Introspection is off here.")
        result = execute_sync(
            self.schema,
            document.node,
            variable_values=asked.variables,
            operation_name=asked.operation_name,
        )
        return json.dumps(result.formatted).encode()

    async def _claims(self, request: Request) -> Claims:
        try:
            return await self.verifier.verify(bearer(request.headers.get("authorization")))
        except Unauthenticated as error:
            raise RequestError(401, "UNAUTHENTICATED", error.detail) from None

    def _context(self, request: Request, claims: Claims) -> Context:
        return Context(
            token=bearer(request.headers.get("authorization")),
            claims=claims,
            clients=self.clients,
            deadline=monotonic() + self.seconds,
            service_seconds=self.service_seconds,
            idempotency_key=request.headers.get("idempotency-key"),
        )


def negotiate(accept: str | None) -> str:
    """The media type of the answer; JSON wherever it is listed. Raises `RequestError` (406)."""
    offered = [part.split(";")[0].strip().lower() for part in (accept or "*/*").split(",")]
    if GRAPHQL_JSON in offered:
        return GRAPHQL_JSON
    if {JSON, "*/*", "application/*"} & set(offered):
        return JSON
    raise RequestError(406, "NOT_ACCEPTABLE", f"Accept {GRAPHQL_JSON} or {JSON}.")


def read(request: Request, body: bytes) -> Asked:
    """The request of a POST body or a GET's query string; raises `RequestError`."""
    if len(body) > MOST_BODY_BYTES:
        raise RequestError(413, "TOO_LARGE", f"The body is larger than {MOST_BODY_BYTES} bytes.")
    if request.method == "GET":
        raise RequestError(405, "METHOD_NOT_ALLOWED", "Send queries by POST.")
    if request.headers.get("content-type", "").split(";")[0].strip().lower() != JSON:
        raise RequestError(415, "UNSUPPORTED_MEDIA_TYPE", f"Send Content-Type: {JSON}.")
    try:
        wire = json.loads(body)
    except (ValueError, RecursionError):
        raise RequestError(400, "BAD_REQUEST", "The body is not JSON.") from None
    if not isinstance(wire, dict):
        raise RequestError(400, "BAD_REQUEST", "Send one JSON object with a `query`.")
    return Asked(
        query=_member(wire, "query", str) or "",
        operation_name=_member(wire, "operationName", str),
        variables=_member(wire, "variables", dict) or {},
    )


def _member(wire: dict[str, Any], name: str, kind: type) -> Any:
    value = wire.get(name)
    if value is not None and not isinstance(value, kind):
        raise RequestError(400, "BAD_REQUEST", f"`{name}` has the wrong type.")
    return value
