"""For senders that cannot sign: a secret in the URL, or as the bearer token or password that they send along.

The URL is never logged: no access log is written, metrics know the route's template only, and no trace holds it.
"""

import base64
import binascii
from collections.abc import Iterator, Sequence
from datetime import datetime
from urllib.parse import parse_qs

from services.gateway.integrations.connections.settings import ConnectionSettings
from services.gateway.integrations.webhooks.verifying.terms import (
    NO_SETTINGS,
    Presented,
    SignatureWrong,
    Verified,
    any_equal,
    id_of_request,
)

MOST_PARAMETERS = 32


class UrlSecret:
    """The secret as `?secret=`, as the last part of the path, as a bearer token or as the password of Basic."""

    async def verify(
        self,
        presented: Presented,
        *,
        secrets: Sequence[bytes],
        now: datetime,
        settings: ConnectionSettings = NO_SETTINGS,
    ) -> Verified:
        if not any_equal(_given(presented, settings.secret_parameter), secrets):
            raise SignatureWrong
        return Verified(id_of_request(presented), now)


def _given(presented: Presented, parameter: str) -> Iterator[str]:
    yield presented.path_secret
    try:
        parameters = parse_qs(presented.query, max_num_fields=MOST_PARAMETERS)
    except ValueError:
        parameters = {}
    yield from parameters.get(parameter, [])
    scheme, _, credentials = presented.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        yield credentials.strip()
    if scheme.lower() == "basic":
        yield _password(credentials)


def _password(credentials: str) -> str:
    try:
        user_and_password = base64.b64decode(credentials).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return ""
    return user_and_password.partition(":")[2]
