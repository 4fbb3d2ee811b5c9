"""What a query costs: the records that its answer may have, were every page full.

A record of a list or page costs 1, as does a page itself, an object of another service and a field at the root; what is
embedded in a record costs nothing. A page's `first` multiplies what is inside. A list without `first` is taken for 10
long. A field that is named twice is counted twice.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from graphql import (
    ArgumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    VariableNode,
    get_named_type,
    get_nullable_type,
    is_list_type,
)
from graphql.pyutils import Undefined

from services.gateway.graph.arguments import MOST_FIRST, refusal
from services.gateway.types.bindings import Bindings

UNSIZED = 10
CONNECTION = "Connection"

Variables: TypeAlias = Mapping[str, Any]
Cost: TypeAlias = int | Callable[[Variables], int]
"""A number, or how to reckon it from the values of the variables as they were sent."""


def reckon(cost: Cost, variables: Variables) -> int:
    """Raises `GraphQLError` for a page that is too large."""
    return cost if isinstance(cost, int) else cost(variables)


@dataclass(frozen=True, slots=True)
class Pricer:
    """Prices operations of one schema. What the schema does not know costs nothing: validation refuses it."""

    schema: GraphQLSchema
    bindings: Bindings

    def price(
        self, operation: OperationDefinitionNode, fragments: Mapping[str, FragmentDefinitionNode]
    ) -> Cost:
        """Raises `GraphQLError` for a page that is too large, where it is written into the document."""
        defaults = {
            each.variable.name.value: each.default_value
            for each in operation.variable_definitions or ()
        }
        root = self.schema.get_root_type(operation.operation)
        return _Walk(self, fragments, defaults).selections(root, operation.selection_set)


@dataclass(frozen=True, slots=True)
class _Walk:
    pricer: Pricer
    fragments: Mapping[str, FragmentDefinitionNode]
    defaults: Mapping[str, Any]

    def selections(self, kind: GraphQLNamedType | None, node: SelectionSetNode) -> Cost:
        return _sum([self._selection(kind, each) for each in node.selections])

    def _selection(self, kind: GraphQLNamedType | None, node: SelectionNode) -> Cost:
        match node:
            case FieldNode():
                return self._field(kind, node)
            case InlineFragmentNode(type_condition=condition):
                target = self._type(condition.name.value) if condition else kind
                return self.selections(target, node.selection_set)
            case FragmentSpreadNode(name=name) if name.value in self.fragments:
                fragment = self.fragments[name.value]
                target = self._type(fragment.type_condition.name.value)
                return self.selections(target, fragment.selection_set)
        return 0

    def _type(self, name: str) -> GraphQLNamedType | None:
        return self.pricer.schema.get_type(name)

    def _field(self, kind: GraphQLNamedType | None, node: FieldNode) -> Cost:
        if not isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            return 0
        declared = kind.fields.get(node.name.value)
        if declared is None:
            return 0
        named = get_named_type(declared.type)
        inside = self.selections(named, node.selection_set) if node.selection_set else 0
        size = self._size(declared, node)
        if named.name.endswith(CONNECTION):
            return _sum([1, _times(1 if size is None else size, inside)])
        if size is not None:
            return _times(size, _sum([1, inside]) if node.selection_set else 0)
        if is_list_type(get_nullable_type(declared.type)) and node.selection_set:
            return _times(1 if kind.name.endswith(CONNECTION) else UNSIZED, _sum([1, inside]))
        return _sum([int(self._is_fetched(kind, node)), inside])

    def _is_fetched(self, kind: GraphQLNamedType, node: FieldNode) -> bool:
        schema = self.pricer.schema
        if kind in (schema.query_type, schema.mutation_type, schema.subscription_type):
            return True
        return (kind.name, node.name.value) in self.pricer.bindings.joins

    def _size(self, declared: GraphQLField, node: FieldNode) -> Cost | None:
        """How long the list is: what `first` says, or the ids that are asked for."""
        given = {each.name.value: each for each in node.arguments or ()}
        if "ids" in declared.args:
            return self._ids(given["ids"]) if "ids" in given else 0
        if "first" not in declared.args:
            return None
        default = declared.args["first"].default_value
        fallback = default if isinstance(default, int) else UNSIZED
        return self._first(given["first"], fallback) if "first" in given else fallback

    def _first(self, argument: ArgumentNode, fallback: int) -> Cost:
        match argument.value:
            case IntValueNode(value=text):
                return _page_size(int(text) if len(text) < 10 else MOST_FIRST + 1)
            case VariableNode(name=name):
                default = self.defaults.get(name.value)
                written = int(default.value) if isinstance(default, IntValueNode) else fallback
                return lambda variables: _page_size(variables.get(name.value, written), fallback)
        return fallback

    def _ids(self, argument: ArgumentNode) -> Cost:
        match argument.value:
            case ListValueNode(values=values):
                return _length(len(values))
            case VariableNode(name=name):
                default = self.defaults.get(name.value)
                written = len(default.values) if isinstance(default, ListValueNode) else 1

                def length(variables: Variables) -> int:
                    value = variables.get(name.value, Undefined)
                    return _length(len(value) if isinstance(value, list) else written)

                return length
        return 1


def _page_size(value: Any, fallback: int = 0) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        return fallback
    if not 0 <= value <= MOST_FIRST:
        raise refusal(f"first must be between 0 and {MOST_FIRST}.")
    return value


def _length(count: int) -> int:
    if count > MOST_FIRST:
        raise refusal(f"ids must be at most {MOST_FIRST}; these are {count:,}.")
    return count


def _sum(costs: list[Cost]) -> Cost:
    fixed = sum(each for each in costs if isinstance(each, int))
    varying = [each for each in costs if not isinstance(each, int)]
    if not varying:
        return fixed
    return lambda variables: fixed + sum(each(variables) for each in varying)


def _times(size: Cost, inside: Cost) -> Cost:
    if isinstance(size, int) and isinstance(inside, int):
        return size * inside
    return lambda variables: reckon(size, variables) * reckon(inside, variables)
