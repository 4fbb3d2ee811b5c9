"""Gaps to other roles, custom profiles and rankings."""

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


async def test_the_gap_to_another_role_is_ones_own_to_see(ready: Any):
    target = await ready.role("architect", {S1: (5.0, 5, True)})

    gap = (await ready.call("employee", "GET", f"/gaps?roleId={target}")).json()

    assert (gap["targetType"], gap["readiness"]) == ("TARGET_ROLE", 0.5)


async def test_a_custom_profile_is_measured_like_a_role(ready: Any):
    response = await ready.call(
        "employee",
        "POST",
        "/gaps",
        {
            "requirements": [
                {"skillId": str(S1), "requiredLevel": 3.5, "importance": 5, "mandatory": True},
                {"skillId": str(S4), "requiredLevel": 2.0},
            ]
        },
    )

    gap = response.json()
    assert (gap["targetType"], gap["roleId"]) == ("CUSTOM", None)
    assert [(each["asIs"], each["gap"]) for each in gap["items"]] == [(2.5, 1.0), (None, None)]
    assert told(gap) == recomputed(gap)


async def test_a_day_before_the_levels_that_are_kept_is_refused(ready: Any, today: date):
    day = str(today - timedelta(days=1097))
    wanted = {"requirements": [{"skillId": str(S1), "requiredLevel": 1}], "asOf": day}

    role = await ready.call("employee", "GET", f"/gaps?asOf={day}")
    ranked = await ready.call(
        "employee", "GET", f"/gaps/ranking?asOf={day}&roleId={ready.ids['role']}"
    )
    listed = await ready.call("employee", "POST", "/gaps", wanted)

    detail = "levels are kept for 1096 days: use a later day"
    for response, pointer in ((role, "query:asOf"), (ranked, "query:asOf"), (listed, "/asOf")):
        assert response.status_code == 422
        assert response.json()["errors"] == [{"pointer": pointer, "detail": detail}]


async def test_the_ranking_orders_the_people_that_one_may_see(ready: Any):
    role = ready.ids["role"]
    await ready.person("colleague", roleId=role)
    await ready.estimate("colleague", S1, 3.75)
    await ready.person("outsider", roleId=role)
    await ready.estimate("outsider", S1, 5.0)
    await ready.person("gone", roleId=role, managerId=ready.ids["manager"], status="TERMINATED")

    ranking = (await ready.call("manager", "GET", f"/gaps/ranking?roleId={role}")).json()

    assert [(each["personId"], each["readiness"]) for each in ranking] == [
        (str(ready.ids["colleague"]), 1.0),
        (str(ready.ids["employee"]), 0.777777778),
        (str(ready.ids["manager"]), None),
    ]


async def test_nothing_of_a_gap_is_stored(ready: Any):
    before = await ready.harness.published()

    await ready.call("employee", "GET", "/gaps")

    assert await ready.harness.published() == before


@pytest.mark.parametrize("seed", range(3))
async def test_the_ranking_is_that_of_the_whole_gaps_in_order(world: Any, seed: int):
    """Ties and all: equal levels, nothing assessed, sums that differ with their order."""
    random = Random(seed)
    skills = [new_id() for _ in range(9)]
    weights = [random.choice([1.0, 3.0, random.uniform(1, 5)]) for _ in skills]
    role = await world.role(
        "any",
        {
            skill: (random.choice([0.1, 2.3, 5.0]), weight, False)
            for skill, weight in zip(skills, weights, strict=True)
        },
    )
    await world.person("seer", grants=[{"role": "HR_PARTNER", "orgUnitId": None}])
    for number in range(20):
        await world.person(f"p{number}", roleId=role)
        known = random.choice([[], skills, skills[:4], random.sample(skills, 5)])
        for skill in known:
            await world.estimate(f"p{number}", skill, random.choice([0.1, 2.2, 5.0]))

    ranked = (await world.call("seer", "GET", f"/gaps/ranking?roleId={role}&limit=100")).json()
    first = (await world.call("seer", "GET", f"/gaps/ranking?roleId={role}&limit=12")).json()

    gaps = []
    for each in ranked:
        path = f"/gaps?roleId={role}&personId={each['personId']}"
        gap = (await world.call("seer", "GET", path)).json()
        gaps.append({name: gap[name] for name in each})
    assert ranked == sorted(
        gaps,
        key=lambda gap: (
            gap["readiness"] is None,
            -(gap["readiness"] or 0.0),
            gap["unassessedShare"],
            gap["personId"],
        ),
    )
    assert first == ranked[:12]
    assert len(ranked) == 30
