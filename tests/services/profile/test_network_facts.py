"""What networks tell inside Waymark: whose turn it is, by ids and days, never a name, a word or a no."""

import json

import pytest

from tests.services.profile.test_network import INTERVIEW, introduction, mary, send

__all__ = ["introduction", "mary", "send"]


async def test_networks_tell_whose_turn_it_is_and_nothing_else(
    introduction, mary, send, profile, here
):
    asked = (await introduction()).json()
    await send("peer", "POST", f"/introductions/{asked['id']}/accept")

    told = [fact for fact in await profile.published() if fact["subject"] == asked["id"]]
    assert [(fact["type"].split(".")[3], fact["sequence"]) for fact in told] == [
        ("asked", 1), ("offered", 2),
    ]  # fmt: skip
    waits = [fact["payload"]["waitsForId"] for fact in told]
    assert waits == [here.people["peer"], asked["targetId"]]
    names = {"introductionId", "personId", "introducerId", "targetId", "waitsForId", "endsAt"}
    assert {name for fact in told for name in fact["payload"]} == names
    everything = json.dumps([fact["payload"] for fact in await profile.published()], default=str)
    assert "Mary" not in everything


@pytest.mark.parametrize("answer", ["accept", "decline"])
async def test_a_yes_and_a_no_are_told_alike(introduction, send, profile, answer):
    asked = (await introduction()).json()
    await send("peer", "POST", f"/introductions/{asked['id']}/accept")

    assert (await send("operator", "POST", f"/introductions/{asked['id']}/{answer}")).is_success

    (fact,) = await profile.published("waymark.profile.introduction.settled.v1")
    assert (fact["payload"]["waitsForId"], fact["sequence"]) == (None, 3)


async def test_follow_ups_are_told_by_ids_and_days_alone(mary, send, profile, here):
    path = f"/contacts/{mary['id']}/interactions"
    talk = (await send("dev", "POST", path, **INTERVIEW)).json()
    one = f"/interactions/{talk['id']}"
    await send("dev", "PATCH", one, version=1, notes="Much more travel.")
    await send("dev", "PATCH", one, version=2, followUpOn="2026-05-01")
    await send("dev", "PATCH", one, version=3, followedUp=True)
    await send("dev", "PATCH", one, version=4, followedUp=False)
    await send("dev", "DELETE", one)

    facts = [fact for fact in await profile.published() if ".follow_up." in fact["type"]]
    told = [
        (fact["type"].split(".")[3], fact["sequence"], fact["payload"]["followUpOn"])
        for fact in facts
    ]
    assert told == [
        ("planned", 1, "2026-04-01"),
        ("planned", 3, "2026-05-01"),
        ("settled", 4, None),
        ("planned", 5, "2026-05-01"),
        ("settled", 6, None),
    ]
    names = {"interactionId", "personId", "followUpOn"}
    assert all(fact["payload"].keys() == names for fact in facts)


async def test_with_a_contact_the_follow_ups_are_settled(mary, send, profile):
    path = f"/contacts/{mary['id']}"
    await send("dev", "POST", f"{path}/interactions", **INTERVIEW)
    done = (await send("dev", "POST", f"{path}/interactions", **INTERVIEW)).json()
    await send("dev", "PATCH", f"/interactions/{done['id']}", version=1, followedUp=True)

    await send("dev", "DELETE", path)

    facts = await profile.published("waymark.profile.follow_up.settled.v1")
    assert [fact["sequence"] for fact in facts] == [2, 2]
