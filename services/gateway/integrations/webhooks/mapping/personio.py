"""Personio's webhooks: notifications without data, `{"event_name", "occurred_at", "payload"}`, all fetched back."""

from collections.abc import Mapping

from services.gateway.integrations.webhooks.mapping.terms import (
    PING,
    FetchBack,
    Id,
    Mapped,
    Maybe,
    Moment,
    Origin,
    Sent,
    Unmappable,
    Word,
    not_mapped,
    read_as,
    read_object,
    refuse_future,
)


class _Named(Sent):
    id: Id


class _Unit(_Named):
    type: Maybe = None


class _Payload(Sent):
    """Ids are told flat or as objects of their own; `id` alone is of what the event is about, and `type` a unit's."""

    id: Id | None = None
    type: Maybe = None
    person_id: Id | None = None
    employment_id: Id | None = None
    org_unit_id: Id | None = None
    person: _Named | None = None
    employment: _Named | None = None
    org_unit: _Unit | None = None


class _Event(Sent):
    event_name: Word
    occurred_at: Moment
    payload: _Payload


KINDS: Mapping[str, str] = {
    "person": "person",
    "employment": "employment",
    "org-unit": "org_unit",
    "org_unit": "org_unit",
}


def read(body: bytes, origin: Origin) -> Mapped:
    told = read_object(body)
    if told is None:
        return PING
    event = read_as(_Event, told)
    kind = KINDS.get(event.event_name.partition(".")[0])
    if kind is None:
        return not_mapped(event.event_name)
    refuse_future(event.occurred_at, origin, "occurred_at", event.event_name)
    wanted = FetchBack(kind, _about(event, kind), event.occurred_at, [event.event_name])
    return Mapped(event.event_name, fetch_backs=[wanted])


def _about(event: _Event, kind: str) -> str:
    """An employment is told with its person, by whom it is fetched; a unit with its type, if that is known."""
    payload = event.payload
    flat, nested = getattr(payload, f"{kind}_id"), getattr(payload, kind)
    told: str | None = flat or (nested.id if nested else None) or payload.id
    if told is None:
        raise Unmappable(f"payload.{kind}_id: Field required", event_type=event.event_name)
    if kind == "org_unit":
        unit_type = (payload.org_unit.type if payload.org_unit else None) or payload.type
        return f"{unit_type.lower()}/{told}" if unit_type else told
    if kind != "employment":
        return told
    person = payload.person_id or (payload.person.id if payload.person else None)
    return f"{person}/{told}" if person else told
