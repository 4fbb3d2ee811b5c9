"""Subscriptions: who makes them, what they show, and what they refuse."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import text
from standardwebhooks import Webhook, WebhookVerificationError

from shared import clock
from shared.ids import new_id
from tests.services.integrations.receiving import GOAL

URL = "https://hooks.example.org/in"


async def test_who_may_do_what(outbound, integrations):
    person_id = new_id()
    for name, grants in {"admin": ["ADMIN"], "partner": ["HR_PARTNER"]}.items():
        await integrations.deliver(
            "waymark.profile.person.updated.v1",
            subject=new_id(),
            sequence=1,
            payload={
                "personId": new_id() if name == "partner" else person_id,
                "subject": f"{name}@example.org",
                "status": "ACTIVE",
                "grants": [{"role": role, "orgUnitId": None} for role in grants],
            },
        )
    made = await outbound.subscribe(URL, active=False)
    actors = {
        "admin": integrations.token("admin@example.org"),
        "writer": integrations.integration("subscriptions:write"),
        "reader": integrations.integration("subscriptions:read"),
        "partner": integrations.token("partner@example.org"),
        "connections": integrations.integration("connections:write"),
    }

    async def statuses(headers):
        wanted = {"name": f"To {new_id()}", "url": URL, "eventTypes": [GOAL]}
        path = f"/webhook-subscriptions/{made['id']}"
        asked = [
            ("GET", "/webhook-subscriptions", None),
            ("GET", "/webhook-event-types", None),
            ("GET", path, None),
            ("GET", f"{path}/deliveries", None),
            ("POST", "/webhook-subscriptions", wanted),
            ("POST", f"{path}/rotate-secret", None),
            ("POST", f"{path}/pause", None),
        ]
        return [
            (await integrations.client.request(verb, where, json=body, headers=headers)).status_code
            for verb, where, body in asked
        ]

    all_of_it, reading, nothing = (
        [200, 200, 200, 200, 201, 200, 409],
        [200, 200, 200, 200, 403, 403, 403],
        [404] * 7,
    )
    assert {name: await statuses(headers) for name, headers in actors.items()} == {
        "admin": all_of_it,
        "writer": all_of_it,
        "reader": reading,
        "partner": nothing,
        "connections": nothing,
    }


async def test_a_secret_is_shown_once_and_lies_sealed(outbound):
    made = await outbound.subscribe(URL, active=False)
    shown = await outbound.call("GET", f"/{made['id']}")
    listed = await outbound.call("GET", "")

    assert made["secret"].startswith("whsec_")
    assert (made["state"], made["publicKeys"]) == ("PENDING_VERIFICATION", [])
    assert made["secret"] not in shown.text + listed.text
    assert "secret" not in shown.json()
    assert shown.headers["etag"] == '"1"'
    keyed = await outbound.call(
        "POST", f"/{made['id']}/rotate-secret", headers={"Idempotency-Key": "k1"}
    )
    assert keyed.status_code == 400


async def test_an_asymmetric_subscription_hands_over_public_keys_only(outbound):
    made = await outbound.subscribe(URL, active=False, signing="V1A")
    rotated = (await outbound.call("POST", f"/{made['id']}/rotate-secret")).json()
    with time_machine.travel(clock.now() + timedelta(hours=25)):
        after = (await outbound.call("GET", f"/{made['id']}")).json()

    (first,) = made["publicKeys"]
    assert (made["secret"], rotated["secret"]) == (None, None)
    assert len(rotated["publicKeys"]) == 2
    assert rotated["publicKeys"][1] == first
    assert after["publicKeys"] == rotated["publicKeys"][:1]


@pytest.mark.parametrize(
    ("overlap", "old_verifies"), [(24, True), (0, False)], ids=["overlap", "leaked"]
)
async def test_both_secrets_sign_until_the_older_one_ends(
    outbound, receiver, overlap, old_verifies
):
    made = await outbound.subscribe(receiver.url)
    path = f"/{made['id']}/rotate-secret"
    receiver.got.clear()

    rotated = await outbound.call("POST", path, json={"overlapHours": overlap})
    await outbound.say()
    await outbound.tick()

    (got,) = receiver.posts
    Webhook(rotated.json()["secret"]).verify(got.body, got.headers)
    assert len(got.headers["webhook-signature"].split(" ")) == (2 if old_verifies else 1)
    if old_verifies:
        Webhook(made["secret"]).verify(got.body, got.headers)
    else:
        with pytest.raises(WebhookVerificationError):
            Webhook(made["secret"]).verify(got.body, got.headers)


async def test_never_more_than_two_keys_sign(outbound, receiver):
    made = await outbound.subscribe(receiver.url)
    for _ in range(3):
        await outbound.call("POST", f"/{made['id']}/rotate-secret")
    receiver.got.clear()

    await outbound.say()
    await outbound.tick()

    assert len(receiver.posts[0].headers["webhook-signature"].split(" ")) == 2


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"eventTypes": ["waymark.nothing.*"]}, "/eventTypes/0"),
        ({"eventTypes": [GOAL, "waymark.integrations.learning.completed.v1"]}, "/eventTypes/1"),
        ({"eventTypes": ["waymark.integrations.learning.*"]}, "/eventTypes/0"),
        ({"eventTypes": ["*"]}, "/eventTypes/0"),
        ({"eventTypes": []}, "/eventTypes"),
        ({"url": "ftp://example.org/"}, "/url"),
        ({"url": "https://user@example.org/"}, "/url"),
        ({"mostAtOnce": 11}, "/mostAtOnce"),
        ({"secret": "whsec_mine"}, "/secret"),
        ({"state": "ACTIVE"}, "/state"),
        ({"tenantId": str(new_id())}, "/tenantId"),
    ],
)
async def test_what_cannot_be_is_refused_by_its_field(outbound, change, pointer):
    wanted = {"name": "Ours", "url": URL, "eventTypes": [GOAL]} | change

    answer = await outbound.call("POST", "", json=wanted)

    assert answer.status_code == 422
    assert [each["pointer"] for each in answer.json()["errors"]] == [pointer]
    assert (await outbound.call("GET", "")).json() == []


async def test_a_name_is_used_once_and_there_are_at_most_fifty(outbound):
    first = await outbound.subscribe(URL, active=False, name="Ours")
    again = await outbound.call("POST", "", json={"name": "Ours", "url": URL, "eventTypes": [GOAL]})
    for _ in range(49):
        await outbound.subscribe(URL, active=False)
    one_more = await outbound.call(
        "POST", "", json={"name": "More", "url": URL, "eventTypes": [GOAL]}
    )
    removed = await outbound.call("DELETE", f"/{first['id']}")

    assert again.json()["type"] == "urn:waymark:problem:subscription-exists"
    assert one_more.json()["type"] == "urn:waymark:problem:too-many-subscriptions"
    assert removed.status_code == 204
    assert (await outbound.call("GET", f"/{first['id']}")).status_code == 404


async def test_another_address_is_verified_again_and_another_name_is_not(outbound, receiver):
    made = await outbound.subscribe(receiver.url)
    path = f"/{made['id']}"

    unversioned = await outbound.call("PATCH", path, json={"name": "Renamed"})
    stale = await outbound.call(
        "PATCH", path, json={"name": "Renamed"}, headers={"If-Match": '"1"'}
    )
    renamed = await outbound.call(
        "PATCH", path, json={"name": "Renamed"}, headers={"If-Match": '"2"'}
    )
    same = await outbound.call(
        "PATCH", path, json={"url": receiver.url}, headers={"If-Match": '"3"'}
    )
    moved = await outbound.call(
        "PATCH", path, json={"url": receiver.url + "2"}, headers={"If-Match": '"3"'}
    )

    assert (unversioned.status_code, stale.status_code) == (428, 412)
    assert (renamed.json()["name"], renamed.json()["state"]) == ("Renamed", "ACTIVE")
    assert (same.json()["state"], same.headers["etag"]) == ("ACTIVE", '"3"')
    assert (moved.json()["state"], moved.headers["etag"]) == ("PENDING_VERIFICATION", '"4"')


async def test_a_test_that_fails_verifies_nothing_and_says_why(outbound, receiver):
    made = await outbound.subscribe(receiver.url, active=False)
    receiver.answers = [(500, {}), (302, {"Location": "/"})]
    path = f"/{made['id']}/test"

    outcomes = [(await outbound.call("POST", path)).json() for _ in range(3)]

    assert [(each["outcome"], each["status"], each["state"]) for each in outcomes] == [
        ("REFUSED", 500, "PENDING_VERIFICATION"),
        ("REDIRECTED", 302, "PENDING_VERIFICATION"),
        ("DELIVERED", 200, "ACTIVE"),
    ]
    ping = receiver.posts[-1]
    assert Webhook(made["secret"]).verify(ping.body, ping.headers)["type"] == "waymark.webhook.test"


async def test_what_is_not_verified_gets_nothing(outbound, receiver):
    made = await outbound.subscribe(receiver.url, active=False)

    await outbound.say()
    await outbound.tick()
    paused = await outbound.call("POST", f"/{made['id']}/pause")
    resumed = await outbound.call("POST", f"/{made['id']}/resume")

    assert receiver.got == []
    assert resumed.json()["state"] == "PENDING_VERIFICATION"
    assert (paused.status_code, paused.json()["type"]) == (
        409,
        "urn:waymark:problem:state-transition",
    )
    assert paused.json()["allowed"] == ["ACTIVE", "DISABLED"]


async def test_deleting_forgets_keys_and_deliveries(outbound, receiver):
    made = await outbound.subscribe(receiver.url)
    await outbound.say()
    await outbound.tick()

    await outbound.call("DELETE", f"/{made['id']}")

    async with outbound.harness.session() as session:
        for table in ("subscriptions_signing_key", "outbound_delivery", "outbound_attempt"):
            assert await session.scalar(text(f"SELECT count(*) FROM {table}")) == 0
