"""From a fact of some service to a receiver's socket, and again until it is taken."""

import json
from datetime import timedelta
from uuid import UUID

import pytest
import time_machine
from sqlalchemy import text
from standardwebhooks import Webhook

from shared import clock
from shared.events import Fact, sealed
from shared.ids import new_id
from shared.sealing import Sealed, Vault
from tests.services.integrations.receiving import GOAL, RECORD, UNIT


async def test_a_fact_reaches_its_subscriber_once_and_verifies(outbound, receiver):
    made = await outbound.subscribe(receiver.url, "waymark.goals.goal.*")
    receiver.got.clear()
    goal_id = new_id()

    event_id = await outbound.say(subject=goal_id)
    await outbound.say(subject=goal_id, event_id=event_id)
    await outbound.tick()

    (got,) = receiver.posts
    assert got.path == "/hooks?for=waymark"
    assert got.headers["webhook-id"] == str(event_id)
    assert got.headers["webhook-sequence"] == "7"
    assert got.headers["content-type"] == "application/json"
    assert got.headers["host"] == f"127.0.0.1:{receiver.port}"
    said = Webhook(made["secret"]).verify(got.body, got.headers)
    assert said == {
        "type": GOAL,
        "timestamp": said["timestamp"],
        "id": str(event_id),
        "subject": str(goal_id),
        "sequence": 7,
        "data": {"id": str(goal_id)},
    }
    (delivery,) = await outbound.deliveries(made)
    assert (delivery["state"], delivery["webhookId"]) == ("DELIVERED", str(event_id))
    assert await outbound.waiting() == []


async def test_a_fact_is_stored_once_for_many_subscriptions_and_not_at_all_for_none(
    outbound, receiver
):
    for pattern in (GOAL, "waymark.goals.*", "waymark.*", "waymark.profile.*"):
        await outbound.subscribe(receiver.url, pattern)
    receiver.got.clear()

    await outbound.say()
    await outbound.say("waymark.feedback.check_in.held.v1")
    await outbound.say("waymark.integrations.learning.completed.v1", payload={})
    await outbound.tick()

    async with outbound.harness.session() as session:
        stored = await session.execute(text("SELECT type FROM outbound_event ORDER BY 1"))
        assert list(stored.scalars()) == ["waymark.feedback.check_in.held.v1", GOAL]
        assert await session.scalar(text("SELECT count(*) FROM outbound_delivery")) == 4
    assert len(receiver.posts) == 4


async def test_an_older_fact_that_overtook_nobody_is_told_too(outbound, receiver):
    await outbound.subscribe(receiver.url)
    receiver.got.clear()
    goal_id = new_id()

    await outbound.say(subject=goal_id, sequence=8)
    await outbound.say(subject=goal_id, sequence=7)
    await outbound.tick()

    assert [each.headers["webhook-sequence"] for each in receiver.posts] == ["8", "7"]


async def test_facts_from_before_the_subscription_are_none_of_its_business(outbound, receiver):
    with time_machine.travel(clock.now() + timedelta(hours=1), tick=False):
        await outbound.subscribe(receiver.url)
    receiver.got.clear()

    await outbound.say()
    await outbound.tick()

    assert receiver.got == []


async def test_a_failure_is_tried_again_after_five_seconds_with_the_same_id_and_body(
    outbound, receiver
):
    made = await outbound.subscribe(receiver.url)
    receiver.got.clear()
    receiver.answers = [(500, {})]

    await outbound.say()
    await outbound.tick()
    (waiting,) = await outbound.deliveries(made)
    (seconds,) = await outbound.waiting()
    failing = (await outbound.read(made))["failingSince"]
    await outbound.hurry()
    await outbound.tick()

    assert (waiting["state"], waiting["tries"]) == ("WAITING", 1)
    assert 4 <= seconds <= 7
    assert failing is not None
    first, second = receiver.posts
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.body == second.body
    (delivery,) = await outbound.deliveries(made)
    assert delivery["state"] == "DELIVERED"
    attempts = await outbound.attempts(made, delivery)
    assert [(each["status"], each["outcome"]) for each in attempts] == [
        (500, "REFUSED"),
        (200, "DELIVERED"),
    ]
    after = await outbound.read(made)
    assert (after["failingSince"], after["version"]) == (None, 2)


async def test_retry_after_makes_the_wait_longer_but_not_for_ever(outbound, receiver):
    made = await outbound.subscribe(receiver.url)
    receiver.got.clear()
    receiver.answers = [(503, {"Retry-After": "3600"}), (429, {"Retry-After": "99999999"})]

    await outbound.say()
    await outbound.tick()
    (an_hour,) = await outbound.waiting()
    await outbound.hurry()
    await outbound.tick()
    (a_day,) = await outbound.waiting()

    assert 3590 <= an_hour <= 3601
    assert 86390 <= a_day <= 86401
    assert (await outbound.deliveries(made))[0]["tries"] == 2


async def test_a_redirect_is_not_followed(outbound, receiver):
    made = await outbound.subscribe(receiver.url)
    receiver.got.clear()
    receiver.answers = [(307, {"Location": receiver.url + "&again=1"})]

    await outbound.say()
    await outbound.tick()

    assert len(receiver.got) == 1
    (delivery,) = await outbound.deliveries(made)
    (attempt,) = await outbound.attempts(made, delivery)
    assert (attempt["status"], attempt["outcome"]) == (307, "REDIRECTED")


