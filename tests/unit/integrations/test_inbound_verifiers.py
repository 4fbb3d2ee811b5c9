"""Every scheme by itself: what is right, wrong, old, sent again and malformed."""

import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.gateway.integrations.connections.rules import (
    VerifierKind,
    new_secret_of,
    read_secret,
    spelled,
)
from services.gateway.integrations.connections.settings import ConnectionSettings
from services.gateway.integrations.webhooks.verifying import (
    VERIFIERS,
    DeliveryStale,
    Presented,
    SignatureWrong,
)
from shared.problems import Problem

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SECONDS = str(int(NOW.timestamp()))
BODY = b'{"employees":[{"id":"42","changedFields":["Job Title"]}]}'
OLD, NEW = b"an older secret of ours", b"a newer secret of ours"
BOTH = [NEW, OLD]
BAMBOO = VERIFIERS[VerifierKind.HMAC_SHA256_HEX_TIMESTAMP]
BOB = VERIFIERS[VerifierKind.HMAC_SHA512_BASE64]
URL = VERIFIERS[VerifierKind.URL_SECRET]


@pytest.mark.parametrize("kind", [kind for kind in VerifierKind if kind.takes_secret])
def test_a_secret_reads_back_as_it_is_spelled(kind):
    secret = new_secret_of(kind)

    assert read_secret(spelled(secret, kind), kind) == secret


def bamboo(secret: bytes, *, body: bytes = BODY, timestamp: str = SECONDS) -> Presented:
    digest = hmac.new(secret, body + timestamp.encode(), hashlib.sha256).hexdigest()
    headers = {"x-bamboohr-signature": digest, "x-bamboohr-timestamp": timestamp}
    return Presented(headers, "", body)


@pytest.mark.parametrize("secret", BOTH)
async def test_bamboohr_signs_with_either_active_secret(secret):
    verified = await BAMBOO.verify(bamboo(secret), secrets=BOTH, now=NOW)

    assert verified.sent_at == NOW
    assert verified.message_id.startswith("sha256-")


async def test_bamboohr_has_the_same_message_again_when_body_and_timestamp_are_the_same():
    def seconds(delay: int) -> str:
        return str(int(SECONDS) + delay)

    ids = [
        (await BAMBOO.verify(each, secrets=BOTH, now=NOW)).message_id
        for each in (
            bamboo(NEW),
            bamboo(OLD),
            bamboo(NEW, timestamp=seconds(1)),
            bamboo(NEW, body=BODY + b" "),
        )
    ]

    assert ids[0] == ids[1]
    assert len(set(ids)) == 3


@pytest.mark.parametrize(
    "changed",
    [
        bamboo(b"another secret"),
        Presented(bamboo(NEW).headers, "", BODY + b" "),
        Presented({**bamboo(NEW).headers, "x-bamboohr-timestamp": "1"}, "", BODY),
        Presented({"x-bamboohr-timestamp": SECONDS}, "", BODY),
        Presented({"x-bamboohr-signature": bamboo(NEW).headers["x-bamboohr-signature"]}, "", BODY),
        Presented({}, "", b""),
    ],
)
async def test_bamboohr_is_wrong_in_any_other_way(changed):
    with pytest.raises(SignatureWrong):
        await BAMBOO.verify(changed, secrets=BOTH, now=NOW)


@pytest.mark.parametrize("timestamp", ["", "soon", "1614265330", str(int(SECONDS) + 301)])
async def test_bamboohr_gets_old(timestamp):
    with pytest.raises(DeliveryStale):
        await BAMBOO.verify(bamboo(NEW, timestamp=timestamp), secrets=BOTH, now=NOW)


async def test_the_headers_of_such_a_scheme_may_be_others():
    told = bamboo(NEW).headers
    presented = Presented(
        {"x-sig": told["x-bamboohr-signature"].upper(), "x-at": told["x-bamboohr-timestamp"]},
        "",
        BODY,
    )
    named = ConnectionSettings(signature_header="X-Sig", timestamp_header="X-At")

    assert (await BAMBOO.verify(presented, secrets=BOTH, now=NOW, settings=named)).message_id == (
        await BAMBOO.verify(bamboo(NEW), secrets=BOTH, now=NOW)
    ).message_id


