"""A goal's life through the door."""

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


async def test_a_new_goal_is_a_draft_with_its_verdict(world: Any, smart_goal: dict[str, Any]):
    response = await world.call("employee", "POST", "/goals", smart_goal)

    goal = response.json()
    assert response.headers["Location"] == f"/goals/{goal['id']}"
    assert response.headers["ETag"] == '"1"'
    assert (goal["state"], goal["progress"], goal["personId"]) == (
        "DRAFT",
        0.0,
        str(world.ids["employee"]),
    )
    assert goal["smartVerdict"]["passes"] is True
    assert [each["letter"] for each in goal["smartVerdict"]["letters"]] == list("SMART")
    assert await world.harness.published() == []


async def test_an_owner_activates_their_goal_by_default(world: Any, smart_goal: dict[str, Any]):
    goal = await draft(world, smart_goal)

    response = await act(world, "employee", goal, "activate")

    assert (response.status_code, response.json()["state"]) == (200, "ACTIVE")
    (fact,) = await world.published("waymark.goals.goal.activated.v1")
    assert (fact["subject"], fact["sequence"]) == (goal["id"], 2)
    assert fact["payload"]["state"] == "ACTIVE"


async def test_a_goal_that_is_not_smart_is_not_proposed(world: Any):
    goal = await draft(world, {"title": "get better at managing projects"})

    response = await act(world, "employee", goal, "propose")

    assert response.status_code == 422
    assert response.json()["type"] == "urn:waymark:problem:goal-not-smart"
    assert [each["pointer"] for each in response.json()["errors"]] == [
        "/smart/specific",
        "/smart/measure",
        "/smart/timeBound",
    ]
    assert await state_of(world, goal) == ("DRAFT", 1)


async def test_a_proposal_is_approved_by_the_manager(world: Any, smart_goal: dict[str, Any]):
    await world.call("admin", "PUT", "/goals/policy", {"selfActivation": False}, version=0)
    goal = await draft(world, smart_goal)
    await act(world, "employee", goal, "propose")

    own = await act(world, "employee", goal, "activate")
    approved = await act(world, "manager", goal, "activate")

    assert own.status_code == 403
    assert own.json()["type"] == "urn:waymark:problem:own-proposal"
    assert (approved.status_code, approved.json()["state"]) == (200, "ACTIVE")


async def test_a_manager_does_not_approve_what_they_proposed(
    world: Any, smart_goal: dict[str, Any]
):
    goal = await draft(world, {**smart_goal, "personId": str(world.ids["employee"])}, who="manager")
    await act(world, "manager", goal, "propose")

    refused = await act(world, "manager", goal, "activate")
    assert await state_of(world, goal) == ("PROPOSED", 2)
    accepted = await act(world, "employee", goal, "activate")

    assert refused.json()["type"] == "urn:waymark:problem:own-proposal"
    assert accepted.json()["state"] == "ACTIVE"
    assert accepted.json()["proposedBy"] == str(world.ids["manager"])
    told = [each["payload"]["proposedBy"] for each in await world.harness.published()]
    assert told == [str(world.ids["manager"])] * 2


async def test_what_was_never_proposed_names_nobody_who_did(world: Any, smart_goal: dict[str, Any]):
    goal = await draft(world, smart_goal)

    active = await act(world, "employee", goal, "activate")

    assert active.json()["proposedBy"] is None
    (fact,) = await world.harness.published()
    assert fact["payload"]["proposedBy"] is None


