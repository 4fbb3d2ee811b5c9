"""Strengths and development areas: derived against one's own mean, and the person has the last word."""

import pytest

from tests.services.profile.conftest import imported, skill

CODES = ("weaving", "dyeing", "selling", "counting")


@pytest.fixture
async def four(profile, here, coding):
    verdicts = await imported(profile, "skills", [skill(code) for code in CODES])
    return {verdict["key"]: verdict["id"] for verdict in verdicts}


@pytest.fixture
def strengths(profile, here):
    async def strengths(who="dev"):
        answer = await profile.client.get("/journal/strengths", headers=here.as_(who))
        assert answer.status_code == 200, answer.text
        return {each["skillId"]: each for each in answer.json()}

    return strengths


async def known(profile, here, say, skills, levels):
    """Six words on each skill, so that the intervals are narrow."""
    for code, level in levels.items():
        for manager in ("lead", "partner"):
            for group in range(3):
                source = "MANAGER" if manager == "lead" else "PEER"
                further = {"assessorGroup": f"{manager}-{group}"}
                answer = await say(manager, source, level, skillId=skills[code], **further)
                assert answer.status_code == 201, answer.text


async def test_what_stands_out_from_ones_own_mean_is_derived_and_explained(
    profile, here, say, four, strengths
):
    levels = {"weaving": 5, "dyeing": 2.6, "selling": 2.5, "counting": 0.2}
    await known(profile, here, say, four, levels)

    found = await strengths()

    shown = await profile.client.get(
        "/skills/levels", params={"personId": here.people["dev"]}, headers=here.as_("dev")
    )
    weights = [(each["confidence"], each["level"]) for each in shown.json()]
    mean = sum(c * level for c, level in weights) / sum(c for c, _ in weights)
    assert found.keys() == {four["weaving"], four["counting"]}
    best, worst = found[four["weaving"]], found[four["counting"]]
    assert (best["derived"], worst["derived"]) == ("STRENGTH", "DEVELOPMENT_AREA")
    assert best["ownMean"] == pytest.approx(mean)
    assert best["intervalLow"] > mean > worst["intervalHigh"]
    assert best["skillCount"] == 4
    assert best["explanation"] == (
        f"Your level is 5.0 (90 % interval {best['intervalLow']:.1f} to 5.0), as a whole above "
        f"your own mean of {mean:.1f} over 4 assessed skills."
    )


async def test_two_skills_are_no_mean(profile, here, say, four, strengths):
    await known(profile, here, say, four, {"weaving": 5, "counting": 0})

    assert await strengths() == {}


async def test_the_person_has_the_last_word(profile, here, say, four, strengths):
    await known(profile, here, say, four, {"weaving": 5, "dyeing": 2.5, "counting": 0})
    own = here.as_("dev")
    for code, standing in (("weaving", "NEITHER"), ("selling", "STRENGTH")):
        body = {"standing": standing, "text": f"{code}: my view."}
        answer = await profile.client.put(
            f"/journal/strengths/{four[code]}", json=body, headers=own
        )
        assert answer.status_code == 200, answer.text
    again = {"standing": "STRENGTH"}
    await profile.client.put(f"/journal/strengths/{four['selling']}", json=again, headers=own)

    found = await strengths()

    assert {
        code: tuple(found[four[code]][name] for name in ("standing", "derived", "ownView", "text"))
        for code in ("weaving", "selling", "counting")
    } == {
        "weaving": ("NEITHER", "STRENGTH", "NEITHER", "weaving: my view."),
        "selling": ("STRENGTH", None, "STRENGTH", None),
        "counting": ("DEVELOPMENT_AREA", "DEVELOPMENT_AREA", None, None),
    }
    assert await strengths("lead") == {}

    await profile.client.delete(f"/journal/strengths/{four['weaving']}", headers=own)
    assert (await strengths())[four["weaving"]]["standing"] == "STRENGTH"
