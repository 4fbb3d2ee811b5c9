"""Whatever else is sent to a webhook: noise, junk, too much."""

import hashlib
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from services.gateway.integrations.sealing import Unsealable, Vault
from shared.ids import new_id

from .conftest import COMPLETED, signed

BODY = json.dumps(COMPLETED).encode()
WRONG = "urn:waymark:problem:signature-wrong"


async def stored(lms):
    async with lms.harness.session() as session:
        return await session.scalar(text("SELECT count(*) FROM webhooks_delivery"))


async def test_bytes_that_are_no_text_are_stored_and_rejected(lms):
    body = b'\xff\xfe{"type":'

    answer = await lms.post(body, signed(lms, body))
    await lms.work()

    assert answer.status_code == 202
    assert [each["state"] for each in await lms.deliveries()] == ["REJECTED"]


@pytest.mark.parametrize("message_id", ["", "with space", "x" * 256])
async def test_a_signed_delivery_without_a_usable_id_is_refused(lms, message_id):
    answer = await lms.post(BODY, signed(lms, BODY, message_id))

    assert (answer.status_code, await stored(lms)) == (400, 0)


async def test_a_body_of_more_than_256_kib_is_refused(lms):
    exact, more = b" " * (256 * 1024), b" " * (256 * 1024 + 1)

    assert (await lms.send(exact)).status_code == 202
    assert (await lms.send(more, message_id="msg_2")).status_code == 413
    assert await stored(lms) == 1


HEADER = st.text(st.characters(min_codepoint=0, max_codepoint=255), max_size=80)


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.fixed_dictionaries(
        {},
        optional={
            "webhook-id": HEADER,
            "webhook-timestamp": HEADER | st.integers().map(str),
            "webhook-signature": HEADER | st.binary().map(lambda b: "v1," + b.hex()),
            "content-type": HEADER,
            "content-encoding": HEADER,
        },
    ),
    st.binary(max_size=200),
    st.text(st.characters(codec="utf-8"), max_size=60),
)
async def test_nothing_that_is_sent_makes_it_fail(lms, headers, body, word):
    raw = {name: value.encode("latin-1") for name, value in headers.items()}
    path = "".join(letter for letter in word if letter.isprintable() and letter not in "/?#%")

    answers = [
        await lms.harness.client.post(f"/webhooks/{lms.id}", content=body, headers=raw),
        await lms.harness.client.post(f"/webhooks/x{path}", content=body, headers=raw),
    ]

    assert [each.status_code for each in answers] == [401, 401]
    assert answers[0].content == answers[1].content


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.binary(max_size=300) | st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
).map(lambda value: json.dumps({"type": "learning.completed", "data": value}).encode()))  # fmt: skip
async def test_no_signed_body_makes_it_fail_nor_is_published(lms, body):
    answer = await lms.post(body, signed(lms, body, str(new_id())))
    await lms.work()

    assert answer.status_code == 202
    assert {each["state"] for each in await lms.deliveries()} == {"REJECTED"}


async def test_a_name_by_email_keeps_the_connection_as_its_system(lms):
    content = COMPLETED | {
        "data": COMPLETED["data"] | {"person": {"email": "ada@example.org"}, "more": 1}
    }

    await lms.send(content)
    await lms.work()

    (fact,) = await lms.harness.published()
    assert fact["payload"]["system"] == "Our LMS"
    assert fact["payload"]["person"] == {"externalId": None, "email": "ada@example.org"}


async def test_a_delivery_that_we_fail_on_is_dead_after_the_last_attempt_only(lms):
    """Here the key that sealed it has been lost."""
    other = Vault([bytes(32)])
    await lms.send()
    with pytest.raises(Unsealable):
        await lms.work(attempt=4, vault=other)
    assert [each["state"] for each in await lms.deliveries()] == ["RECEIVED"]

    await lms.send(message_id="msg_2")
    await lms.work(attempt=5, vault=other)

    first, second = await lms.deliveries()
    assert first["state"] == "RECEIVED"
    assert second["state"] == "DEAD"
    assert second["reason"] == "Waymark failed on it: Unsealable."


async def test_bodies_lie_sealed_in_the_database(lms):
    await lms.send()

    async with lms.harness.session() as session:
        sealed, fingerprint = (
            await session.execute(text("SELECT sealed_body, fingerprint FROM webhooks_delivery"))
        ).one()

    assert b"4711" not in sealed
    assert hashlib.sha256(BODY).digest() not in fingerprint


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
async def test_other_methods_are_not_allowed(lms, method):
    answer = await lms.harness.client.request(method, f"/webhooks/{lms.id}")

    assert answer.status_code == 405
    assert answer.headers["content-type"] == "application/problem+json"
