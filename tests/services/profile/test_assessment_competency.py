"""Rating oneself on a role's skills: nothing of the session tells what the role asks."""

import itertools
import json

import pytest

from tests.services.profile.assessing import Taking
from tests.services.profile.conftest import imported, skill

CODES = ("weaving", "dyeing", "spinning", "selling")


@pytest.fixture
async def crafts(profile, coding):
    verdicts = await imported(profile, "skills", [skill(code) for code in CODES])
    return {verdict["key"]: verdict["id"] for verdict in verdicts}


async def begun(taking: Taking, skills, who: str = "dev"):
    started = await taking.done("dev", "POST", "/assessments/start", {"skillIds": skills})
    return await taking.done(who, "GET", f"/assessments/{started['id']}")


async def test_items_come_by_their_words_whatever_order_was_sent(taking, crafts):
    """A role lists its skills weightiest first: that order must not come through."""
    orders = list(itertools.permutations(crafts.values()))[::5]

    shown = []
    for order in orders:
        read = await begun(taking, list(order))
        shown.append([item["text"] for item in read["skillItems"]])
        await taking.done("dev", "POST", f"/assessments/{read['id']}/cancel")

    assert {tuple(each) for each in shown} == {("Dyeing", "Selling", "Spinning", "Weaving")}


async def test_an_item_has_the_skills_own_scale_and_no_other_member(taking, crafts):
    read = await begun(taking, list(crafts.values()))

    members = {tuple(sorted(item)) for item in read["skillItems"]}
    options = {tuple(sorted(option)) for item in read["skillItems"] for option in item["options"]}

    assert members == {("description", "key", "options", "skillId", "text")}
    assert options == {("description", "label", "ordinal")}
    assert {len(item["options"]) for item in read["skillItems"]} == {4}
    spelled = json.dumps(read).lower()
    assert not any(
        word in spelled for word in ("required", "level", "importance", "mandatory", "role")
    )


async def test_the_door_takes_no_role_and_no_wanted_level(taking, crafts):
    for further in ({"roleId": str(next(iter(crafts.values())))}, {"requiredLevel": 3}):
        body = {"skillIds": list(crafts.values()), **further}
        refused = await taking.call("dev", "POST", "/assessments/start", body)
        assert refused.status_code == 422


async def test_every_possible_rating_is_answered_alike(taking, crafts):
    """Were a rating below what is wanted refused, warned of or ordered otherwise, answers would differ."""
    read = await begun(taking, list(crafts.values()))
    key = crafts["weaving"]

    told = []
    for ordinal in (1, 2, 3, 4):
        saved = (await taking.save("dev", read["id"], {key: ordinal})).json()
        told.append(json.dumps(saved, sort_keys=True))
    wrong = [
        (await taking.save("dev", read["id"], {key: ordinal})).json()["errors"]
        for ordinal in (0, 5, 99)
    ]

    assert len(set(told)) == 1
    assert all(each == wrong[0] for each in wrong)
    assert wrong[0] == [{"pointer": "/answers/0", "detail": "Answer with one of 1, 2, 3, 4."}]


async def test_handing_in_records_what_one_says_of_oneself(taking, crafts, here):
    read = await begun(taking, list(crafts.values()))
    ratings = dict(zip(crafts.values(), (1, 2, 3, 4), strict=True))
    await taking.save("dev", read["id"], ratings)

    done = await taking.done("dev", "POST", f"/assessments/{read['id']}/submit")
    again = await taking.done("dev", "POST", f"/assessments/{read['id']}/submit")

    said = await taking.done("dev", "GET", f"/skills/assertions?personId={here.people['dev']}")
    assert done == again
    assert done["state"] == "SCORED"
    assert {each["skillId"]: each["level"] for each in said} == {
        skill_id: 1.25 * ordinal for skill_id, ordinal in ratings.items()
    }
    assert {(each["source"], each["state"]) for each in said} == {("SELF", "DECLARED")}


async def test_all_skills_are_rated_before_it_is_handed_in(taking, crafts):
    read = await begun(taking, list(crafts.values()))
    await taking.save("dev", read["id"], {crafts["dyeing"]: 2})

    refused = await taking.call("dev", "POST", f"/assessments/{read['id']}/submit")

    assert refused.status_code == 422
    assert len(refused.json()["errors"]) == 3
    assert (
        await taking.done("dev", "GET", f"/skills/assertions?personId={taking.here.people['dev']}")
        == []
    )


async def test_a_skill_that_is_not_there_is_named(taking, crafts):
    unknown = [crafts["dyeing"], taking.here.people["dev"]]

    refused = await taking.call("dev", "POST", "/assessments/start", {"skillIds": unknown})

    assert refused.status_code == 422
    assert refused.json()["detail"] == "/skillIds/1: there is no such skill in use"
