"""Waymark's own payload, `{"type", "timestamp", "data"}`: bare, or as a CloudEvent or a batch of them."""

from typing import Any

from pydantic import AwareDatetime, ConfigDict, ValidationError
from pydantic.alias_generators import to_camel

from services.gateway.integrations.webhooks.events import Said
from services.gateway.integrations.webhooks.mapping import canonical, cloud_events
from services.gateway.integrations.webhooks.mapping.terms import (
    MOST_ITEMS,
    Mapped,
    Origin,
    Sent,
    Unmappable,
    Word,
    read_as,
    refuse_future,
)


class _Envelope(Sent):
    model_config = ConfigDict(alias_generator=to_camel)

    type: Word
    timestamp: AwareDatetime
    data: dict[str, Any]


def read(body: bytes, origin: Origin) -> Mapped:
    events = cloud_events.unwrapped(body, origin)
    if events is None:
        return _one(read_as(_Envelope, body), origin)
    if len(events) > MOST_ITEMS:
        raise Unmappable(f"body: send at most {MOST_ITEMS} events in a batch")
    return _many(events, origin)


def _many(events: list[dict[str, Any]], origin: Origin) -> Mapped:
    """What is right in a batch counts; what is not is noted, or is the reason when nothing is right."""
    facts: list[Said] = []
    notes: list[str] = []
    types: set[str] = set()
    for place, event in enumerate(events):
        where = f"[{place}] " if len(events) > 1 else ""
        try:
            mapped = _one(read_as(_Envelope, event, _type_of(event)), origin)
        except Unmappable as problem:
            types |= {problem.event_type} if problem.event_type else set()
            notes.append(where + problem.reason)
        else:
            types |= {mapped.event_type} if mapped.event_type else set()
            facts.extend(mapped.facts)
            notes.extend(where + note for note in mapped.notes)
    event_type = types.pop() if len(types) == 1 else None
    if not facts:
        raise Unmappable("; ".join(notes) or "body: an empty batch", event_type=event_type)
    return Mapped(event_type, facts, notes=notes)


def _one(envelope: _Envelope, origin: Origin) -> Mapped:
    name = canonical.name_of(envelope.type)
    if name is None:
        listed = ", ".join(sorted(canonical.READERS))
        raise Unmappable(f"The type is not known; known are: {listed}.", event_type=envelope.type)
    refuse_future(envelope.timestamp, origin, "timestamp", envelope.type)
    read_one = canonical.READERS[name]
    fact, notes = read_one(
        envelope.data, canonical.Context(origin, envelope.timestamp, envelope.type)
    )
    return Mapped(envelope.type, [fact], notes=notes)


def _type_of(event: dict[str, Any]) -> str | None:
    try:
        return _Typed.model_validate(event).type
    except ValidationError:
        return None


class _Typed(Sent):
    type: Word
