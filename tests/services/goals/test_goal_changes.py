"""Goals as they are changed, and by whom."""

from typing import Any

import pytest


async def draft(world: Any, goal: dict[str, Any], *, who: str = "employee") -> dict[str, Any]:
    response = await world.call(who, "POST", "/goals", goal)
    assert response.status_code == 201, response.text
    created: dict[str, Any] = response.json()
    return created


async def act(world: Any, who: str, goal: dict[str, Any], verb: str, body: Any = None) -> Any:
    return await world.call(who, "POST", f"/goals/{goal['id']}/{verb}", body)


async def state_of(world: Any, goal: dict[str, Any], *, who: str = "employee") -> tuple[str, int]:
    read = (await world.call(who, "GET", f"/goals/{goal['id']}")).json()
    return read["state"], read["version"]


async def test_a_change_touches_only_what_is_sent(world: Any, smart_goal: dict[str, Any]):
    goal = await draft(world, smart_goal)

    response = await world.call(
        "employee",
        "PATCH",
        f"/goals/{goal['id']}",
        {"priority": 1, "smart": {"timeBound": {"dueDate": "2099-06-30"}}},
        version=1,
    )

    changed = response.json()
    differing = {name for name in changed if changed[name] != goal[name]}
    assert differing == {"priority", "dueDate", "updatedAt", "version"}
    assert (changed["priority"], changed["dueDate"], changed["startDate"]) == (
        1,
        "2099-06-30",
        "2026-01-05",
    )


@pytest.mark.parametrize(("version", "status"), [(None, 428), (9, 412)])
async def test_a_change_needs_the_version_that_was_read(
    world: Any, smart_goal: dict[str, Any], version: Any, status: int
):
    goal = await draft(world, smart_goal)

    response = await world.call(
        "employee", "PATCH", f"/goals/{goal['id']}", {"priority": 1}, version=version
    )

    assert response.status_code == status
    assert await state_of(world, goal) == ("DRAFT", 1)


async def test_a_verb_honours_a_version_that_is_sent(world: Any, smart_goal: dict[str, Any]):
    goal = await draft(world, smart_goal)

    response = await world.call("employee", "POST", f"/goals/{goal['id']}/activate", version=4)

    assert response.status_code == 412
    assert await state_of(world, goal) == ("DRAFT", 1)


@pytest.mark.parametrize(
    "unknown", ["state", "progress", "version", "tenantId", "smartVerdict", "health", "createdBy"]
)
async def test_what_the_service_decides_cannot_be_sent(
    world: Any, smart_goal: dict[str, Any], unknown: str
):
    response = await world.call("employee", "POST", "/goals", {**smart_goal, unknown: 1})

    assert response.status_code == 422
    assert (await world.call("employee", "GET", "/goals")).json() == []


async def test_a_goal_cannot_stand_above_itself(world: Any, smart_goal: dict[str, Any]):
    top = await draft(world, smart_goal)
    below = await draft(world, {**smart_goal, "parentGoalId": top["id"]})

    response = await world.call(
        "employee", "PATCH", f"/goals/{top['id']}", {"parentGoalId": below["id"]}, version=1
    )

    assert response.json()["errors"][0]["pointer"] == "/parentGoalId"
    assert await state_of(world, top) == ("DRAFT", 1)


async def test_a_repeated_request_with_its_key_makes_one_goal(
    world: Any, smart_goal: dict[str, Any]
):
    headers = world.headers("employee") | {"Idempotency-Key": "a-key"}

    first, second = [
        await world.harness.client.post("/goals", json=smart_goal, headers=headers)
        for _ in range(2)
    ]

    assert first.json() == second.json()
    assert len((await world.call("employee", "GET", "/goals")).json()) == 1


async def test_an_integration_reports_progress_as_another_system(
    world: Any, smart_goal: dict[str, Any]
):
    goal = await draft(world, smart_goal)
    await act(world, "employee", goal, "activate")

    response = await world.harness.client.post(
        f"/goals/{goal['id']}/progress",
        json={"value": 2},
        headers=world.client("goals:progress:write"),
    )

    assert response.json()["progress"] == 0.5
    (fact,) = await world.published("waymark.goals.goal.progressed.v1")
    assert fact["payload"]["source"] == "HRIS"


async def test_the_policy_is_changed_by_who_has_read_it(world: Any):
    first = await world.call("admin", "PUT", "/goals/policy", {"selfActivation": False}, version=0)
    stale = await world.call("admin", "PUT", "/goals/policy", {"selfActivation": True}, version=0)
    employee = await world.call(
        "employee", "PUT", "/goals/policy", {"selfActivation": True}, version=1
    )

    assert (first.json(), first.headers["ETag"]) == ({"selfActivation": False, "version": 1}, '"1"')
    assert stale.status_code == 412
    assert employee.status_code == 403
    assert (await world.call("employee", "GET", "/goals/policy")).json() == first.json()
