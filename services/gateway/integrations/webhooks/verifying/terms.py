"""What every scheme speaks of: what arrived, what is known of it once verified, and how it is refused."""

import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Protocol
from uuid import UUID

from services.gateway.integrations.connections.settings import ConnectionSettings
from shared.auth import Verifier as Tokens
from shared.outward import Outward
from shared.problems import BadRequest, Problem

TOLERANCE = timedelta(minutes=5)
CHALLENGE = {"WWW-Authenticate": 'Signature realm="webhooks"'}
NO_SETTINGS = ConnectionSettings()


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
    """What arrived: lower-case headers, the raw query, the raw body, and the secret of the path if it has one."""

    headers: Mapping[str, str]
    query: str
    body: bytes
    path_secret: str = ""


@dataclass(frozen=True, slots=True)
class Verified:
    """The sender's id of the message, when it was sent, and what it says where that is not the body itself."""

    message_id: str
    sent_at: datetime
    content: bytes | None = None


class Verifier(Protocol):
    """A scheme of shared secrets. Raises `SignatureWrong` first, alike for whatever is wrong; what else, only when
    that is right.
    """

    async def verify(
        self,
        presented: Presented,
        *,
        secrets: Sequence[bytes],
        now: datetime,
        settings: ConnectionSettings = NO_SETTINGS,
    ) -> Verified: ...


@dataclass(frozen=True, slots=True)
class Asked:
    """What an asking scheme is told of the connection, the verifier of our own access tokens, and what asks others."""

    tenant_id: UUID
    settings: ConnectionSettings
    tokens: Tokens
    now: datetime
    outward: Outward


class AskingVerifier(Protocol):
    """A scheme whose keys may have to be fetched: it runs outside of any transaction."""

    async def verify(self, presented: Presented, asked: Asked) -> Verified: ...


def any_equal(given: Iterable[str], expected: Sequence[bytes]) -> bool:
    """Compares each with each in constant time, however early one is equal."""
    presented = [each.encode("utf-8", "replace") for each in given]
    right = False
    for one in expected:
        for other in presented:
            right |= hmac.compare_digest(one, other)
    return right


def fresh(timestamp: str, now: datetime, *, name: str) -> datetime:
    """Raises `DeliveryStale` unless it is a time of now in seconds."""
    if not re.fullmatch(r"[0-9]{1,11}", timestamp):
        raise DeliveryStale(f"{name}: send whole seconds since 1970.")
    sent_at = datetime.fromtimestamp(int(timestamp), UTC)
    if abs(now - sent_at) > TOLERANCE:
        minutes = int(TOLERANCE.total_seconds() // 60)
        word = "old" if sent_at < now else "new"
        raise DeliveryStale(
            f"{name} is too {word}: {minutes} minutes are allowed. "
            "Sign each attempt anew, under the same id."
        )
    return sent_at


def is_message_id(text: str) -> bool:
    return re.fullmatch(r"[!-~]{1,255}", text) is not None


def id_of_content(*parts: bytes) -> str:
    """For a scheme without message ids: the same parts are the same message."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return f"sha256-{digest.hexdigest()}"


def id_of_request(presented: Presented) -> str:
    """Where the whole request is as trustworthy as its body: the sender's own id, if it tells one in a header."""
    given = presented.headers.get("webhook-id", "")
    if is_message_id(given):
        return given
    event_id = presented.headers.get("ce-id", "").encode("utf-8", "replace")
    source = presented.headers.get("ce-source", "").encode("utf-8", "replace")
    if event_id:
        return id_of_content(source, event_id)
    return id_of_content(presented.body)
