"""What a connection is, how it is addressed, and what its secrets look like."""

import base64
import re
import secrets
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

SECRET_BYTES = 32
SECRET_PREFIX = "whsec_"  # noqa: S105 - what Standard Webhooks puts in front of a secret
PUBLIC_KEY_PREFIX = "whpk_"
PUBLIC_KEY_BYTES = 32
LEAST_SECRET_BYTES = 16
OVERLAP = timedelta(hours=24)


class ConnectionKind(StrEnum):
    """What stands at the other end."""

    LMS = "LMS"
    HRIS = "HRIS"


class Vendor(StrEnum):
    """Whose payloads they are; chooses the mapper."""

    GENERIC = "GENERIC"
    LEARNING_360 = "360LEARNING"
    DOCEBO = "DOCEBO"
    CANVAS = "CANVAS"
    MOODLE = "MOODLE"
    OPEN_EDX = "OPEN_EDX"
    BAMBOOHR = "BAMBOOHR"
    HIBOB = "HIBOB"
    PERSONIO = "PERSONIO"


class VerifierKind(StrEnum):
    """How deliveries prove where they come from."""

    STANDARD_WEBHOOKS = "STANDARD_WEBHOOKS"
    HMAC_SHA256_HEX_TIMESTAMP = "HMAC_SHA256_HEX_TIMESTAMP"
    HMAC_SHA512_BASE64 = "HMAC_SHA512_BASE64"
    JWT_JWKS = "JWT_JWKS"
    OAUTH2_BEARER = "OAUTH2_BEARER"
    URL_SECRET = "URL_SECRET"  # noqa: S105 - the name of a scheme

    @property
    def takes_secret(self) -> bool:
        """Whether both sides hold one; else the other side proves itself with a key or a token."""
        return self not in (VerifierKind.JWT_JWKS, VerifierKind.OAUTH2_BEARER)


class ConnectionState(StrEnum):
    """A disabled connection takes nothing any more."""

    ACTIVE = "ACTIVE"
    DISABLED = "DISABLED"


@dataclass(frozen=True, slots=True)
class Address:
    """What stands in a webhook's URL: tenant and connection as one opaque word of 43 characters.

    A sender has no token, and row-level security shows nothing without a tenant. So the address names
    the tenant itself, and the connection is looked up inside that tenant's wall, as everything else
    is; no table, policy or role looks across tenants. The address is no secret and gives no access:
    the signature does. Whatever word is sent, the look-up runs, in some tenant, and a signature is
    computed, so that an unknown address answers as a wrong signature does.
    """

    tenant_id: UUID
    connection_id: UUID

    def __str__(self) -> str:
        word = base64.urlsafe_b64encode(self.tenant_id.bytes + self.connection_id.bytes)
        return word.decode().rstrip("=")

    @classmethod
    def parse(cls, word: str) -> "Address":
        """An unreadable word is an address in no tenant."""
        known = re.fullmatch(r"[A-Za-z0-9_-]{43}", word)
        raw = base64.urlsafe_b64decode(word + "=") if known else bytes(32)
        return cls(UUID(bytes=raw[:16]), UUID(bytes=raw[16:]))


def new_secret() -> bytes:
    """For Standard Webhooks, whose secrets are bytes; for the other schemes see `spelled`."""
    return secrets.token_bytes(SECRET_BYTES)


def new_secret_of(kind: VerifierKind) -> bytes:
    """What is signed with: bytes, or the very letters of a text that a person copies."""
    if kind is VerifierKind.STANDARD_WEBHOOKS:
        return new_secret()
    return secrets.token_urlsafe(SECRET_BYTES).encode()


def spelled(secret: bytes, kind: VerifierKind = VerifierKind.STANDARD_WEBHOOKS) -> str:
    """As the libraries of the scheme take it."""
    if kind is VerifierKind.STANDARD_WEBHOOKS:
        return SECRET_PREFIX + base64.b64encode(secret).decode()
    return secret.decode()


def read_secret(text: str, kind: VerifierKind) -> bytes:
    """A secret that the other side has made. Raises `ValueError` with what is wanted."""
    if kind is VerifierKind.STANDARD_WEBHOOKS:
        secret = _decoded(text.removeprefix(SECRET_PREFIX), "send whsec_ and base64")
    else:
        secret = text.encode()
    if len(secret) < LEAST_SECRET_BYTES:
        raise ValueError(f"a secret has at least {LEAST_SECRET_BYTES} bytes")
    return secret


def read_public_key(text: str) -> bytes:
    """An ed25519 key of Standard Webhooks. Raises `ValueError` with what is wanted."""
    key = _decoded(text.removeprefix(PUBLIC_KEY_PREFIX), "send whpk_ and base64")
    if len(key) != PUBLIC_KEY_BYTES:
        raise ValueError(f"an ed25519 public key has {PUBLIC_KEY_BYTES} bytes")
    return key


def _decoded(text: str, wanted: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        raise ValueError(wanted) from None
