"""Secrets and bodies at rest: AES-256-GCM under keys that live in the settings, not in the database."""

import base64
import binascii
import hashlib
import hmac
import os
from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from fastapi import Depends, Request
from pydantic import SecretStr

KEY_BYTES = 32
NONCE_BYTES = 12
MARK_BYTES = 4


class BadSealKey(ValueError):
    """A seal key is 32 random bytes in base64; several are parted by commas, the first one seals."""


class Unsealable(Exception):
    """What is stored was sealed with a key that is not set any more, or for another row."""


class Vault:
    """Seals with the first key and opens with any, so that a new key may be put in front."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        if not keys or any(len(key) != KEY_BYTES for key in keys):
            raise BadSealKey(BadSealKey.__doc__)
        self._keys = {_mark(key): key for key in keys}
        self._first = keys[0]

    @classmethod
    def from_setting(cls, text: SecretStr) -> "Vault":
        """Raises `BadSealKey`."""
        try:
            return cls([base64.b64decode(each) for each in text.get_secret_value().split(",")])
        except binascii.Error:
            raise BadSealKey(BadSealKey.__doc__) from None

    def seal(self, plain: bytes, *, bound_to: bytes) -> bytes:
        """`bound_to` is the row's identity: the sealed bytes open in no other row."""
        nonce = os.urandom(NONCE_BYTES)
        return _mark(self._first) + nonce + AESGCM(self._first).encrypt(nonce, plain, bound_to)

    def open(self, sealed: bytes, *, bound_to: bytes) -> bytes:
        """Raises `Unsealable`."""
        key = self._keys.get(sealed[:MARK_BYTES])
        if key is None:
            raise Unsealable("no key")
        rest = sealed[MARK_BYTES:]
        try:
            return AESGCM(key).decrypt(rest[:NONCE_BYTES], rest[NONCE_BYTES:], bound_to)
        except (InvalidTag, ValueError):
            raise Unsealable("not of this row") from None

    def fingerprint(self, plain: bytes) -> bytes:
        """Tells equal contents from others and says nothing of them to who lacks the key."""
        return _mark(self._first) + _digest(self._first, plain)

    def is_of(self, fingerprint: bytes, plain: bytes) -> bool:
        key = self._keys.get(fingerprint[:MARK_BYTES])
        return key is not None and hmac.compare_digest(
            fingerprint[MARK_BYTES:], _digest(key, plain)
        )


def provide(vault: Vault) -> Callable[[Request], Awaitable[None]]:
    """A dependency for a router that hands the vault down to its routes."""

    async def provided(request: Request) -> None:
        request.state.vault = vault

    return provided


async def _handed_down(request: Request) -> Vault:
    vault: Vault = request.state.vault
    return vault


Sealing = Annotated[Vault, Depends(_handed_down)]


def _mark(key: bytes) -> bytes:
    """Names a key without telling it."""
    return hashlib.sha256(b"waymark seal key" + key).digest()[:MARK_BYTES]


def _digest(key: bytes, plain: bytes) -> bytes:
    return hmac.digest(hmac.digest(key, b"fingerprint", "sha256"), plain, "sha256")
