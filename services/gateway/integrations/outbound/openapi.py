"""The `webhooks` section of the gateway's OpenAPI document: what a subscriber is sent, a type at a time."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pydantic.json_schema import models_json_schema

from services.gateway.integrations.subscriptions.catalogue import CATALOGUE, Leaves
from services.gateway.integrations.subscriptions.rules import PING
from shared.events import Fact

Document = dict[str, Any]

FILE = Path(__file__).with_name("payloads.json")
"""What the facts of the other services look like, whose code this one does not have; `waymark schema` writes it."""

_HEADERS = {
    "webhook-id": "The fact's id, the same at every attempt and replay: deduplicate by it.",
    "webhook-timestamp": "Seconds since 1970 at which this attempt was signed.",
    "webhook-signature": "Signatures parted by spaces, one for each active key: `v1,…` or `v1a,…`.",
    "webhook-sequence": "The subject's version: of one subject a lower one is older.",
}
_ALWAYS = ("webhook-id", "webhook-timestamp", "webhook-signature")


def payloads(facts: Iterable[type[Fact]]) -> Document:
    """Sentence and schema of each fact in the catalogue; the same input gives the same document."""
    told = {each.event_type: each for each in facts if each.event_type in CATALOGUE}
    full = [told[name] for name in sorted(told) if CATALOGUE[name] is Leaves.FULL]
    references, definitions = models_json_schema(
        [(each, "serialization") for each in full],
        by_alias=True,
        ref_template="#/components/schemas/Fact.{model}",
    )
    return {
        "schemas": {f"Fact.{name}": each for name, each in definitions.get("$defs", {}).items()},
        "types": {
            name: {
                "sentence": (fact.__doc__ or "").strip().partition("\n")[0],
                "payload": references.get((fact, "serialization")),
            }
            for name, fact in sorted(told.items())
        },
    }


def with_webhooks(document: Document, described: Document | None = None) -> Document:
    """Adds the section; `described` is what `payloads` answered, the committed one if nothing."""
    known: Document = described or json.loads(FILE.read_text())
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    schemas |= known["schemas"] | {"Webhook": _STANDARD, "WebhookCloudEvent": _CLOUD_EVENT}
    components["parameters"] = components.get("parameters", {}) | {
        name: _header(name) for name in _HEADERS
    }
    told = known["types"] | {PING: {"sentence": "A test, asked for by an administrator."}}
    document["webhooks"] = {
        name: {"post": _sent(name, each["sentence"], each.get("payload"))}
        for name, each in told.items()
    }
    return document


def _sent(name: str, sentence: str, payload: Document | None) -> Document:
    return {
        "operationId": name.replace(".", "_"),
        "summary": sentence,
        "tags": ["webhook subscriptions"],
        "parameters": [{"$ref": f"#/components/parameters/{each}"} for each in _HEADERS],
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": _of_type("Webhook", name, payload, thin=_THIN)},
                "application/cloudevents+json": {
                    "schema": _of_type("WebhookCloudEvent", name, payload, thin=None)
                },
            },
        },
        "responses": {
            "2XX": {"description": "Taken. Anything else is tried again, ten times in three days."},
            "410": {"description": "Gone: the subscription is disabled."},
        },
    }


def _of_type(base: str, name: str, payload: Document | None, *, thin: Document | None) -> Document:
    possible = [each for each in (thin, payload) if each]
    properties: Document = {"type": {"const": name}}
    if possible:
        properties["data"] = possible[0] if len(possible) == 1 else {"anyOf": possible}
    return {"allOf": [{"$ref": f"#/components/schemas/{base}"}, {"properties": properties}]}


def _header(name: str) -> Document:
    return {
        "name": name,
        "in": "header",
        "required": name in _ALWAYS,
        "description": _HEADERS[name],
        "schema": {"type": "string"},
    }


_THIN: Document = {
    "type": "object",
    "properties": {"id": {"type": "string"}},
    "required": ["id"],
    "description": "THIN: the subject's id.",
}

_STANDARD: Document = {
    "type": "object",
    "description": "Format STANDARD, see https://www.standardwebhooks.com.",
    "properties": {
        "type": {"type": "string"},
        "timestamp": {"type": "string", "format": "date-time"},
        "id": {"type": "string", "format": "uuid"},
        "subject": {"type": "string"},
        "sequence": {"type": "integer"},
        "data": {"type": "object"},
    },
    "required": ["type", "timestamp", "id", "subject", "data"],
}

_CLOUD_EVENT: Document = {
    "type": "object",
    "description": "Format CLOUDEVENTS: CloudEvents 1.0 in structured mode; THIN ones have no data.",
    "properties": {
        "specversion": {"const": "1.0"},
        "id": {"type": "string", "format": "uuid"},
        "source": {"type": "string"},
        "type": {"type": "string"},
        "subject": {"type": "string"},
        "time": {"type": "string", "format": "date-time"},
        "sequence": {"type": "string"},
        "datacontenttype": {"const": "application/json"},
        "data": {"type": "object"},
    },
    "required": ["specversion", "id", "source", "type", "subject", "time"],
}
