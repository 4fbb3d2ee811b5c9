"""One list out of the pages that several services have of it, in the order that their cursors tell.

A cursor carries an instant and an id, so every service answers what lies behind it; of so many rows of each as the page
has room for, the latest of all are the page.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from graphql import FieldNode, GraphQLObjectType, get_named_type

from services.gateway.graph.collect import TYPENAME, Collector
from services.gateway.graph.cursors import Cursors

PARTS = "parts"
NULL = b"null"

Pages: TypeAlias = Mapping[str, Mapping[str, Any]]
"""By service, of those that answered."""
_Row: TypeAlias = tuple[tuple[datetime, str], str, int]
"""Where a row stands, and which of which service's page it is."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the answer: alias, name, the type that has it, and what is asked of its object."""

    alias: str
    name: str
    kind: str
    within: tuple["Field", ...] = ()


@dataclass(frozen=True, slots=True)
class Layout:
    """What is asked of a connection, and under which aliases each service is asked for what laying them together takes.

    `first` is the place of the page's size among the values of its arguments.
    """

    fields: tuple[Field, ...]
    order: str
    more: str
    count: str
    first: int

    @classmethod
    def of(
        cls, kind: GraphQLObjectType, nodes: Sequence[FieldNode], collector: Collector, first: int
    ) -> "Layout":
        fields = _fields(kind, nodes, collector)
        taken = {each.alias for each in fields}
        order, more, count = (_unused(name, taken) for name in ("order", "more", "count"))
        return cls(fields, order, more, count, first)

    @property
    def besides(self) -> list[dict[str, Any]]:
        """What a service is asked for besides."""
        cursor, has_next = ({"as": name, "field": name} for name in ("cursor", "hasNextPage"))
        asked: list[dict[str, Any]] = [
            {"as": self.order, "field": "edges", "select": [cursor]},
            {"as": self.more, "field": "pageInfo", "select": [has_next]},
        ]
        if any(each.name == PARTS for each in self.fields):
            asked.append({"as": self.count, "field": "totalCount"})
        return asked

    def places(self, service: str) -> list[tuple[str, str]]:
        """Where the answer tells of a service by itself: there it is null when the service is away."""
        return [
            (each.alias, part.alias)
            for each in self.fields
            if each.name == PARTS
            for part in each.within
            if part.name == service
        ]


def page(layout: Layout, answers: Mapping[str, bytes], first: int, cursors: Cursors) -> bytes:
    """The page; the mark of a failure, if one is away of whose absence the page would not tell."""
    read = {service: json.loads(answer) for service, answer in answers.items()}
    pages = {service: each for service, each in read.items() if isinstance(each, dict)}
    marks = {service: each for service, each in read.items() if isinstance(each, str)}
    for service in marks:
        if not layout.places(service):
            return answers[service]
    rows = sorted(
        (
            (_place(cursors, edge["cursor"]), service, number)
            for service, each in pages.items()
            for number, edge in enumerate(each[layout.order])
        ),
        reverse=True,
    )
    laid = _Laying(layout, pages, marks, rows[:first], more=len(rows) > first)
    return json.dumps(laid.members(layout.fields, laid.value), separators=(",", ":")).encode()


def record(answers: Mapping[str, bytes]) -> bytes:
    """That of the service which has it; if none of those that answered has it, what kept another from answering."""
    found = sorted(answers.values(), key=lambda each: (each[:1] != b"{", each == NULL))
    return found[0]


@dataclass(frozen=True, slots=True)
class _Laying:
    """The rows shown, and whether there are more that the services have answered."""

    layout: Layout
    pages: Pages
    marks: Mapping[str, str]
    rows: Sequence[_Row]
    more: bool

    def members(self, fields: Sequence[Field], value: Callable[[Field], Any]) -> dict[str, Any]:
        return {each.alias: each.kind if each.name == TYPENAME else value(each) for each in fields}

    def value(self, field: Field) -> Any:
        match field.name:
            case "pageInfo":
                return self.members(field.within, lambda each: self._of_page(field, each))
            case "totalCount":
                return sum(each[field.alias] for each in self.pages.values())
            case "parts":
                return self.members(field.within, self._part)
        return [self.pages[service][field.alias][number] for _, service, number in self.rows]

    def _of_page(self, field: Field, asked: Field) -> Any:
        match asked.name:
            case "hasNextPage":
                more = (each[self.layout.more][asked.name] for each in self.pages.values())
                return self.more or any(more)
            case "hasPreviousPage":
                return any(each[field.alias][asked.alias] for each in self.pages.values())
        if not self.rows:
            return None
        _, service, number = self.rows[0 if asked.name == "startCursor" else -1]
        return self.pages[service][self.layout.order][number]["cursor"]

    def _part(self, field: Field) -> Any:
        if field.name in self.marks:
            return self.marks[field.name]
        return self.members(field.within, lambda _: self.pages[field.name][self.layout.count])


def _fields(
    kind: GraphQLObjectType, nodes: Sequence[FieldNode], collector: Collector
) -> tuple[Field, ...]:
    """Of a connection, its `pageInfo` and its `parts`; what is asked of its nodes is each service's own."""
    found = []
    selections = [node.selection_set for node in nodes if node.selection_set]
    for alias, asked in collector.fields(kind, selections).items():
        name = asked[0].name.value
        inner = get_named_type(kind.fields[name].type) if name in kind.fields else None
        within: tuple[Field, ...] = ()
        if isinstance(inner, GraphQLObjectType) and name not in ("nodes", "edges"):
            within = _fields(inner, asked, collector)
        found.append(Field(alias, name, kind.name, within))
    return tuple(found)


def _place(cursors: Cursors, cursor: str) -> tuple[datetime, str]:
    instant, row = cursors.values(cursor)
    return datetime.fromisoformat(instant), row


def _unused(name: str, taken: set[str]) -> str:
    while name in taken:
        name += "_"
    return name
