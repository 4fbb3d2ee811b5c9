"""Queries that hypothesis makes up from the schema: always valid, with any arguments, directives and fragments.

What an organisation has is named, not known, when a query is made up: `<Person.dev>` stands for an id, `<people/1>` for
a cursor, in the text and in the variables alike.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    get_nullable_type,
    is_leaf_type,
    is_list_type,
    is_required_argument,
)
from graphql.utilities.coerce_input_value import coerce_default_value
from hypothesis import strategies as st

from tests.services.gateway.generated_values import Values, literal

DEEPEST = 7
MOST_RECORDS = 3_000
MOST_FIELDS = 400
"""Within the gateway's limits, which refuse a query before anything of it is answered."""

MOST_ALIASES, MOST_DIRECTIVES = 12, 4
UNSIZED = 10
SYMBOL = re.compile("<([^<>]+)>")


@dataclass(frozen=True)
class Query:
    """A query and its variables, with names in place of ids and cursors."""

    text: str
    variables: Mapping[str, Any]
    outside: bool
    """Whether it may ask for what no page can have, or give null where none may be."""

    def with_(self, names: Mapping[str, str]) -> tuple[str, dict[str, Any]]:
        """The query as it is sent."""
        wire = json.dumps(self.variables, ensure_ascii=False)
        return _filled(self.text, names), json.loads(_filled(wire, names))


def _filled(text: str, names: Mapping[str, str]) -> str:
    return SYMBOL.sub(lambda found: names[found[1]], text)


def queries(schema: GraphQLSchema, names: Sequence[str]) -> st.SearchStrategy[Query]:
    """`names` are those that the organisation will know."""
    ordered = sorted(names)

    @st.composite
    def make(draw: Callable[[Any], Any]) -> Query:
        return _Writer(ordered, draw, schema=schema).query()

    return make()


