"""The gap: its numbers by hand, recomputed from the trace alone, and what it refuses."""

from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from shared.ids import new_id
from tests.services.goals.recomputing import recomputed, told

S1, S2, S3, S4 = sorted(new_id() for _ in range(4))


@pytest.fixture
async def ready(world: Any) -> Any:
    """An employee whose role asks for four skills, three of which are assessed."""
    role = await world.role(
        "developer",
        {S1: (3.75, 4, True), S2: (2.5, 2, False), S3: (2.5, 1, True), S4: (1.0, 3, False)},
    )
    await world.person("employee", roleId=role)
    world.ids["role"] = role
    await world.estimate("employee", S1, 2.5)
    await world.estimate("employee", S2, 3.0)
    await world.estimate("employee", S3, 2.5)
    return world


async def test_the_gap_to_ones_own_role_has_these_numbers(ready: Any):
    response = await ready.call("employee", "GET", "/gaps")

    assert response.status_code == 200
    gap = response.json()
    assert [
        (
            each["skillId"],
            each["status"],
            each["asIs"],
            each["required"],
            each["gap"],
            each["blocker"],
        )
        for each in gap["items"]
    ] == [
        (str(S1), "GAP", 2.5, 3.75, 1.25, True),
        (str(S2), "EXCEEDS", 3.0, 2.5, 0.0, False),
        (str(S3), "MET", 2.5, 2.5, 0.0, False),
        (str(S4), "UNASSESSED", None, 1.0, None, False),
    ]
    # 1 - 4·1.25 / (4·3.75 + 2·2.5 + 1·2.5) and 3·1 / (22.5 + 3)
    assert gap["readiness"] == round((1 - 5 / 22.5) * 1e9) / 1e9 == 0.777777778
    assert gap["unassessedShare"] == 0.117647059
    assert (gap["gapCount"], gap["unassessedCount"], gap["blockers"]) == (1, 1, [str(S1)])
    assert (gap["targetType"], gap["roleId"], gap["roleVersion"], gap["engineVersion"]) == (
        "CURRENT_ROLE",
        str(ready.ids["role"]),
        1,
        "gap-1",
    )
    # 0.25 of variance over a mass of 0.7: 1.64·0.597614 = 0.980087
    assert (gap["items"][0]["intervalLow"], gap["items"][0]["intervalHigh"]) == (
        1.51991324,
        3.48008676,
    )
    assert gap["items"][0]["confidence"] == 0.411764706


async def test_a_mandatory_skill_is_no_blocker_while_its_interval_reaches_what_is_required(
    ready: Any,
):
    await ready.estimate("employee", S1, 2.5, variance=1.0)

    gap = (await ready.call("employee", "GET", "/gaps")).json()

    assert gap["blockers"] == []
    assert (gap["items"][0]["status"], gap["items"][0]["blocker"]) == ("GAP", False)
    assert told(gap) == recomputed(gap)


async def test_a_level_that_is_unknown_is_not_a_level_of_zero(ready: Any):
    for skill in (S1, S2, S3):
        await ready.estimate(
            "employee", skill, None, selfLevel=4.0, mass=0.0, variance=None, contributions=[]
        )

    gap = (await ready.call("employee", "GET", "/gaps")).json()

    assert {each["status"] for each in gap["items"]} == {"UNASSESSED"}
    assert (gap["readiness"], gap["readinessLow"], gap["readinessHigh"]) == (None, None, None)
    assert gap["unassessedShare"] == 1.0


async def test_zero_is_a_level(ready: Any):
    await ready.estimate("employee", S4, 0.0)

    gap = (await ready.call("employee", "GET", "/gaps")).json()

    item = next(each for each in gap["items"] if each["skillId"] == str(S4))
    assert (item["status"], item["asIs"], item["gap"]) == ("GAP", 0.0, 1.0)
    assert gap["unassessedShare"] == 0.0


async def test_a_role_that_requires_nothing_leaves_nothing_to_say(world: Any):
    await world.person("employee", roleId=await world.role("mascot", {}))

    gap = (await world.call("employee", "GET", "/gaps")).json()

    assert (gap["items"], gap["readiness"], gap["unassessedShare"]) == ([], None, 0.0)


async def test_evidence_fades_towards_a_later_day_but_the_level_stays(ready: Any, today: date):
    later = today + timedelta(days=1096)
    await ready.estimate("employee", S1, 2.5, halfLifeMonths=1096 / 30.4375)

    gap = (await ready.call("employee", "GET", f"/gaps?asOf={later}")).json()

    item = gap["items"][0]
    assert (item["asIs"], item["trace"]["decay"]["days"], item["trace"]["decay"]["factor"]) == (
        2.5,
        1096,
        0.5,
    )
    assert item["trace"]["decay"]["mass"] == 0.35
    assert item["confidence"] == 0.259259259
    assert told(gap) == recomputed(gap)


async def test_a_skill_without_a_half_life_does_not_fade(ready: Any, today: date):
    await ready.estimate("employee", S1, 2.5, halfLifeMonths=None)

    gap = (await ready.call("employee", "GET", f"/gaps?asOf={today + timedelta(days=9999)}")).json()

    assert gap["items"][0]["trace"]["decay"]["factor"] == 1.0
    assert told(gap) == recomputed(gap)


@pytest.mark.parametrize("seed", range(12))
async def test_a_reader_of_the_trace_alone_gets_the_very_same_numbers(
    world: Any, today: date, seed: int
):
    random = Random(seed)
    skills = [new_id() for _ in range(40)]
    role = await world.role(
        "any",
        {
            skill: (
                random.choice([0.0, 1.25, 2.5, 3.75, 5.0, random.uniform(0, 5)]),
                random.uniform(1, 5),
                random.random() < 0.5,
            )
            for skill in skills
        },
    )
    await world.person("employee", roleId=role)
    for skill in skills:
        if random.random() < 0.8:
            await world.estimate(
                "employee",
                skill,
                random.choice([0.0, 2.5, 3.7500000000000004, random.uniform(0, 5)]),
                mass=random.uniform(0, 4),
                variance=random.choice([0.0, random.uniform(0, 3)]),
                halfLifeMonths=random.choice([None, 0.1, 36, random.uniform(1, 120)]),
                asOf=(today - timedelta(days=random.randrange(4000))).isoformat(),
            )
    day = today + timedelta(days=random.randrange(4000))

    gap = (await world.call("employee", "GET", f"/gaps?asOf={day}")).json()

    assert len(gap["items"]) == 40
    assert told(gap) == recomputed(gap)


async def test_evidence_that_agrees_meets_exactly_what_is_required(ready: Any):
    """0.7·0.99·3.75 / (0.7·0.99) is not 3.75 in floating point, and still no gap."""
    nearly = 3.7499999999999996
    await ready.estimate("employee", S1, nearly)

    gap = (await ready.call("employee", "GET", "/gaps")).json()

    item = next(each for each in gap["items"] if each["skillId"] == str(S1))
    assert (item["status"], item["asIs"], item["gap"]) == ("MET", 3.75, 0.0)


async def test_a_new_version_of_the_role_is_what_counts(ready: Any):
    await ready.role("developer", {S1: (2.5, 4, True)})

    gap = (await ready.call("employee", "GET", "/gaps")).json()

    assert (gap["roleVersion"], gap["readiness"]) == (2, 1.0)
    assert [each["status"] for each in gap["items"]] == ["MET"]
