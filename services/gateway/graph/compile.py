"""A validated operation becomes a plan: each level of the query one batch a view, whatever the counts."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    FieldNode,
    GraphQLField,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    OperationDefinitionNode,
    get_named_type,
    get_nullable_type,
    is_leaf_type,
    is_list_type,
)
from graphql.execution.values import VariableValues

from services.gateway.graph.arguments import Arguments
from services.gateway.graph.collect import Collector
from services.gateway.graph.cursors import Cursors
from services.gateway.graph.plan import Call, Plan, ReadArguments, RootField
from services.gateway.types.bindings import Bindings, Join, ViewRef

TYPENAME = "__typename"
CONNECTION_SUFFIX = "Connection"


@dataclass(slots=True)
class _Level:
    """What belongs to one call while its selection is compiled: its argument values and its slots."""

    values: list[tuple[str, Arguments]] = field(default_factory=list)
    slots: list[Call] = field(default_factory=list)

    def places(self, arguments: Arguments) -> dict[str, int]:
        """Reserves a place for each argument of a field: name → place."""
        start = len(self.values)
        self.values += [(name, arguments) for name in arguments.names]
        return {name: start + offset for offset, name in enumerate(arguments.names)}

    def slot(self, call: Call) -> int:
        """The number of the slot that a call fills; one that asks the same of the same view is shared."""
        for number, known in enumerate(self.slots):
            if call.is_like(known):
                known.paths += call.paths
                return number
        self.slots.append(call)
        return len(self.slots) - 1

    def reader(self) -> ReadArguments:
        values = tuple(self.values)

        def read(variables: VariableValues) -> Sequence[Any]:
            return [arguments.values(variables)[name] for name, arguments in values]

        return read if values else _nothing


def _nothing(_variables: Any) -> Sequence[Any]:
    return ()


@dataclass(frozen=True, slots=True)
class Compiler:
    """Compiles the operations of one schema."""

    schema: GraphQLSchema
    bindings: Bindings
    cursors: Cursors

    def plan(self, operation: OperationDefinitionNode, collector: Collector) -> Plan:
        """The plan of a query; introspection fields are not its business."""
        query = self.schema.query_type
        assert query is not None
        fields = collector.fields(query, [operation.selection_set])
        return Plan(
            tuple(self._root(query, alias, nodes, collector) for alias, nodes in fields.items())
        )

    def record(
        self,
        noun: GraphQLObjectType,
        nodes: Sequence[FieldNode],
        collector: Collector,
        *path: str,
    ) -> Call:
        """The call for single records of a noun by id, as `node` and the mutations need it."""
        return self._call(self.bindings.nouns[noun.name], "id", noun, nodes, collector, None, path)

    def _root(
        self,
        query: GraphQLObjectType,
        alias: str,
        nodes: Sequence[FieldNode],
        collector: Collector,
    ) -> RootField:
        node = nodes[0]
        name = node.name.value
        if name == TYPENAME:
            return RootField(alias, _nothing, constant=json.dumps(query.name).encode())
        declared = query.fields[name]
        arguments = Arguments(declared, node, self.cursors)
        if name in ("node", "nodes"):
            return self._by_noun(alias, nodes, collector, arguments, many=name == "nodes")
        root = self.bindings.roots[name]
        call = self._call(
            root.target,
            root.by,
            declared.type,
            nodes,
            collector,
            arguments,
            (alias,),
            besides=root.key_argument,
        )
        return RootField(alias, _keys(root.key_argument, arguments), call=call)

    def _by_noun(
        self,
        alias: str,
        nodes: Sequence[FieldNode],
        collector: Collector,
        arguments: Arguments,
        *,
        many: bool,
    ) -> RootField:
        calls = {}
        path = (alias, "*") if many else (alias,)
        for name in self.bindings.nouns:
            noun = self.schema.get_type(name)
            if isinstance(noun, GraphQLObjectType) and "id" in noun.fields:
                calls[name] = self.record(noun, nodes, collector, *path)
        keys = _ids_argument("ids" if many else "id", arguments)
        return RootField(alias, keys, by_noun=calls, many=many)

    def _call(
        self,
        target: ViewRef,
        by: str,
        kind: GraphQLOutputType,
        nodes: Sequence[FieldNode],
        collector: Collector,
        arguments: Arguments | None,
        path: tuple[str, ...],
        besides: str | None = None,
    ) -> Call:
        level = _Level()
        places = level.places(arguments) if arguments else {}
        places.pop(besides or "", None)
        shape = _shape(kind)
        inner = (*path, "*") if shape == "list" else path
        ask = {
            "by": by,
            "shape": shape,
            "with": places,
            "select": self._selection(_object(kind), nodes, collector, level, inner),
        }
        return Call(
            service=target.service,
            view=target.view,
            ask=json.dumps(ask, separators=(",", ":")).encode(),
            arguments=level.reader(),
            takes_arguments=bool(level.values),
            empty=b"[]" if shape == "list" else b"null",
            paths=[path],
            slots=level.slots,
        )

    def _selection(
        self,
        kind: GraphQLObjectType,
        nodes: Sequence[FieldNode],
        collector: Collector,
        level: _Level,
        path: tuple[str, ...],
    ) -> list[dict[str, Any]]:
        fields = collector.fields(kind, [node.selection_set for node in nodes])
        return [
            self._entry(kind, alias, asked, collector, level, (*path, alias))
            for alias, asked in fields.items()
        ]

    def _entry(
        self,
        kind: GraphQLObjectType,
        alias: str,
        nodes: Sequence[FieldNode],
        collector: Collector,
        level: _Level,
        path: tuple[str, ...],
    ) -> dict[str, Any]:
        name = nodes[0].name.value
        if name == TYPENAME:
            return {"as": alias, "text": kind.name}
        declared = kind.fields[name]
        arguments = Arguments(declared, nodes[0], self.cursors)
        join = self.bindings.joins.get((kind.name, name))
        if join is not None:
            return self._join(join, alias, declared, nodes, collector, arguments, level, path)
        if is_leaf_type(get_named_type(declared.type)):
            return {"as": alias, "field": name}
        shape = _shape(declared.type)
        inner = (*path, "*") if shape == "list" else path
        return {
            "as": alias,
            "field": name,
            "shape": shape,
            "with": level.places(arguments),
            "select": self._selection(_object(declared.type), nodes, collector, level, inner),
        }

    def _join(
        self,
        join: Join,
        alias: str,
        declared: GraphQLField,
        nodes: Sequence[FieldNode],
        collector: Collector,
        arguments: Arguments,
        level: _Level,
        path: tuple[str, ...],
    ) -> dict[str, Any]:
        call = self._call(join.target, join.by, declared.type, nodes, collector, arguments, path)
        return {"as": alias, "slot": level.slot(call), "field": join.key}


def _shape(kind: GraphQLOutputType) -> str:
    if is_list_type(get_nullable_type(kind)):
        return "list"
    return "connection" if get_named_type(kind).name.endswith(CONNECTION_SUFFIX) else "record"


def _object(kind: GraphQLOutputType) -> GraphQLObjectType:
    named = get_named_type(kind)
    assert isinstance(named, GraphQLObjectType)
    return named


def _keys(argument: str | None, arguments: Arguments) -> ReadArguments:
    if argument is None:
        return _nothing

    def read(variables: VariableValues) -> Sequence[Any]:
        value = arguments.values(variables)[argument]
        return [] if value is None else [value]

    return read


def _ids_argument(argument: str, arguments: Arguments) -> ReadArguments:
    def read(variables: VariableValues) -> Sequence[Any]:
        value = arguments.given(variables)[argument]
        return value if isinstance(value, list) else [value]

    return read
