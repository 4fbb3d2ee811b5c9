"""Heat maps of fewer skills, and what becomes of one that takes too long."""

import json
from typing import Any

import pytest

from services.goals.gaps import heat_map, queries
from shared.ids import new_id
from shared.views import Patience
from shared.views.statements import Statements
from tests.services.goals.test_heat_map import S1, S2, Company, shown
from tests.services.goals.test_views import fields


@pytest.fixture
async def company(world: Any) -> Company:
    role = await world.role("dev", {S1: (3.75, 2, False)})
    await world.person("seer", grants=[{"role": "HR_PARTNER", "orgUnitId": None}])
    return Company(world, role)


async def test_of_fewer_skills_each_map_is_the_same(company: Company):
    world = company.world
    await world.role("dev", {S1: (3.75, 2, False), S2: (2.5, 2, False)})
    top = await company.unit("Top")
    await company.fill(top, 6)
    path = f"/gaps/heat-map?orgUnitId={top}"

    whole = (await world.call("seer", "GET", path)).json()["skills"]
    one = (await world.call("seer", "GET", f"{path}&skillId={S2}")).json()["skills"]
    none = (await world.call("seer", "GET", f"{path}&skillId={new_id()}")).json()["skills"]

    assert {each["skillId"] for each in whole} == {str(S1), str(S2)}
    assert one == [each for each in whole if each["skillId"] == str(S2)]
    assert none == []


async def test_a_level_that_a_role_does_not_ask_for_counts_nowhere(company: Company):
    """Another role of the unit asks for the skill."""
    top = await company.unit("Top")
    await company.fill(top, 5, 2.5)
    cook = await company.world.role("cook", {S2: (1.0, 1, False)})
    for number in range(5):
        await company.world.person(f"cook{number}", orgUnitId=top, roleId=cook)
        await company.world.estimate(f"cook{number}", S1, 5.0)

    cells = await company.cells(top)

    assert shown(cells[top]) == (5, 0.0, 1.25, 0.0)


async def test_what_cannot_be_reckoned_in_time_is_refused_with_the_fix(
    company: Company, monkeypatch: pytest.MonkeyPatch
):
    top = await company.unit("Top")
    await company.fill(top, 5)
    monkeypatch.setattr(queries, "EVERYBODY_SECONDS", 0.001)

    answer = await company.world.call("seer", "GET", f"/gaps/heat-map?orgUnitId={top}")

    assert answer.status_code == 422
    assert answer.json()["errors"] == [{"pointer": "query:skillId", "detail": heat_map.INSTEAD}]


async def test_a_slow_map_costs_what_is_asked_beside_it_nothing(
    company: Company, monkeypatch: pytest.MonkeyPatch
):
    world = company.world
    top = await company.unit("Top")
    await company.fill(top, 5)
    slow = Patience(0.001, "skillIds", heat_map.INSTEAD)
    skills = fields(skills=fields("skillId"))
    map_ask = [json.dumps({"by": "id", "select": skills, "with": {"skillIds": 0}})]
    role_ask = json.dumps({"by": "id", "select": fields("code")})

    async def both(value: list[str] | None) -> list[str]:
        lines = ["heat_maps", *map_ask, json.dumps([value]), str(top)]
        lines += ["roles", role_ask, "[]", str(company.role)]
        answer = await world.harness.client.post(
            "/views", content="\n".join(lines), headers=world.headers("seer")
        )
        assert answer.status_code == 200, answer.text
        parts: list[str] = answer.text.split("\x1e")
        return parts

    whole = await both(None)
    narrow = await both([str(S2)])
    monkeypatch.setattr(
        Statements, "patience", lambda _self, asked: slow if asked.view == "heat_maps" else None
    )
    late = await both(None)

    assert json.loads(whole[0].split("\t")[1]) == {"skills": [{"skillId": str(S1)}]}
    assert json.loads(narrow[0].split("\t")[1]) == {"skills": []}
    problem = json.loads(late[0].removeprefix("\x15"))
    assert (problem["type"], problem["status"]) == ("urn:waymark:problem:takes-too-long", 422)
    assert problem["errors"] == [{"pointer": "skillIds", "detail": heat_map.INSTEAD}]
    assert whole[1] == narrow[1] == late[1] == f'{company.role}\t{{"code":"dev"}}'
