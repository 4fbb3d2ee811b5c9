"""Documents are parsed and validated once, operations compiled once; both are found again by their text."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    OperationType,
    parse,
    validate,
)
from graphql.execution.values import VariableValues

from services.gateway.graph.collect import Collector, deciding_variables
from services.gateway.graph.compile import Compiler
from services.gateway.graph.plan import Plan

MOST_DOCUMENTS = 1000
MOST_TOKENS = 2000
MOST_PLANS_A_DOCUMENT = 32


@dataclass(slots=True)
class Document:
    """A parsed document, its errors, and the plans compiled from it so far."""

    node: DocumentNode | None
    errors: list[GraphQLError]
    operations: dict[str | None, OperationDefinitionNode] = field(default_factory=dict)
    fragments: dict[str, FragmentDefinitionNode] = field(default_factory=dict)
    deciding: frozenset[str] = frozenset()
    plans: OrderedDict[object, Plan] = field(default_factory=OrderedDict)

    def operation(self, name: str | None) -> OperationDefinitionNode:
        """The operation to run; raises `GraphQLError` when the name does not single one out."""
        if name is None and len(self.operations) == 1:
            return next(iter(self.operations.values()))
        try:
            return self.operations[name]
        except KeyError:
            known = ", ".join(sorted(key or "(unnamed)" for key in self.operations)) or "none"
            raise GraphQLError(
                f"operationName: name one of the document's operations: {known}.",
                extensions={"code": "OPERATION_RESOLUTION_FAILURE"},
            ) from None


class Documents:
    """All documents that were seen lately."""

    def __init__(self, schema: GraphQLSchema, compiler: Compiler) -> None:
        self._schema = schema
        self._compiler = compiler
        self._known: OrderedDict[str, Document] = OrderedDict()

    def read(self, source: str) -> Document:
        """The document of a text, its errors found but not raised."""
        known = self._known.get(source)
        if known is None:
            known = self._known[source] = self._parse(source)
            if len(self._known) > MOST_DOCUMENTS:
                self._known.popitem(last=False)
        else:
            self._known.move_to_end(source)
        return known

    def _parse(self, source: str) -> Document:
        try:
            node = parse(source, max_tokens=MOST_TOKENS, no_location=False)
        except GraphQLSyntaxError as error:
            return Document(None, [error])
        except RecursionError:
            return Document(None, [GraphQLError("The document is nested too deeply.")])
        document = Document(node, validate(self._schema, node, max_errors=5))
        for definition in node.definitions:
            if isinstance(definition, OperationDefinitionNode):
                document.operations[definition.name.value if definition.name else None] = definition
            elif isinstance(definition, FragmentDefinitionNode):
                document.fragments[definition.name.value] = definition
        document.deciding = deciding_variables(node.definitions)
        return document

    def collector(self, document: Document, variables: VariableValues) -> Collector:
        return Collector(self._schema, document.fragments, variables)

    def plan(
        self, document: Document, operation: OperationDefinitionNode, variables: VariableValues
    ) -> Plan:
        """The operation's plan; it depends on those variables only that directives read."""
        decisions = tuple((name, variables.coerced.get(name)) for name in sorted(document.deciding))
        identity = (operation.name.value if operation.name else None, decisions)
        plan = document.plans.get(identity)
        if plan is None:
            plan = self._compiler.plan(operation, self.collector(document, variables))
            document.plans[identity] = plan
            if len(document.plans) > MOST_PLANS_A_DOCUMENT:
                document.plans.popitem(last=False)
        return plan


def is_introspection(operation: OperationDefinitionNode) -> bool:
    """Whether an operation asks for nothing but the schema and its own type name."""
    names = {getattr(each, "name", None) for each in operation.selection_set.selections}
    return operation.operation is OperationType.QUERY and all(
        name is not None and name.value in {"__schema", "__type", "__typename"} for name in names
    )


def as_json(errors: list[GraphQLError]) -> list[Mapping[str, Any]]:
    """Errors of a document, each with a code."""
    return [
        {**error.formatted, "extensions": error.extensions or {"code": "GRAPHQL_VALIDATION_FAILED"}}
        for error in errors
    ]
