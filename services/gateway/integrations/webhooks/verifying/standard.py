"""https://www.standardwebhooks.com: `v1` is HMAC-SHA256 over `id.timestamp.body`, `v1a` ed25519 over the same."""

import base64
import hmac
from collections.abc import Sequence
from datetime import datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from services.gateway.integrations.connections.rules import read_public_key
from services.gateway.integrations.connections.settings import ConnectionSettings
from services.gateway.integrations.webhooks.verifying.terms import (
    NO_SETTINGS,
    DeliveryUnidentified,
    Presented,
    SignatureWrong,
    Verified,
    any_equal,
    fresh,
    is_message_id,
)

MOST_SIGNATURES = 16


class StandardWebhooks:
    """Any right signature of any active secret or public key is enough."""

    async def verify(
        self,
        presented: Presented,
        *,
        secrets: Sequence[bytes],
        now: datetime,
        settings: ConnectionSettings = NO_SETTINGS,
    ) -> Verified:
        message_id = presented.headers.get("webhook-id", "")
        timestamp = presented.headers.get("webhook-timestamp", "")
        signed = f"{message_id}.{timestamp}.".encode("utf-8", "replace") + presented.body
        given = presented.headers.get("webhook-signature", "").split(" ")[:MOST_SIGNATURES]
        right = any_equal(given, [_symmetric(secret, signed) for secret in secrets])
        right |= any(_asymmetric(key, signed, given) for key in settings.public_keys)
        if not right:
            raise SignatureWrong
        if not is_message_id(message_id):
            raise DeliveryUnidentified("webhook-id: send 1 to 255 visible ASCII characters.")
        return Verified(message_id, fresh(timestamp, now, name="webhook-timestamp"))


def _symmetric(secret: bytes, signed: bytes) -> bytes:
    return b"v1," + base64.b64encode(hmac.digest(secret, signed, "sha256"))


def _asymmetric(key: str, signed: bytes, given: Sequence[str]) -> bool:
    """Nothing is secret in it, so it may end early."""
    public = Ed25519PublicKey.from_public_bytes(read_public_key(key))
    for signature in given:
        version, _, text = signature.partition(",")
        if version != "v1a":
            continue
        try:
            public.verify(base64.b64decode(text, validate=True), signed)
        except (InvalidSignature, ValueError):
            continue
        return True
    return False
