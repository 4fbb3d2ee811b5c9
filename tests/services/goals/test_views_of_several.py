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


def head(view: str = "goals", **more: Any) -> bytes:
    return f"{view}\n{json.dumps(GOALS | more)}".encode()


def of(*keys: UUID) -> bytes:
    """The lines of values and keys."""
    return f"[]\n{','.join(map(str, keys))}".encode()


def section(world: World, who: str, *lines: bytes) -> bytes:
    return b"\n".join((world.headers(who)["Authorization"].encode(), *lines))


async def told(world: World, *sections: bytes, heads: bytes = head()) -> list[bytes]:
    body = CALLER.join((heads, *sections))
    response = await world.harness.client.post("/views", content=body)
    assert response.status_code == 200, response.text
    found: list[bytes] = response.content.split(CALLER)
    return found


async def told_alone(world: World, who: str, *asked: bytes) -> bytes:
    response = await world.harness.client.post(
        "/views", content=b"\n".join(asked), headers=world.headers(who)
    )
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
    everybody = of(*(world.ids[who] for who in WHOSE))
    callers = ["employee", "outsider", "colleague", "employee"]
    alone = [await told_alone(world, who, head(), everybody) for who in callers]
    await told(world, *(section(world, who, everybody) for who in callers))

    before = reads_of_several(world)
    together = await told(world, *(section(world, who, everybody) for who in callers))

    assert together == alone
    assert len(set(together)) == 3
    assert reads_of_several(world) == before + 1


async def test_whoever_is_somebody_else_is_answered_as_well(goals_of: World) -> None:
    world = goals_of
    all_of_them, nothing = of(*(world.ids[who] for who in WHOSE)), of()
    few = of(world.ids["employee"])
    asked = [
        ("employee", few), ("partner", all_of_them), ("stranger", all_of_them),
        ("admin", all_of_them), ("colleague", nothing), ("nobody at all", few),
        ("outsider", b"{}\n"), ("manager", few),
    ]  # fmt: skip
    alone = [await told_alone(world, who, head(), lines) for who, lines in asked]

    together = await told(world, *(section(world, *each) for each in asked))

    assert together == alone
    assert [each.startswith(REFUSED) for each in together].count(True) == 1


async def test_several_asks_of_several_callers(goals_of: World) -> None:
    world = goals_of
    heads = (head(), head(view="salaries"), head())
    lines = of(world.ids["employee"]), of(), of(world.ids["colleague"])
    mixed = [each for pair in zip(heads, lines, strict=True) for each in pair]
    alone = [await told_alone(world, who, *mixed) for who in ("employee", "manager")]

    sections = [section(world, who, *lines) for who in ("employee", "manager")]
    together = await told(world, *sections, heads=b"\n".join(heads))
    cut = await told(world, section(world, "employee", *lines[:2]), heads=b"\n".join(heads))

    assert together == alone
    assert b"A goal of employee" in together[0]
    assert json.loads(cut[0].removeprefix(REFUSED))["status"] == 400


async def test_a_token_that_is_none_costs_the_others_nothing(goals_of: World) -> None:
    world = goals_of
    own = of(world.ids["employee"])
    good = section(world, "employee", own)

    first, bad, last = await told(world, good, SECTION + b"a.b.c\n" + own, good)

    assert b"A goal of employee" in first == last
    assert bad.startswith(REFUSED)
    assert json.loads(bad[1:])["status"] == 401


async def test_a_grant_that_was_just_taken_opens_nothing_in_company_either(goals_of: World) -> None:
    world = goals_of
    sections = [section(world, who, of(world.ids["outsider"])) for who in ("stranger", "partner")]
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
    sections = [section(world, who, of(world.ids["employee"])) for who in ("employee", "manager")]
    whole = await told(world, *sections)
    refused = replace(SEVERAL, text="SELECT nothing FROM nowhere")
    monkeypatch.setattr(reading, "for_several", lambda _statement: refused)

    before = reads_of_several(world)
    other = head(select=[{"as": "name", "field": "title"}])
    told_now = [await told(world, *sections, heads=other) for _ in range(3)]

    assert b"A goal of employee" in whole[0]
    assert [each.replace(b'"name"', b'"title"') for each in told_now[0]] == whole
    assert told_now == [told_now[0]] * 3
    assert reads_of_several(world) == before + 1


async def test_only_so_many_ask_in_one_request(world: World) -> None:
    sections = [section(world, "employee", of())] * (MOST_SECTIONS + 1)

    body = CALLER.join((head(), *sections))
    response = await world.harness.client.post("/views", content=body)

    assert response.status_code == 400
    assert f"At most {MOST_SECTIONS} callers" in response.json()["detail"]


async def test_without_any_token_nothing_is_read(world: World) -> None:
    whole = b"\n".join((head(), of(world.ids["employee"])))
    statuses = [
        (await world.harness.client.post("/views", content=body)).status_code
        for body in (whole, CALLER + whole, b"goals" + CALLER + whole)
    ]

    assert statuses == [401, 400, 400]


def reads_of_several(world: World) -> float:
    """How many statements have answered several callers."""
    found = REGISTRY.get_sample_value("waymark_views_of_several_total", {"service": "goals"})
    return found or 0
