"""Skills that are held and not asked for, for oneself, the manager and HR."""

from datetime import timedelta
from typing import Any

import pytest

from shared import clock
from shared.ids import new_id

ASKED, HELD, LITTLE, OLD = sorted(new_id() for _ in range(4))


@pytest.fixture
async def worker(world: Any) -> Any:
    role = await world.role("maker", {ASKED: 3.0})
    unit = await world.unit("workshop")
    await world.person("boss", orgUnitId=unit)
    manager = world.ids["boss"]
    await world.person("worker", roleId=role, managerId=manager, orgUnitId=unit)
    await world.person("other", managerId=manager, orgUnitId=unit)
    await world.person("partner", grants=[{"role": "HR_PARTNER", "orgUnitId": unit}])
    await world.person("admin", grants=[{"role": "ADMIN", "orgUnitId": None}])
    await world.estimate("worker", ASKED, 4.0)
    await world.estimate("worker", HELD, 4.0)
    await world.estimate("worker", LITTLE, 2.0)
    day = (clock.today() - timedelta(days=1096)).isoformat()
    await world.estimate("worker", OLD, 4.0, asOf=day)
    return world


async def unused(world: Any, who: str, of: str = "worker", **further: Any) -> Any:
    query = "&".join(f"{name}={value}" for name, value in further.items())
    path = f"/utilisation?personId={world.ids[of]}&{query}"
    return await world.call(who, "GET", path)


async def test_what_is_held_and_not_asked_for_is_unused_and_the_surest_first(worker: Any) -> None:
    usual = (await unused(worker, "worker")).json()
    lower = (await unused(worker, "worker", atLeast=1)).json()

    assert [each["skillId"] for each in usual] == [str(HELD), str(OLD)]
    assert {each["skillId"] for each in lower} == {str(HELD), str(OLD), str(LITTLE)}
    fresh, old = usual
    half = 1.64 * (0.25 / (0.7 + 1e-6)) ** 0.5
    assert fresh["intervalLow"] == pytest.approx(4 - half)
    assert old["intervalLow"] < fresh["intervalLow"]
    assert fresh["intervalHigh"] == pytest.approx(4 + half)


@pytest.mark.parametrize(
    ("who", "status"),
    [("worker", 200), ("boss", 200), ("partner", 200), ("other", 404), ("admin", 404)],
)
async def test_only_oneself_the_manager_and_hr_see_it(worker: Any, who: str, status: int) -> None:
    assert (await unused(worker, who)).status_code == status


async def test_without_a_known_role_nothing_is_unused(worker: Any) -> None:
    await worker.estimate("other", HELD, 4.0)

    assert (await unused(worker, "other", of="other")).json() == []


async def test_the_gateway_reads_the_same(worker: Any) -> None:
    person = worker.ids["worker"]
    ask = {
        "by": "person",
        "shape": "list",
        "with": {},
        "select": [{"as": "level", "field": "level"}, {"as": "skillId", "field": "skillId"}],
    }

    shown = await worker.ask("boss", "unused_skills", ask, [], [person])
    hidden = await worker.ask("other", "unused_skills", ask, [], [person])

    assert [each["skillId"] for each in shown[str(person)]] == [str(HELD), str(OLD)]
    assert hidden.get(str(person), []) == []
