"""Addresses, the vault and the verifier, without a database."""

import base64
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr
from standardwebhooks import Webhook

from services.gateway.integrations.connections.rules import Address, new_secret, spelled
from services.gateway.integrations.sealing import BadSealKey, Unsealable, Vault
from services.gateway.integrations.webhooks.verifying import (
    DeliveryStale,
    Presented,
    SignatureWrong,
    StandardWebhooks,
)

KEY, OTHER = bytes(range(32)), bytes(range(1, 33))
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@given(st.uuids(), st.uuids())
def test_an_address_is_one_word_that_reads_back(tenant_id, connection_id):
    address = Address(tenant_id, connection_id)

    assert len(str(address)) == 43
    assert str(address).replace("-", "").replace("_", "").isalnum()
    assert Address.parse(str(address)) == address


@given(st.text())
def test_any_word_is_an_address(word):
    assert isinstance(Address.parse(word).tenant_id, UUID)


@pytest.mark.parametrize("word", ["", "x", "é" * 43, "A" * 42, "A" * 44, "+" * 43, "=" * 43])
def test_an_unreadable_address_lies_in_no_tenant(word):
    assert Address.parse(word) == Address(UUID(int=0), UUID(int=0))


@given(st.binary(), st.binary())
def test_what_was_sealed_opens_for_its_own_row_only(plain, row):
    vault = Vault([KEY])
    sealed = vault.seal(plain, bound_to=row)

    assert vault.open(sealed, bound_to=row) == plain
    with pytest.raises(Unsealable):
        vault.open(sealed, bound_to=row + b"x")
    with pytest.raises(Unsealable):
        vault.open(sealed[:-1], bound_to=row)


def test_a_new_key_in_front_opens_what_the_old_one_sealed():
    sealed = Vault([KEY]).seal(b"secret", bound_to=b"row")
    fingerprint = Vault([KEY]).fingerprint(b"body")
    both = Vault([OTHER, KEY])

    assert both.open(sealed, bound_to=b"row") == b"secret"
    assert both.is_of(fingerprint, b"body")
    assert not both.is_of(fingerprint, b"another body")
    with pytest.raises(Unsealable):
        Vault([OTHER]).open(sealed, bound_to=b"row")
    with pytest.raises(Unsealable):
        Vault([KEY]).open(both.seal(b"secret", bound_to=b"row"), bound_to=b"row")


@pytest.mark.parametrize("text", ["", "short", "!!!", base64.b64encode(bytes(31)).decode()])
def test_a_key_that_is_none_is_refused(text):
    with pytest.raises(BadSealKey):
        Vault.from_setting(SecretStr(text))


def presented(secret, *, at=NOW, body=b"{}", message_id="msg_1"):
    headers = {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(spelled(secret)).sign(message_id, at, body.decode()),
    }
    return Presented(headers, "", body)


async def test_the_reference_library_and_we_agree():
    secret = new_secret()

    verified = await StandardWebhooks().verify(presented(secret), secrets=[secret], now=NOW)

    assert (verified.message_id, verified.sent_at) == ("msg_1", NOW)


async def test_the_published_example_of_standard_webhooks_verifies():
    """The specification's own vector."""
    secret = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    example = Presented(
        {
            "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
            "webhook-timestamp": "1614265330",
            "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        },
        "",
        b'{"test": 2432232314}',
    )
    sent_at = datetime.fromtimestamp(1614265330, UTC)

    verified = await StandardWebhooks().verify(example, secrets=[secret], now=sent_at)

    assert verified.sent_at == sent_at


@pytest.mark.parametrize(
    ("off", "stale"),
    [
        (timedelta(minutes=5), False),
        (timedelta(minutes=-5), False),
        (timedelta(minutes=5, seconds=1), True),
        (timedelta(minutes=-5, seconds=-1), True),
    ],
)
async def test_five_minutes_are_the_tolerance_on_either_side(off, stale):
    secret = new_secret()
    delivery = presented(secret, at=NOW - off)

    if stale:
        with pytest.raises(DeliveryStale):
            await StandardWebhooks().verify(delivery, secrets=[secret], now=NOW)
    else:
        verified = await StandardWebhooks().verify(delivery, secrets=[secret], now=NOW)
        assert verified.sent_at == NOW - off


async def test_a_stale_delivery_with_a_wrong_signature_is_told_of_the_signature():
    delivery = presented(new_secret(), at=NOW - timedelta(days=1))

    with pytest.raises(SignatureWrong):
        await StandardWebhooks().verify(delivery, secrets=[new_secret()], now=NOW)
