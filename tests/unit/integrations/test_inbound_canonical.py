"""Waymark's own payloads, of every type and in every wrapping, against the exact facts."""

import base64
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from services.gateway.integrations.webhooks.events import FACTS
from services.gateway.integrations.webhooks.mapping import Origin, Unmappable, cloud_events, generic
from shared.ids import new_id

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ORIGIN = Origin(new_id(), new_id(), "Our HRIS", NOW, NOW)
ADA = {"system": "hris", "value": "42"}
SAID = {"type": "x", "timestamp": "2026-11-20T09:00:00Z"}
CREDENTIAL = {"externalId": "c-1", "type": "license", "name": "Crane operator", "issuer": "TÜV"}

CASES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "learning.enrolled": (
        {
            "person": ADA,
            "course": {"code": "SQL-2"},
            "enrolledAt": "2026-11-20T08:00:00Z",
            "dueOn": "2026-12-31",
        },
        {"course": {"code": "SQL-2"}, "enrolledAt": "2026-11-20T08:00:00Z", "dueOn": "2026-12-31"},
    ),
    "learning.completed": (
        {
            "person": ADA,
            "course": {"provider": "acme", "code": "SQL-2"},
            "completedAt": "2026-11-20T08:00:00Z",
            "score": 91,
        },
        {
            "course": {"provider": "acme", "code": "SQL-2"},
            "completedAt": "2026-11-20T08:00:00Z",
            "score": 91.0,
        },
    ),
    "credential.issued": (
        {
            "person": ADA,
            "credential": CREDENTIAL,
            "issuedOn": "2026-11-19",
            "expiresOn": "2028-11-19",
        },
        {
            "credential": CREDENTIAL | {"type": "LICENCE"},
            "issuedOn": "2026-11-19",
            "expiresOn": "2028-11-19",
        },
    ),
    "credential.expired": (
        {"person": ADA, "credential": CREDENTIAL, "expiredOn": "2026-11-19"},
        {"credential": CREDENTIAL | {"type": "LICENCE"}, "expiredOn": "2026-11-19"},
    ),
    "credential.revoked": (
        {
            "person": ADA,
            "credential": CREDENTIAL,
            "revokedOn": "2026-11-19",
            "reason": "Issued twice",
        },
        {
            "credential": CREDENTIAL | {"type": "LICENCE"},
            "revokedOn": "2026-11-19",
            "reason": "Issued twice",
        },
    ),
    "person.upserted": (
        {
            "person": ADA,
            "displayName": "Ada Lovelace",
            "preferredName": "Ada",
            "workEmail": "ada@example.org",
            "locale": "en-GB",
            "timeZone": "Europe/London",
            "status": "on leave",
            "hireDate": "2020-01-02",
        },
        {
            "displayName": "Ada Lovelace",
            "preferredName": "Ada",
            "workEmail": "ada@example.org",
            "locale": "en-GB",
            "timeZone": "Europe/London",
            "status": "ON_LEAVE",
            "hireDate": "2020-01-02",
        },
    ),
    "person.terminated": (
        {"person": ADA, "terminationDate": "2027-01-01"},
        {"terminationDate": "2027-01-01"},
    ),
    "employment.changed": (
        {
            "person": ADA,
            "effectiveFrom": "2026-12-01",
            "roleCode": "dev-3",
            "roleTitle": "Senior Developer",
            "level": 3,
            "orgUnitKey": "rnd",
            "manager": {"system": "hris", "value": "7"},
            "employmentType": "Full-time",
            "changeReason": "promotion",
        },
        {
            "effectiveFrom": "2026-12-01",
            "roleCode": "dev-3",
            "roleTitle": "Senior Developer",
            "level": 3,
            "orgUnitKey": "rnd",
            "manager": {"externalId": "7"},
            "employmentType": "FULL_TIME",
            "changeReason": "PROMOTION",
        },
    ),
    "org_unit.changed": (
        {
            "key": "rnd",
            "name": "Research",
            "unitType": "cost center",
            "parentKey": "top",
            "leader": ADA,
        },
        {
            "key": "rnd",
            "name": "Research",
            "unitType": "COST_CENTRE",
            "parentKey": "top",
            "leader": {"externalId": "42"},
        },
    ),
}


def read(told: Any) -> Any:
    return generic.read(told if isinstance(told, bytes) else json.dumps(told).encode(), ORIGIN)


def shown(fact: Any) -> dict[str, Any]:
    return dict(fact.model_dump(mode="json", by_alias=True, exclude_none=True))


def test_there_is_a_payload_for_every_fact():
    types = {f"waymark.integrations.{name}.v1" for name in CASES}

    assert types == {fact.event_type for fact in FACTS}


@pytest.mark.parametrize("name", CASES)
def test_every_type_becomes_its_fact(name):
    sent, expected = CASES[name]

    mapped = read(SAID | {"type": name, "data": sent})

    (fact,) = mapped.facts
    common = {
        "connectionId": str(ORIGIN.connection_id),
        "deliveryId": str(ORIGIN.delivery_id),
        "system": "hris",
        "saidAt": "2026-11-20T09:00:00Z",
    }
    person = {} if name == "org_unit.changed" else {"person": {"externalId": "42"}}
    assert fact.event_type == f"waymark.integrations.{name}.v1"
    assert shown(fact) == common | person | expected
    assert (mapped.event_type, list(mapped.notes)) == (name, [])


