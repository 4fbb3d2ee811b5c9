"""Every scheme through the door: what is accepted, what is refused, and that neither says more than it should."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any

import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc import jwk

from shared.addresses import AddressRules
from shared.ids import new_id

from .conftest import COMPLETED
from .inbound import Publisher, asked, bamboo, bob, connect, rows, states, strict

BODY = json.dumps(COMPLETED).encode()
PING = b'"ping"'
LIVE: dict[str, Any] = {
    "metadata": {
        "event_name": "course_completed",
        "event_time": "2026-11-20T09:00:00Z",
        "root_account_uuid": "ours",
    },
    "body": {
        "progress": {"completed_at": "2026-11-20T08:55:00Z"},
        "user": {"id": "4711"},
        "course": {"id": "565"},
    },
}


async def test_bamboohr_is_taken_once_and_under_either_secret(integrations):
    lms = await connect(
        integrations, verifier="HMAC_SHA256_HEX_TIMESTAMP", secret="a secret that BambooHR made"
    )
    headers = bamboo(lms.secret, BODY)
    first, again = [await lms.post(BODY, headers) for _ in range(2)]
    rotated = await asked(
        lms,
        "POST",
        f"/connections/{lms.id}/rotate-secret",
        json={"secret": "another secret of BambooHR"},
    )
    other = b" " + BODY
    late = await lms.post(other, bamboo(lms.secret, other))
    new = await lms.post(PING, bamboo("another secret of BambooHR", PING))
    forged = await lms.post(BODY, bamboo("a secret that nobody has made", BODY))

    assert lms.secret == "a secret that BambooHR made"
    assert rotated.json()["secret"] == "another secret of BambooHR"
    assert [each.status_code for each in (first, again, late, new)] == [202] * 4
    assert first.json()["id"] == again.json()["id"]
    assert forged.status_code == 401
    await lms.work()
    assert await states(lms) == ["PUBLISHED", "PUBLISHED", "REJECTED"]


async def test_a_bamboohr_delivery_gets_old(integrations):
    lms = await connect(integrations, verifier="HMAC_SHA256_HEX_TIMESTAMP")
    signed = hmac.new(lms.secret.encode(), BODY + b"1614265330", hashlib.sha256).hexdigest()

    answer = await lms.post(
        BODY, {"x-bamboohr-signature": signed, "x-bamboohr-timestamp": "1614265330"}
    )

    assert answer.status_code == 401
    assert answer.json()["type"] == "urn:waymark:problem:delivery-stale"


async def test_hibob_is_taken_once(integrations):
    lms = await connect(integrations, verifier="HMAC_SHA512_BASE64")

    answers = [await lms.post(BODY, bob(lms.secret, BODY)) for _ in range(2)]
    forged = await lms.post(BODY, bob(lms.secret, PING))

    assert [each.status_code for each in answers] == [202, 202]
    assert forged.status_code == 401
    assert await lms.work() == 1
    assert len(await lms.harness.published()) == 1


async def test_a_public_key_needs_no_secret(integrations):
    private = Ed25519PrivateKey.generate()
    raw = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    key = "whpk_" + base64.b64encode(raw).decode()
    lms = await connect(integrations, settings={"publicKeys": [key]})
    headers = Signed(private).headers(BODY)

    accepted = await lms.post(BODY, headers)
    forged = await lms.post(BODY, Signed(Ed25519PrivateKey.generate()).headers(BODY))

    assert lms.secret == ""
    assert (accepted.status_code, forged.status_code) == (202, 401)


class Signed:
    """Signs as `v1a` of Standard Webhooks."""

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private

    def headers(self, body: bytes) -> dict[str, str]:
        timestamp = str(int(datetime.now(UTC).timestamp()))
        signature = self._private.sign(f"msg_1.{timestamp}.".encode() + body)
        return {
            "webhook-id": "msg_1",
            "webhook-timestamp": timestamp,
            "webhook-signature": "v1a," + base64.b64encode(signature).decode(),
        }


async def test_a_secret_in_the_url_is_enough_in_either_place_and_stands_in_no_log(integrations):
    lms = await connect(integrations, name="Open edX", verifier="URL_SECRET", kind="LMS")
    client = lms.harness.client
    with structlog.testing.capture_logs() as logs:
        answers = [
            await client.post(f"/webhooks/{lms.id}?secret={lms.secret}", content=BODY),
            await client.post(f"/webhooks/{lms.id}/{lms.secret}", content=BODY),
            await client.post(f"/webhooks/{lms.id}?secret=wrong", content=BODY),
            await client.post(f"/webhooks/{lms.id}/wrong", content=BODY),
            await client.post(f"/webhooks/{lms.id}", content=BODY),
        ]

    assert [each.status_code for each in answers] == [202, 202, 401, 401, 401]
    assert answers[0].json()["id"] == answers[1].json()["id"]
    assert len({each.content for each in answers[2:]}) == 1
    assert lms.secret not in str(logs) + "".join(each.text for each in answers)


async def test_the_path_of_such_a_connection_is_ready_to_be_copied(integrations):
    wanted = {
        "name": "360",
        "kind": "LMS",
        "verifier": "URL_SECRET",
        "settings": {"secretParameter": "token"},
    }
    answer = await integrations.client.post(
        "/connections", json=wanted, headers=integrations.integration("connections:write")
    )

    taken = await integrations.client.post(answer.json()["webhookPath"], content=b'"ping"')

    assert answer.json()["webhookPath"].endswith(f"?token={answer.json()['secret']}")
    assert taken.status_code == 202


async def test_a_token_of_ours_is_enough_when_it_is_the_right_one(integrations):
    lms = await connect(integrations, verifier="OAUTH2_BEARER", settings={"clientId": "sf"})

    def caller(client: str | None = "sf", scope: str = "webhooks:write", **further: Any) -> Any:
        return integrations.token("sf", client=client, scopes=(scope,), **further)

    right = await lms.post(BODY, caller())
    wrong = [
        await lms.post(BODY, headers)
        for headers in (
            {},
            {"Authorization": "Bearer x"},
            {"Authorization": "Basic x"},
            caller(client="another"),
            caller(client=None),
            caller(scope="people:write"),
            caller(tenant=new_id()),
        )
    ]
    unknown = await lms.post(BODY, {}, to=lms.id[:-1])

    assert right.status_code == 202
    assert {(each.status_code, each.content) for each in wrong} == {(401, unknown.content)}
    assert await lms.work() == 1


async def test_a_signed_body_is_verified_against_published_keys(integrations):
    publisher = Publisher()
    with publisher.listening() as url:
        lms = await connect(
            integrations,
            name="Canvas",
            kind="LMS",
            vendor="CANVAS",
            verifier="JWT_JWKS",
            settings={"jwksUrl": url, "claims": {"metadata.root_account_uuid": "ours"}},
        )
        first, again = [await lms.post(publisher.signed(LIVE), {}) for _ in range(2)]
        theirs = LIVE | {"metadata": LIVE["metadata"] | {"root_account_uuid": "theirs"}}
        stolen = await lms.post(publisher.signed(theirs), {})
        forged = await lms.post(Publisher().signed(LIVE), {})
        noise = await lms.post(b"", {})

    assert (first.status_code, again.status_code) == (202, 202)
    assert first.json()["id"] == again.json()["id"]
    assert [each.status_code for each in (stolen, forged, noise)] == [401] * 3
    assert publisher.reads == 1
    await lms.work()
    (fact,) = await lms.harness.published()
    assert fact["payload"]["course"] == {"provider": None, "code": "565"}
    assert fact["payload"]["person"]["externalId"] == "4711"


async def test_while_keys_cannot_be_read_the_sender_is_told_to_try_again(integrations):
    publisher = Publisher()
    publisher.away = True
    with publisher.listening() as url:
        lms = await connect(integrations, verifier="JWT_JWKS", settings={"jwksUrl": url})
        answer = await lms.post(publisher.signed(LIVE), {})

    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "2"
    assert await rows(lms, "SELECT id FROM webhooks_delivery") == []


async def test_a_key_that_has_just_been_published_is_found(integrations):
    publisher = Publisher()
    with publisher.listening() as url:
        lms = await connect(integrations, verifier="JWT_JWKS", settings={"jwksUrl": url})
        publisher.keys.append(jwk.ECKey.generate_key("P-256", {"kid": "key-2"}))
        answer = await lms.post(publisher.signed(LIVE), {})

    assert answer.status_code == 202


async def test_keys_are_not_read_from_where_only_we_can_reach(integrations, monkeypatch):
    publisher = Publisher()
    with publisher.listening() as url:
        lms = await connect(integrations, verifier="JWT_JWKS", settings={"jwksUrl": url})
        monkeypatch.setattr(AddressRules, "__getattribute__", strict)
        answer = await lms.post(publisher.signed(LIVE), {})

    assert (answer.status_code, publisher.reads) == (503, 0)
