"""The schemes of public keys: ed25519 of Standard Webhooks, and bodies that are JWTs."""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st
from joserfc import jwk, jws

from services.gateway.integrations.connections.rules import (
    read_public_key,
)
from services.gateway.integrations.connections.settings import ConnectionSettings
from services.gateway.integrations.webhooks.verifying import (
    Asked,
    DeliveryStale,
    Presented,
    SignatureWrong,
    StandardWebhooks,
)
from services.gateway.integrations.webhooks.verifying.jwt_jwks import JwtJwks
from shared.addresses import AddressRules
from shared.ids import new_id
from shared.outward import Outward
from shared.problems import Unauthenticated

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SEED = base64.b64decode("VEVTVFNJR05JTkdLRVlET05PVFVTRVRISVNGT1JBTlk=")
SIGNATURE = (
    "v1a,tQ9V2XOqn7jL/DQenEFpqIugdBVtiMmER5mhSkXBNwM0mkATuDe6KYYUuxqtaiHeYGb7KaaBRdM5WqyeFiL8Ag=="
)


def public_key(seed: bytes) -> str:
    raw = Ed25519PrivateKey.from_private_bytes(seed).public_key()
    return "whpk_" + base64.b64encode(raw.public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()


EXAMPLE = Presented(
    {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": SIGNATURE,
    },
    "",
    b'{"test": 2432232314}',
)
EXAMPLE_AT = datetime.fromtimestamp(1614265330, UTC)


async def test_the_asymmetric_example_of_standard_webhooks_verifies_without_any_secret():
    """The vector of the specification's own Go library."""
    both = ConnectionSettings(public_keys=[public_key(bytes(32)), public_key(SEED)])

    verified = await StandardWebhooks().verify(EXAMPLE, secrets=[], now=EXAMPLE_AT, settings=both)

    assert (verified.message_id, verified.sent_at) == (EXAMPLE.headers["webhook-id"], EXAMPLE_AT)


@pytest.mark.parametrize(
    "signature",
    [
        "",
        "v1a,",
        "v1a,%%%",
        "v1a,AAAA",
        SIGNATURE.replace("v1a,", "v1,"),
        SIGNATURE.replace("tQ9V", "uQ9V"),
    ],
)
async def test_another_asymmetric_signature_is_wrong(signature):
    headers = {**EXAMPLE.headers, "webhook-signature": signature}
    keys = ConnectionSettings(public_keys=[public_key(SEED)])

    with pytest.raises(SignatureWrong):
        await StandardWebhooks().verify(
            Presented(headers, "", EXAMPLE.body), secrets=[], now=EXAMPLE_AT, settings=keys
        )


async def test_an_asymmetric_signature_gets_old_too():
    keys = ConnectionSettings(public_keys=[public_key(SEED)])

    with pytest.raises(DeliveryStale):
        await StandardWebhooks().verify(
            EXAMPLE, secrets=[], now=EXAMPLE_AT + timedelta(minutes=6), settings=keys
        )


@pytest.mark.parametrize("text", ["whpk_", "whpk_AAAA", "whpk_ä", "x" * 44])
def test_a_public_key_that_is_none_is_refused(text):
    with pytest.raises(ValueError, match=r"whpk_|ed25519"):
        read_public_key(text)


KEY = jwk.ECKey.generate_key("P-256", {"kid": "canvas-1"})
CANVAS = {"metadata": {"event_name": "logged_in", "root_account_uuid": "ours"}, "body": {}}


class Keys:
    """A key source that has been read."""

    has_keys = True

    async def key(self, kid: str) -> Any:
        if kid != "canvas-1":
            raise Unauthenticated("unknown")
        return KEY


def signed(
    payload: Any = CANVAS, *, key: Any = KEY, alg: str = "ES256", **header: Any
) -> Presented:
    protected = {"alg": alg, "kid": "canvas-1", **header}
    content = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    return Presented({}, "", jws.serialize_compact(protected, content, key, [alg]).encode())


async def by_jwks(presented: Presented, **told: Any) -> Any:
    scheme = JwtJwks()
    url = "https://canvas.example/jwks"
    scheme._sources[url] = cast(Any, Keys())
    keyed = ConnectionSettings(jwks_url=url, **told)
    asked = Asked(new_id(), keyed, cast(Any, None), NOW, Outward(AddressRules()))
    return await scheme.verify(presented, asked)


async def test_a_signed_body_is_the_payload_and_the_same_one_signed_anew_is_the_same_message():
    first, again = await by_jwks(signed()), await by_jwks(signed())

    assert json.loads(first.content) == CANVAS
    assert first.message_id == again.message_id
    assert signed().body != signed().body
    assert (await by_jwks(signed({"jti": "evt-1"}))).message_id == "evt-1"


@pytest.mark.parametrize(
    "presented",
    [
        Presented({}, "", b""),
        Presented({}, "", b'"ping"'),
        Presented({}, "", b"a.b.c"),
        Presented({}, "", b"..."),
        Presented({}, "", b"\xff.\xfe.\xfd"),
        Presented({}, "", signed().body[:-4] + b"AAAA"),
        signed(kid="another"),
        signed(key=jwk.ECKey.generate_key("P-256", {"kid": "canvas-1"})),
        signed(key=jwk.OctKey.import_key("a" * 32), alg="HS256"),
        signed(key=jwk.RSAKey.generate_key(2048), alg="RS256"),
        Presented({}, "", b"eyJhbGciOiJub25lIiwia2lkIjoiY2FudmFzLTEifQ.e30."),
    ],
)
async def test_a_body_that_is_signed_otherwise_is_wrong(presented):
    with pytest.raises(SignatureWrong):
        await by_jwks(presented)


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": int(NOW.timestamp()) - 60},
        {"nbf": int(NOW.timestamp()) + 60},
        {"exp": 1e300},
    ],
)
async def test_a_signed_body_that_has_ended_is_stale(claims):
    with pytest.raises(DeliveryStale):
        await by_jwks(signed(claims))


async def test_keys_that_sign_for_others_too_must_say_whose_it_is():
    path = "metadata.root_account_uuid"

    assert await by_jwks(signed(), claims={path: "ours"})
    with pytest.raises(SignatureWrong):
        await by_jwks(signed(), claims={path: "theirs"})
    with pytest.raises(SignatureWrong):
        await by_jwks(signed(b"[1]"), claims={path: "ours"})


@settings(max_examples=80, deadline=None, derandomize=True)
@given(
    st.binary(max_size=120)
    | st.lists(st.binary(max_size=40).map(base64.urlsafe_b64encode), min_size=3, max_size=3).map(
        b".".join
    )
)
async def test_noise_is_no_signed_body(body):
    with pytest.raises(SignatureWrong):
        await by_jwks(Presented({}, "", body))
