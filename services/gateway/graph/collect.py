"""Which fields a selection set asks of a type, fragments and directives applied (GraphQL specification, § 6.3.2)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from graphql import (
    DirectiveNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLIncludeDirective,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLSkipDirective,
    InlineFragmentNode,
    SelectionNode,
    SelectionSetNode,
    VariableNode,
    is_abstract_type,
)
from graphql.execution.values import VariableValues, get_directive_values

TYPENAME = "__typename"


@dataclass(frozen=True, slots=True)
class Collector:
    """Collects against one document's fragments; `variables` decide `@skip` and `@include`."""

    schema: GraphQLSchema
    fragments: Mapping[str, FragmentDefinitionNode]
    variables: VariableValues

    def fields(
        self, kind: GraphQLObjectType, selections: Iterable[SelectionSetNode | None]
    ) -> dict[str, list[FieldNode]]:
        """Response key → the nodes that ask for it; their sub-selections are merged."""
        grouped: dict[str, list[FieldNode]] = {}
        seen: set[str] = set()
        for selection_set in selections:
            if selection_set is not None:
                self._collect(kind, selection_set, grouped, seen)
        return grouped

    def _collect(
        self,
        kind: GraphQLObjectType,
        selection_set: SelectionSetNode,
        grouped: dict[str, list[FieldNode]],
        seen: set[str],
    ) -> None:
        for selection in selection_set.selections:
            if not self._included(selection):
                continue
            match selection:
                case FieldNode():
                    key = (selection.alias or selection.name).value
                    grouped.setdefault(key, []).append(selection)
                case InlineFragmentNode():
                    if self._applies(kind, selection):
                        self._collect(kind, selection.selection_set, grouped, seen)
                case FragmentSpreadNode(name=name) if name.value not in seen:
                    seen.add(name.value)
                    fragment = self.fragments[name.value]
                    if self._applies(kind, fragment):
                        self._collect(kind, fragment.selection_set, grouped, seen)

    def _included(self, node: SelectionNode) -> bool:
        skip = get_directive_values(GraphQLSkipDirective, node, self.variables)
        if skip and skip["if"]:
            return False
        include = get_directive_values(GraphQLIncludeDirective, node, self.variables)
        return not include or bool(include["if"])

    def _applies(
        self, kind: GraphQLObjectType, fragment: InlineFragmentNode | FragmentDefinitionNode
    ) -> bool:
        if fragment.type_condition is None:
            return True
        condition = self.schema.get_type(fragment.type_condition.name.value)
        if condition is kind:
            return True
        return is_abstract_type(condition) and self.schema.is_sub_type(condition, kind)


def deciding_variables(nodes: Sequence[object]) -> frozenset[str]:
    """Names of the variables that directives of these nodes read: plans differ by their values."""
    found: set[str] = set()
    waiting: list[object] = list(nodes)
    while waiting:
        node = waiting.pop()
        for directive in getattr(node, "directives", ()) or ():
            found |= _variables_of(directive)
        selection_set = getattr(node, "selection_set", None)
        if selection_set is not None:
            waiting.extend(selection_set.selections)
    return frozenset(found)


def _variables_of(directive: DirectiveNode) -> set[str]:
    values = [argument.value for argument in directive.arguments or ()]
    return {value.name.value for value in values if isinstance(value, VariableNode)}