@pytest.mark.parametrize(
    ("name", "field", "note"),
    [
        ("employment.changed", "employmentType", "data.employmentType"),
        ("employment.changed", "changeReason", "data.changeReason"),
        ("org_unit.changed", "unitType", "data.unitType"),
        ("person.upserted", "status", "data.status"),
    ],
)
def test_a_word_that_is_not_known_is_other_and_noted_without_its_value(name, field, note):
    mapped = read(SAID | {"type": name, "data": CASES[name][0] | {field: "Zero hours"}})

    assert shown(mapped.facts[0])[field] == "OTHER"
    assert mapped.notes == [f"{note}: not known here, taken as OTHER"]


def test_a_credential_of_another_kind_keeps_its_name():
    sent = CASES["credential.issued"][0] | {"credential": CREDENTIAL | {"type": "Führerschein"}}

    mapped = read(SAID | {"type": "credential.issued", "data": sent})

    assert shown(mapped.facts[0])["credential"] == CREDENTIAL | {"type": "OTHER"}
    assert mapped.notes == ["data.credential.type: not known here, taken as OTHER"]


@pytest.mark.parametrize(
    ("name", "change", "reason"),
    [
        ("person.terminated", {"terminationDate": None}, "data.terminationDate: "),
        (
            "employment.changed",
            {"manager": {"system": "other", "value": "7"}},
            "data: name everybody by identifiers of one system",
        ),
        ("employment.changed", {"level": -1}, "data.level: "),
        (
            "learning.enrolled",
            {"enrolledAt": "2999-01-01T00:00:00Z"},
            "data.enrolledAt: lies in the future",
        ),
        ("org_unit.changed", {"key": ""}, "data.key: "),
    ],
)
def test_what_cannot_be_right_is_refused_by_its_field(name, change, reason):
    with pytest.raises(Unmappable) as refused:
        read(SAID | {"type": name, "data": CASES[name][0] | change})

    assert refused.value.reason.startswith(reason)
    assert refused.value.event_type == name


def test_a_word_from_the_future_is_refused_since_it_would_make_later_ones_stale():
    told = SAID | {"type": "org_unit.changed", "timestamp": "2026-11-24T00:00:00Z"}

    with pytest.raises(Unmappable, match="timestamp: lies in the future"):
        read(told | {"data": {"key": "rnd"}})


EVENT = {
    "specversion": "1.0",
    "id": "evt-1",
    "source": "https://hris.example.org",
    "type": "org.example.hris.person.terminated",
    "time": "2026-11-20T09:00:00Z",
    "datacontenttype": "application/json",
    "data": CASES["person.terminated"][0],
}


def test_a_structured_cloud_event_is_the_same_word():
    (fact,) = read(EVENT).facts

    assert shown(fact)["terminationDate"] == "2027-01-01"
    assert shown(fact)["saidAt"] == "2026-11-20T09:00:00Z"


def test_a_binary_cloud_event_is_bound_to_its_headers():
    headers = {f"ce-{name}": str(EVENT[name]) for name in ("specversion", "id", "source", "type")}
    body = json.dumps(EVENT["data"]).encode()

    stored = cloud_events.bound({**headers, "ce-traceparent": "x", "accept": "*/*"}, body)
    (fact,) = read(stored).facts

    assert json.loads(stored) == {
        "specversion": "1.0",
        "id": "evt-1",
        "source": "https://hris.example.org",
        "type": "org.example.hris.person.terminated",
        "data_base64": base64.b64encode(body).decode(),
    }
    assert shown(fact)["saidAt"] == "2026-11-22T12:00:00Z"
    assert cloud_events.bound({"accept": "*/*"}, body) == body


def test_what_is_right_in_a_batch_counts_and_the_rest_is_noted():
    wrong = EVENT | {"data": {}}

    mapped = read([EVENT, wrong, EVENT | {"type": "unknown"}])

    assert len(mapped.facts) == 1
    assert mapped.notes[0].startswith("[1] data.person: Field required")
    assert mapped.notes[1].startswith("[2] The type is not known")
    with pytest.raises(Unmappable, match=r"^\[0\] data.person: Field required"):
        read([wrong, wrong])


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"specversion": "0.3"}, "specversion: send 1.0"),
        ({"type": None}, "type: "),
        ({"time": "yesterday"}, "timestamp: "),
        ({"data": None}, "data: "),
        ({"type": "org_unit.changed", "data": {"key": "\ud800"}}, "data.key: "),
        ({"data": None, "data_base64": "%%%"}, "data: Invalid JSON"),
        ({"data": None, "data_base64": "eyI="}, "data: Invalid JSON"),
    ],
)
def test_a_cloud_event_that_cannot_be_used_is_refused(change, reason):
    with pytest.raises(Unmappable) as refused:
        read(EVENT | change)

    assert refused.value.reason.startswith(reason)
