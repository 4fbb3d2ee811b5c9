"""The gap as a picture and as a table: the same readers, the same problems, the same numbers."""

import csv
from typing import Any

import pytest

from shared.ids import new_id
from tests.unit.drawn import Drawn, assert_sound

S1, S2 = sorted(new_id() for _ in range(2))
DOORS = ("/gaps/gap.svg", "/gaps/gap.csv")


@pytest.fixture
async def ready(world: Any) -> Any:
    """An employee whose role asks for two skills, one of which is assessed; one name would like to be a formula."""
    for skill_id, statement in ((S1, "Testing <code>"), (S2, "=HYPERLINK(1)")):
        told = {"skillId": skill_id, "code": str(skill_id), "statement": statement}
        await world.tell("waymark.profile.skill.changed.v1", skill_id, told)
    world.ids["role"] = await world.role("developer", {S1: (3.75, 4, True), S2: 1.0})
    await world.person("employee", roleId=world.ids["role"])
    await world.estimate("employee", S1, 2.5)
    return world


async def test_a_gap_is_drawn_with_the_numbers_of_its_json(ready: Any):
    gap = (await ready.call("employee", "GET", "/gaps")).json()

    answer = await ready.call("employee", "GET", "/gaps/gap.svg")

    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.headers["cache-control"] == "private, no-cache"
    assert answer.headers["x-content-type-options"] == "nosniff"
    drawn = Drawn(answer.text)
    low, high = (gap["items"][0][name] for name in ("intervalLow", "intervalHigh"))
    blocks = ", blocks the role" if gap["items"][0]["blocker"] else ""
    assert drawn.title == "Gap to developer"
    assert drawn.sentences[1:] == [
        f"Testing <code>: level 2.50 ({low:.2f} to {high:.2f}), required 3.75, 1.25 missing, mandatory{blocks}.",
        "=HYPERLINK(1): not assessed, required 1.00.",
    ]
    assert_sound(answer.text)


async def test_a_gap_is_tabulated_with_the_numbers_of_its_json(ready: Any):
    gap = (await ready.call("employee", "GET", "/gaps")).json()

    answer = await ready.call("employee", "GET", "/gaps/gap.csv")

    assert answer.headers["content-disposition"] == 'attachment; filename="gap.csv"'
    known, unknown = csv.DictReader(answer.text.splitlines())
    names = ("asIs", "intervalLow", "intervalHigh", "confidence", "required", "gap", "weight")
    assert [float(known[name]) for name in names] == [gap["items"][0][name] for name in names]
    assert (unknown["skill"], unknown["asIs"], unknown["status"]) == (
        "'=HYPERLINK(1)", "", "UNASSESSED",
    )  # fmt: skip


@pytest.mark.parametrize("door", ["/gaps", *DOORS])
async def test_who_may_not_read_the_gap_gets_no_picture_of_it(ready: Any, door: str):
    target = await ready.role("architect", {S1: 5.0})
    employee = ready.ids["employee"]
    own, another = f"{door}?personId={employee}", f"{door}?personId={employee}&roleId={target}"

    async def seen(path: str) -> dict[str, int]:
        names = ("employee", "manager", "partner", "colleague", "outsider", "stranger")
        return {who: (await ready.call(who, "GET", path)).status_code for who in names}

    refused = {"colleague": 404, "outsider": 404, "stranger": 404}
    assert await seen(own) == {"employee": 200, "manager": 200, "partner": 200} | refused
    assert await seen(another) == {"employee": 200, "manager": 404, "partner": 200} | refused


@pytest.mark.parametrize("door", DOORS)
async def test_problems_are_those_of_the_json_door(ready: Any, door: str):
    unknown = await ready.call("employee", "GET", f"{door}?roleId={new_id()}")
    malformed = await ready.call("employee", "GET", f"{door}?roleId=1")

    assert (unknown.status_code, malformed.status_code) == (404, 422)
    assert unknown.headers["content-type"] == "application/problem+json"
