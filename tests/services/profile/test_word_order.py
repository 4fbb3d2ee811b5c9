"""Whatever arrives first, the same words end in the same level; what was taken back was never said."""

from datetime import timedelta
from itertools import permutations

import pytest

from shared import clock
from tests.services.profile.test_assertions import level_of

PEOPLE, BACKWARDS = ("dev", "peer", "lead", "head"), ("peer", "head")


def ago(days):
    return str(clock.today() - timedelta(days=days))


async def test_all_orders_of_arrival_end_in_one_level(profile, here, say):
    words = [
        ("partner", "ASSESSMENT", 4, {"occurredOn": ago(300)}),
        ("partner", "ASSESSMENT", 2, {"occurredOn": ago(200)}),
        ("partner", "PEER", 3, {"occurredOn": ago(100)}),
        ("hris", "CERTIFICATION", 5, {"occurredOn": ago(400)}),
        ("hris", "CERTIFICATION", 1, {"occurredOn": ago(350), "expiresOn": ago(30)}),
    ]
    orders = list(permutations(words))
    levels = []
    for person, order in zip(PEOPLE, orders[:: len(orders) // len(PEOPLE)], strict=False):
        for by, source, level, further in order[:: -1 if person in BACKWARDS else 1]:
            answer = await say(by, source, level, of=person, **further)
            assert answer.status_code == 201, answer.text
        levels.append((await level_of(profile, here, person))["level"])

    assert levels == [pytest.approx(await expected(profile, here), abs=1e-12)] * len(PEOPLE)


async def expected(profile, here):
    """The certificate that ended was the newest: the older one does not come back."""
    contributions = (await level_of(profile, here))["contributions"]
    by_source = {each["source"]: each for each in contributions}
    assert by_source.keys() == {"ASSESSMENT", "PEER"}
    assert (by_source["ASSESSMENT"]["level"], by_source["PEER"]["level"]) == (2.0, 3.0)
    masses = {name: each["weight"] * each["decay"] for name, each in by_source.items()}
    return (masses["ASSESSMENT"] * 2 + masses["PEER"] * 3) / sum(masses.values())


async def test_a_word_taken_back_lets_the_one_before_stand_again(profile, here, say, step):
    older = await say("lead", "MANAGER", 3, occurredOn=ago(50))
    newer = await say("lead", "MANAGER", 5, occurredOn=ago(10))
    with_it = await level_of(profile, here)
    await step(newer, "retract", "lead", reason="Another person's.")
    without = await level_of(profile, here)
    again = await profile.client.get(older.headers["location"], headers=here.as_("lead"))

    assert (with_it["level"], without["level"]) == (5.0, 3.0)
    assert again.json()["state"] == "CONFIRMED"


async def test_a_rejected_self_rating_leaves_the_one_before(profile, here, say, step):
    await say("dev", "SELF", 2, occurredOn=ago(50))
    newer = await say("dev", "SELF", 5)
    await step(newer, "reject", "lead", reason="Not yet.")

    assert (await level_of(profile, here))["selfLevel"] == 2.0


async def test_taking_evidence_away_shifts_the_level_by_what_the_trace_said(
    profile, here, say, step
):
    said = {
        "MANAGER": await say("lead", "MANAGER", 2, occurredOn=ago(700)),
        "ASSESSMENT": await say("partner", "ASSESSMENT", 4.5, occurredOn=ago(90)),
        "PEER": await say("partner", "PEER", 3, occurredOn=ago(10)),
    }
    before = await level_of(profile, here)
    gone = next(each for each in before["contributions"] if each["source"] == "ASSESSMENT")

    await step(said["ASSESSMENT"], "retract", "partner", reason="Another person's test.")
    after = await level_of(profile, here)

    assert gone["assertionId"] == said["ASSESSMENT"].json()["id"]
    assert after["level"] == gone["levelWithout"]
    assert before["level"] - after["level"] == gone["shift"]
    facts = await profile.published("waymark.profile.skill_estimate.changed.v1")
    assert facts[-1]["payload"]["contributions"] == after["contributions"]


async def test_a_blind_spot_is_shown_to_who_may_see_both_words(profile, here, say):
    await say("dev", "SELF", 5)
    await say("lead", "MANAGER", 1)
    await say("partner", "ASSESSMENT", 1)

    stands = {
        viewer: (await level_of(profile, here, viewer=viewer))["contrast"]
        for viewer in ("dev", "lead", "partner", "head")
    }

    assert stands == {
        "dev": "BLIND_SPOT",
        "lead": "BLIND_SPOT",
        "partner": "BLIND_SPOT",
        "head": None,
    }
