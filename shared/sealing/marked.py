"""Sealed values in the answers of views: PostgreSQL cannot open them, so it marks them, and they are opened after it.

A mark carries the wrapped key beside the sealed text, so that opening asks nothing of the database. A JSON
object is marked with what is asked of it (`shared.views.Sealed`), and only that is answered.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import ColumnElement, Text, func
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.sealing.keys import PersonKeys
from shared.views.sql import END, MARK, quoted, text_of

_PREFIX = "sealed-for-person"
_ID, _BYTES = rb"(?:[0-9a-f]{32})", rb"(?:[0-9a-f]{2})"
_MARK = re.compile(
    rb'"sealed-for-person((?::%b){2}:%b+(?::%b+){2}(?::%b+(?::[0-9]+:%b+)?)?)"'
    % (_ID, _ID, _BYTES, _BYTES, _BYTES)
)
_PARTS = 8
_KEY = re.compile(r"[0-9A-Za-z][0-9A-Za-z.-]*")

Make: TypeAlias = Callable[[Mapping[str, Any], str, int], Any]
"""What is made of an opened object: the object, the material that the view brought, how many at most."""


def mark(
    *,
    tenant_id: ColumnElement[UUID],
    person_id: ColumnElement[UUID],
    bound_to: Sequence[ColumnElement[UUID]],
    wrapped: ColumnElement[bytes],
    sealed: ColumnElement[bytes],
) -> ColumnElement[str]:
    """NULL when the key is gone. `bound_to` are the ids whose bytes were given when the text was sealed."""
    identity = _digits(bound_to[0])
    for each in bound_to[1:]:
        identity = identity.concat(_digits(each))
    text = quoted(_PREFIX)
    for part in (_digits(tenant_id), _digits(person_id), identity, _hex(wrapped), _hex(sealed)):
        text = text.concat(quoted(":")).concat(part)
    return text


def _digits(identifier: ColumnElement[UUID]) -> ColumnElement[str]:
    return func.replace(text_of(identifier), quoted("-"), quoted(""), type_=Text())


def _hex(content: ColumnElement[bytes]) -> ColumnElement[str]:
    return func.encode(content, quoted("hex"), type_=Text())


class Opened:
    """Around the endpoint of a service's views: opens what is marked, for whom the view has shown it to."""

    def __init__(
        self, views: ASGIApp, keys: PersonKeys, makers: Mapping[str, Make] | None = None
    ) -> None:
        self._views = views
        self._keys = keys
        self._makers = makers or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        start: list[Message] = []

        async def opened(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.append(message)
                return
            body = message.get("body", b"")
            if _PREFIX.encode() in body:
                body = _MARK.sub(partial(self._open, {}), body)
                (head,) = start
                head["headers"] = [
                    (name, str(len(body)).encode() if name == b"content-length" else value)
                    for name, value in head["headers"]
                ]
            for head in start:
                await send(head)
            start.clear()
            await send({**message, "body": body})

        await self._views(scope, receive, opened)

    def _open(self, known: dict[str, str | None], found: re.Match[bytes]) -> bytes:
        """`known` are the texts that this answer has opened before: several fields may be of one object."""
        parts = found[1].decode()[1:].split(":")
        *sealed, asked, first, material = parts + [""] * (_PARTS - len(parts))
        identity = ":".join(sealed)
        if identity not in known:
            known[identity] = self._text(*sealed)
        value = known[identity]
        if not asked or value is None:
            return json.dumps(value, ensure_ascii=False).encode()
        wanted = json.loads(bytes.fromhex(asked))
        found = self._of(json.loads(value), wanted, bytes.fromhex(material).decode(), first)
        return _spelled(found, wanted["select"]).encode()

    def _text(
        self, tenant: str, person: str, bound_to: str, wrapped: str, sealed: str
    ) -> str | None:
        return self._keys.open(
            bytes.fromhex(wrapped),
            bytes.fromhex(sealed),
            tenant_id=UUID(tenant),
            person_id=UUID(person),
            bound_to=bytes.fromhex(bound_to),
        )

    def _of(self, whole: Any, wanted: Mapping[str, Any], material: str, first: str) -> Any:
        if make := wanted["make"]:
            return self._makers[make](whole, material, int(first))
        return whole.get(wanted["name"])


def _spelled(value: Any, select: Any) -> str:
    """The JSON of what is selected of an object or of each of a list; of the value where nothing is to choose."""
    if select is None or value is None:
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list):
        return f"[{','.join(_spelled(each, select) for each in value)}]"
    members = [f'"{alias}":{_member(value, *further)}' for alias, *further in select]
    return f"{{{','.join(members)}}}"


def _member(
    whole: Mapping[str, Any], name: str, constant: str | None, inner: Any, slot: int | None = None
) -> str:
    """With a slot the place that the gateway fills: never made of a text that could end it."""
    if constant is not None:
        return json.dumps(constant)
    value = whole.get(name)
    if slot is None:
        return _spelled(value, inner)
    known = isinstance(value, str) and _KEY.fullmatch(value)
    return f"{MARK}{slot}:{value}{END}" if known else "null"
