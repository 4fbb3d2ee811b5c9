"""Milestones: their order, their weight, and what time does to them."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from services.goals.goals.upkeep import look_after_goal
from shared.ids import new_id
from shared.tenancy import Principal


@pytest.fixture
async def goal(world: Any, smart_goal: dict[str, Any]) -> dict[str, Any]:
    """An active goal of the employee."""
    created = (await world.call("employee", "POST", "/goals", smart_goal)).json()
    await world.call("employee", "POST", f"/goals/{created['id']}/activate")
    return created  # type: ignore[no-any-return]


async def add(world: Any, goal: dict[str, Any], title: str, **facts: Any) -> dict[str, Any]:
    response = await world.call(
        "employee", "POST", f"/goals/{goal['id']}/milestones", {"title": title, **facts}
    )
    assert response.status_code == 201, response.text
    return response.json()  # type: ignore[no-any-return]


async def act(world: Any, milestone: dict[str, Any], verb: str, *, who: str = "employee") -> Any:
    return await world.call(who, "POST", f"/goals/milestones/{milestone['id']}/{verb}")


async def read(world: Any, goal: dict[str, Any]) -> dict[str, Any]:
    return (await world.call("employee", "GET", f"/goals/{goal['id']}")).json()  # type: ignore[no-any-return]


async def look_after(world: Any, goal: dict[str, Any]) -> None:
    async with world.harness.session(world.tenant_id) as session:
        await look_after_goal(session, Principal.system(world.tenant_id, "test"), goal["id"])


async def test_progress_follows_the_weights_of_the_milestones(world: Any, goal: dict[str, Any]):
    light = await add(world, goal, "Plan", weight=1)
    await add(world, goal, "Build", weight=3)

    response = await act(world, light, "complete")

    assert response.json()["state"] == "DONE"
    assert response.json()["completedSource"] == "MANUAL"
    after = await read(world, goal)
    assert after["progress"] == 0.25
    assert [(each["milestoneId"], each["progress"]) for each in after["updates"]] == [
        (light["id"], 0.25)
    ]
    (fact,) = await world.published("waymark.goals.milestone.completed.v1")
    assert (fact["subject"], fact["sequence"]) == (goal["id"], after["version"])
    assert (fact["payload"]["milestoneTitle"], fact["payload"]["progress"]) == ("Plan", 0.25)


async def test_a_milestone_waits_for_those_that_it_depends_on(world: Any, goal: dict[str, Any]):
    first = await add(world, goal, "Plan")
    second = await add(world, goal, "Build", dependsOn=[first["id"]])

    early = await act(world, second, "start")
    states = {each["title"]: each["state"] for each in (await read(world, goal))["milestones"]}
    await act(world, first, "complete")
    started = await act(world, second, "start")

    assert early.json()["type"] == "urn:waymark:problem:dependency-open"
    assert early.json()["detail"] == "First complete: Plan."
    assert states == {"Plan": "PENDING", "Build": "PENDING"}
    assert started.json()["state"] == "IN_PROGRESS"


async def test_milestones_may_not_wait_for_each_other(world: Any, goal: dict[str, Any]):
    first = await add(world, goal, "Plan")
    second = await add(world, goal, "Build", dependsOn=[first["id"]])

    response = await world.call(
        "employee", "PATCH", f"/goals/milestones/{first['id']}", {"dependsOn": [second["id"]]}
    )

    assert response.json()["errors"][0]["pointer"] == "/dependsOn"
    assert [each["dependsOn"] for each in (await read(world, goal))["milestones"]] == [
        [],
        [first["id"]],
    ]


async def test_a_milestone_of_another_goal_is_no_dependency(world: Any, goal: dict[str, Any]):
    response = await world.call(
        "employee",
        "POST",
        f"/goals/{goal['id']}/milestones",
        {"title": "Build", "dependsOn": [str(new_id())]},
    )

    assert response.status_code == 422
    assert (await read(world, goal))["milestones"] == []


async def test_a_cancelled_milestone_neither_counts_nor_blocks(world: Any, goal: dict[str, Any]):
    first = await add(world, goal, "Plan", weight=9)
    second = await add(world, goal, "Build", dependsOn=[first["id"]])

    await act(world, first, "cancel")
    done = await act(world, second, "complete")
    again = await act(world, first, "start")

    assert done.status_code == 200
    assert (await read(world, goal))["progress"] == 1.0
    assert again.json()["type"] == "urn:waymark:problem:state-transition"


async def test_milestones_of_a_draft_are_planned_but_not_worked_on(
    world: Any, smart_goal: dict[str, Any]
):
    draft = (await world.call("employee", "POST", "/goals", smart_goal)).json()
    milestone = await add(world, draft, "Plan")

    response = await act(world, milestone, "start")

    assert response.json()["type"] == "urn:waymark:problem:milestone-goal-not-active"


async def test_a_done_milestone_is_done_once(world: Any, goal: dict[str, Any]):
    milestone = await add(world, goal, "Plan")
    await act(world, milestone, "complete")

    response = await act(world, milestone, "complete")

    assert response.status_code == 409
    assert len(await world.published("waymark.goals.milestone.completed.v1")) == 1


async def test_time_misses_a_milestone_and_a_later_date_reopens_it(
    world: Any, goal: dict[str, Any], today: date
):
    late = await add(world, goal, "Plan", dueDate=(today - timedelta(days=1)).isoformat())
    await add(world, goal, "Build", dueDate=today.isoformat())

    await look_after(world, goal)
    missed = {each["title"]: each["state"] for each in (await read(world, goal))["milestones"]}
    await look_after(world, goal)
    reopened = await world.call(
        "employee",
        "PATCH",
        f"/goals/milestones/{late['id']}",
        {"dueDate": (today + timedelta(days=9)).isoformat()},
    )

    assert missed == {"Plan": "MISSED", "Build": "PENDING"}
    assert len(await world.published("waymark.goals.milestone.missed.v1")) == 1
    assert reopened.json()["state"] == "PENDING"


async def test_an_active_goal_is_looked_after_once_a_day(world: Any, goal: dict[str, Any]):
    await look_after(world, goal)
    await look_after(world, goal)

    async with world.harness.session(world.tenant_id) as session:
        jobs = await session.execute(
            text("SELECT arguments ->> 'goalId' FROM queue.job WHERE name = 'goals.look_after'")
        )
        assert list(jobs.scalars()) == [goal["id"]]


async def test_health_fades_with_time_alone(world: Any, smart_goal: dict[str, Any], today: date):
    smart_goal["smart"]["timeBound"] = {
        "startDate": (today - timedelta(days=50)).isoformat(),
        "dueDate": (today + timedelta(days=50)).isoformat(),
    }
    created = (await world.call("employee", "POST", "/goals", smart_goal)).json()
    active = (await world.call("employee", "POST", f"/goals/{created['id']}/activate")).json()
    await world.call("employee", "POST", f"/goals/{created['id']}/progress", {"health": "ON_TRACK"})

    await look_after(world, created)

    assert active["health"] == "OFF_TRACK"
    assert (await read(world, created))["health"] == "OFF_TRACK"
    (fact,) = await world.published("waymark.goals.goal.health_changed.v1")
    assert fact["payload"]["health"] == "OFF_TRACK"
