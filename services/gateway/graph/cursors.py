"""Signed cursors: a page starts only where an answer of ours has pointed."""

import base64
import binascii
import hmac
import json
from hashlib import sha256
from typing import Any

TAG_BYTES = 12


class NotACursor(ValueError):
    """That is no cursor of ours, or one of another list."""

    def __init__(self) -> None:
        super().__init__(
            "is not a cursor of this list: use one that an earlier page of it answered"
        )


class Cursors:
    """Seals the sort values of a row into an opaque text and reads them back."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def seal(self, values: bytes) -> bytes:
        """`values` is the JSON array that a view wrote, the list's name first; the answer is a JSON string."""
        tag = hmac.digest(self._secret, values, sha256)[:TAG_BYTES]
        return b'"%b"' % base64.urlsafe_b64encode(tag + values).rstrip(b"=")

    def open(self, cursor: str, *, of: str) -> list[Any]:
        """The sort values; raises `NotACursor` for anything that `seal` has not written for the list `of`."""
        try:
            sealed = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        except (binascii.Error, ValueError):
            raise NotACursor from None
        tag, values = sealed[:TAG_BYTES], sealed[TAG_BYTES:]
        if not hmac.compare_digest(tag, hmac.digest(self._secret, values, sha256)[:TAG_BYTES]):
            raise NotACursor
        opened: list[Any] = json.loads(values)
        if opened[0] != of:
            raise NotACursor
        return opened[1:]

    def values(self, cursor: str) -> list[Any]:
        """The sort values of a cursor that has just been sealed here."""
        sealed = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        values: list[Any] = json.loads(sealed[TAG_BYTES:])
        return values[1:]
