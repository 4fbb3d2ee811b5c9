"""When webhooks are tried again, what is written, and with what it is signed."""

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from standardwebhooks import Webhook

from services.gateway.integrations.outbound.rules import (
    SCHEDULE,
    Told,
    next_try,
    outcome_of,
    payload_for,
    retry_after,
    written,
)
from services.gateway.integrations.subscriptions import signing
from services.gateway.integrations.subscriptions.catalogue import covers, types_of, wanted
from services.gateway.integrations.subscriptions.rules import (
    SubscriptionState,
    WebhookContent,
    WebhookFormat,
    WebhookSigning,
    resumed,
    steps_from,
)
from shared.ids import new_id

NOW = datetime(2026, 11, 22, 9, 0, 0, tzinfo=UTC)
SECONDS = [0, 5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400]


def test_the_schedule_is_the_one_of_standard_webhooks():
    assert [each.total_seconds() for each in SCHEDULE] == SECONDS


@pytest.mark.parametrize("tries", range(1, 10))
def test_each_wait_is_spread_upwards_by_a_fifth(tries):
    waits = [next_try(tries, retry_after=None) for _ in range(200)]
    seconds = [each.total_seconds() for each in waits if each]

    assert len(seconds) == 200
    assert SECONDS[tries] <= min(seconds) < max(seconds) <= SECONDS[tries] * 1.2


def test_the_tenth_failure_is_the_last():
    assert next_try(10, retry_after=timedelta(seconds=1)) is None


@pytest.mark.parametrize(
    ("asked", "least", "most"),
    [(timedelta(0), 5, 6), (timedelta(hours=1), 3600, 3600), (timedelta(days=9), 86400, 86400)],
)
def test_a_receiver_makes_the_wait_longer_only(asked, least, most):
    wait = next_try(1, retry_after=asked)

    assert wait is not None
    assert least <= wait.total_seconds() <= most


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("120", 120),
        (" 7 ", 7),
        ("999999999999", 86400),
        ("-5", None),
        ("1.5", None),
        ("soon", None),
        ("٣", None),
        ("Sun, 22 Nov 2026 09:02:00 GMT", 120),
        ("Sun, 22 Nov 2026 08:00:00 GMT", 0),
        ("Sun, 22 Nov 2026 09:02:00", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(header, seconds):
    found = retry_after(header, now=NOW)

    assert (None if found is None else found.total_seconds()) == seconds


def test_only_two_hundreds_are_deliveries():
    statuses = (200, 204, 299, 301, 308, 400, 410, 429, 500, 199)

    assert [outcome_of(status) for status in statuses] == [
        *["DELIVERED"] * 3,
        *["REDIRECTED"] * 2,
        "REFUSED",
        "GONE",
        *["REFUSED"] * 3,
    ]


@pytest.mark.parametrize(
    ("pattern", "event_type", "right"),
    [
        ("waymark.goals.goal.achieved.v1", "waymark.goals.goal.achieved.v1", True),
        ("waymark.goals.goal.*", "waymark.goals.goal.achieved.v1", True),
        ("waymark.goals.*", "waymark.goals.goal.achieved.v1", True),
        ("waymark.*", "waymark.goals.goal.achieved.v1", True),
        ("waymark.goals.goal", "waymark.goals.goal.achieved.v1", False),
        ("waymark.goals.goa.*", "waymark.goals.goal.achieved.v1", False),
        ("waymark.goals.goal.achieved.v1.*", "waymark.goals.goal.achieved.v1", False),
    ],
)
def test_a_pattern_is_a_type_or_its_beginning(pattern, event_type, right):
    assert covers(pattern, event_type) is right
    assert wanted([pattern], event_type) is right


def test_internal_facts_are_told_to_nobody():
    assert not wanted(["waymark.*"], "waymark.integrations.learning.completed.v1")
    assert types_of(["waymark.integrations.*"]) == ["waymark.integrations.subscription.disabled.v1"]


@pytest.mark.parametrize(
    ("content", "event_type", "leaves"),
    [
        (WebhookContent.FULL, "waymark.goals.learning_record.completed.v1", True),
        (WebhookContent.THIN, "waymark.goals.learning_record.completed.v1", False),
        (WebhookContent.FULL, "waymark.profile.skill_estimate.changed.v1", False),
        (WebhookContent.FULL, "waymark.goals.goal.progressed.v1", False),
        (WebhookContent.FULL, "waymark.feedback.check_in.held.v1", False),
        (WebhookContent.FULL, "waymark.unknown.thing.happened.v1", False),
    ],
)
def test_a_payload_leaves_when_subscription_and_catalogue_say_so(content, event_type, leaves):
    assert payload_for(content, event_type, {"a": 1}) == ({"a": 1} if leaves else None)


def test_a_thin_fact_names_its_subject_in_both_forms():
    told = Told(new_id(), "waymark.goals.goal.held.v1", "g1", None, NOW, None)

    standard = json.loads(written(told, WebhookFormat.STANDARD))
    event = json.loads(written(told, WebhookFormat.CLOUDEVENTS))

    assert standard == {
        "type": told.type,
        "timestamp": "2026-11-22T09:00:00Z",
        "id": str(told.id),
        "subject": "g1",
        "data": {"id": "g1"},
    }
    assert event == {
        "specversion": "1.0",
        "id": str(told.id),
        "source": "/waymark/goals",
        "type": told.type,
        "subject": "g1",
        "time": "2026-11-22T09:00:00Z",
    }


def test_both_keys_of_a_rotation_sign_and_either_verifies():
    keys = [signing.new_key(WebhookSigning.V1) for _ in range(2)]
    body = '{"name": "Zoë"}'.encode()
    now = datetime.now(UTC)

    headers = signing.headers(WebhookSigning.V1, keys, message_id="msg_1", sent_at=now, body=body)

    assert len(headers["webhook-signature"].split(" ")) == 2
    for key in keys:
        assert Webhook(signing.spelled_secret(key)).verify(body, headers) == {"name": "Zoë"}


def test_an_asymmetric_signature_verifies_with_the_public_key_alone():
    key = signing.new_key(WebhookSigning.V1A)
    public = signing.public_key(WebhookSigning.V1A, key)
    assert public is not None

    headers = signing.headers(
        WebhookSigning.V1A, [key], message_id="msg_1", sent_at=NOW, body=b"{}"
    )

    version, _, signature = headers["webhook-signature"].partition(",")
    verifier = Ed25519PublicKey.from_public_bytes(
        base64.b64decode(signing.spelled_public(public).removeprefix("whpk_"))
    )
    assert version == "v1a"
    verifier.verify(base64.b64decode(signature), b"msg_1.1795338000.{}")
    with pytest.raises(InvalidSignature):
        verifier.verify(base64.b64decode(signature), b"msg_2.1795338000.{}")


def test_a_disabled_subscription_must_prove_itself_again():
    assert resumed(SubscriptionState.PAUSED) is SubscriptionState.ACTIVE
    assert resumed(SubscriptionState.DISABLED) is SubscriptionState.PENDING_VERIFICATION
    assert resumed(SubscriptionState.PENDING_VERIFICATION) is SubscriptionState.PENDING_VERIFICATION
    assert steps_from(SubscriptionState.DISABLED) == (SubscriptionState.PENDING_VERIFICATION,)
    assert all(
        state in SubscriptionState for each in SubscriptionState for state in steps_from(each)
    )
