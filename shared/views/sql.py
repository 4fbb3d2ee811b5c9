"""Small pieces of SQL that spell JSON, so that PostgreSQL builds the answer and nobody reads it on its way."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    Cast,
    ColumnElement,
    Date,
    DateTime,
    Double,
    Float,
    Integer,
    Numeric,
    Text,
    Uuid,
    cast,
    func,
    literal_column,
    type_coerce,
)
from sqlalchemy.dialects.postgresql import JSON, JSONB
from sqlalchemy.types import TypeEngine

MARK, END = "\x01", "\x02"
"""Around what the gateway fills in: raw control characters, which cannot occur inside JSON text."""

MOST_CONCAT_ARGUMENTS = 90
TYPES: Mapping[type, TypeEngine[Any]] = {
    str: Text(),
    int: Integer(),
    float: Double(),
    bool: Boolean(),
    UUID: Uuid(),
    date: Date(),
    datetime: DateTime(timezone=True),
    object: JSONB(),
}


def quoted(text: str) -> ColumnElement[str]:
    """A constant, inline: bound constants would be sent with every run."""
    return literal_column("'" + text.replace("'", "''") + "'", Text())


def number(value: int) -> ColumnElement[int]:
    """A whole number, inline."""
    return literal_column(str(value), Integer())


def text_of(expression: ColumnElement[Any]) -> Cast[str]:
    return cast(expression, Text)


def json_of(expression: ColumnElement[Any]) -> ColumnElement[str]:
    """The value as JSON text, `null` for NULL."""
    kind = expression.type
    if isinstance(kind, Boolean | Integer | Float | Numeric | JSONB | JSON):
        spelled: ColumnElement[Any] = text_of(expression)
    elif isinstance(kind, Uuid):
        spelled = quoted('"').op("||")(text_of(expression)).op("||")(quoted('"'))
    else:
        spelled = text_of(func.to_json(expression))
    return func.coalesce(spelled, quoted("null"))


def concat(parts: Sequence[ColumnElement[str]]) -> ColumnElement[str]:
    """One text of all parts; NULL parts vanish."""
    chunk = list(parts)
    while len(chunk) > MOST_CONCAT_ARGUMENTS:
        groups = range(0, len(chunk), MOST_CONCAT_ARGUMENTS)
        chunk = [func.concat(*chunk[at : at + MOST_CONCAT_ARGUMENTS]) for at in groups]
    return type_coerce(func.concat(*chunk), Text())


def json_object(members: Sequence[tuple[str, ColumnElement[str]]]) -> ColumnElement[str]:
    """A JSON object of names and values that are JSON text already."""
    if not members:
        return quoted("{}")
    parts: list[ColumnElement[str]] = []
    for index, (name, value) in enumerate(members):
        parts += [quoted(f'{"," if index else "{"}"{name}":'), value]
    return concat([*parts, quoted("}")])


def slot(number: int, key: ColumnElement[Any]) -> ColumnElement[str]:
    """The place where the gateway lays the record that another service has under `key`; `null` without a key."""
    marked = quoted(f"{MARK}{number}:").op("||")(text_of(key)).op("||")(quoted(END))
    return func.coalesce(marked, quoted("null"))


def cursor(listed: str, values: Sequence[ColumnElement[Any]]) -> ColumnElement[str]:
    """The place where the gateway lays the signed cursor of a row: the name of the list, and the row's sort values."""
    array = text_of(func.json_build_array(quoted(listed), *(text_of(value) for value in values)))
    return quoted(f"{MARK}c").op("||")(array).op("||")(quoted(END))


def lines(key: ColumnElement[str], value: ColumnElement[str]) -> ColumnElement[str]:
    """A line for each row: its key, a tab, its JSON."""
    line = concat([key, quoted("\t"), value])
    return func.coalesce(func.string_agg(line, quoted("\n")), quoted(""))
