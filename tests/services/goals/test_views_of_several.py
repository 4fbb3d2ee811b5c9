"""Several callers in one request: one statement, and everybody's own answer."""

import json
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from prometheus_client import REGISTRY

from shared.views import reading
from shared.views.endpoint import CALLER, MOST_SECTIONS, REFUSED, SECTION
from shared.views.several import Several
from tests.services.goals.conftest import World

GOALS: dict[str, Any] = {
    "by": "person",
    "shape": "list",
    "select": [{"as": "title", "field": "title"}],
}
SEVERAL = Several("", frozenset(), 0, 1)
WHOSE = ("employee", "colleague", "outsider")


def ask(*keys: UUID, view: str = "goals", **more: Any) -> bytes:
    lines = (view, json.dumps(GOALS | more), "[]", ",".join(map(str, keys)))
    return "\n".join(lines).encode()


def section(world: World, who: str, asked: bytes) -> bytes:
    token = world.headers(who)["Authorization"].removeprefix(SECTION.decode())
    return SECTION + token.encode() + b"\n" + asked


async def told(world: World, *sections: bytes) -> list[bytes]:
    response = await world.harness.client.post("/views", content=CALLER.join(sections))
    assert response.status_code == 200, response.text
    found: list[bytes] = response.content.split(CALLER)
    return found


async def told_alone(world: World, who: str, asked: bytes) -> bytes:
    response = await world.harness.client.post("/views", content=asked, headers=world.headers(who))
    content: bytes = response.content
    return content if response.status_code == 200 else REFUSED + content


@pytest.fixture
async def goals_of(world: World, smart_goal: dict[str, Any]) -> World:
    """A goal each, which some of the others may see."""
    for who in WHOSE:
        wanted = {**smart_goal, "title": f"A goal of {who} within a year"}
        created = await world.call(who, "POST", "/goals", wanted)
        active = await world.call(who, "POST", f"/goals/{created.json()['id']}/activate")
        assert active.status_code == 200, active.text
    return world


async def test_everybody_gets_their_own_answer_by_one_statement(goals_of: World) -> None:
    world = goals_of
    everybody = ask(*(world.ids[who] for who in WHOSE))
    callers = ["employee", "outsider", "colleague", "employee"]
    alone = [await told_alone(world, who, everybody) for who in callers]
    await told(world, *(section(world, who, everybody) for who in callers))

    before = reads_of_several(world)
    together = await told(world, *(section(world, who, everybody) for who in callers))

    assert together == alone
    assert len(set(together)) == 3
    assert reads_of_several(world) == before + 1


async def test_whoever_asks_otherwise_is_answered_as_well(goals_of: World) -> None:
    world = goals_of
    keys = [world.ids[who] for who in WHOSE]
    few, all_of_them = ask(keys[0]), ask(*keys)
    unknown, nothing = ask(keys[0], view="salaries"), ask()
    asked = [
        ("employee", few),
        ("partner", all_of_them),
        ("stranger", all_of_them),
        ("admin", all_of_them),
        ("employee", unknown),
        ("colleague", nothing),
        ("outsider", b"goals\n{}\n[]"),
        ("manager", b"\n".join((all_of_them, few))),
        ("nobody at all", few),
    ]
    alone = [await told_alone(world, *each) for each in asked]

    together = await told(world, *(section(world, *each) for each in asked))

    assert together == alone
    assert [each.startswith(REFUSED) for each in together].count(True) == 2


async def test_a_token_that_is_none_costs_the_others_nothing(goals_of: World) -> None:
    world = goals_of
    own = ask(world.ids["employee"])
    good = section(world, "employee", own)

    first, bad, last = await told(world, good, SECTION + b"a.b.c\n" + own, good)

    assert b"A goal of employee" in first == last
    assert bad.startswith(REFUSED)
    assert json.loads(bad[1:])["status"] == 401


async def test_a_grant_that_was_just_taken_opens_nothing_in_company_either(goals_of: World) -> None:
    world = goals_of
    sections = [section(world, who, ask(world.ids["outsider"])) for who in ("stranger", "partner")]
    before = await told(world, *sections)

    await world.person("stranger", grants=[])
    after = await told(world, *sections)

    assert b"A goal of outsider" in before[0]
    assert b"A goal of outsider" not in after[0]
    assert after[1] == before[1]


async def test_a_statement_that_cannot_be_one_for_several_is_read_for_each(
    goals_of: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = goals_of
    sections = [section(world, who, ask(world.ids["employee"])) for who in ("employee", "manager")]
    whole = await told(world, *sections)
    refused = replace(SEVERAL, text="SELECT nothing FROM nowhere")
    monkeypatch.setattr(reading, "for_several", lambda _statement: refused)

    before = reads_of_several(world)
    other = ask(world.ids["employee"], select=[{"as": "name", "field": "title"}])
    told_now = [
        await told(world, *(section(world, who, other) for who in ("employee", "manager")))
        for _ in range(3)
    ]

    assert b"A goal of employee" in whole[0]
    assert [each.replace(b'"name"', b'"title"') for each in told_now[0]] == whole
    assert told_now == [told_now[0]] * 3
    assert reads_of_several(world) == before + 1


async def test_only_so_many_ask_in_one_request(world: World) -> None:
    sections = [section(world, "employee", ask())] * (MOST_SECTIONS + 1)

    response = await world.harness.client.post("/views", content=CALLER.join(sections))

    assert response.status_code == 400
    assert f"At most {MOST_SECTIONS} callers" in response.json()["detail"]


async def test_without_any_token_nothing_is_read(world: World) -> None:
    response = await world.harness.client.post("/views", content=ask(world.ids["employee"]))

    assert response.status_code == 401


def reads_of_several(world: World) -> float:
    """How many statements have answered several callers."""
    found = REGISTRY.get_sample_value("waymark_views_of_several_total", {"service": "goals"})
    return found or 0
