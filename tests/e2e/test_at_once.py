"""People who ask in the same moment share calls and statements, and never an answer."""

import asyncio
from functools import partial
from typing import Any
from uuid import uuid4

import pytest

from tests.e2e.conftest import Waymark, until

pytestmark = pytest.mark.slow

PEOPLE = 20
OWN = """{ viewer {
  displayName
  manager { displayName }
  goals(first: 5) { nodes { title } }
  reflections(first: 5) { nodes { text } }
  checkIns(first: 1) { totalCount }
} }"""
NOTE = "mutation($text: String!) { writeReflection(input: {text: $text}) { __typename } }"
GOAL = "mutation($title: String!) { createGoal(input: {title: $title}) { __typename } }"


async def hired(waymark: Waymark) -> list[str]:
    """Addresses of people, each led by the one before."""
    mark = uuid4().hex[:8]
    addresses = [f"p{number}-{mark}@example.org" for number in range(PEOPLE)]
    unit = {"system": "hris", "key": f"unit-{mark}", "name": "A unit", "type": "TEAM"}
    rows: list[dict[str, Any]] = [
        {"system": "hris", "key": address, "displayName": f"Name of {address}",
         "workEmail": address, "orgUnitKey": unit["key"]}
        for address in addresses
    ]  # fmt: skip
    for row, manager in zip(rows[1:], addresses, strict=False):
        row["managerKey"] = manager
    await waymark.put_in("org-units", [unit], "people:write")
    verdicts = await waymark.put_in("people", rows, "people:write")
    assert {each["status"] for each in verdicts} == {"CREATED"}
    return addresses


async def page_of(waymark: Waymark, address: str) -> Any:
    return (await waymark.ask(waymark.bearer(address), OWN))["viewer"]


async def test_everybody_gets_their_own_page(waymark: Waymark) -> None:
    addresses = await hired(waymark)

    for address in addresses[::4]:
        await until(partial(page_of, waymark, address), holds=lambda page: page["checkIns"])
        bearer = waymark.bearer(address)
        written = await waymark.ask(bearer, NOTE, text=f"Thought of {address}")
        created = await waymark.ask(bearer, GOAL, title=f"Goal of {address}")
        assert written["writeReflection"]["__typename"] == "Reflection"
        assert created["createGoal"]["__typename"] == "Goal"
    alone = {address: await page_of(waymark, address) for address in addresses}

    together = await asyncio.gather(*(page_of(waymark, who) for who in addresses * 5))

    for address, page in zip(addresses * 5, together, strict=True):
        assert page == alone[address]
        assert page["displayName"] == f"Name of {address}"
    assert {len(page["reflections"]["nodes"]) for page in together} == {0, 1}
