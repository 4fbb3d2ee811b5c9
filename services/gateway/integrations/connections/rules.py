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
OVERLAP = timedelta(hours=24)


class ConnectionKind(StrEnum):
    """What stands at the other end."""

    LMS = "LMS"
    HRIS = "HRIS"


class Vendor(StrEnum):
    """Whose payloads they are; chooses the mapper."""

    GENERIC = "GENERIC"


class VerifierKind(StrEnum):
    """How deliveries prove where they come from."""

    STANDARD_WEBHOOKS = "STANDARD_WEBHOOKS"


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
    return secrets.token_bytes(SECRET_BYTES)


def spelled(secret: bytes) -> str:
    """As Standard Webhooks libraries take it."""
    return SECRET_PREFIX + base64.b64encode(secret).decode()
