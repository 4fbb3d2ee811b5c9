"""CloudEvents 1.0 over HTTP: structured, batched and, once `bound`, binary; the data is a canonical payload."""

import base64
import binascii
import json
from collections.abc import Mapping
from typing import Any

from services.gateway.integrations.webhooks.mapping.terms import Origin, Unmappable

ATTRIBUTES = ("specversion", "id", "source", "type", "time", "subject", "dataschema")
"""What a repeated message repeats; an extension such as `traceparent` may differ, and says nothing to us."""


def bound(headers: Mapping[str, str], body: bytes) -> bytes:
    """A message in binary mode as the structured one that it stands for; any other one as it is."""
    if "ce-specversion" not in headers:
        return body
    attributes = {name: headers[f"ce-{name}"] for name in ATTRIBUTES if f"ce-{name}" in headers}
    written = {**attributes, "data_base64": base64.b64encode(body).decode()}
    return json.dumps(written).encode()


def unwrapped(body: bytes, origin: Origin) -> list[dict[str, Any]] | None:
    """The canonical payloads in a CloudEvent or a batch; None when the body is neither. Raises `Unmappable`."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if isinstance(told, dict) and "specversion" in told:
        return [_payload(told, origin)]
    if isinstance(told, list) and told and all(_is_event(each) for each in told):
        return [_payload(each, origin) for each in told]
    return None


def _is_event(told: object) -> bool:
    return isinstance(told, dict) and "specversion" in told


def _payload(event: dict[str, Any], origin: Origin) -> dict[str, Any]:
    """`time` is optional there; an event without one was said when it was sent."""
    event_type = event.get("type")
    named = event_type if isinstance(event_type, str) else None
    if event.get("specversion") != "1.0":
        raise Unmappable("specversion: send 1.0", event_type=named)
    said_at = event.get("time") or origin.sent_at.isoformat()
    return {"type": event_type, "timestamp": said_at, "data": _told(event, named)}


def _told(event: dict[str, Any], event_type: str | None) -> object:
    encoded = event.get("data_base64")
    if not isinstance(encoded, str):
        return event.get("data")
    try:
        return json.loads(base64.b64decode(encoded, validate=True))
    except (binascii.Error, ValueError, RecursionError):
        raise Unmappable("data: Invalid JSON", event_type=event_type) from None