def bob(secret: bytes, body: bytes = BODY) -> Presented:
    digest = hmac.new(secret, body, hashlib.sha512).digest()
    return Presented({"bob-signature": base64.b64encode(digest).decode()}, "", body)


@pytest.mark.parametrize("secret", BOTH)
async def test_hibob_signs_with_either_active_secret_and_the_body_is_the_message(secret):
    verified = await BOB.verify(bob(secret), secrets=BOTH, now=NOW)
    again = await BOB.verify(bob(NEW), secrets=BOTH, now=NOW + timedelta(hours=1))

    assert verified.message_id == again.message_id


@pytest.mark.parametrize(
    "changed",
    [
        bob(b"another secret"),
        Presented(bob(NEW).headers, "", b""),
        Presented({}, "", BODY),
        Presented({"bob-signature": "ä"}, "", BODY),
    ],
)
async def test_hibob_is_wrong_in_any_other_way(changed):
    with pytest.raises(SignatureWrong):
        await BOB.verify(changed, secrets=BOTH, now=NOW)


def basic(password: bytes) -> str:
    return "Basic " + base64.b64encode(b"docebo:" + password).decode()


@pytest.mark.parametrize("secret", BOTH)
@pytest.mark.parametrize("way", ["query", "path", "bearer", "basic", "renamed"])
async def test_a_plain_secret_may_stand_in_several_places(secret, way):
    text = secret.decode().replace(" ", "%20")
    presented = {
        "query": Presented({}, f"a=1&secret={text}", BODY),
        "path": Presented({}, "", BODY, secret.decode()),
        "bearer": Presented({"authorization": f"Bearer {secret.decode()}"}, "", BODY),
        "basic": Presented({"authorization": basic(secret)}, "", BODY),
        "renamed": Presented({}, f"token={text}", BODY),
    }[way]
    named = ConnectionSettings(secret_parameter="token" if way == "renamed" else "secret")

    verified = await URL.verify(presented, secrets=BOTH, now=NOW, settings=named)

    assert verified.sent_at == NOW


@pytest.mark.parametrize(
    "presented",
    [
        Presented({}, "", BODY),
        Presented({}, "secret=", BODY),
        Presented({}, "secret=another", BODY),
        Presented({}, "&".join(f"secret={n}" for n in range(100)), BODY),
        Presented({"authorization": "Basic %%%"}, "", BODY),
        Presented({"authorization": basic(b"another")}, "", BODY),
        Presented({"authorization": "Bearer"}, "", BODY),
    ],
)
async def test_a_plain_secret_is_wrong_otherwise(presented):
    with pytest.raises(SignatureWrong):
        await URL.verify(presented, secrets=BOTH, now=NOW)


async def test_who_sends_a_plain_secret_may_name_the_message():
    async def identified(**headers: str) -> str:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        presented = Presented(named, "secret=an+older+secret+of+ours", BODY)
        return (await URL.verify(presented, secrets=BOTH, now=NOW)).message_id

    assert await identified(webhook_id="msg_1") == "msg_1"
    assert await identified(ce_id="1", ce_source="a") == await identified(ce_id="1", ce_source="a")
    assert await identified(ce_id="1", ce_source="a") != await identified(ce_id="1", ce_source="b")
    assert await identified() == await identified(webhook_id="not a word")


HEADER = st.text(st.characters(min_codepoint=0, max_codepoint=255), max_size=60)
HEADERS = st.dictionaries(
    st.sampled_from(
        ["webhook-id", "webhook-timestamp", "webhook-signature", "x-bamboohr-signature",
         "x-bamboohr-timestamp", "bob-signature", "authorization", "ce-id", "ce-source"]
    ),
    HEADER | st.integers().map(str) | st.binary(max_size=64).map(lambda b: "v1a," + b.hex()),
)  # fmt: skip


@settings(max_examples=150, deadline=None, derandomize=True)
@given(HEADERS, HEADER, st.binary(max_size=120), st.sampled_from(sorted(VERIFIERS)))
async def test_noise_is_refused_by_every_scheme(headers, query, body, kind):
    with pytest.raises(Problem) as refused:
        await VERIFIERS[kind].verify(Presented(headers, query, body, query), secrets=BOTH, now=NOW)
    assert refused.value.status == 401
