"""Gaps to other roles, custom profiles and rankings."""

import math
from datetime import date, timedelta
from typing import Any

import pytest

from shared.ids import new_id

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


def recomputed(gap: dict[str, Any]) -> dict[str, Any]:
    """The gap's numbers from the demands and traces in the answer alone: own arithmetic, no code of the service."""

    def nine(value: float) -> float:
        return round(value * 1e9) / 1e9

    demanded = in_all = missing = down = up = 0.0
    items: dict[str, tuple[Any, ...]] = {}
    for item in sorted(gap["items"], key=lambda each: each["skillId"]):
        required, weight, trace = item["required"], item["weight"], item["trace"]
        in_all += weight * required
        if trace is None:
            items[item["skillId"]] = (None, None, None, None, None, "UNASSESSED", False)
            continue
        days = (
            date.fromisoformat(gap["asOf"]) - date.fromisoformat(trace["estimate"]["asOf"])
        ).days
        half_life = trace["estimate"]["halfLifeMonths"]
        factor = nine(0.5 ** min(days / 30.4375 / half_life, 100.0)) if half_life else 1.0
        assert (trace["decay"]["days"], trace["decay"]["factor"]) == (days, factor)
        as_is, mass = nine(trace["estimate"]["level"]), nine(trace["estimate"]["mass"] * factor)
        half = nine(1.64 * math.sqrt(trace["estimate"]["variance"] / (mass + 1e-6)))
        low, high = max(0.0, nine(as_is - half)), min(5.0, nine(as_is + half))
        short, at_low, at_high = (nine(max(0.0, required - level)) for level in (as_is, low, high))
        demanded += weight * required
        missing += weight * short
        down += (weight * (at_low - short)) * (weight * (at_low - short))
        up += (weight * (short - at_high)) * (weight * (short - at_high))
        status = "GAP" if as_is < required else "EXCEEDS" if as_is > required else "MET"
        blocker = item["mandatory"] and high < required
        items[item["skillId"]] = (
            as_is, low, high, nine(mass / (mass + 1.0)), short, status, blocker,
        )  # fmt: skip
    readiness: Any = nine(1.0 - missing / demanded) if demanded else (1.0 if items else None)
    low_end = max(0.0, nine(readiness - math.sqrt(down) / demanded)) if demanded else readiness
    high_end = min(1.0, nine(readiness + math.sqrt(up) / demanded)) if demanded else readiness
    share = nine((in_all - demanded) / in_all) if in_all else 0.0
    return {"items": items, "readiness": (readiness, low_end, high_end), "share": share}


def told(gap: dict[str, Any]) -> dict[str, Any]:
    """The same numbers as the service answered them."""
    names = ("asIs", "intervalLow", "intervalHigh", "confidence", "gap", "status", "blocker")
    return {
        "items": {each["skillId"]: tuple(each[name] for name in names) for each in gap["items"]},
        "readiness": (gap["readiness"], gap["readinessLow"], gap["readinessHigh"]),
        "share": gap["unassessedShare"],
    }


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


async def test_a_past_day_is_refused_because_past_levels_are_not_kept(ready: Any, today: date):
    response = await ready.call("employee", "GET", f"/gaps?asOf={today - timedelta(days=1)}")

    assert response.status_code == 422
    assert response.json()["errors"] == [
        {
            "pointer": "query:asOf",
            "detail": "use today or a later day; past levels are not kept here",
        }
    ]


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
