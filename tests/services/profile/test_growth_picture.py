"""Growth as a picture: the same readers, the same numbers."""

from datetime import timedelta

from shared import clock
from tests.unit.drawn import Drawn, assert_sound


def ago(days):
    return str(clock.today() - timedelta(days=days))


async def test_growth_is_drawn_with_the_numbers_of_its_json(profile, here, say):
    await say("lead", "MANAGER", 1, occurredOn=ago(400))
    await say("partner", "ASSESSMENT", 4, occurredOn=ago(10))
    asked = {"personId": here.people["dev"], "since": ago(300)}
    told = await profile.client.get("/skills/growth", params=asked, headers=here.as_("dev"))

    answer = await profile.client.get("/skills/growth.svg", params=asked, headers=here.as_("dev"))

    (skill,) = told.json()
    levels = [
        f"{each['level']:.2f} ({each['intervalLow']:.2f} to {each['intervalHigh']:.2f}) on {each['asOf']}"
        for each in (skill["before"], skill["now"])
    ]
    certain = "certain" if skill["certain"] else "uncertain"
    drawn = Drawn(answer.text)
    assert answer.headers["content-type"] == "image/svg+xml"
    assert drawn.title == f"Growth from {ago(300)} to {ago(0)}"
    assert drawn.sentences[1].endswith(
        f": {levels[0]}, {levels[1]}, up {skill['change']:.2f}, {certain}."
    )
    assert_sound(answer.text)


async def test_who_may_not_read_the_growth_gets_no_picture_of_it(profile, here, say):
    await say("lead", "MANAGER", 1, occurredOn=ago(400))
    asked = {"personId": here.people["dev"], "since": ago(300)}

    seen = set()
    for who in here.people:
        told, drawn = [
            (
                await profile.client.get(f"/skills/{door}", params=asked, headers=here.as_(who))
            ).status_code
            for door in ("growth", "growth.svg")
        ]
        assert told == drawn, who
        seen.add(told)

    assert {200, 404} <= seen
