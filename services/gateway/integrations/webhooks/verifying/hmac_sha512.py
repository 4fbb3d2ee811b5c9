"""As HiBob signs: base64 HMAC-SHA512 over the body, in one header; no timestamp, no message id."""

import base64
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
    id_of_content,
)

SIGNATURE = "bob-signature"


class HmacSha512Base64:
    """A replayed body is the same message, so it has no second effect; what is old by its own time has none either."""

    async def verify(
        self,
        presented: Presented,
        *,
        secrets: Sequence[bytes],
        now: datetime,
        settings: ConnectionSettings = NO_SETTINGS,
    ) -> Verified:
        given = presented.headers.get(settings.signature_header or SIGNATURE, "")
        digests = [hmac.digest(secret, presented.body, "sha512") for secret in secrets]
        if not any_equal([given.strip()], [base64.b64encode(digest) for digest in digests]):
            raise SignatureWrong
        return Verified(id_of_content(presented.body), now)
