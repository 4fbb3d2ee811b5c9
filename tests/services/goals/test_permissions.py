"""Every actor against every object of goals (design/domain.md §6); lists and single rows follow one rule."""

from random import Random
from typing import Any

import pytest
from sqlalchemy import select

from services.goals.people.models import Person
from services.goals.people.queries import CALLERS
from services.goals.policy import POLICY
from shared import clock
from shared.auth import Claims
from shared.ids import new_id

ACTORS = (
    "employee",
    "colleague",
    "manager",
    "boss",
    "partner",
    "stranger",
    "outsider",
    "admin",
    "nobody",
)

READERS = {
    "PRIVATE": {"employee"},
    "MANAGER": {"employee", "manager", "boss", "partner"},
    "TEAM": {"employee", "colleague", "manager", "boss", "partner"},
    "ORG": {*ACTORS} - {"nobody"},
}
CHANGERS = {"employee", "manager"}


async def a_goal(world: Any, goal: dict[str, Any], **facts: Any) -> dict[str, Any]:
    """An active one: drafts have rules of their own."""
    response = await world.call("employee", "POST", "/goals", {**goal, **facts})
    assert response.status_code == 201, response.text
    goal_id = response.json()["id"]
    active = await world.call("employee", "POST", f"/goals/{goal_id}/activate")
    assert active.status_code == 200, active.text
    return active.json()  # type: ignore[no-any-return]


@pytest.mark.parametrize("visibility", sorted(READERS))
@pytest.mark.parametrize("actor", ACTORS)
async def test_a_goal_is_read_by_whom_its_visibility_names(
    world: Any, smart_goal: dict[str, Any], visibility: str, actor: str
):
    goal = await a_goal(world, smart_goal, visibility=visibility)

    one = await world.call(actor, "GET", f"/goals/{goal['id']}")
    many = await world.call(actor, "GET", f"/goals?personId={goal['personId']}")

    may = actor in READERS[visibility]
    assert one.status_code == (200 if may else 404)
    assert [each["id"] for each in many.json()] == ([goal["id"]] if may else [])


@pytest.mark.parametrize("visibility", sorted(READERS))
@pytest.mark.parametrize("actor", ACTORS)
async def test_a_goal_is_changed_by_its_owner_and_the_manager_who_sees_it(
    world: Any, smart_goal: dict[str, Any], visibility: str, actor: str
):
    goal = await a_goal(world, smart_goal, visibility=visibility)
    milestone = {"title": "Plan"}

    statuses = [
        (await world.call(actor, "POST", f"/goals/{goal['id']}/milestones", milestone)).status_code,
        (await world.call(actor, "POST", f"/goals/{goal['id']}/hold")).status_code,
    ]

    readers = READERS[visibility]
    if actor in CHANGERS & readers:
        assert statuses == [201, 200]
        return
    assert statuses == ([403, 403] if actor in readers else [404, 404])
    after = (await world.call("employee", "GET", f"/goals/{goal['id']}")).json()
    assert (after["state"], after["version"], after["milestones"]) == ("ACTIVE", 2, [])


@pytest.mark.parametrize("actor", ACTORS)
async def test_a_goal_for_somebody_is_written_by_themselves_or_their_manager(
    world: Any, smart_goal: dict[str, Any], actor: str
):
    wanted = {**smart_goal, "personId": str(world.ids["employee"])}

    response = await world.call(actor, "POST", "/goals", wanted)

    assert response.status_code == (201 if actor in CHANGERS else 404)


@pytest.mark.parametrize("actor", ACTORS)
async def test_a_gap_to_the_own_role_is_for_the_person_the_manager_and_hr(world: Any, actor: str):
    skill = new_id()
    role = await world.role("dev", {skill: 2.5})
    target = await world.role("arch", {skill: 5})
    await world.person("employee", roleId=role)
    person = f"personId={world.ids['employee']}"

    own_role = await world.call(actor, "GET", f"/gaps?{person}")
    other_role = await world.call(actor, "GET", f"/gaps?{person}&roleId={target}")
    custom = await world.call(
        actor,
        "POST",
        "/gaps",
        {
            "personId": str(world.ids["employee"]),
            "requirements": [{"skillId": str(skill), "requiredLevel": 1}],
        },
    )
    ranked = await world.call(actor, "GET", f"/gaps/ranking?roleId={role}")

    assigned = {"employee", "manager", "partner"}
    target_too = {"employee", "partner"}
    assert own_role.status_code == (200 if actor in assigned else 404)
    assert other_role.status_code == (200 if actor in target_too else 404)
    assert custom.status_code == (200 if actor in target_too else 404)
    shown = str(world.ids["employee"]) in [each["personId"] for each in ranked.json()]
    assert shown is (actor in assigned)


