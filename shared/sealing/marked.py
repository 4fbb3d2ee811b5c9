"""Sealed values in the answers of views: PostgreSQL cannot open them, so it marks them, and they are opened after it.

A mark carries the wrapped key beside the sealed text, so that opening asks nothing of the database.
"""

import json
import re
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, Text, func
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.sealing.keys import PersonKeys
from shared.views.sql import quoted, text_of

_PREFIX = "sealed-for-person"
_MARK = re.compile(rb'"sealed-for-person((?::[0-9a-f]+){5})"')


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

    def __init__(self, views: ASGIApp, keys: PersonKeys) -> None:
        self._views = views
        self._keys = keys

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        start: list[Message] = []

        async def opened(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.append(message)
                return
            body = message.get("body", b"")
            if _PREFIX.encode() in body:
                body = _MARK.sub(self._open, body)
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

    def _open(self, found: re.Match[bytes]) -> bytes:
        tenant, person, bound_to, wrapped, sealed = found[1].decode()[1:].split(":")
        text = self._keys.open(
            bytes.fromhex(wrapped),
            bytes.fromhex(sealed),
            tenant_id=UUID(tenant),
            person_id=UUID(person),
            bound_to=bytes.fromhex(bound_to),
        )
        return json.dumps(text, ensure_ascii=False).encode()
