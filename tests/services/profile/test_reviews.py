"""What others hear of words on skills that wait for somebody's review: when it begins, and each way that it ends."""

from datetime import timedelta

import pytest

from services.profile.skills import expiry
from shared import clock
from shared.tenancy import Principal
from tests.services.profile.test_assertions import PROOF

PREFIX = "waymark.profile.skill_assertion."


@pytest.fixture
def heard(profile):
    """The verbs told of an assertion with its state and sequence, but that it was recorded."""

    async def heard(assertion):
        return [
            (each["type"].split(".")[3], each["payload"]["state"], each["sequence"])
            for each in await profile.published()
            if each["type"].startswith(PREFIX)
            and each["type"] != f"{PREFIX}recorded.v1"
            and each["subject"] == assertion.json()["id"]
        ]

    return heard


REQUESTED = ("review_requested", "PENDING_REVIEW", 1)


async def test_a_claim_waits_from_the_first_and_a_self_rating_when_asked(say, step, heard):
    claim = await say("dev", "PROJECT", 4, evidence=PROOF)
    plain = await say("dev", "SELF", 4)
    before = await heard(plain)
    await step(plain, "request-review", "dev")
    at_once = await say("lead", "MANAGER", 3)

    assert await heard(claim) == [REQUESTED]
    assert before == []
    assert await heard(plain) == [("review_requested", "PENDING_REVIEW", 2)]
    assert await heard(at_once) == []


@pytest.mark.parametrize(
    ("by", "verb", "told"),
    [
        ("lead", "confirm", ("confirmed", "CONFIRMED", 2)),
        ("partner", "reject", ("rejected", "REJECTED", 2)),
        ("dev", "retract", ("retracted", "RETRACTED", 2)),
    ],
)
async def test_a_review_ends_with_a_decision_or_is_taken_back(say, step, heard, by, verb, told):
    claim = await say("dev", "PROJECT", 4, evidence=PROOF)

    answer = await step(claim, verb, by, reason="So it is.")

    assert answer.status_code == 200, answer.text
    assert await heard(claim) == [REQUESTED, told]


async def test_a_newer_word_ends_the_review_of_an_older_and_taken_back_begins_it_again(
    say, step, heard
):
    older = await say("dev", "SELF", 4, requestReview=True)
    newer = await say("dev", "SELF", 5)
    superseded = ("superseded", "SUPERSEDED", 2)
    assert await heard(older) == [REQUESTED, superseded]
    assert await heard(newer) == []

    await step(newer, "retract", "dev", reason="A slip.")

    again = ("review_requested", "PENDING_REVIEW", 3)
    assert await heard(older) == [REQUESTED, superseded, again]


async def test_of_what_did_not_wait_no_more_is_told_when_it_is_superseded(say, heard):
    older = await say("dev", "SELF", 4)
    await say("dev", "SELF", 5)

    assert await heard(older) == []


async def test_a_word_that_comes_too_late_waits_for_nobody(say, heard):
    await say("dev", "SELF", 5)

    day = str(clock.today() - timedelta(days=9))
    late = await say("dev", "SELF", 4, requestReview=True, occurredOn=day)

    assert late.json()["state"] == "SUPERSEDED"
    assert await heard(late) == []


async def test_a_claim_that_runs_out_waits_no_longer(profile, say, heard):
    ends = clock.today() + timedelta(days=1)
    claim = await say("dev", "PROJECT", 4, evidence=PROOF, expiresOn=str(ends))

    async with profile.session() as session:
        principal = Principal.system(profile.tenant_id, "profile.expiry")
        await expiry.expire_due(session, principal, today=ends)

    assert await heard(claim) == [REQUESTED, ("expired", "EXPIRED", 2)]
