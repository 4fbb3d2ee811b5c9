"""A validated operation becomes a plan: each level of the query one batch a view, whatever the counts."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
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
    is_non_null_type,
)
from graphql.execution.values import VariableValues

from services.gateway.graph.arguments import Arguments
from services.gateway.graph.collect import TYPENAME, Collector
from services.gateway.graph.cursors import Cursors
from services.gateway.graph.level import Level
from services.gateway.graph.plan import Call, Plan, ReadKeys, Refused, RootField
from services.gateway.graph.spread import PARTS, Layout
from services.gateway.types.bindings import Bindings, Join, Spread, Target

CONNECTION_SUFFIX = "Connection"


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Records of a view, as some nodes ask for them; `besides` is an argument that is not the view's but their key.

    `layout` is that of the pages of which the view's is a part.
    """

    target: Target
    by: str
    kind: GraphQLOutputType
    nodes: Sequence[FieldNode]
    collector: Collector
    arguments: Arguments | None
    path: tuple[str, ...]
    besides: str | None = None
    layout: Layout | None = None


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
        by: str = "id",
    ) -> Call:
        """The call for single records of a noun, as `node` and the mutations need it."""
        target = self.bindings.nouns[noun.name]
        return self._call(_Wanted(target, by, noun, nodes, collector, None, path))

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
            return RootField(alias, _no_keys, constant=json.dumps(query.name).encode())
        declared = query.fields[name]
        arguments = Arguments(query, declared, node, self.cursors)
        if name in ("node", "nodes"):
            return self._by_noun(alias, nodes, collector, arguments, many=name == "nodes")
        root = self.bindings.roots[name]
        kind, by = declared.type, root.key_argument
        wanted = _Wanted(root.target, root.by, kind, nodes, collector, arguments, (alias,), by)
        return RootField(alias, _keys(by, arguments), call=self._call(wanted))

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

    def _call(self, wanted: _Wanted, variables: VariableValues | None = None) -> Call:
        """With `variables` the fields that they do not suit are refused; without, they make the whole call fail."""
        if isinstance(wanted.target, Spread):
            return self._spread(wanted, wanted.target)
        level = Level(variables)
        places = _places(level, wanted)
        kind, path, shape = wanted.kind, wanted.path, _shape(wanted.kind)
        inner = (*path, "*") if shape == "list" else path
        selection = self._selection(
            _object(kind), wanted.nodes, wanted.collector, level, inner, _safe(kind, path, path)
        )
        told_at: list[tuple[str, ...]] = []
        if wanted.layout is not None:
            selection = [each for each in selection if each.get("field") != PARTS]
            selection += wanted.layout.besides
            told_at = [(*path, *each) for each in wanted.layout.places(wanted.target.service)]
        ask = {
            "by": wanted.by,
            "shape": shape,
            **_named(shape, wanted.arguments),
            "with": places,
            "select": selection,
        }
        return Call(
            service=wanted.target.service,
            patient=wanted.target.patient,
            head=f"{wanted.target.view}\n{json.dumps(ask, separators=(',', ':'))}".encode(),
            values=level.line(),
            empty=b"[]" if shape == "list" else b"null",
            paths=told_at or [path],
            slots=level.slots,
            without_refused=partial(self._call, wanted) if variables is None else None,
        )

    def _spread(self, wanted: _Wanted, spread: Spread) -> Call:
        """A call to each service; where the answer tells of one by itself, its failure stands there."""
        level = Level()
        places = _places(level, wanted)
        layout = None
        if _shape(wanted.kind) == "connection":
            kind = _object(wanted.kind)
            layout = Layout.of(kind, wanted.nodes, wanted.collector, places["first"])
        parts = [self._call(replace(wanted, target=view, layout=layout)) for view in spread.views]
        return Call(
            "", b"", level.line(), b"null", [wanted.path], parts=tuple(parts), layout=layout
        )

    def _selection(
        self,
        kind: GraphQLObjectType,
        nodes: Sequence[FieldNode],
        collector: Collector,
        level: Level,
        path: tuple[str, ...],
        safe: tuple[str, ...],
    ) -> list[dict[str, Any]]:
        fields = collector.fields(kind, [node.selection_set for node in nodes])
        return [
            self._entry(kind, alias, asked, collector, level, (*path, alias), safe)
            for alias, asked in fields.items()
        ]

    def _entry(
        self,
        kind: GraphQLObjectType,
        alias: str,
        nodes: Sequence[FieldNode],
        collector: Collector,
        level: Level,
        path: tuple[str, ...],
        safe: tuple[str, ...],
    ) -> dict[str, Any]:
        name = nodes[0].name.value
        if name == TYPENAME:
            return {"as": alias, "text": kind.name}
        declared = kind.fields[name]
        arguments = Arguments(kind, declared, nodes[0], self.cursors)
        join = self.bindings.joins.get((kind.name, name))
        if join is not None:
            return self._join(join, alias, declared, nodes, collector, arguments, level, path)
        if is_leaf_type(get_named_type(declared.type)):
            return {"as": alias, "field": name}
        safe = safe if is_non_null_type(declared.type) else path
        if (error := level.refusal(arguments)) is not None:
            refused = _refused(path, Refused(error, depth=len(safe)))
            return {"as": alias, "slot": level.slot(refused), "field": "key"}
        shape = _shape(declared.type)
        inner = (*path, "*") if shape == "list" else path
        safe = _safe(declared.type, path, safe)
        return {
            "as": alias,
            "field": name,
            "shape": shape,
            **_named(shape, arguments),
            "with": level.places(arguments),
            "select": self._selection(_object(declared.type), nodes, collector, level, inner, safe),
        }

    def _join(
        self,
        join: Join,
        alias: str,
        declared: GraphQLField,
        nodes: Sequence[FieldNode],
        collector: Collector,
        arguments: Arguments,
        level: Level,
        path: tuple[str, ...],
    ) -> dict[str, Any]:
        kind = declared.type
        wanted = _Wanted(join.target, join.by, kind, nodes, collector, arguments, path)
        call = self._call(wanted)
        return {"as": alias, "slot": level.slot(call), "field": join.key}


