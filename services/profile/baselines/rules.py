"""The canonical JSON of a baseline and its hash: RFC 8785, so that any implementation of it finds the same bytes."""

import hashlib
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

_PLAIN_FROM, _PLAIN_BELOW = 1e-6, 1e21


def canonical(value: Any) -> str:
    """Members in the order of their names, no blanks, numbers as ECMAScript spells them. Names here are ASCII."""
    match value:
        case bool() | None | str():
            return json.dumps(value, ensure_ascii=False)
        case int() | float():
            return number(float(value))
        case Mapping():
            members = (f"{json.dumps(name)}:{canonical(value[name])}" for name in sorted(value))
            return "{" + ",".join(members) + "}"
        case _:
            return "[" + ",".join(canonical(each) for each in value) + "]"


def number(value: float) -> str:
    """ECMAScript's Number::toString: the shortest digits that come back as the same double."""
    if value == 0:
        return "0"
    if _PLAIN_FROM <= abs(value) < _PLAIN_BELOW:
        plain = format(Decimal(repr(value)), "f")
        return plain.rstrip("0").rstrip(".") if "." in plain else plain
    digits, _, exponent = repr(value).partition("e")
    sign = "-" if exponent.startswith("-") else "+"
    return f"{digits.removesuffix('.0')}e{sign}{exponent.lstrip('+-').lstrip('0')}"


def content_hash(content: str) -> str:
    """SHA-256 of the bytes in UTF-8, in hexadecimal digits."""
    return hashlib.sha256(content.encode()).hexdigest()
