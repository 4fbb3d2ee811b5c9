"""A draft is its owner's business, and of the manager's who began it for them, whatever its visibility says."""

from typing import Any

import pytest

from shared.ids import new_id

OTHERS = ("colleague", "manager", "boss", "partner", "stranger", "outsider", "admin", "nobody")
SHOWN = [{"as": "title", "field": "title"}]
COUNTED = [{"as": "totalCount", "field": "totalCount"}]
CHANGES = (
    ("PATCH", "", {"title": "Another"}),
    ("POST", "/propose", None),
    ("POST", "/activate", None),
    ("POST", "/progress", {"value": 1}),
    ("POST", "/cancel", {"reason": "No longer wanted"}),
    ("POST", "/milestones", {"title": "Plan"}),
)


async def write(
    world: Any, who: str, goal: dict[str, Any], *verbs: str, **facts: Any
) -> dict[str, Any]:
    made = await world.call(who, "POST", "/goals", {**goal, **facts})
    assert made.status_code == 201, made.text
    for verb in verbs:
        body = {"reason": "No longer wanted"} if verb == "cancel" else None
        made = await world.call(who, "POST", f"/goals/{made.json()['id']}/{verb}", body)
        assert made.status_code == 200, made.text
    return made.json()  # type: ignore[no-any-return]


async def seen(world: Any, who: str, goal: dict[str, Any]) -> set[bool]:
    """By each way to a goal: by itself, in the lists of all and of its person, through the view by id and by person."""
    goal_id, person_id = goal["id"], goal["personId"]
    one = await world.call(who, "GET", f"/goals/{goal_id}")
    ways = [one.status_code == 200]
    for path in ("/goals", f"/goals?personId={person_id}&state={goal['state']}"):
        listed = await world.call(who, "GET", path)
        ways.append(goal_id in [each["id"] for each in listed.json()])
    by_id = {"by": "id", "select": SHOWN}
    of_person = {"by": "person", "shape": "connection", "select": COUNTED}
    ways.append(goal_id in await world.ask(who, "goals", by_id, [], [goal_id]))
    found = await world.ask(who, "goals", of_person, [], [person_id])
    ways.append(bool(found[person_id]["totalCount"]))
    return set(ways)


@pytest.mark.parametrize("ending", [(), ("cancel",), ("cancel", "archive")])
@pytest.mark.parametrize("visibility", ["MANAGER", "TEAM", "ORG"])
async def test_nobody_but_its_owner_sees_a_draft_nor_what_was_given_up_as_one(
    world: Any, smart_goal: dict[str, Any], visibility: str, ending: tuple[str, ...]
):
    goal = await write(world, "employee", smart_goal, *ending, visibility=visibility)

    assert await seen(world, "employee", goal) == {True}
    assert {who: await seen(world, who, goal) for who in OTHERS} == {who: {False} for who in OTHERS}
    assert await world.harness.published() == []


@pytest.mark.parametrize("who", OTHERS)
async def test_a_draft_is_changed_by_nobody_but_its_owner(
    world: Any, smart_goal: dict[str, Any], who: str
):
    goal = await write(world, "employee", smart_goal, visibility="ORG")
    path = f"/goals/{goal['id']}"

    statuses = {
        (await world.call(who, method, f"{path}{verb}", body, version=1)).status_code
        for method, verb, body in CHANGES
    }

    assert statuses == {404}
    after = (await world.call("employee", "GET", path)).json()
    assert (after["title"], after["state"], after["version"]) == (goal["title"], "DRAFT", 1)


async def test_steps_of_a_draft_are_its_owners_alone(world: Any, smart_goal: dict[str, Any]):
    goal = await write(world, "employee", smart_goal, visibility="ORG")
    path = f"/goals/{goal['id']}/milestones"
    step = (await world.call("employee", "POST", path, {"title": "Plan"})).json()
    ask = {"by": "id", "select": SHOWN}

    own = await world.ask("employee", "milestones", ask, [], [step["id"]])
    others = [await world.ask(who, "milestones", ask, [], [step["id"]]) for who in OTHERS[:-1]]

    assert own == {step["id"]: {"title": "Plan"}}
    assert others == [{}] * len(others)
    assert await world.harness.published() == []


async def test_a_manager_goes_on_with_what_they_began_for_a_report(
    world: Any, smart_goal: dict[str, Any]
):
    person = str(world.ids["employee"])
    goal = await write(world, "manager", smart_goal, personId=person, visibility="ORG")

    both = ("employee", "manager")
    assert [await seen(world, who, goal) for who in both] == [{True}] * 2
    others = [who for who in OTHERS if who != "manager"]
    assert {who: await seen(world, who, goal) for who in others} == {who: {False} for who in others}

    proposed = await world.call("manager", "POST", f"/goals/{goal['id']}/propose")

    assert (proposed.status_code, proposed.json()["state"]) == (200, "PROPOSED")
    readers = ("employee", "manager", "colleague", "boss", "partner", "outsider")
    goal = proposed.json()
    assert [await seen(world, who, goal) for who in readers] == [{True}] * len(readers)


async def test_who_no_longer_leads_somebody_no_longer_sees_the_draft_for_them(
    world: Any, smart_goal: dict[str, Any]
):
    person = str(world.ids["employee"])
    goal = await write(world, "manager", smart_goal, personId=person, visibility="ORG")

    await world.person("employee", managerId=world.ids["other"])

    assert await seen(world, "manager", goal) == {False}
    assert await seen(world, "other", goal) == {False}
    changed = await world.call("manager", "POST", f"/goals/{goal['id']}/propose")
    assert changed.status_code == 404
    assert await seen(world, "employee", goal) == {True}


async def test_what_was_proposed_or_active_once_stays_told_when_it_is_given_up(
    world: Any, smart_goal: dict[str, Any]
):
    proposed = await write(world, "employee", smart_goal, "propose", "cancel", "archive")
    active = await write(world, "employee", smart_goal, "activate", "cancel")

    for goal in (proposed, active):
        assert await seen(world, "manager", goal) == {True}
    kinds = [each["type"].rsplit(".", 2)[1] for each in await world.harness.published()]
    assert sorted(kinds) == ["activated", "archived", "cancelled", "cancelled", "proposed"]


async def test_the_goals_that_close_a_gap_leave_out_the_drafts_of_others(
    world: Any, smart_goal: dict[str, Any]
):
    skill = new_id()
    await world.person("employee", roleId=await world.role("lead", {skill: 2.5}))
    goal = await write(world, "employee", smart_goal, visibility="ORG", skillId=str(skill))
    path = f"/gaps?include=CLOSERS&personId={goal['personId']}"

    def titles(answer: Any) -> list[str]:
        return [each["title"] for each in answer.json()["closers"][0]["goals"]]

    assert titles(await world.call("employee", "GET", path)) == [goal["title"]]
    assert titles(await world.call("manager", "GET", path)) == []
    await world.call("employee", "POST", f"/goals/{goal['id']}/activate")
    assert titles(await world.call("manager", "GET", path)) == [goal["title"]]