def _places(level: Level, wanted: _Wanted) -> dict[str, int]:
    places = level.places(wanted.arguments) if wanted.arguments else {}
    places.pop(wanted.besides or "", None)
    return places


def _shape(kind: GraphQLOutputType) -> str:
    if is_list_type(get_nullable_type(kind)):
        return "list"
    return "connection" if get_named_type(kind).name.endswith(CONNECTION_SUFFIX) else "record"


def _named(shape: str, arguments: Arguments | None) -> dict[str, str]:
    """A connection knows its name, which its cursors carry."""
    return {"list": arguments.list_name} if shape == "connection" and arguments else {}


def _refused(path: tuple[str, ...], refused: Refused) -> Call:
    """Stands where a field would be asked for."""
    return Call("", b"", b"", b"null", [path], refused=refused)


def _safe(kind: GraphQLOutputType, path: tuple[str, ...], safe: tuple[str, ...]) -> tuple[str, ...]:
    """The nearest place around a field's members that may be null, given the nearest around the field."""
    listed = get_nullable_type(kind)
    if is_list_type(listed) and not is_non_null_type(listed.of_type):
        return (*path, "*")
    return safe


def _object(kind: GraphQLOutputType) -> GraphQLObjectType:
    named = get_named_type(kind)
    assert isinstance(named, GraphQLObjectType)
    return named


def _no_keys(_variables: VariableValues) -> Sequence[Any]:
    return ()


def _keys(argument: str | None, arguments: Arguments) -> ReadKeys:
    if argument is None:
        return _no_keys

    def read(variables: VariableValues) -> Sequence[Any]:
        value = arguments.values(variables)[argument]
        return [] if value is None else [value]

    return read


def _ids_argument(argument: str, arguments: Arguments) -> ReadKeys:
    def read(variables: VariableValues) -> Sequence[Any]:
        value = arguments.given(variables)[argument]
        return value if isinstance(value, list) else [value]

    return read
