"""Signatures of what Waymark sends: https://www.standardwebhooks.com, `v1` and `v1a`."""

import base64
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.gateway.integrations.subscriptions.rules import WebhookSigning

KEY_BYTES = 32
"""Of a shared secret, and of an ed25519 private key's seed."""


def new_key(signing: WebhookSigning) -> bytes:
    if signing is WebhookSigning.V1A:
        return Ed25519PrivateKey.generate().private_bytes_raw()
    return secrets.token_bytes(KEY_BYTES)


def public_key(signing: WebhookSigning, key: bytes) -> bytes | None:
    """What may be shown at any time; a shared secret has no such half."""
    if signing is not WebhookSigning.V1A:
        return None
    return Ed25519PrivateKey.from_private_bytes(key).public_key().public_bytes_raw()


def spelled_secret(key: bytes) -> str:
    """A shared secret as the libraries take it."""
    return "whsec_" + base64.b64encode(key).decode()


def spelled_public(key: bytes) -> str:
    return "whpk_" + base64.b64encode(key).decode()


def headers(
    signing: WebhookSigning,
    keys: Sequence[bytes],
    *,
    message_id: str,
    sent_at: datetime,
    body: bytes,
) -> dict[str, str]:
    """One signature for every active key, so that the receiver may change over when it likes."""
    timestamp = str(int(sent_at.timestamp()))
    signed = f"{message_id}.{timestamp}.".encode() + body
    return {
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(_signature(signing, key, signed) for key in keys),
    }


def _signature(signing: WebhookSigning, key: bytes, signed: bytes) -> str:
    if signing is WebhookSigning.V1A:
        made = Ed25519PrivateKey.from_private_bytes(key).sign(signed)
        return "v1a," + base64.b64encode(made).decode()
    return "v1," + base64.b64encode(hmac.digest(key, signed, "sha256")).decode()