async def test_ten_refusals_are_the_end_of_a_delivery(outbound, receiver):
    made = await outbound.subscribe(receiver.url)
    receiver.got.clear()
    receiver.answers = [(500, {})] * 10

    await outbound.say()
    for _ in range(12):
        await outbound.tick()
        await outbound.hurry()

    assert len(receiver.posts) == 10
    (delivery,) = await outbound.deliveries(made)
    assert (delivery["state"], delivery["tries"], delivery["dueAt"]) == ("FAILED", 10, None)
    assert (await outbound.read(made))["state"] == "ACTIVE"


async def test_full_content_leaves_only_where_the_catalogue_lets_it(outbound, receiver):
    await outbound.subscribe(receiver.url, "waymark.*", content="FULL")
    receiver.got.clear()

    await outbound.say(RECORD, subject="r1", payload={"recordId": "r1", "state": "COMPLETED"})
    await outbound.say(UNIT, subject="u1", payload={"orgUnitId": "u1", "name": "Sales"})
    await outbound.say(GOAL, subject="g1", payload={"goalId": "g1", "title": "Leave this place"})
    await outbound.tick()

    assert {each.json()["subject"]: each.json()["data"] for each in receiver.posts} == {
        "r1": {"recordId": "r1", "state": "COMPLETED"},
        "u1": {"orgUnitId": "u1", "name": "Sales"},
        "g1": {"id": "g1"},
    }
    assert b"Leave this place" not in b"".join(each.body for each in receiver.got)


class UnitRemarked(Fact, type=UNIT, sealed_for="person_id"):
    """A fact of another service with a sealed field."""

    person_id: UUID
    remark: Sealed[str]


async def test_what_is_sealed_in_a_fact_leaves_as_it_came(outbound, receiver):
    await outbound.subscribe(receiver.url, UNIT, content="FULL")
    event_id, person_id = new_id(), new_id()
    fact = UnitRemarked(person_id=person_id, remark="Meet in Zanzibar")
    keys = {person_id: Vault([bytes(32)])}
    payload = json.loads(sealed.written(fact, event_id, outbound.harness.tenant_id, keys))

    await outbound.say(UNIT, payload=payload, event_id=event_id)
    await outbound.tick()

    (got,) = [each for each in receiver.posts if each.headers["webhook-id"] == str(event_id)]
    assert got.json()["data"] == payload
    assert set(payload["remark"]) == {"personId", "sealed"}
    assert b"Zanzibar" not in got.body


@pytest.mark.parametrize("content", ["THIN", "FULL"])
async def test_cloud_events_are_asked_for_and_structured(outbound, receiver, content):
    receiver.answers = [(200, {"WebHook-Allowed-Origin": "*"})]
    made = await outbound.subscribe(receiver.url, RECORD, format="CLOUDEVENTS", content=content)
    asked = receiver.got[0]
    receiver.got.clear()

    event_id = await outbound.say(RECORD, subject="r1", payload={"recordId": "r1"})
    await outbound.tick()

    assert (asked.method, asked.headers["webhook-request-origin"]) == ("OPTIONS", "integrations")
    (got,) = receiver.got
    assert got.headers["content-type"] == "application/cloudevents+json"
    said = Webhook(made["secret"]).verify(got.body, got.headers)
    full = {"datacontenttype": "application/json", "data": {"recordId": "r1"}}
    assert said == {
        "specversion": "1.0",
        "id": str(event_id),
        "source": "/waymark/goals",
        "type": RECORD,
        "subject": "r1",
        "time": said["time"],
        "sequence": "7",
        **(full if content == "FULL" else {}),
    }


async def test_a_cloud_events_receiver_that_does_not_allow_us_is_not_sent_anything(
    outbound, receiver
):
    receiver.answers = [(200, {"WebHook-Allowed-Origin": "elsewhere.example"}), (405, {})]
    made = await outbound.subscribe(receiver.url, active=False, format="CLOUDEVENTS")

    outcomes = [
        (await outbound.call("POST", f"/{made['id']}/test")).json()["outcome"] for _ in range(2)
    ]

    assert outcomes == ["NOT_ALLOWED", "REFUSED"]
    assert receiver.posts == []
    assert (await outbound.read(made))["state"] == "PENDING_VERIFICATION"


async def test_another_tenant_has_no_part_in_it(outbound, receiver):
    made = await outbound.subscribe(receiver.url)
    elsewhere = new_id()
    receiver.got.clear()

    await outbound.say(tenant=elsewhere)
    await outbound.tick()
    await outbound.tick(tenant=elsewhere)
    statuses = [
        (await outbound.call(method, f"/{made['id']}{path}", tenant=elsewhere)).status_code
        for method, path in (
            ("GET", ""),
            ("GET", "/deliveries"),
            ("POST", "/test"),
            ("POST", "/pause"),
            ("POST", "/rotate-secret"),
            ("DELETE", ""),
        )
    ]

    assert receiver.got == []
    assert statuses == [404] * 6
    assert (await outbound.call("GET", "", tenant=elsewhere)).json() == []
