"""Several asks in one request, and a caller who is not any more who they were."""

import json
from typing import Any, TypeAlias
from uuid import UUID

from shared.ids import new_id
from tests.services.goals.conftest import World, populate

Ask: TypeAlias = tuple[str, dict[str, Any], list[Any], list[UUID]]
PROBLEM, SEPARATOR = "\x15", "\x1e"
RECORD: dict[str, Any] = {
    "by": "id",
    "shape": "record",
    "select": [{"as": "title", "field": "title"}],
}


async def asked(world: World, who: str, *asks: Ask) -> list[str]:
    lines = [
        line
        for view, ask, values, keys in asks
        for line in (view, json.dumps(ask), json.dumps(values), ",".join(map(str, keys)))
    ]
    response = await world.harness.client.post(
        "/views", content="\n".join(lines), headers=world.headers(who)
    )
    assert response.status_code == 200, response.text
    told: list[str] = response.text.split(SEPARATOR)
    return told


async def test_asks_are_answered_in_their_order(world: World) -> None:
    await populate(world)
    cook, smith = await world.role("cook", {}), await world.role("smith", {})

    found = await asked(
        world, "employee", ("roles", RECORD, [], [smith]), ("roles", RECORD, [], [cook, new_id()])
    )

    assert found == [f'{smith}\t{{"title":"smith"}}', f'{cook}\t{{"title":"cook"}}']


async def test_an_ask_that_cannot_be_answered_costs_the_others_nothing(world: World) -> None:
    await populate(world)
    cook = await world.role("cook", {})
    unknown = RECORD | {"select": [{"as": "x", "field": "salary"}]}

    good, *bad = await asked(
        world,
        "employee",
        ("roles", RECORD, [], [cook]),
        ("roles", unknown, [], [cook]),
        ("nothing", RECORD, [], [cook]),
    )

    assert good == f'{cook}\t{{"title":"cook"}}'
    assert [text[0] for text in bad] == [PROBLEM, PROBLEM]
    assert [json.loads(text[1:])["status"] for text in bad] == [400, 404]


async def test_a_request_that_is_cut_is_refused_whole(world: World) -> None:
    await populate(world)
    for body in ("roles", "roles\n{}\n[]", "roles\n{}\n[]\nno-uuid", "roles\n{}\n{}\n"):
        response = await world.harness.client.post(
            "/views", content=body, headers=world.headers("employee")
        )
        assert response.status_code == 400, body


async def test_a_grant_that_was_taken_a_moment_ago_opens_nothing_any_more(
    world: World, smart_goal: dict[str, Any]
) -> None:
    await populate(world)
    ask = {"by": "person", "shape": "list", "select": [{"as": "title", "field": "title"}]}
    goals: Ask = ("goals", ask, [], [world.ids["outsider"]])
    wanted = {**smart_goal, "title": "Learn to sail within a year"}
    created = await world.call("outsider", "POST", "/goals", wanted)
    assert created.status_code == 201, created.text
    active = await world.call("outsider", "POST", f"/goals/{created.json()['id']}/activate")
    assert active.status_code == 200, active.text

    (before,) = await asked(world, "stranger", goals)
    await world.person("stranger", grants=[])
    (after,) = await asked(world, "stranger", goals)

    assert "Learn to sail" in before
    assert "Learn to sail" not in after