async def test_progress_moves_the_share_and_the_log_but_never_closes(
    world: Any, smart_goal: dict[str, Any]
):
    goal = await draft(world, smart_goal)
    await act(world, "employee", goal, "activate")

    first = await act(world, "employee", goal, "progress", {"value": 1, "note": "First one"})
    last = await act(world, "employee", goal, "progress", {"value": 4})

    assert (first.json()["progress"], first.json()["suggestsClosing"]) == (0.25, False)
    assert (last.json()["progress"], last.json()["state"]) == (1.0, "ACTIVE")
    assert last.json()["suggestsClosing"] is True
    read = (await world.call("employee", "GET", f"/goals/{goal['id']}")).json()
    assert [(each["value"], each["progress"], each["source"]) for each in read["updates"]] == [
        (4.0, 1.0, "MANUAL"),
        (1.0, 0.25, "MANUAL"),
    ]
    facts = await world.published("waymark.goals.goal.progressed.v1")
    assert [(each["sequence"], each["payload"]["progress"]) for each in facts] == [
        (3, 0.25),
        (4, 1.0),
    ]


async def test_without_a_measure_the_value_is_the_share(world: Any, smart_goal: dict[str, Any]):
    del smart_goal["smart"]["measure"]
    goal = await draft(world, smart_goal)
    await act(world, "employee", goal, "activate")

    response = await act(world, "employee", goal, "progress", {"value": 0.4, "health": "AT_RISK"})

    assert (response.json()["progress"], response.json()["health"]) == (0.4, "AT_RISK")


async def test_progress_on_a_draft_is_refused(world: Any, smart_goal: dict[str, Any]):
    goal = await draft(world, smart_goal)

    response = await act(world, "employee", goal, "progress", {"value": 1})

    assert response.json()["type"] == "urn:waymark:problem:goal-not-active"
    assert await state_of(world, goal) == ("DRAFT", 1)


async def test_a_goal_rests_and_goes_on(world: Any, smart_goal: dict[str, Any]):
    goal = await draft(world, smart_goal)
    await act(world, "employee", goal, "activate")

    held = await act(world, "employee", goal, "hold")
    again = await act(world, "employee", goal, "hold")
    resumed = await act(world, "employee", goal, "resume")

    assert held.json()["state"] == "ON_HOLD"
    assert again.json()["type"] == "urn:waymark:problem:state-transition"
    assert again.json()["allowed"] == ["CANCEL", "CLOSE", "RESUME"]
    assert resumed.json()["state"] == "ACTIVE"


@pytest.mark.parametrize(
    ("outcome", "fact"),
    [
        ("ACHIEVED", "achieved"),
        ("PARTIALLY_ACHIEVED", "partially_achieved"),
        ("NOT_ACHIEVED", "not_achieved"),
    ],
)
async def test_a_goal_is_closed_with_evidence_and_then_stays(
    world: Any, smart_goal: dict[str, Any], outcome: str, fact: str
):
    goal = await draft(world, smart_goal)
    await act(world, "employee", goal, "activate")

    bare = await act(world, "employee", goal, "close", {"outcome": outcome})
    closed = await act(
        world, "employee", goal, "close", {"outcome": outcome, "evidence": ["The certificate"]}
    )
    late = await act(world, "employee", goal, "progress", {"value": 2})

    assert bare.status_code == 422
    assert closed.json()["state"] == outcome
    assert late.json()["type"] == "urn:waymark:problem:goal-already-closed"
    assert await state_of(world, goal) == (outcome, 3)
    assert len(await world.published(f"waymark.goals.goal.{fact}.v1")) == 1


async def test_cancelling_needs_a_reason_and_archiving_ends_it(
    world: Any, smart_goal: dict[str, Any]
):
    goal = await draft(world, smart_goal)

    silent = await act(world, "employee", goal, "cancel", {})
    cancelled = await act(world, "employee", goal, "cancel", {"reason": "Another plan"})
    archived = await act(world, "employee", goal, "archive")
    again = await act(world, "employee", goal, "archive")

    assert silent.status_code == 422
    assert (cancelled.json()["state"], cancelled.json()["closingNote"]) == (
        "CANCELLED",
        "Another plan",
    )
    assert archived.json()["state"] == "ARCHIVED"
    assert again.json()["allowed"] == []
