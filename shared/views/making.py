"""What no statement computes: a view brings the material, and a function of the service makes objects of it.

The statement lays `START asked SEP first SEP material STOP` where they belong, all of it JSON. These raw control
characters cannot occur inside JSON text, so nobody's words can pass for it.
"""

import json
import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeAlias

from shared.views.sql import END, MARK

START, SEPARATOR, STOP = "\x0e", "\x11", "\x0f"
_FOUND = re.compile(
    f"{START}([^{SEPARATOR}]*){SEPARATOR}([0-9]+){SEPARATOR}([^{STOP}]*){STOP}".encode()
)
_KEY = re.compile(r"[0-9A-Za-z][0-9A-Za-z.-]*")

Make: TypeAlias = Callable[[Any, int], Any]
"""What is made of the material, and how many at most."""


def filled(body: bytes, makers: Mapping[str, Make]) -> bytes:
    """An answer of views with everything in it made."""
    return _FOUND.sub(partial(_make, makers), body) if START.encode() in body else body


def _make(makers: Mapping[str, Make], found: re.Match[bytes]) -> bytes:
    asked, first, material = json.loads(found[1]), int(found[2]), json.loads(found[3])
    return spelled(makers[asked["make"]](material, first), asked["select"]).encode()


def spelled(value: Any, select: Any) -> str:
    """As JSON, of an object or of each of a list only what is selected; the value itself where nothing is to choose.

    What is selected is [alias, member, constant, what of it], and a slot where the gateway lays in what has that key:
    an id or a code, never a text that could end the mark.
    """
    if select is None or value is None:
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list):
        return f"[{','.join(spelled(each, select) for each in value)}]"
    return f"{{{','.join(_member(value, *each) for each in select)}}}"


def _member(
    whole: Mapping[str, Any],
    alias: str,
    member: str,
    constant: str | None,
    inner: Any,
    slot: int | None = None,
) -> str:
    if constant is not None:
        return f'"{alias}":{json.dumps(constant)}'
    value = whole.get(member)
    if slot is None:
        return f'"{alias}":{spelled(value, inner)}'
    known = isinstance(value, str) and _KEY.fullmatch(value)
    return f'"{alias}":{MARK}{slot}:{value}{END}' if known else f'"{alias}":null'
