"""When a delivery is tried again, what an answer means, and how a fact is written."""

import json
import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from http import HTTPStatus
from typing import Any
from uuid import UUID

from services.gateway.integrations.subscriptions.catalogue import CATALOGUE, Leaves
from services.gateway.integrations.subscriptions.rules import WebhookContent, WebhookFormat

SEND = "outbound.send"
SCHEDULE = (
    timedelta(0),
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""Before the first try, and from each to the next."""
JITTER = 0.2
LONGEST_RETRY_AFTER = timedelta(hours=24)
MOST_REPLAYED = 10_000
CONTENT_TYPES = {
    WebhookFormat.STANDARD: "application/json",
    WebhookFormat.CLOUDEVENTS: "application/cloudevents+json",
}


class OutboundState(StrEnum):
    """WAITING is to be sent, now or later; DELIVERED was taken; FAILED was refused or unanswered ten times."""

    WAITING = "WAITING"
    DELIVERED = "DELIVERED"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True)
class Told:
    """A fact as it is sent; `payload` is None in what is THIN."""

    id: UUID
    type: str
    subject: str
    sequence: int | None
    occurred_at: datetime
    payload: dict[str, Any] | None


def next_try(tries: int, *, retry_after: timedelta | None) -> timedelta | None:
    """How long to wait after that many failed tries, or None when it is given up.

    Spread by a fifth upwards, so that what failed together does not come together again. A receiver's Retry-After
    makes the wait longer, never shorter, and at most a day.
    """
    if tries >= len(SCHEDULE):
        return None
    planned = SCHEDULE[tries] * random.uniform(1, 1 + JITTER)
    return max(planned, min(retry_after or planned, LONGEST_RETRY_AFTER))


def retry_after(header: str | None, *, now: datetime) -> timedelta | None:
    """Seconds or an HTTP date; anything else is ignored."""
    if header is None:
        return None
    if header.strip().isascii() and header.strip().isdigit():
        seconds = min(int(header.strip()[:9]), int(LONGEST_RETRY_AFTER.total_seconds()))
        return timedelta(seconds=seconds)
    try:
        return max(parsedate_to_datetime(header) - now, timedelta(0))
    except (ValueError, TypeError):
        return None


def outcome_of(status: int) -> str:
    """A word for the log of attempts: only 2xx is a delivery, and a redirect is not followed."""
    if 200 <= status < 300:
        return "DELIVERED"
    if status == HTTPStatus.GONE:
        return "GONE"
    return "REDIRECTED" if 300 <= status < 400 else "REFUSED"


def payload_for(
    content: WebhookContent, event_type: str, payload: dict[str, Any]
) -> dict[str, Any] | None:
    """The fact, where both the subscription and the catalogue say so."""
    leaves = CATALOGUE.get(event_type, Leaves.THIN)
    return payload if content is WebhookContent.FULL and leaves is Leaves.FULL else None


def written(told: Told, form: WebhookFormat) -> bytes:
    """The same fact gives the same bytes at every try."""
    document = _cloud_event(told) if form is WebhookFormat.CLOUDEVENTS else _standard(told)
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def _standard(told: Told) -> dict[str, Any]:
    document = {
        "type": told.type,
        "timestamp": _time(told.occurred_at),
        "id": str(told.id),
        "subject": told.subject,
        "sequence": told.sequence,
        "data": {"id": told.subject} if told.payload is None else told.payload,
    }
    return {name: value for name, value in document.items() if value is not None}


def _cloud_event(told: Told) -> dict[str, Any]:
    """Attributes are as the broker's, https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md"""
    document = {
        "specversion": "1.0",
        "id": str(told.id),
        "source": f"/waymark/{told.type.split('.')[1]}",
        "type": told.type,
        "subject": told.subject,
        "time": _time(told.occurred_at),
        "sequence": None if told.sequence is None else str(told.sequence),
        "datacontenttype": None if told.payload is None else "application/json",
        "data": told.payload,
    }
    return {name: value for name, value in document.items() if value is not None}


def _time(instant: datetime) -> str:
    return instant.isoformat().replace("+00:00", "Z")
