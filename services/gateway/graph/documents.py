"""Documents are parsed, limited, priced and validated once, operations compiled once; both are found by their text."""

import re
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    OverlappingFieldsCanBeMergedRule,
    parse,
    specified_rules,
    validate,
)
from graphql.execution.values import VariableValues

from services.gateway.graph.collect import Collector, deciding_variables
from services.gateway.graph.compile import Compiler
from services.gateway.graph.cost import Cost, Pricer
from services.gateway.graph.limits import SCHEMA_FIELDS, Limits, fragments_of, root_names
from services.gateway.graph.plan import Plan

MOST_DOCUMENTS = 1000
MOST_CHARACTERS_KEPT = 2 * 1024 * 1024
MOST_PLANS_A_DOCUMENT = 32
MOST_PREPARED_A_DOCUMENT = 16
INVALID = "GRAPHQL_VALIDATION_FAILED"
NUL = re.compile(r"\0|\\u(0000|\{0+\})")
CHEAP_RULES = [rule for rule in specified_rules if rule is not OverlappingFieldsCanBeMergedRule]


@dataclass(slots=True)
class Document:
    """A parsed document, its errors, and the plans compiled from it so far.

    `cost` is that of its operation; `roots` are the names of the fields that the operation starts from; `told` is the
    answer of introspection, which is always the same; `prepared` are the requests of late, ready to be run again.
    """

    node: DocumentNode | None
    errors: list[GraphQLError]
    operations: dict[str | None, OperationDefinitionNode] = field(default_factory=dict)
    fragments: dict[str, FragmentDefinitionNode] = field(default_factory=dict)
    deciding: frozenset[str] = frozenset()
    cost: Cost = 0
    roots: frozenset[str] = frozenset()
    told: bytes | None = None
    plans: OrderedDict[object, Plan] = field(default_factory=OrderedDict)
    prepared: OrderedDict[object, Any] = field(default_factory=OrderedDict)

    def remember(self, identity: object, prepared: Any) -> None:
        """For requests of the same identity; the oldest is forgotten."""
        self.prepared[identity] = prepared
        if len(self.prepared) > MOST_PREPARED_A_DOCUMENT:
            self.prepared.popitem(last=False)

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

    @property
    def is_introspection(self) -> bool:
        """Whether it asks for the schema."""
        return bool(self.roots & SCHEMA_FIELDS)


class Documents:
    """All good documents that were seen lately."""

    def __init__(
        self, schema: GraphQLSchema, compiler: Compiler, limits: Limits | None = None
    ) -> None:
        self.limits = limits or Limits()
        self.bindings = compiler.bindings
        self._schema = schema
        self._compiler = compiler
        self._pricer = Pricer(schema, self.bindings)
        self._known: OrderedDict[str, Document] = OrderedDict()
        self._characters = 0

    def read(self, source: str) -> Document:
        """The document of a text, its errors found but not raised."""
        known = self._known.get(source)
        if known is not None:
            self._known.move_to_end(source)
            return known
        try:
            found = self._parse(source)
        except GraphQLError as error:
            return Document(None, [error])
        if not found.errors:
            self._keep(source, found)
        return found

    def _keep(self, source: str, document: Document) -> None:
        self._known[source] = document
        self._characters += len(source)
        while len(self._known) > MOST_DOCUMENTS or self._characters > MOST_CHARACTERS_KEPT:
            forgotten, _ = self._known.popitem(last=False)
            self._characters -= len(forgotten)

    def _parse(self, source: str) -> Document:
        """What is kept has no locations, which take six times the room; errors are found with them."""
        located = self._located(source)
        self.limits.check(located)
        document = Document(located, [], fragments=fragments_of(located))
        for definition in located.definitions:
            if isinstance(definition, OperationDefinitionNode):
                self._price(document, definition)
        document.errors = validate(self._schema, located, CHEAP_RULES, 5, True) or validate(
            self._schema, located, [OverlappingFieldsCanBeMergedRule], 5, True
        )
        return document if document.errors else self._prepare(document, source)

    def _located(self, source: str) -> DocumentNode:
        if len(source) > self.limits.characters:
            raise self.limits.refuse("characters", len(source))
        if NUL.search(source):
            raise GraphQLError("Text must not have the character U+0000.")
        try:
            return parse(source, max_tokens=self.limits.tokens, allow_empty_selection_sets=False)
        except GraphQLSyntaxError as error:
            if "tokens" in error.message and "more than" in error.message:
                raise self.limits.refuse("tokens") from None
            if "nested too deeply" in error.message:
                raise self.limits.refuse("depth") from None
            raise

    def _price(self, document: Document, operation: OperationDefinitionNode) -> None:
        document.roots = root_names(operation, document.fragments)
        document.cost = self._pricer.price(operation, document.fragments)
        if isinstance(document.cost, int) and document.cost > self.limits.cost:
            raise self.limits.refuse("cost", document.cost)

    def _prepare(self, document: Document, source: str) -> Document:
        node = document.node = parse(source, no_location=True)
        document.fragments = fragments_of(node)
        for definition in node.definitions:
            if isinstance(definition, OperationDefinitionNode):
                document.operations[definition.name.value if definition.name else None] = definition
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
