"""Who may say what about whose skills, who answers it, and who sees it."""

import pytest

from tests.services.profile.test_assertions import PROOF, level_of, slug


async def test_a_claim_about_oneself_counts_once_another_confirms_it(profile, here, say, step):
    bare = await say("dev", "PROJECT", 4)
    claim = await say("dev", "PROJECT", 4, evidence=PROOF)
    waiting = await level_of(profile, here)
    own = await step(claim, "confirm", "dev")
    above = await step(claim, "confirm", "head")
    colleague = await step(claim, "confirm", "peer")
    done = await step(claim, "confirm", "lead")
    twice = await step(claim, "confirm", "lead")

    assert slug(bare) == (422, "evidence-needed")
    assert (claim.json()["state"], waiting) == ("PENDING_REVIEW", None)
    assert slug(own) == (403, "own-assertion")
    assert slug(above) == (403, "forbidden")
    assert slug(colleague) == (404, "not-found")
    assert (done.json()["state"], done.json()["evidence"][0]["uri"]) == (
        "CONFIRMED",
        PROOF[0]["uri"],
    )
    assert slug(twice) == (409, "state-transition")
    assert (await level_of(profile, here))["mass"] == 0.9


async def test_a_self_rating_is_reviewed_rejected_and_retracted(profile, here, say, step):
    own = await say("dev", "SELF", 5)
    by_manager = await step(own, "request-review", "lead")
    asked = await step(own, "request-review", "dev")
    rejected = await step(own, "reject", "lead", reason="Not yet.")
    another = await say("dev", "SELF", 4)
    silent = await step(another, "retract", "dev")
    foreign = await step(another, "retract", "lead", reason="No.")
    taken = await step(another, "retract", "dev", reason="A slip.")

    assert slug(by_manager) == (403, "forbidden")
    assert [asked.json()["state"], rejected.json()["state"]] == ["PENDING_REVIEW", "REJECTED"]
    assert slug(silent) == (422, "invalid")
    assert slug(foreign) == (403, "forbidden")
    assert taken.json()["state"] == "RETRACTED"
    assert (await level_of(profile, here))["selfLevel"] is None


@pytest.mark.parametrize(
    ("by", "source", "answer"),
    [
        ("dev", "SELF", (201, "")),
        ("dev", "MANAGER", (403, "source-not-yours")),
        ("dev", "PEER", (403, "source-not-yours")),
        ("dev", "IMPORT", (403, "source-not-yours")),
        ("lead", "MANAGER", (201, "")),
        ("lead", "PROJECT", (201, "")),
        ("lead", "SELF", (403, "source-not-yours")),
        ("lead", "CERTIFICATION", (403, "source-not-yours")),
        ("head", "MANAGER", (403, "source-not-yours")),
        ("peer", "PEER", (404, "not-found")),
        ("peer", "MANAGER", (404, "not-found")),
        ("operator", "PEER", (404, "not-found")),
        ("partner", "CERTIFICATION", (201, "")),
        ("partner", "PEER", (201, "")),
        ("partner", "MANAGER", (403, "source-not-yours")),
        ("partner", "SELF", (403, "source-not-yours")),
        ("admin", "CERTIFICATION", (404, "not-found")),
        ("hris", "COURSE", (201, "")),
        ("hris", "CERTIFICATION", (201, "")),
        ("hris", "IMPORT", (201, "")),
        ("hris", "MANAGER", (404, "not-found")),
        ("hris", "SELF", (404, "not-found")),
        ("hris", "INFERRED", (404, "not-found")),
        ("lead", "REPORT_360", (403, "source-not-yours")),
    ],
)
async def test_who_may_say_what(profile, here, say, by, source, answer):
    told = len(await profile.published())

    response = await say(by, source, 3)

    assert slug(response) == answer
    if answer[0] != 201:
        assert len(await profile.published()) == told
        assert await level_of(profile, here) is None


@pytest.mark.parametrize(
    ("viewer", "sees_level", "sees_own_word"),
    [
        ("dev", True, True),
        ("lead", True, True),
        ("head", True, False),
        ("chief", True, False),
        ("partner", True, True),
        ("peer", False, False),
        ("operator", False, False),
        ("admin", False, False),
    ],
)
async def test_who_sees_levels_and_the_self_series(
    profile, here, say, viewer, sees_level, sees_own_word
):
    await say("dev", "SELF", 4)
    await say("lead", "MANAGER", 3)

    level = await level_of(profile, here, viewer=viewer)
    response = await profile.client.get(
        "/skills/assertions",
        params={"personId": here.people["dev"]},
        headers=here.as_(viewer),
    )

    sources = {each["source"] for each in response.json()}
    assert sources == ({"MANAGER"} if sees_level else set()) | (
        {"SELF"} if sees_own_word else set()
    )
    if sees_level:
        assert (level["level"], level["selfLevel"]) == (3.0, 4.0 if sees_own_word else None)
    else:
        assert level is None
