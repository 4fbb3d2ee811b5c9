"""Every way a delivery may arrive, against what is answered, stored and published."""

import base64
import json
from datetime import timedelta

import pytest
from sqlalchemy import text

from services.gateway.integrations.connections.rules import Address
from shared.ids import new_id

from .conftest import COMPLETED

BODY = json.dumps(COMPLETED).encode()
WRONG = "urn:waymark:problem:signature-wrong"


async def stored(lms):
    async with lms.harness.session() as session:
        return await session.scalar(text("SELECT count(*) FROM webhooks_delivery"))


async def test_a_right_delivery_is_stored_then_published_once(lms):
    answer = await lms.send()
    assert (answer.status_code, answer.json()["state"]) == (202, "RECEIVED")
    assert await lms.harness.published() == []

    assert await lms.work() == 1

    (fact,) = await lms.harness.published()
    assert fact["type"] == "waymark.integrations.learning.completed.v1"
    assert fact["payload"] == {
        "connectionId": str(Address.parse(lms.id).connection_id),
        "deliveryId": answer.json()["id"],
        "system": "hris",
        "saidAt": "2026-11-20T09:00:00Z",
        "person": {"externalId": "4711", "email": None},
        "course": {"provider": "acme", "code": "SQL-2"},
        "completedAt": "2026-11-20T08:55:00Z",
        "score": 91.5,
    }
    (delivery,) = await lms.deliveries()
    assert (delivery["state"], delivery["eventType"]) == ("PUBLISHED", "learning.completed")
    assert delivery["connectionId"] == lms.id


async def test_the_same_delivery_again_is_accepted_and_has_no_second_effect(lms):
    first = await lms.send()
    await lms.work()

    again = await lms.send(age=timedelta(seconds=-30))

    assert (again.status_code, again.json()["id"]) == (202, first.json()["id"])
    assert again.json()["state"] == "PUBLISHED"
    assert await lms.work() == 0
    assert await stored(lms) == 1
    assert len(await lms.harness.published()) == 1


async def test_the_same_id_with_another_body_is_refused(lms):
    await lms.send()
    other = COMPLETED | {"timestamp": "2026-11-21T09:00:00Z"}

    answer = await lms.send(other)

    assert answer.status_code == 409
    assert answer.json()["type"] == "urn:waymark:problem:delivery-id-reused"
    assert await stored(lms) == 1


@pytest.mark.parametrize(
    ("age", "word"), [(timedelta(minutes=6), "old"), (timedelta(minutes=-6), "new")]
)
async def test_a_stale_delivery_is_refused_with_the_reason(lms, age, word):
    answer = await lms.send(age=age)

    assert answer.status_code == 401
    assert answer.json()["type"] == "urn:waymark:problem:delivery-stale"
    assert f"webhook-timestamp is too {word}" in answer.json()["detail"]
    assert await stored(lms) == 0


@pytest.mark.parametrize("age", [timedelta(minutes=4, seconds=55), timedelta(minutes=-4)])
async def test_a_clock_may_be_off_by_less_than_five_minutes(lms, age):
    assert (await lms.send(age=age)).status_code == 202


def tampered(lms, what):
    headers, body = lms.headers(BODY), BODY
    match what:
        case "body":
            body = BODY + b" "
        case "id":
            headers["webhook-id"] = "msg_2"
        case "timestamp":
            headers["webhook-timestamp"] = str(int(headers["webhook-timestamp"]) - 1)
        case "secret":
            headers = lms.headers(BODY, secret="whsec_" + base64.b64encode(bytes(32)).decode())
        case "scheme":
            headers["webhook-signature"] = headers["webhook-signature"].replace("v1,", "v2,")
        case "garbage":
            headers["webhook-signature"] = "v1,%%% v1 , v1,,, =="
        case missing:
            del headers[missing]
    return headers, body


@pytest.mark.parametrize(
    "what",
    [
        "body",
        "id",
        "timestamp",
        "secret",
        "scheme",
        "garbage",
        "webhook-id",
        "webhook-timestamp",
        "webhook-signature",
    ],
)
async def test_a_wrong_signature_answers_byte_for_byte_as_an_unknown_connection(lms, what):
    headers, body = tampered(lms, what)
    unknown = str(Address(lms.harness.tenant_id, new_id()))

    wrong = await lms.post(body, headers)
    nobody = [await lms.post(body, headers, to=word) for word in (unknown, "x", lms.id[:-1])]

    assert (wrong.status_code, wrong.json()["type"]) == (401, WRONG)
    assert [(each.status_code, each.content) for each in nobody] == [(401, wrong.content)] * 3
    assert await stored(lms) == 0


async def test_a_right_signature_at_an_unknown_connection_is_wrong(lms):
    unknown = str(Address(lms.harness.tenant_id, new_id()))

    answer = await lms.post(BODY, lms.headers(BODY), to=unknown)

    assert (answer.status_code, answer.json()["type"]) == (401, WRONG)


async def test_a_right_signature_among_others_is_enough(lms):
    headers = lms.headers(BODY)
    headers["webhook-signature"] = f"v1a,AAAA v1,AAAA {headers['webhook-signature']}"

    assert (await lms.post(BODY, headers)).status_code == 202


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b'"registration ping"', "body: Input should be an object"),
        (b"[]", "body: Input should be an object"),
        (b"null", "body: Input should be an object"),
        (b"", "body: Invalid JSON"),
        (b"{", "body: Invalid JSON"),
        (b"[" * 5000, "body: Invalid JSON"),
        ({"type": "learning.completed"}, "timestamp: Field required; data: Field required"),
        (COMPLETED | {"type": "course.exploded"}, "The type is not known; known are: credential"),
        (COMPLETED | {"timestamp": "2026-11-20T09:00:00"}, "timestamp: Input should have timezone"),
        (COMPLETED | {"data": {}}, "data.person: Field required"),
        (COMPLETED | {"data": COMPLETED["data"] | {"person": {"value": "4711"}}}, "data.person: "),
        (
            COMPLETED | {"data": COMPLETED["data"] | {"completedAt": "2999-01-01T00:00:00Z"}},
            "data.completedAt: lies in the future",
        ),
        (
            COMPLETED | {"data": COMPLETED["data"] | {"course": {"code": "A\u0000B"}}},
            "data.course.code: String should match pattern",
        ),
        (COMPLETED | {"type": "a\u0000b"}, "type: String should match pattern"),
    ],
)
async def test_what_cannot_be_used_is_accepted_and_listed_with_the_reason(lms, content, reason):
    answer = await lms.send(content)
    await lms.work()

    (delivery,) = await lms.deliveries()
    assert answer.status_code == 202
    assert delivery["state"] == "REJECTED"
    assert delivery["reason"].startswith(reason)
    assert "4711" not in delivery["reason"]
    assert await lms.harness.published() == []