@dataclass(kw_only=True)
class _Writer(Values):
    """Writes one query; what it draws decides everything."""

    schema: GraphQLSchema
    declared: dict[str, str] = field(default_factory=dict)
    given: dict[str, Any] = field(default_factory=dict)
    fragments: dict[str, tuple[str, str, int, int]] = field(default_factory=dict)
    taken: dict[tuple[str, str], str] = field(default_factory=dict)
    records: int = 0
    aliases: int = 0
    directed: int = 0
    fields: int = 0

    def query(self) -> Query:
        query = self.schema.query_type
        assert query is not None
        body = self.selection(query, query.name, depth=0, work=1)
        variables = ", ".join(f"${name}: {kind}" for name, kind in self.declared.items())
        head = f"query q({variables})" if variables else "query"
        fragments = [
            f"fragment {name} on {kind} {text}" for name, (kind, text, *_) in self.fragments.items()
        ]
        return Query("\n".join([f"{head} {body}", *fragments]), self.given, self.outside)

    def selection(
        self, kind: GraphQLObjectType | GraphQLInterfaceType, scope: str, *, depth: int, work: int
    ) -> str:
        """`scope` parts response keys: two fields that may meet in one object must not share a key and differ."""
        count = self.draw(st.integers(1, 4))
        parts = [self.part(kind, scope, depth=depth, work=work) for _ in range(count)]
        if not any(parts):
            parts = [self.key(scope, "__typename", "__typename", "String!")]
        return "{ " + " ".join(filter(None, parts)) + " }"

    def part(
        self, kind: GraphQLObjectType | GraphQLInterfaceType, scope: str, *, depth: int, work: int
    ) -> str:
        if self.chance(6):
            return self.fragment(kind, scope, depth=depth, work=work)
        if isinstance(kind, GraphQLInterfaceType) and not self.chance(3):
            inner = self.pick(sorted(self.schema.get_possible_types(kind), key=lambda t: t.name))
            selected = self.selection(inner, scope, depth=depth, work=work)
            return f"... on {inner.name}{self.directives()} {selected}"
        return self.field(kind, scope, depth=depth, work=work)

    def fragment(
        self, kind: GraphQLObjectType | GraphQLInterfaceType, scope: str, *, depth: int, work: int
    ) -> str:
        """Inline or named; a named one is used again where its type and scope are met again."""
        fitting = [
            name
            for name, (on, _, deep, cost) in self.fragments.items()
            if (on, name.partition("_")[2]) == (kind.name, _plain(scope))
            and deep >= depth
            and cost >= work
        ]
        form = self.draw(st.integers(0, 2))
        if form == 2 and fitting:
            self.aliases += 2
            self.directed += 1
            return f"...{self.pick(fitting)}{self.directives()}"
        on = kind.name
        if form == 0 and isinstance(kind, GraphQLObjectType) and kind.interfaces and self.chance(2):
            shown = self.key(scope, "id", "id", "ID!")
            return f"... on {kind.interfaces[0].name}{self.directives()} {{ {shown} }}"
        body = self.selection(kind, scope, depth=depth, work=work)
        if form == 0:
            condition = "" if self.chance(3) else f" on {on}"
            return f"...{condition}{self.directives()} {body}"
        name = f"f{len(self.fragments)}_{_plain(scope)}"
        self.fragments[name] = (on, body, depth, work)
        return f"...{name}{self.directives()}"

    def field(
        self, kind: GraphQLObjectType | GraphQLInterfaceType, scope: str, *, depth: int, work: int
    ) -> str:
        names = [*kind.fields, "__typename"]
        self.fields += 1
        large = self.fields > MOST_FIELDS or self.records + work * 25 > MOST_RECORDS
        if depth >= DEEPEST or large:
            names = [n for n in kind.fields if is_leaf_type(get_named_type(kind.fields[n].type))]
            names.append("__typename")
        if not names:
            return ""
        name = self.pick(names)
        if name == "__typename":
            return self.key(scope, "__typename", "__typename", "String!") + self.directives()
        declared = kind.fields[name]
        arguments, size = self.arguments(name, declared)
        asked = f"{name}{arguments}"
        shown = self.key(scope, name, asked, str(declared.type)) + self.directives()
        named = get_named_type(declared.type)
        if is_leaf_type(named):
            return shown
        assert isinstance(named, GraphQLObjectType | GraphQLInterfaceType)
        many = size if _lists(named.name, declared) else 1
        self.records += work * (many + 1)
        inner = named.name if isinstance(named, GraphQLObjectType) else f"{named.name}!"
        return f"{shown} {self.selection(named, inner, depth=depth + 1, work=work * many)}"

    def key(self, scope: str, name: str, asked: str, kind: str) -> str:
        """The field under a response key that means this very field wherever it can meet another one."""
        order = [name]
        if self.aliases < MOST_ALIASES and self.chance(5):
            order = [self.pick((f"a_{name}", "id", "title", "name", "x", "edges", "_")), name]
        meaning = f"{asked}:{kind}"
        for alias in [*order, f"b_{name}", f"k{len(self.taken)}"]:
            if self.taken.setdefault((scope, alias), meaning) == meaning:
                self.aliases += alias != name
                return asked if alias == name else f"{alias}: {asked}"
        raise AssertionError("a fresh key is never taken")

    def directives(self) -> str:
        if self.directed >= MOST_DIRECTIVES or not self.chance(10):
            return ""
        written = ""
        for name in ("include", "skip"):
            if self.chance(2):
                self.directed += 1
                value = self.pick(("true", "false")) if self.chance(2) else self.condition()
                written += f" @{name}(if: {value})"
        return written

    def condition(self) -> str:
        value = self.pick((True, False))
        if self.chance(2):
            name = f"b{value}".lower()
            self.declared[name] = "Boolean!"
            self.given[name] = value
        else:
            name = f"d{value}".lower()
            self.declared[name] = f"Boolean = {str(value).lower()}"
            if name not in self.given and self.chance(3):
                self.given[name] = not value
                if self.chance(6):
                    self.given[name] = None
                    self.outside = True
        return f"${name}"

    def arguments(self, owner: str, declared: GraphQLField) -> tuple[str, int]:
        """The arguments as text, and how many rows they let through."""
        written, size = [], UNSIZED
        if "first" in declared.args:
            size = int(coerce_default_value(declared.args["first"]))
        for name, argument in declared.args.items():
            needed = is_required_argument(argument)
            if not needed and not self.chance(2 if name == "first" else 3):
                continue
            value = self.value(name, owner, argument.type)
            if name == "first":
                size = max(0, min(100, value))
            written.append(f"{name}: {self.passed(name, argument, value)}")
        return (f"({', '.join(written)})" if written else ""), size

    def passed(self, name: str, argument: GraphQLArgument, value: Any) -> str:
        """A literal, or a variable with or without a default."""
        kind, written = str(argument.type), literal(argument.type, value)
        if not self.chance(3):
            return written
        variable = f"v{len(self.declared)}"
        form = self.draw(st.integers(0, 3))
        if form == 0:
            self.given[variable] = value
        elif form == 1:
            kind = f"{kind.removesuffix('!')} = {written}"
            if name == "first" and self.chance(4):
                self.given[variable] = None
                self.outside = True
        elif form == 2 and not kind.endswith("!"):
            if self.chance(2):
                self.given[variable] = None
        else:
            kind = kind if kind.endswith("!") or value is None else f"{kind}!"
            self.given[variable] = value
        self.declared[variable] = kind
        return f"${variable}"


def _plain(scope: str) -> str:
    return re.sub(r"\W", "_", scope)


def _lists(typename: str, declared: GraphQLField) -> bool:
    return is_list_type(get_nullable_type(declared.type)) or typename.endswith("Connection")
