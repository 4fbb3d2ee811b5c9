"""The heat map as a picture: the same readers, the same numbers, and not a word of what is withheld."""

from typing import Any
from uuid import UUID

import pytest

from shared.ids import new_id
from tests.unit.drawn import Drawn, assert_sound

SKILL = new_id()


@pytest.fixture
async def top(world: Any) -> UUID:
    """Top has Large with nine people, Small with six and Tiny with two; all are at 2.5 of 3.75."""
    told = {"skillId": SKILL, "code": "t", "statement": "Testing"}
    await world.tell("waymark.profile.skill.changed.v1", SKILL, told)
    role = await world.role("dev", {SKILL: 3.75})
    await world.person("seer", grants=[{"role": "HR_PARTNER", "orgUnitId": None}])
    unit: UUID = await world.unit("Top")
    for name, count in (("Large", 9), ("Small", 6), ("Tiny", 2)):
        below = await world.unit(name, unit)
        for each in range(count):
            who = f"{name.lower()}{each}"
            await world.person(who, orgUnitId=below, roleId=role)
            await world.estimate(who, SKILL, 2.5)
    return unit


async def test_a_heat_map_is_drawn_with_what_its_json_tells(world: Any, top: UUID):
    answer = await world.call("seer", "GET", f"/gaps/heat-map.svg?orgUnitId={top}")

    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.headers["cache-control"] == "private, no-cache"
    assert Drawn(answer.text).sentences == [
        "1 skills in 4 units; withheld cells: 2.",
        "Withheld: fewer than 5 people, or the others would tell of fewer than 5.",
        "Testing, Top: 0 % covered, mean gap 1.25, asked of 17 people, 0 % not assessed.",
        "Testing, Large: 0 % covered, mean gap 1.25, asked of 9 people, 0 % not assessed.",
        "Testing, Small: withheld.",
        "Testing, Tiny: withheld.",
    ]
    assert_sound(answer.text)


async def test_who_may_not_read_the_heat_map_gets_no_picture_of_it(world: Any, top: UUID):
    for who in ("employee", "manager", "stranger", "large1", "seer"):
        doors = [f"/gaps/heat-map{suffix}?orgUnitId={top}" for suffix in ("", ".svg")]
        told, drawn = [(await world.call(who, "GET", door)).status_code for door in doors]

        assert told == drawn == (200 if who == "seer" else 404), who
