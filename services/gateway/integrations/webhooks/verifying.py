"""Does a delivery come from who it says: one verifier a scheme, on raw bytes, before anything is parsed."""

import base64
import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Protocol

from services.gateway.integrations.connections.rules import VerifierKind
from shared.problems import BadRequest, Problem

TOLERANCE = timedelta(minutes=5)
MOST_SIGNATURES = 16
CHALLENGE = {"WWW-Authenticate": 'Signature realm="webhooks"'}


class SignatureWrong(Problem):
    """The delivery's signature does not verify."""

    status = HTTPStatus.UNAUTHORIZED

    def __init__(self) -> None:
        super().__init__(
            "Sign with an active secret of the connection in this URL, over the raw body, as its "
            "verifier asks; see the integrations' README.",
            headers=CHALLENGE,
        )


class DeliveryStale(Problem):
    """The delivery was signed too long ago, or in the future."""

    status = HTTPStatus.UNAUTHORIZED

    def __init__(self, detail: str) -> None:
        super().__init__(detail, headers=CHALLENGE)


class DeliveryUnidentified(BadRequest):
    """The delivery has no usable id."""


@dataclass(frozen=True, slots=True)
class Presented:
    """What arrived: lower-case headers, the raw query and the raw body."""

    headers: Mapping[str, str]
    query: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Verified:
    """The sender's id of the message, and when it was sent."""

    message_id: str
    sent_at: datetime


class Verifier(Protocol):
    """A scheme. Raises `SignatureWrong` first, alike for whatever is wrong; what else, only when that is right."""

    async def verify(
        self, presented: Presented, *, secrets: Sequence[bytes], now: datetime
    ) -> Verified: ...


class StandardWebhooks:
    """https://www.standardwebhooks.com, symmetric `v1`: HMAC-SHA256 over `id.timestamp.body`."""

    async def verify(
        self, presented: Presented, *, secrets: Sequence[bytes], now: datetime
    ) -> Verified:
        message_id = presented.headers.get("webhook-id", "")
        timestamp = presented.headers.get("webhook-timestamp", "")
        signed = f"{message_id}.{timestamp}.".encode("utf-8", "replace") + presented.body
        given = presented.headers.get("webhook-signature", "").split(" ")[:MOST_SIGNATURES]
        if not _any_right(signed, given, secrets):
            raise SignatureWrong
        if not re.fullmatch(r"[!-~]{1,255}", message_id):
            raise DeliveryUnidentified("webhook-id: send 1 to 255 visible ASCII characters.")
        return Verified(message_id, _fresh(timestamp, now))


def _any_right(signed: bytes, given: Sequence[str], secrets: Sequence[bytes]) -> bool:
    """Compares every signature with every secret, however early one is right."""
    right = False
    for secret in secrets:
        expected = b"v1," + base64.b64encode(hmac.digest(secret, signed, "sha256"))
        for signature in given:
            right |= hmac.compare_digest(expected, signature.encode("utf-8", "replace"))
    return right


def _fresh(timestamp: str, now: datetime) -> datetime:
    if not re.fullmatch(r"[0-9]{1,11}", timestamp):
        raise DeliveryStale("webhook-timestamp: send whole seconds since 1970.")
    sent_at = datetime.fromtimestamp(int(timestamp), UTC)
    if abs(now - sent_at) > TOLERANCE:
        minutes = int(TOLERANCE.total_seconds() // 60)
        word = "old" if sent_at < now else "new"
        raise DeliveryStale(
            f"webhook-timestamp is too {word}: {minutes} minutes are allowed. "
            "Sign each attempt anew, under the same id."
        )
    return sent_at


VERIFIERS: Mapping[VerifierKind, Verifier] = {VerifierKind.STANDARD_WEBHOOKS: StandardWebhooks()}
