"""The slow, obvious way to answer a query: graphql-core walks it, each resolver asks a view for one record.

It asks the views that the plan asks, but always for the same fields: all that a record has of its own, under their own
names. Selections, aliases, pages, cursors and missing parts are then Python's business, on parsed JSON.
"""

import asyncio
import inspect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from graphql import (
    GraphQLError,
    GraphQLField,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLSchema,
    build_schema,
    execute,
    get_named_type,
    get_nullable_type,
    is_leaf_type,
    is_list_type,
    parse,
    print_schema,
    validate,
)

from services.gateway.graph.cursors import Cursors
from services.gateway.types.bindings import Bindings, Spread, ViewRef
from tests.services.gateway.oracle_spread import spread_page, spread_record
from tests.services.gateway.oracle_views import (
    MOST,
    Page,
    Rows,
    Views,
    decoded,
    entry,
    page_entry,
    wire,
)

Info: TypeAlias = GraphQLResolveInfo[Any]
Given: TypeAlias = dict[str, Any]


@dataclass(frozen=True)
class Record:
    """An object of the answer: its type, all its own values, and how its row is asked for again."""

    typename: str
    values: Mapping[str, Any]
    rows: Rows


@dataclass
class Oracle:
    """Answers for one caller.

    graphql-core gives up the siblings of a field whose null spreads: what they ask is seen through all the same.
    """

    schema: GraphQLSchema
    bindings: Bindings
    cursors: Cursors
    views: Views

    async def answer(self, query: str, variables: Mapping[str, Any]) -> tuple[Any, list[Any]]:
        """The data and the errors as (path, code)."""
        document = parse(query)
        wrong = validate(self.schema, document)
        assert not wrong, f"{wrong}\n{query}"
        begun: list[asyncio.Future[Any]] = []

        def begin(source: Any, info: Info, **given: Any) -> asyncio.Future[Any]:
            begun.append(asyncio.ensure_future(self._resolve(source, info, given)))
            return begun[-1]

        running = execute(
            self.schema,
            document,
            variable_values=dict(variables),
            field_resolver=begin,
            type_resolver=lambda record, *_: record.typename,
        )
        result = await running if inspect.isawaitable(running) else running
        await asyncio.gather(*begun, return_exceptions=True)
        await self.views.settle()
        return result.data, [(tuple(e.path or ()), code_of(e)) for e in result.errors or ()]

    async def _resolve(self, source: Any, info: Info, given: Given) -> Any:
        declared = info.parent_type.fields[info.field_name]
        if info.parent_type is self.schema.query_type:
            return await self._root(info, declared, given)
        if isinstance(source, dict):
            return source[info.field_name]
        return await self._member(source, info, declared, given)

    async def _root(self, info: Info, declared: GraphQLField, given: Given) -> Any:
        name = info.field_name
        if name == "node":
            return await self._node(*decoded(given["id"]))
        if name == "nodes":
            return [await self._node_or_refusal(each) for each in given["ids"]]
        root = self.bindings.roots[name]
        arguments = wire(given)
        key = arguments.pop(root.key_argument) if root.key_argument else ""
        rows = Rows(root.target, root.by, key)
        return await self._joined(info, rows, declared, arguments)

    async def _node_or_refusal(self, global_id: str) -> Record | GraphQLError | None:
        """One id that is no id costs its own place in the list."""
        try:
            return await self._node(*decoded(global_id))
        except GraphQLError as error:
            return error

    async def _node(self, noun: str, key: str) -> Record | None:
        kind = self.schema.get_type(noun)
        if noun not in self.bindings.nouns or "id" not in getattr(kind, "fields", {}):
            return None
        assert isinstance(kind, GraphQLObjectType)
        return await self.one(kind, Rows(self.bindings.nouns[noun], "id", key))

    async def _member(
        self, record: Record, info: Info, declared: GraphQLField, given: Given
    ) -> Any:
        name = info.field_name
        join = self.bindings.joins.get((record.typename, name))
        if join is not None:
            own = join.key == "key"
            key = record.rows.key if own else record.values[f"key_{name}"]
            if key is None:
                return None
            rows = Rows(join.target, join.by, key)
            return await self._joined(info, rows, declared, wire(given))
        if is_leaf_type(get_named_type(declared.type)):
            return record.values[name]
        if name in record.values:
            return self._inside(record, name, declared, given)
        return await self._nested(record, name, declared, wire(given))

    async def _joined(self, info: Info, rows: Rows, declared: GraphQLField, given: Given) -> Any:
        """Rows of another view: one record, or a list or connection of them."""
        page = self._page(f"{info.parent_type.name}.{info.field_name}", given)
        wanted = Rows(rows.target, rows.by, rows.key, given)
        kind = self.node_type(declared)
        if not _is_many(declared):
            return await self.one(kind, wanted)
        if isinstance(rows.target, Spread):
            return await spread_page(self, info, declared, page, wanted, rows.target)
        return await self.many(
            declared, kind, page, lambda after: self.rows_of(kind, wanted, after)
        )

    async def _nested(self, record: Record, name: str, declared: GraphQLField, given: Given) -> Any:
        """A noun of the record's own service: asked for through the record itself."""
        page = self._page(f"{record.typename}.{name}", given)
        kind = self.node_type(declared)
        if not _is_many(declared):
            asked = entry(name, self._own(kind))
            found = await self.views.ask(record.rows, "record", [asked])
            return self._record(kind, found[name]) if found and found[name] else None

        async def listed(after: Sequence[str] | None) -> Any:
            asked = page_entry(name, self._own(kind), after)
            found = await self.views.ask(record.rows, "record", [asked], [MOST, after])
            return [] if found is None else found[name]["edges"]

        return await self.many(declared, kind, page, listed)

    def _page(self, named: str, given: Given) -> Page:
        listed = f"{named} {given.get('orderBy') or ''}"
        return Page(listed, given.pop("first", None), given.pop("after", None), self.cursors)

    async def many(
        self, declared: GraphQLField, kind: GraphQLObjectType, page: "Page", listed: Any
    ) -> Any:
        page.check()
        rows = await listed(None)
        rest = page.rest(rows) if page.after is not None else rows
        if rest is None:
            rest = await listed(page.opened)
        if rows is None or rest is None:
            return None
        edges = [
            {"cursor": page.sealed(edge), "node": self._record(kind, edge["node"])}
            for edge in rest[: page.first]
        ]
        nodes = [edge["node"] for edge in edges]
        if is_list_type(get_nullable_type(declared.type)):
            return nodes
        return {
            "edges": edges,
            "nodes": nodes,
            "totalCount": len(rows),
            "pageInfo": {
                "hasNextPage": len(rest) > len(edges),
                "hasPreviousPage": page.after is not None,
                "startCursor": edges[0]["cursor"] if edges else None,
                "endCursor": edges[-1]["cursor"] if edges else None,
            },
        }

    def _inside(self, record: Record, name: str, declared: GraphQLField, given: Given) -> Any:
        """An object, or a list of objects, within the record's own values."""
        kind, value = self.node_type(declared), record.values[name]
        if value is None:
            return None
        if kind.name in self.bindings.nouns:
            return self._record(kind, value)
        if not is_list_type(get_nullable_type(declared.type)):
            return Record(kind.name, value, record.rows)
        first = given.get("first", len(value))
        Page("", first, None, self.cursors).check()
        return [Record(kind.name, each, record.rows) for each in value[:first]]

    def node_type(self, declared: GraphQLField) -> GraphQLObjectType:
        named = get_named_type(declared.type)
        assert isinstance(named, GraphQLObjectType)
        if named.name.endswith("Connection"):
            named = get_named_type(named.fields["nodes"].type)
            assert isinstance(named, GraphQLObjectType)
        return named

    def _own(self, kind: GraphQLObjectType) -> list[dict[str, Any]]:
        """What is asked of every record of a type: all its values, and the keys of what others have.

        What is no noun cannot be asked for again, so the nouns within it come along.
        """
        entries = []
        for name, declared in kind.fields.items():
            join = self.bindings.joins.get((kind.name, name))
            named = get_named_type(declared.type)
            if join is not None:
                if join.key != "key":
                    entries.append({"as": f"key_{name}", "field": join.key})
            elif is_leaf_type(named):
                entries.append({"as": name, "field": name})
            elif named.name not in self.bindings.nouns and not _paged(named.name):
                assert isinstance(named, GraphQLObjectType)
                many = is_list_type(get_nullable_type(declared.type))
                entries.append(entry(name, self._own(named), "list" if many else "record"))
            elif kind.name not in self.bindings.nouns and not _is_many(declared):
                assert isinstance(named, GraphQLObjectType)
                entries.append(entry(name, self._own(named)))
        return entries

    def _record(self, kind: GraphQLObjectType, values: Mapping[str, Any]) -> Record:
        """A record found in a list; a noun is asked for again by its id."""
        target = self.bindings.nouns.get(kind.name)
        if target is None:
            return Record(kind.name, values, Rows(ViewRef("", ""), "id"))
        return Record(kind.name, values, Rows(target, "id", decoded(values["id"])[1]))

    async def one(self, kind: GraphQLObjectType, rows: Rows) -> Record | None:
        if isinstance(rows.target, Spread):
            found: Record | None = await spread_record(self, kind, rows, rows.target)
            return found
        values = await self.views.ask(rows, "record", self._own(kind))
        if values is None:
            return None
        if kind.name in self.bindings.nouns:
            return self._record(kind, values)
        return Record(kind.name, values, rows)

    async def rows_of(
        self, kind: GraphQLObjectType, rows: Rows, after: Sequence[str] | None
    ) -> Sequence[Mapping[str, Any]] | None:
        page = page_entry("_", self._own(kind), after)
        found = await self.views.ask(rows, "connection", page["select"], [MOST, after])
        return None if found is None else found["edges"]


def plain(schema: GraphQLSchema) -> GraphQLSchema:
    """The same schema without strawberry behind it."""
    return build_schema(print_schema(schema))


def code_of(error: GraphQLError) -> str:
    """The code that a resolver gave, that of a refused argument, or that of what should not have happened."""
    original = error.original_error or error
    if not isinstance(original, GraphQLError):
        return "INTERNAL"
    return str((original.extensions or {}).get("code", "BAD_USER_INPUT"))


def _is_many(declared: GraphQLField) -> bool:
    return is_list_type(get_nullable_type(declared.type)) or _paged(
        get_named_type(declared.type).name
    )


def _paged(typename: str) -> bool:
    return typename.endswith("Connection")
