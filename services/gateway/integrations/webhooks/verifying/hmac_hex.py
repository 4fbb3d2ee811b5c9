"""As BambooHR signs: hex HMAC-SHA256 over the body and then the timestamp, each in a header of its own."""

import hmac
from collections.abc import Sequence
from datetime import datetime

from services.gateway.integrations.connections.settings import ConnectionSettings
from services.gateway.integrations.webhooks.verifying.terms import (
    NO_SETTINGS,
    Presented,
    SignatureWrong,
    Verified,
    any_equal,
    fresh,
    id_of_content,
)

SIGNATURE = "x-bamboohr-signature"
TIMESTAMP = "x-bamboohr-timestamp"


class HmacSha256HexTimestamp:
    """Without a message id: the body with its timestamp is the message, since a thin body may well come again."""

    async def verify(
        self,
        presented: Presented,
        *,
        secrets: Sequence[bytes],
        now: datetime,
        settings: ConnectionSettings = NO_SETTINGS,
    ) -> Verified:
        name = settings.timestamp_header or TIMESTAMP
        timestamp = presented.headers.get(name, "")
        given = presented.headers.get(settings.signature_header or SIGNATURE, "")
        signed = presented.body + timestamp.encode("utf-8", "replace")
        expected = [hmac.digest(secret, signed, "sha256").hex().encode() for secret in secrets]
        if not any_equal([given.lower()], expected):
            raise SignatureWrong
        sent_at = fresh(timestamp, now, name=name)
        return Verified(id_of_content(presented.body, timestamp.encode()), sent_at)
