"""From a request to its answer: the document found, limited and validated, its operation run for the caller."""

import json
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from time import monotonic
from uuid import UUID

from graphql import (
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    execute_sync,
)
from graphql.execution.values import VariableValues, get_variable_values

from services.gateway.clients.gathering import Gathering
from services.gateway.context import Context
from services.gateway.graph.asking import Asked, RequestError
from services.gateway.graph.cost import reckon
from services.gateway.graph.cursors import Cursors
from services.gateway.graph.documents import INVALID, Document, Documents
from services.gateway.graph.execute import Lines, Run, execute
from services.gateway.graph.limits import SCHEMA_FIELDS
from services.gateway.graph.mutate import Mutations
from services.gateway.graph.observe import Observed, label
from services.gateway.graph.persisted import Persisted
from services.gateway.graph.plan import Plan
from shared.auth import Claims, Verifier, bearer
from shared.http import ServiceClient
from shared.problems import Unauthenticated

TYPENAME = "__typename"
MOST_VARIABLES = 20
MOST_CHARACTERS = 100
MOST_RECENT, MOST_RECENT_BYTES = 256, 8192


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: the token as it is handed on to the services, verified here too."""

    token: str
    claims: Claims
    idempotency_key: str | None = None


@dataclass(slots=True)
class Prepared:
    """An operation that may be run; `cost` is that of these variables.

    `plan` and `lines` are filled in as it runs, for who asks the same with the same variables again.
    """

    document: Document
    operation: OperationDefinitionNode
    variables: VariableValues
    asked: Asked
    cost: int
    plan: Plan | None = None
    lines: Lines = field(default_factory=dict)

    @property
    def kind(self) -> OperationType:
        return self.operation.operation


@dataclass(frozen=True, slots=True)
class Engine:
    """Everything that answering takes, whatever the request came in by."""

    schema: GraphQLSchema
    documents: Documents
    persisted: Persisted
    mutations: Mutations
    cursors: Cursors
    verifier: Verifier
    clients: Mapping[str, ServiceClient]
    gatherings: Mapping[str, Gathering]
    introspection: bool
    seconds: float
    service_seconds: float

    async def caller(
        self, authorization: str | None, idempotency_key: str | None = None
    ) -> Caller | None:
        """Nobody only where the schema may be asked for without a token; else raises `RequestError` (401)."""
        if authorization is None and self.introspection:
            return None
        try:
            token = bearer(authorization)
            return Caller(token, await self.verifier.verify(token), idempotency_key)
        except Unauthenticated as error:
            raise unauthenticated(error.detail) from None

    def prepare(self, asked: Asked, caller: Caller | None, seen: Observed) -> Prepared:
        """Raises `RequestError` for whatever cannot be run."""
        tenant_id = caller.claims.tenant_id if caller else None
        document = self._document(asked, tenant_id)
        _admit(document, caller)
        identity = identity_of(asked)
        prepared = document.prepared.get(identity) if identity else None
        if prepared is None:
            prepared = self._prepare(document, asked, seen)
            if identity is not None:
                document.remember(identity, prepared)
        return _named(prepared, seen)

    def prepare_again(self, known: Prepared, caller: Caller | None, seen: Observed) -> Prepared:
        """For a request that came before, word for word."""
        _admit(known.document, caller)
        return _named(known, seen)

    def _prepare(self, document: Document, asked: Asked, seen: Observed) -> Prepared:
        try:
            operation = document.operation(asked.operation_name)
            seen.operation = label(operation.name.value if operation.name else None)
            seen.cost = reckon(document.cost, asked.variables)
            if seen.cost > self.documents.limits.cost:
                raise self.documents.limits.refuse("cost", seen.cost)
        except GraphQLError as error:
            raise RequestError.of([error], "BAD_USER_INPUT") from None
        variables = get_variable_values(
            self.schema, operation.variable_definitions or (), asked.variables, 5, True
        )
        if isinstance(variables, list):
            raise RequestError.of(variables, "BAD_USER_INPUT")
        return Prepared(document, operation, variables, asked, seen.cost)

    def _document(self, asked: Asked, tenant_id: UUID | None) -> Document:
        text = self.persisted.text(asked, tenant_id)
        document = self.documents.read(text)
        if document.errors:
            raise RequestError.of(document.errors, INVALID)
        self.persisted.remember(asked, tenant_id)
        return document

    def context(self, caller: Caller) -> Context:
        return Context(
            token=caller.token,
            claims=caller.claims,
            clients=self.clients,
            gatherings=self.gatherings,
            deadline=monotonic() + self.seconds,
            service_seconds=self.service_seconds,
            idempotency_key=caller.idempotency_key,
        )

    async def answer(self, prepared: Prepared, caller: Caller | None, seen: Observed) -> bytes:
        """The bytes of a query's or a mutation's answer."""
        document, operation = prepared.document, prepared.operation
        if document.is_introspection:
            return self._introspect(prepared)
        assert caller is not None
        run = Run(self.context(caller), self.cursors, prepared.variables, prepared.lines)
        try:
            if operation.operation is OperationType.MUTATION:
                collector = self.documents.collector(document, prepared.variables)
                return await self.mutations.execute(operation, collector, run)
            return await execute(prepared.plan or self._plan(prepared), run)
        finally:
            seen.calls = run.context.calls

    def _plan(self, prepared: Prepared) -> Plan:
        document, operation = prepared.document, prepared.operation
        try:
            prepared.plan = self.documents.plan(document, operation, prepared.variables)
        except GraphQLError as error:
            raise RequestError.of([error], "BAD_USER_INPUT") from None
        return prepared.plan

    def _introspect(self, prepared: Prepared) -> bytes:
        document = prepared.document
        if not self.introspection:
            raise RequestError(
                400, "INTROSPECTION_DISABLED", "Introspection is off here.", of_document=True
            )
        if document.roots - SCHEMA_FIELDS - {TYPENAME}:
            raise RequestError(
                400, INVALID, "Ask for the schema in a document of its own.", of_document=True
            )
        assert document.node is not None
        result = execute_sync(self.schema, document.node, variable_values=prepared.asked.variables)
        return json.dumps(result.formatted).encode()


def _admit(document: Document, caller: Caller | None) -> None:
    if caller is None and not document.is_introspection:
        raise unauthenticated("Send the access token as 'Authorization: Bearer …'.")


def _named(prepared: Prepared, seen: Observed) -> Prepared:
    name = prepared.operation.name
    seen.operation, seen.cost = label(name.value if name else None), prepared.cost
    return prepared


class Recent:
    """Queries by the bodies that brought them lately: front ends repeat themselves, word for word.

    Writes are not remembered, since they may hold what somebody wrote; nor is what stands for a persisted text.
    """

    def __init__(self) -> None:
        self._known: OrderedDict[bytes, Prepared] = OrderedDict()
        self.get = self._known.get

    def remember(self, body: bytes, prepared: Prepared) -> None:
        query = prepared.kind is OperationType.QUERY and prepared.asked.document_id is None
        if query and len(body) <= MOST_RECENT_BYTES:
            self._known[body] = prepared
            if len(self._known) > MOST_RECENT:
                self._known.popitem(last=False)


def identity_of(asked: Asked) -> tuple[object, ...] | None:
    """What two requests for one document have in common that are prepared alike; None when it is much to remember."""
    values = asked.variables.items()
    if len(values) > MOST_VARIABLES or not all(_is_small(value) for _, value in values):
        return None
    return asked.operation_name, *((name, type(value), value) for name, value in values)


def _is_small(value: object) -> bool:
    if isinstance(value, str):
        return len(value) <= MOST_CHARACTERS
    return value is None or isinstance(value, int | float)


def unauthenticated(detail: str) -> RequestError:
    return RequestError(401, "UNAUTHENTICATED", detail)
