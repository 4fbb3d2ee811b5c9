"""Learning: the catalogue, completions by hand and by the learning system, and what they move."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from services.goals.learning.models import LearningUnresolved
from shared.ids import new_id

AT = "2026-03-01T10:00:00Z"


async def lms_says(
    world: Any,
    code: str,
    *,
    email: str | None = None,
    external_id: str | None = None,
    event_id: UUID | None = None,
    provider: str | None = "Academy",
) -> None:
    delivery = new_id()
    await world.harness.deliver(
        "waymark.integrations.learning.completed.v1",
        subject=delivery,
        sequence=None,
        payload={
            "connectionId": str(new_id()),
            "deliveryId": str(delivery),
            "system": "lms",
            "person": {"email": email, "externalId": external_id},
            "course": {"provider": provider, "code": code},
            "completedAt": AT,
            "score": 87.5,
        },
        event_id=event_id,
    )


async def records(world: Any, who: str = "employee") -> list[dict[str, Any]]:
    return (await world.call(who, "GET", "/learning/records")).json()  # type: ignore[no-any-return]


async def waiting(world: Any) -> int:
    async with world.harness.session(world.tenant_id) as session:
        return await session.scalar(select(func.count()).select_from(LearningUnresolved)) or 0


async def active_goal(world: Any, goal: dict[str, Any], **facts: Any) -> dict[str, Any]:
    created = (await world.call("employee", "POST", "/goals", {**goal, **facts})).json()
    await world.call("employee", "POST", f"/goals/{created['id']}/activate")
    return created  # type: ignore[no-any-return]


async def test_an_import_creates_then_leaves_then_changes(world: Any):
    skill = str(new_id())
    row = {
        "provider": "Academy",
        "code": "c1",
        "title": "Testing",
        "hours": 12,
        "skills": [{"skillId": skill, "expectedDelta": 0.5}],
    }

    told = [
        (await world.import_rows("courses", [each], scope="learning:write"))[0]["status"]
        for each in (row, row, {**row, "hours": 13})
    ]

    assert told == ["CREATED", "UNCHANGED", "CHANGED"]
    (resource,) = (await world.call("employee", "GET", "/learning/resources?search=test")).json()
    assert (resource["hours"], resource["version"]) == (13.0, 2)
    assert resource["skills"] == [{"skillId": skill, "expectedDelta": 0.5}]
    facts = await world.published("waymark.goals.learning_resource.changed.v1")
    assert [each["sequence"] for each in facts] == [1, 2]


async def test_the_learning_system_tells_twice_and_it_counts_once(
    world: Any, smart_goal: dict[str, Any]
):
    skill = new_id()
    course = await world.course("c1", skills=[{"skillId": skill, "expectedDelta": 0.5}])
    goal = await active_goal(world, smart_goal, learningResourceId=str(course))
    event_id = new_id()

    await lms_says(world, "c1", email="Employee@example.org", event_id=event_id)
    await lms_says(world, "c1", email="Employee@example.org", event_id=event_id)
    await lms_says(world, "c1", email="Employee@example.org")

    (record,) = await records(world)
    assert (record["state"], record["source"], record["score"]) == ("COMPLETED", "LMS", 87.5)
    (fact,) = await world.published("waymark.goals.learning_record.completed.v1")
    assert fact["payload"] == {
        "recordId": record["id"],
        "personId": str(world.ids["employee"]),
        "resourceId": str(course),
        "title": "Course c1",
        "state": "COMPLETED",
        "score": 87.5,
        "completedAt": AT,
        "dueOn": None,
        "skills": [{"skillId": str(skill), "expectedDelta": 0.5}],
        "sourceEventId": str(event_id),
    }
    (moved,) = await world.published("waymark.goals.goal.progressed.v1")
    assert (moved["subject"], moved["payload"]["source"], moved["payload"]["progress"]) == (
        goal["id"],
        "LMS",
        0.25,
    )


async def test_a_completion_finishes_the_milestone_that_names_it(
    world: Any, smart_goal: dict[str, Any]
):
    course = await world.course("c1")
    goal = await active_goal(world, smart_goal)
    milestones = f"/goals/{goal['id']}/milestones"
    first = (await world.call("employee", "POST", milestones, {"title": "Plan"})).json()
    linked = {"title": "Course", "learningResourceId": str(course), "dependsOn": [first["id"]]}
    await world.call("employee", "POST", milestones, linked)

    await lms_says(world, "c1", external_id="E-employee")

    after = (await world.call("employee", "GET", f"/goals/{goal['id']}")).json()
    assert [(each["title"], each["state"]) for each in after["milestones"]] == [
        ("Plan", "PENDING"),
        ("Course", "DONE"),
    ]
    assert after["progress"] == 0.5
    assert [each["source"] for each in after["updates"]] == ["LMS"]
    assert len(await world.published("waymark.goals.milestone.completed.v1")) == 1


async def test_a_goal_that_rests_or_is_a_draft_is_not_closed_by_learning(
    world: Any, smart_goal: dict[str, Any]
):
    course = await world.course("c1")
    draft = {**smart_goal, "learningResourceId": str(course)}
    goal = (await world.call("employee", "POST", "/goals", draft)).json()

    await lms_says(world, "c1", email="employee@example.org")

    assert (await world.call("employee", "GET", f"/goals/{goal['id']}")).json()["progress"] == 0.0


async def test_an_unknown_course_waits_until_it_is_in_the_catalogue(world: Any):
    await lms_says(world, "later", email="employee@example.org")
    assert (await waiting(world), await records(world)) == (1, [])

    await world.course("later")

    assert await waiting(world) == 0
    assert [each["state"] for each in await records(world)] == ["COMPLETED"]


async def test_an_unknown_person_waits_until_they_arrive(world: Any):
    await world.course("c1")
    await lms_says(world, "c1", email="New@Example.org")
    assert await waiting(world) == 1

    await world.person("new", managerId=world.ids["manager"])

    assert await waiting(world) == 0
    assert [each["state"] for each in await records(world, "new")] == ["COMPLETED"]
    assert len(await world.published("waymark.goals.learning_record.completed.v1")) == 1


async def test_an_identifier_of_two_people_is_nobodys(world: Any):
    await world.course("c1")
    for name, system in (("employee", "a"), ("colleague", "b")):
        twin = {"system": system, "type": "ID", "value": "77"}
        await world.person(name, externalIds=[twin])

    await lms_says(world, "c1", external_id="77")

    assert await waiting(world) == 1
    assert await world.published("waymark.goals.learning_record.completed.v1") == []


async def test_a_course_code_of_two_providers_needs_the_provider(world: Any):
    await world.course("c1")
    await world.course("c1", provider="Other")

    await lms_says(world, "c1", email="employee@example.org", provider=None)
    ambiguous = await records(world)
    await lms_says(world, "c1", email="employee@example.org", provider="Other")

    assert ambiguous == []
    assert len(await records(world)) == 1


async def test_a_person_enrols_and_completes_by_hand(world: Any, smart_goal: dict[str, Any]):
    course = await world.course("c1")
    goal = await active_goal(world, smart_goal, learningResourceId=str(course))

    enrolled = await world.call(
        "employee", "POST", "/learning/records", {"resourceId": str(course)}
    )
    path = f"/learning/records/{enrolled.json()['id']}"
    completed = await world.call("employee", "POST", f"{path}/complete", {"completedAt": AT})
    again = await world.call("employee", "POST", f"{path}/complete")
    twice = await world.call("employee", "POST", "/learning/records", {"resourceId": str(course)})

    assert (enrolled.status_code, enrolled.json()["state"]) == (201, "ENROLLED")
    assert (completed.json()["state"], completed.json()["source"]) == ("COMPLETED", "MANUAL")
    assert again.json()["type"] == "urn:waymark:problem:state-transition"
    assert twice.json()["type"] == "urn:waymark:problem:already-enrolled"
    assert (await world.call("employee", "GET", f"/goals/{goal['id']}")).json()["progress"] == 0.25
    for verb, count in (("enrolled", 1), ("completed", 1)):
        facts = await world.published(f"waymark.goals.learning_record.{verb}.v1")
        assert len(facts) == count


async def test_a_failed_course_can_be_taken_again(world: Any):
    course = {"resourceId": str(await world.course("c1"))}
    record = (await world.call("employee", "POST", "/learning/records", course)).json()

    failed = await world.call("employee", "POST", f"/learning/records/{record['id']}/fail")
    again = await world.call("employee", "POST", "/learning/records", course)

    assert failed.json()["state"] == "FAILED"
    assert (again.json()["id"], again.json()["state"]) == (record["id"], "ENROLLED")


@pytest.mark.parametrize("completed_at", ["2999-01-01T00:00:00Z", "2026-01-01T00:00:00"])
async def test_a_completion_lies_in_the_past_and_has_a_zone(world: Any, completed_at: str):
    course = {"resourceId": str(await world.course("c1"))}
    record = (await world.call("employee", "POST", "/learning/records", course)).json()

    response = await world.call(
        "employee",
        "POST",
        f"/learning/records/{record['id']}/complete",
        {"completedAt": completed_at},
    )

    assert response.status_code == 422
    assert [each["state"] for each in await records(world)] == ["ENROLLED"]


async def test_a_goal_links_only_to_what_is_in_the_catalogue(
    world: Any, smart_goal: dict[str, Any]
):
    response = await world.call(
        "employee", "POST", "/goals", {**smart_goal, "learningResourceId": str(new_id())}
    )

    assert response.json()["errors"][0]["pointer"] == "/learningResourceId"
    assert (await world.call("employee", "GET", "/goals")).json() == []