@pytest.mark.parametrize("actor", ACTORS)
async def test_a_learning_record_is_for_the_person_the_manager_and_hr(world: Any, actor: str):
    course = await world.course("c1")
    record = (
        await world.call("employee", "POST", "/learning/records", {"resourceId": str(course)})
    ).json()

    listed = await world.call(actor, "GET", "/learning/records")
    completed = await world.call(actor, "POST", f"/learning/records/{record['id']}/complete")
    enrolled = await world.call(
        actor,
        "POST",
        "/learning/records",
        {"resourceId": str(course), "personId": str(world.ids["colleague"])},
    )

    readers = {"employee", "manager", "partner"}
    assert [each["id"] for each in listed.json()] == ([record["id"]] if actor in readers else [])
    assert completed.status_code == (
        200 if actor == "employee" else 403 if actor in readers else 404
    )
    reads_colleague = {"manager", "partner"}
    assert enrolled.status_code == (
        201 if actor == "colleague" else 403 if actor in reads_colleague else 404
    )


@pytest.mark.parametrize("actor", ACTORS)
async def test_catalogues_are_read_by_everybody_and_written_by_hr_and_admins(
    world: Any, actor: str
):
    role, course = await world.role("r", {}), await world.course("c")
    writers = {"partner", "stranger", "admin"}

    reads = [
        (await world.call(actor, "GET", path)).status_code
        for path in (f"/roles/{role}", f"/learning/resources/{course}")
    ]
    writes = [
        (await world.call(actor, "POST", path, body)).status_code
        for path, body in (
            ("/roles", {"code": "n", "family": "F", "title": "T"}),
            ("/learning/resources", {"provider": "P", "code": "n", "title": "T"}),
        )
    ]

    assert reads == ([404, 404] if actor == "nobody" else [200, 200])
    known = 201 if actor in writers else 403
    assert writes == ([404, 404] if actor == "nobody" else [known, known])


@pytest.mark.parametrize("seed", range(6))
async def test_lists_and_single_rows_follow_the_same_rule(world: Any, seed: int):
    random = Random(seed)
    units = [await world.unit(f"u{number}") for number in range(4)]
    units.append(await world.unit("u4", parent=units[random.randrange(4)]))
    names = [f"p{number}" for number in range(12)]
    for place, name in enumerate(names):
        manager = world.ids[names[random.randrange(place)]] if place else None
        grants = [
            {"role": role, "orgUnitId": random.choice([*units, None])}
            for role in ("HR_PARTNER", "ADMIN")
            if random.random() < 0.2
        ]
        await world.person(name, managerId=manager, orgUnitId=random.choice(units), grants=grants)
    kinds = [
        (kind, action)
        for kind, action in POLICY._rules
        if kind not in ("ROLE", "GOAL_POLICY", "LEARNING_RESOURCE")
    ]

    async with world.harness.session(world.tenant_id) as session:
        for name in random.sample(names, 4):
            subject = f"{name}@example.org"
            claims = Claims(world.tenant_id, subject, None, frozenset(), expires_at=clock.now())
            principal = await CALLERS.find(session, claims)
            for kind, action in kinds:
                predicate = POLICY.visible(principal, kind, action, Person.id)
                listed = set(await session.scalars(select(Person.id).where(predicate)))
                single = {
                    world.ids[each]
                    for each in (*names, "boss", "employee")
                    if await POLICY.may(session, principal, kind, action, world.ids[each])
                }
                assert single == listed & {world.ids[e] for e in (*names, "boss", "employee")}
