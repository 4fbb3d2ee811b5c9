"""The copy of people and levels: whatever order the events come in, and made anew from them."""

import json
from itertools import permutations
from typing import Any

import pytest
from sqlalchemy import text

from services.goals.events import handlers
from services.goals.people.queries import forget_people, forget_skills
from shared import clock
from shared.events import inbox
from shared.events.facts import Envelope
from shared.ids import new_id

TABLES = {
    "people": (
        "people_person",
        "people_person_identifier",
        "people_org_unit",
        "people_person_tree",
        "people_org_unit_tree",
    ),
    "skills": ("people_skill", "people_skill_level"),
}
RESET = {"people": forget_people, "skills": forget_skills}


def told(world: Any, kind: str, subject: Any, sequence: int, payload: dict[str, Any]) -> Envelope:
    return Envelope(
        id=new_id(),
        type=f"waymark.profile.{kind}.v1",
        subject=str(subject),
        sequence=sequence,
        occurred_at=clock.now(),
        tenant_id=world.tenant_id,
        traceparent=None,
        body=json.dumps(payload, default=str).encode(),
    )


def person(world: Any, person_id: Any, sequence: int, **facts: Any) -> Envelope:
    payload = {"personId": person_id, "displayName": f"P{person_id}", "status": "ACTIVE", **facts}
    return told(world, "person.updated", person_id, sequence, payload)


async def apply(world: Any, group: str, events: list[Envelope], *, reset: bool = False) -> None:
    async with world.harness.session(world.tenant_id) as session:
        if reset:
            await inbox.forget(session, handlers.groups[group], world.tenant_id)
            await RESET[group](session)
        for event in events:
            await inbox.apply_batch(session, handlers.groups[group], world.tenant_id, [event])


async def rows(world: Any, group: str) -> dict[str, list[Any]]:
    async with world.harness.session(world.tenant_id) as session:
        return {
            table: sorted(map(repr, (await session.execute(text(f"SELECT * FROM {table}"))).all()))
            for table in TABLES[group]
        }


async def chain(world: Any, person_id: Any) -> list[Any]:
    """The managers above somebody, nearest first."""
    async with world.harness.session(world.tenant_id) as session:
        found = await session.execute(
            text(
                "SELECT ancestor_id FROM people_person_tree WHERE descendant_id = :id AND depth > 0 "
                "ORDER BY depth"
            ),
            {"id": person_id},
        )
        return list(found.scalars())


@pytest.mark.parametrize("order", list(permutations(range(3))))
async def test_a_report_may_arrive_before_its_manager(world: Any, order: tuple[int, ...]):
    top, middle, low = (new_id() for _ in range(3))
    events = [
        person(world, top, 1),
        person(world, middle, 1, managerId=top),
        person(world, low, 1, managerId=middle),
    ]

    await apply(world, "people", [events[place] for place in order])

    assert await chain(world, low) == [middle, top]


@pytest.mark.parametrize("order", list(permutations(range(2))))
async def test_two_moves_that_cross_on_the_way_end_in_the_same_tree(
    world: Any, order: tuple[int, ...]
):
    """First reports to second; then first moves below top and second below first."""
    top, first, second, low = (new_id() for _ in range(4))
    await apply(
        world,
        "people",
        [
            person(world, top, 1),
            person(world, second, 1, managerId=top),
            person(world, first, 1, managerId=second),
            person(world, low, 1, managerId=second),
        ],
    )
    moves = [person(world, first, 2, managerId=top), person(world, second, 2, managerId=first)]

    await apply(world, "people", [moves[place] for place in order])

    assert await chain(world, low) == [second, first, top]
    assert await chain(world, first) == [top]


async def test_an_older_event_changes_nothing(world: Any):
    somebody = new_id()
    await apply(world, "people", [person(world, somebody, 5, displayName="New")])
    before = await rows(world, "people")

    await apply(world, "people", [person(world, somebody, 4, displayName="Old")])

    assert await rows(world, "people") == before


async def test_the_copy_made_anew_is_the_same_row_for_row(world: Any):
    people = [new_id() for _ in range(6)]
    units = [new_id() for _ in range(3)]
    skills = [new_id() for _ in range(2)]
    events = [
        told(
            world, "org_unit.changed", unit, 1, {"orgUnitId": unit, "name": "U", "parentId": above}
        )
        for unit, above in zip(units, [None, *units], strict=False)
    ]
    for place, person_id in reversed(list(enumerate(people))):
        facts = {"managerId": people[place - 1] if place else None, "orgUnitId": units[place % 3]}
        events.append(person(world, person_id, 1, workEmail=f"{place}@x.org", **facts))
    events.append(person(world, people[3], 2, managerId=people[0], workEmail="new@x.org"))
    levels = [
        told(
            world, "skill.changed", skill, 1, {"skillId": skill, "code": "S", "statement": "Skill"}
        )
        for skill in skills
    ]
    for sequence in (1, 2):
        estimate: dict[str, Any] = {
            "personId": people[0],
            "skillId": skills[0],
            "level": sequence,
            "mass": 0.5,
        }
        estimate |= {"variance": 0.1, "asOf": "2026-01-01T00:00:00Z", "contributions": [{"a": 1}]}
        levels.append(told(world, "skill_estimate.changed", people[0], sequence, estimate))
    for group, group_events in (("people", events), ("skills", levels)):
        await apply(world, group, group_events, reset=True)
        before = await rows(world, group)

        await apply(world, group, group_events, reset=True)

        assert await rows(world, group) == before
        assert all(before[table] for table in TABLES[group])


async def test_a_manager_changed_a_moment_ago_has_lost_access(
    world: Any, smart_goal: dict[str, Any]
):
    goal = (await world.call("employee", "POST", "/goals", smart_goal)).json()
    path = f"/goals/{goal['id']}"
    await world.call("employee", "POST", f"{path}/activate")
    before = await world.call("manager", "GET", path)

    await world.person("employee", managerId=world.ids["other"])

    assert before.status_code == 200
    assert (await world.call("manager", "GET", path)).status_code == 404
    assert (await world.call("other", "GET", path)).status_code == 200


async def test_who_has_left_sees_nothing(world: Any, smart_goal: dict[str, Any]):
    goal = (await world.call("employee", "POST", "/goals", smart_goal)).json()

    await world.person("employee", status="TERMINATED")

    assert (await world.call("employee", "GET", f"/goals/{goal['id']}")).status_code == 404
    assert (await world.call("employee", "GET", "/goals")).json() == []


async def test_a_subject_that_nobody_has_sees_nothing(world: Any):
    await world.role("a", {})

    assert (await world.call("nobody", "GET", "/roles")).json() == []
