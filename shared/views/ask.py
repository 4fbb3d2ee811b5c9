"""What the gateway asks of a view, read from the wire: which rows, in what shape, with which fields.

A request has four lines for each ask. The first is the view's name, the second the ask, a JSON object that is the same
bytes for every run of one compiled query, so that its statement is found without reading it again:

    {"by": "person", "shape": "connection", "list": "Person.goals", "with": {"first": 0},
     "select": [{"as": "title", "field": "title"}, {"as": "role", "slot": 1, "field": "roleId"}, ...]}

The third is a JSON array of argument values, which `with` points into; the fourth the keys, parted by commas: ids, or
codes where a view lists its rows by a code.
"""

import json
import re
from dataclasses import dataclass
from typing import Any

from shared.problems import BadRequest

NAME = re.compile(r"[_A-Za-z][_0-9A-Za-z]*")
DEEPEST = 20
MOST_FIELDS = 500
SHAPES = {"record", "list", "connection"}


@dataclass(frozen=True, slots=True)
class Selected:
    """One field of the answer.

    With `text` a constant (`__typename`); with `slot` a place that the gateway fills from another service, keyed by the
    field's raw value (or by `key`, the row's own); with `select` a nested object or, by `shape`, a list of them.
    """

    alias: str
    field: str
    text: str | None
    slot: int | None
    shape: str
    list_name: str
    arguments: dict[str, int]
    select: tuple["Selected", ...]


@dataclass(frozen=True, slots=True)
class Ask:
    """One level of a query: rows of a view as records, lists or connections.

    `by` is `id`, a list of the view, `all`, `viewer` for the record of the caller's own person, or `first` for the
    record that stands first among those that the arguments leave.
    """

    by: str
    shape: str
    list_name: str
    arguments: dict[str, int]
    select: tuple[Selected, ...]
    order_places: frozenset[int]


def read(line: bytes) -> Ask:
    """Raises `BadRequest` naming what is wrong."""
    try:
        wire = json.loads(line)
        arguments = _arguments(wire.get("with"))
        selection = _selection(wire["select"], depth=0)
        return Ask(
            by=_name(wire["by"]),
            shape=_shape(wire.get("shape", "record")),
            list_name=_list_name(wire),
            arguments=arguments,
            select=selection,
            order_places=frozenset(_order_places(arguments, selection)),
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise BadRequest(f"The ask is not readable: {type(error).__name__} {error}") from None


def _selection(entries: list[dict[str, Any]], depth: int) -> tuple[Selected, ...]:
    if depth > DEEPEST or len(entries) > MOST_FIELDS:
        raise ValueError("selection is too deep or too wide")
    return tuple(
        Selected(
            alias=_name(entry["as"]),
            field=_name(entry.get("field", "_")),
            text=None if (text := entry.get("text")) is None else _name(text),
            slot=None if (slot := entry.get("slot")) is None else int(slot),
            shape=_shape(entry.get("shape", "record")),
            list_name=_list_name(entry),
            arguments=_arguments(entry.get("with")),
            select=_selection(entry.get("select") or [], depth + 1),
        )
        for entry in entries
    )


def _order_places(arguments: dict[str, int], selection: tuple[Selected, ...]) -> set[int]:
    """The places of all `orderBy` values: their values, not only their types, shape the statement."""
    own = {arguments["orderBy"]} if "orderBy" in arguments else set()
    return own.union(*(_order_places(each.arguments, each.select) for each in selection))


def _name(text: str) -> str:
    if not NAME.fullmatch(text):
        raise ValueError(f"{text[:40]!r} is not a name")
    return text


def _list_name(wire: dict[str, Any]) -> str:
    """As `Person.goals`: stands in the cursors of a connection, so that they are known to be of this list."""
    return ".".join(_name(part) for part in str(wire.get("list", "_")).split("."))


def _shape(text: str) -> str:
    if text not in SHAPES:
        raise ValueError(f"{text[:40]!r} is not a shape")
    return text


def _arguments(wire: dict[str, int] | None) -> dict[str, int]:
    return {_name(name): int(index) for name, index in (wire or {}).items()}
