"""Values as they come from the gateway: read into what a statement's parameters take, or refused."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeAlias
from uuid import UUID

from pydantic import TypeAdapter, ValidationError

from shared.problems import BadRequest, Invalid
from shared.schemas import in_reach
from shared.views.compiler import KEYS
from shared.views.declare import Argument
from shared.views.statements import Prepared

LINES = 4
MOST_ASKS = 100
MOST_KEYS = 10_000
Head: TypeAlias = tuple[bytes, bytes]
"""A view, and the line that describes what is asked of it."""
UNREADABLE_KEYS = (
    "Send keys as UUIDs, or as codes of a list by code, parted by commas, in the fourth line."
)
_UUID = rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_CODE = rb"[0-9A-Za-z][0-9A-Za-z.-]{0,63}"
_IDS, _CODES = (re.compile(rb"(?:%b(?:,%b)*)?" % (each, each)) for each in (_UUID, _CODE))


@dataclass(frozen=True, slots=True)
class Asked:
    """One ask of a request: the view's name, the line that describes it, argument values, keys and what they are."""

    view: str
    line: bytes
    values: list[Any]
    keys: list[str]
    by_ids: bool

    def parameters(self, prepared: Prepared, prefix: str) -> dict[str, Any]:
        """By name in a statement where this ask's own begin with `prefix`; raises `BadRequest`, `Invalid`."""
        if not (prepared.by_code or self.by_ids):
            raise BadRequest(UNREADABLE_KEYS)
        found: dict[str, Any] = {f"{prefix}{KEYS}": self.keys}
        for place, (name, argument) in prepared.arguments.items():
            value = _value(name, argument, self.values[place])
            if argument.check is not None:
                argument.check(value)
            found[f"{prefix}arg_{place}"] = value
        for place, length in prepared.cursors.items():
            _check_cursor(self.values[place], length)
        for name, (place, index) in prepared.cursor_parts.items():
            found[name] = self.values[place][index]
        return found


def asks(body: bytes) -> list[Asked]:
    """Four lines each; raises `BadRequest`."""
    lines = body.split(b"\n")
    if len(lines) % LINES or len(lines) > LINES * MOST_ASKS:
        raise BadRequest(f"Send four lines for each of at most {MOST_ASKS} asks.")
    return [_ask(*lines[at : at + LINES]) for at in range(0, len(lines), LINES)]


def heads(lines: bytes) -> list[Head]:
    """The views and the lines that describe the asks, of several callers' request; raises `BadRequest`."""
    parts = lines.split(b"\n")
    if len(parts) % 2 or len(parts) > 2 * MOST_ASKS:
        raise BadRequest(
            f"Send two lines for each of at most {MOST_ASKS} asks, and then the callers."
        )
    return list(zip(parts[::2], parts[1::2], strict=True))


def asks_with(heads: Sequence[Head], lines: bytes) -> list[Asked]:
    """One caller's, by their values and keys; raises `BadRequest`."""
    parts = lines.split(b"\n")
    if len(parts) != 2 * len(heads):
        raise BadRequest("Send the values and the keys of each ask, a line each.")
    return [
        _ask(*head, values, keys)
        for head, values, keys in zip(heads, parts[::2], parts[1::2], strict=True)
    ]


def _ask(view: bytes, line: bytes, values: bytes, keys: bytes) -> Asked:
    try:
        wire = json.loads(values)
    except (ValueError, RecursionError):
        wire = None
    if not isinstance(wire, list):
        raise BadRequest("Send argument values as a JSON array in the third line.")
    by_ids = _IDS.fullmatch(keys) is not None
    if not by_ids and _CODES.fullmatch(keys) is None:
        raise BadRequest(UNREADABLE_KEYS)
    found = keys.decode().split(",") if keys else []
    if len(found) > MOST_KEYS:
        raise BadRequest(f"Send at most {MOST_KEYS} keys.")
    return Asked(view.decode("latin-1"), line, wire, found, by_ids)


def _value(name: str, argument: Argument, wire: Any) -> Any:
    if argument.form is not None:
        return _formed(name, argument.form, wire)
    try:
        if argument.many:
            return [_single(argument.python_type, value) for value in wire]
        return _single(argument.python_type, wire)
    except (ValueError, TypeError):
        raise BadRequest(f"A value is not readable as {argument.python_type.__name__}.") from None


def _formed(name: str, form: TypeAdapter[Any], wire: Any) -> str:
    """As JSON text, under the wire's names; raises `Invalid`."""
    try:
        return form.dump_json(form.validate_python(wire), by_alias=True).decode()
    except ValidationError as error:
        raise Invalid.found(error.errors(), "body", name) from None


def _single(python_type: type, wire: Any) -> Any:
    if python_type in (date, datetime):
        return in_reach(python_type.fromisoformat(wire))
    if python_type is UUID:
        return UUID(wire)
    if not isinstance(wire, python_type) and not (python_type is float and isinstance(wire, int)):
        raise TypeError
    return wire


def _check_cursor(wire: Any, length: int) -> None:
    """A text for each column of the order; raises `BadRequest`."""
    known = isinstance(wire, list) and all(isinstance(part, str) for part in wire)
    if not known or len(wire) != length:
        raise BadRequest("after: use a cursor of this very list, in the same order.")
