"""The AsyncAPI 3 document of a service: what it publishes and what it listens to."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from shared.events.facts import Fact, service_of, stream_of
from shared.events.handlers import Group, Handlers

Document = dict[str, Any]

DESCRIPTION = (
    "CloudEvents 1.0 in binary mode on NATS JetStream, at least once each: deduplicate by ce-id, "
    "and ignore a ce-sequence below the last one applied of the same ce-subject."
)


def asyncapi(handlers: Handlers, facts: Iterable[type[Fact]]) -> Document:
    """The same input gives the same document: it is committed, and a test compares."""
    published: list[type[Fact]] = sorted(facts, key=lambda fact: fact.event_type)
    groups = sorted(handlers.groups.values(), key=lambda group: group.name)
    read = [(each.pattern, each.model) for group in groups for each in group.handlers]
    said: list[tuple[str, type[BaseModel]]] = [(fact.event_type, fact) for fact in published]
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": f"Waymark {handlers.service} events",
            "version": "1",
            "description": DESCRIPTION,
        },
        "defaultContentType": "application/json",
        "channels": _channels([*said, *read]),
        "operations": _operations(published, groups),
        "components": {"schemas": _schemas([model for _, model in (*said, *read)])},
    }


def _channels(models: list[tuple[str, type[BaseModel]]]) -> Document:
    by_address: dict[str, set[str]] = defaultdict(set)
    for address, model in models:
        by_address[address].add(model.__name__)
    return {address: _channel(address, by_address[address]) for address in sorted(by_address)}


def _channel(address: str, models: set[str]) -> Document:
    return {
        "address": f"{address}.{{tenant}}",
        "description": f"Stream {stream_of(service_of(address))}.",
        "parameters": {"tenant": {"description": "The tenant's UUID."}},
        "messages": {
            model: {"payload": {"$ref": f"#/components/schemas/{model}"}}
            for model in sorted(models)
        },
    }


def _operations(published: list[type[Fact]], groups: list[Group]) -> Document:
    sends = {
        f"send.{fact.event_type}": _operation("send", fact.event_type, fact) for fact in published
    }
    receives = {
        f"{group.name}.{each.pattern}.{each.function.__name__}": _operation(
            "receive", each.pattern, each.model
        )
        for group in groups
        for each in group.handlers
    }
    return {**sends, **dict(sorted(receives.items()))}


def _operation(action: str, address: str, model: type[BaseModel]) -> Document:
    channel = f"#/channels/{address}"
    return {
        "action": action,
        "channel": {"$ref": channel},
        "messages": [{"$ref": f"{channel}/messages/{model.__name__}"}],
    }


def _schemas(models: list[type[BaseModel]]) -> Document:
    distinct = sorted(set(models), key=lambda model: model.__name__)
    _, document = models_json_schema(
        [(model, "validation") for model in distinct],
        by_alias=True,
        ref_template="#/components/schemas/{model}",
    )
    return dict(sorted(document.get("$defs", {}).items()))
