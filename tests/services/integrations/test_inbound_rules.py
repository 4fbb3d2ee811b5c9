"""What becomes of verified deliveries: older words, too many leavers, thin words, and another try."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from services.gateway.integrations.sealing import Vault
from shared.ids import new_id

from .conftest import COMPLETED
from .inbound import asked, bob, connect, rows, said, states, tell, terminated, upserted

ADA = {"system": "hris", "value": "42"}
COURSE = {"code": "SQL-2"}


def completed(at: str, **further: Any) -> dict[str, Any]:
    return said("learning.completed", at, person=ADA, course=COURSE, completedAt=at, **further)


async def test_an_older_word_about_the_same_thing_is_recorded_and_has_no_effect(lms):
    enrolled = said(
        "learning.enrolled",
        "2026-11-18T09:00:00Z",
        person=ADA,
        course=COURSE,
        enrolledAt="2026-11-18T09:00:00Z",
    )

    await tell(
        lms,
        completed("2026-11-19T09:00:00Z"),
        enrolled,
        completed("2026-11-20T09:00:00Z", score=90),
        completed("2026-11-20T09:00:00Z", score=91),
    )

    assert await states(lms) == ["PUBLISHED", "STALE", "PUBLISHED", "PUBLISHED"]
    facts = await lms.harness.published()
    assert [fact["sequence"] for fact in facts] == [1, 2, 3]
    assert len({fact["subject"] for fact in facts}) == 1
    (stale,) = [each for each in await lms.deliveries() if each["state"] == "STALE"]
    assert stale["reason"] == "1 of 1 older than what is known."


async def test_things_are_apart_by_what_they_are_about(lms):
    at = "2026-11-20T09:00:00Z"
    words = [
        completed(at),
        said("learning.completed", at, person=ADA, course={"code": "B"}, completedAt=at),
        upserted("42"),
        terminated("42"),
        said("employment.changed", at, person=ADA, effectiveFrom="2026-11-20", roleCode="x"),
        said("org_unit.changed", at, key="42", name="Forty-two"),
    ]

    await tell(lms, *words)

    facts = await lms.harness.published()
    assert [fact["sequence"] for fact in facts] == [1, 1, 1, 2, 1, 1]
    assert len({fact["subject"] for fact in facts}) == 5
    assert all(UUID(fact["subject"]).version == 5 for fact in facts)


async def test_the_same_thing_of_another_connection_is_another_thing(integrations, lms):
    other = await connect(integrations, name="Another")

    for each in (lms, other):
        await each.send(completed("2026-11-20T09:00:00Z"))
        await each.work()

    facts = await integrations.published()
    assert len({fact["subject"] for fact in facts}) == 2


async def test_a_dead_delivery_is_tried_again(lms):
    answer = await lms.send()
    await lms.work(attempt=5, vault=Vault([bytes(32)]))
    assert await states(lms) == ["DEAD"]

    replayed = await asked(lms, "POST", f"/webhook-deliveries/{answer.json()['id']}/replay")
    again = await asked(lms, "POST", f"/webhook-deliveries/{answer.json()['id']}/replay")

    assert (replayed.status_code, replayed.json()["state"]) == (200, "RECEIVED")
    assert replayed.json()["reason"] is None
    assert again.json()["type"] == "urn:waymark:problem:state-transition"
    assert await lms.work() == 1
    assert await states(lms) == ["PUBLISHED"]
    assert len(await lms.harness.published()) == 1


async def test_what_was_published_is_not_tried_again(lms):
    answer = await lms.send()
    await lms.work()

    for step in ("replay", "approve", "reject"):
        refused = await asked(lms, "POST", f"/webhook-deliveries/{answer.json()['id']}/{step}")
        assert (refused.status_code, refused.json()["type"]) == (
            409,
            "urn:waymark:problem:state-transition",
        )
    assert await lms.work() == 0


@pytest.mark.parametrize("step", ["replay", "approve", "reject"])
async def test_only_who_administers_decides(lms, step):
    answer = await lms.send(b"{}")
    await lms.work()
    delivery = answer.json()["id"]
    client, tokens = lms.harness.client, lms.harness

    async def status(headers: dict[str, str], identity: str = delivery) -> int:
        path = f"/webhook-deliveries/{identity}/{step}"
        return int((await client.post(path, headers=headers)).status_code)

    assert await status(tokens.integration("connections:read")) == 403
    assert await status(tokens.integration("people:write")) == 404
    assert await status(tokens.token("somebody@example.org")) == 404
    assert await status(tokens.integration("connections:write", tenant=new_id())) == 404
    assert await status(tokens.integration("connections:write"), str(new_id())) == 404
    assert await states(lms) == ["REJECTED"]


async def bob_says(hris, event, **told):
    body = json.dumps(
        {
            "companyId": 1,
            "type": event,
            "triggeredAt": "2026-11-20T09:00:00.000000",
            "version": "v2",
            **told,
        }
    ).encode()
    answer = await hris.post(body, bob(hris.secret, body))
    await hris.work()
    return answer


async def test_thin_words_are_kept_as_one_request_a_thing(integrations):
    hris = await connect(integrations, vendor="HIBOB", verifier="HMAC_SHA512_BASE64")
    updates = {"employeeId": "42", "fieldUpdates": [{"id": "work.title"}]}
    more = {"employeeId": "42", "fieldUpdates": [{"id": "root.name"}, {"id": "work.title"}]}

    first = await bob_says(hris, "employee.updated", data=updates)
    await bob_says(hris, "employee.updated", data=more)
    await bob_says(hris, "employee.created", data={"employeeId": "43"})

    assert await states(hris) == ["ASKED"] * 3
    assert await integrations.published() == []
    kept = await rows(
        hris,
        "SELECT kind, external_id, changed_fields, state, delivery_id, said_at "
        "FROM webhooks_fetch_back ORDER BY external_id",
    )
    assert kept == [
        {
            "kind": "person",
            "external_id": "42",
            "changed_fields": ["root.name", "work.title"],
            "state": "WAITING",
            "delivery_id": UUID(first.json()["id"]),
            "said_at": datetime(2026, 11, 20, 9, tzinfo=UTC),
        },
        {
            "kind": "person",
            "external_id": "43",
            "changed_fields": ["employee.created"],
            "state": "WAITING",
            "delivery_id": kept[1]["delivery_id"],
            "said_at": datetime(2026, 11, 20, 9, tzinfo=UTC),
        },
    ]


async def test_a_hint_after_the_fetch_is_a_request_of_its_own(integrations):
    hris = await connect(integrations, vendor="HIBOB", verifier="HMAC_SHA512_BASE64")
    await bob_says(hris, "employee.created", data={"employeeId": "42"})
    await rows(hris, "UPDATE webhooks_fetch_back SET state = 'DONE' RETURNING id")

    await bob_says(hris, "employee.updated", data={"employeeId": "42"})

    kept = await rows(hris, "SELECT state FROM webhooks_fetch_back ORDER BY id")
    assert [each["state"] for each in kept] == ["DONE", "WAITING"]


@pytest.mark.parametrize("vendor", ["360LEARNING", "DOCEBO", "MOODLE", "OPEN_EDX", "PERSONIO"])
@pytest.mark.parametrize("body", [b"", b'"Hello from the LMS"'])
async def test_a_ping_at_registration_is_answered_and_ignored(integrations, vendor, body):
    lms = await connect(integrations, vendor=vendor, verifier="URL_SECRET")

    answer = await lms.harness.client.post(f"/webhooks/{lms.id}?secret={lms.secret}", content=body)
    await lms.work()

    (delivery,) = await lms.deliveries()
    assert (answer.status_code, delivery["state"]) == (202, "IGNORED")
    assert delivery["reason"] == "A ping: no object, no event."


EVENT = {
    "specversion": "1.0",
    "id": "evt-1",
    "source": "https://lms.example.org",
    "type": "org.example.learning.completed",
    "time": "2026-11-20T09:00:00Z",
}


async def test_cloud_events_arrive_in_three_modes(lms):
    """Each signed as a Standard Webhook; the binary one tells its type and id in headers."""
    structured = EVENT | {"data": COMPLETED["data"]}
    binary = json.dumps(COMPLETED["data"]).encode()
    headers = {f"ce-{name}": value for name, value in EVENT.items()}

    one = await lms.send(structured, message_id="m-1")
    many = await lms.send([structured, structured | {"id": "evt-2"}], message_id="m-2")
    bare = await lms.post(binary, lms.headers(binary, message_id="m-3") | headers)
    again = await lms.post(
        binary, lms.headers(binary, message_id="m-3") | headers | {"ce-traceparent": "00-1"}
    )
    other = await lms.post(
        binary, lms.headers(binary, message_id="m-3") | headers | {"ce-id": "evt-9"}
    )
    await lms.work()

    assert [each.status_code for each in (one, many, bare, again)] == [202] * 4
    assert other.status_code == 409
    facts = await lms.harness.published()
    assert [fact["sequence"] for fact in facts] == [1, 2, 3, 4]
    assert {fact["payload"]["saidAt"] for fact in facts} == {"2026-11-20T09:00:00Z"}
    assert await states(lms) == ["PUBLISHED"] * 3


async def test_notes_stand_in_the_list_and_name_no_value(lms):
    word = said(
        "employment.changed",
        "2026-11-20T09:00:00Z",
        person=ADA,
        effectiveFrom="2026-11-20",
        employmentType="Zero hours",
    )

    await tell(lms, word)

    (delivery,) = await lms.deliveries()
    assert delivery["state"] == "PUBLISHED"
    assert delivery["reason"] == "data.employmentType: not known here, taken as OTHER"


async def test_settings_name_the_system_and_the_provider_that_the_payload_leaves_out(integrations):
    lms = await connect(
        integrations,
        vendor="DOCEBO",
        verifier="URL_SECRET",
        settings={"system": "docebo", "courseProvider": "academy"},
    )
    payload = {
        "fired_at": "2026-11-20 09:00:00",
        "user_id": 1,
        "course_id": 2,
        "completion_date": "2026-11-20 08:59:00",
    }
    told = {"event": "course.enrollment.completed", "message_id": "wh-1", "payload": payload}

    await lms.harness.client.post(f"/webhooks/{lms.id}?secret={lms.secret}", json=told)
    await lms.work()

    (fact,) = await integrations.published()
    assert fact["payload"]["system"] == "docebo"
    assert fact["payload"]["course"] == {"provider": "academy", "code": "2"}
    assert fact["payload"]["completedAt"] == "2026-11-20T08:59:00Z"


async def test_no_name_of_a_person_lies_in_clear_beside_the_sealed_bodies(lms):
    person = {"email": "canary@example.org"}
    await tell(
        lms, said("person.upserted", "2026-11-20T09:00:00Z", person=person, displayName="Canary")
    )

    kept = await rows(lms, "SELECT * FROM webhooks_source_object")
    delivered = await rows(lms, "SELECT * FROM webhooks_delivery")

    assert len(kept) == 1
    assert "canary" not in (str(kept) + str(delivered)).lower()
