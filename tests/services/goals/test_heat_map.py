"""The heat map of a unit: its figures, who sees it, and that nobody can be singled out by subtracting."""

from collections import defaultdict
from random import Random
from typing import Any
from uuid import UUID

import pytest

from shared.ids import new_id
from tests.services.goals.recomputing import nine
from tests.services.goals.test_views import fields

S1, S2 = sorted(new_id() for _ in range(2))
K = 5


class Company:
    """Units with people by name; each person's level of the skill, None for not assessed."""

    def __init__(self, world: Any, role: UUID) -> None:
        self.world, self.role = world, role
        self.members: dict[UUID, dict[str, float | None]] = defaultdict(dict)
        self.parents: dict[UUID, UUID | None] = {}
        self.count = 0

    async def unit(self, name: str, parent: UUID | None = None, **people: float | None) -> UUID:
        unit: UUID = await self.world.unit(name, parent)
        self.parents[unit] = parent
        for level in people.values():
            await self.member(unit, level)
        return unit

    async def member(self, unit: UUID, level: float | None) -> None:
        self.count += 1
        name = f"member{self.count}"
        await self.world.person(name, orgUnitId=unit, roleId=self.role)
        if level is not None:
            await self.world.estimate(name, S1, level)
        self.members[unit][name] = level

    async def fill(self, unit: UUID, count: int, level: float | None = 2.5) -> None:
        for _ in range(count):
            await self.member(unit, level)

    def all_in(self, unit: UUID) -> dict[str, float | None]:
        found = dict(self.members[unit])
        for below in (each for each, parent in self.parents.items() if parent == unit):
            found |= self.all_in(below)
        return found

    async def cells(self, unit: UUID, who: str = "seer") -> dict[UUID, Any]:
        path = f"/gaps/heat-map?orgUnitId={unit}"
        answer = await self.world.call(who, "GET", path)
        assert answer.status_code == 200, answer.text
        assert answer.json()["k"] == K
        of_skill = [each for each in answer.json()["skills"] if each["skillId"] == str(S1)]
        return {UUID(cell["orgUnitId"]): cell for each in of_skill for cell in each["cells"]}


@pytest.fixture
async def company(world: Any) -> Company:
    role = await world.role("dev", {S1: (3.75, 2, False)})
    await world.person("seer", grants=[{"role": "HR_PARTNER", "orgUnitId": None}])
    return Company(world, role)


def shown(cell: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(cell[name] for name in ("people", "coverage", "meanGap", "unassessedShare"))


async def test_the_figures_of_a_unit_and_those_below_it(company: Company):
    top = await company.unit("Top")
    left, right = await company.unit("Left", top), await company.unit("Right", top)
    await company.fill(left, 5, 2.5)
    await company.fill(left, 3, None)
    await company.fill(right, 4, 5.0)
    await company.fill(right, 1, 1.25)
    low = await company.unit("Low", right)
    await company.fill(low, 5, 3.75)

    cells = await company.cells(top)

    assert shown(cells[left]) == (8, 0.0, 1.25, 0.375)
    assert shown(cells[right]) == (10, 0.9, 0.25, 0.0)
    assert shown(cells[top]) == (18, 0.6, nine((5 * 1.25 + 2.5) / 15), nine(3 / 18))
    assert [cells[unit]["isWhole"] for unit in (top, left, right)] == [True, False, False]
    assert not any(cell["suppressed"] for cell in cells.values())
    assert low not in cells


async def test_a_small_unit_is_withheld_and_with_it_the_smallest_that_hides_it(company: Company):
    top = await company.unit("Top")
    tiny, small, large = [await company.unit(name, top) for name in ("Tiny", "Small", "Large")]
    for unit, count in ((tiny, 2), (small, 6), (large, 9)):
        await company.fill(unit, count)

    cells = await company.cells(top)

    assert {unit for unit, cell in cells.items() if cell["suppressed"]} == {tiny, small}
    assert shown(cells[tiny]) == shown(cells[small]) == (None, None, None, None)
    assert (cells[top]["people"], cells[large]["people"]) == (17, 9)


async def test_who_works_in_the_upper_unit_hides_a_small_one_below_it(company: Company):
    top = await company.unit("Top")
    tiny, large = await company.unit("Tiny", top), await company.unit("Large", top)
    for unit, count in ((top, 3), (tiny, 2), (large, 9)):
        await company.fill(unit, count)

    cells = await company.cells(top)

    assert {unit for unit, cell in cells.items() if cell["suppressed"]} == {tiny}


async def test_two_small_units_do_not_show_each_other(company: Company):
    """Together they are four: a third has to hide them."""
    top = await company.unit("Top")
    units = [await company.unit(name, top) for name in ("A", "B", "C", "D")]
    for unit, count in zip(units, (2, 2, 7, 8), strict=True):
        await company.fill(unit, count)

    cells = await company.cells(top)

    assert [cells[unit]["suppressed"] for unit in units] == [True, True, True, False]


async def test_what_was_withheld_above_is_withheld_below(company: Company):
    """Small is large enough by itself; told here, it would give Tiny away to who reads both maps."""
    top = await company.unit("Top")
    tiny, small, large = [await company.unit(name, top) for name in ("Tiny", "Small", "Large")]
    for unit, count in ((tiny, 2), (small, 6), (large, 9)):
        await company.fill(unit, count)

    assert all(cell["suppressed"] for cell in (await company.cells(small)).values())


async def test_a_few_assessed_among_many_are_withheld(company: Company):
    top = await company.unit("Top")
    await company.fill(top, 9, None)
    unassessed = await company.cells(top)
    await company.fill(top, 1, 2.5)

    one = await company.cells(top)

    assert shown(unassessed[top]) == (9, None, None, 1.0)
    assert shown(one[top]) == (None, None, None, None)


@pytest.mark.parametrize("seed", range(8))
async def test_no_difference_of_any_cells_is_about_fewer_than_five(company: Company, seed: int):
    """Whoever is in the same published cells cannot be told apart; every such class is nobody or large enough.

    Any sum of cells, with whatever factors, weighs all members of a class alike, so it cannot be about a part of one.
    """
    random = Random(seed)
    units = [await company.unit("Top")]
    for number in range(9):
        units.append(await company.unit(f"U{number}", random.choice(units)))
    for unit in units:
        for _ in range(random.choice([0, 1, 2, 3, 4, 5, 6, 9])):
            await company.member(unit, random.choice([None, 1.0, 2.5, 5.0]))

    published: dict[UUID, dict[str, float | None]] = {}
    told: dict[UUID, set[bool]] = defaultdict(set)
    for unit in units:
        for found, cell in (await company.cells(unit)).items():
            told[found].add(cell["suppressed"])
            if cell["suppressed"]:
                assert shown(cell) == (None, None, None, None)
                continue
            published[found] = people = company.all_in(found)
            assert shown(cell) == _figures(people)

    assert all(len(verdicts) == 1 for verdicts in told.values())
    classes: dict[frozenset[UUID], list[float | None]] = defaultdict(list)
    for name, level in company.all_in(units[0]).items():
        classes[frozenset(unit for unit, people in published.items() if name in people)].append(
            level
        )
    classes.pop(frozenset(), None)
    for levels in classes.values():
        assessed = [level for level in levels if level is not None]
        assert len(levels) >= K
        assert not assessed or len(assessed) >= K
    assert published or len(company.all_in(units[0])) < 2 * K


def _figures(people: dict[str, float | None]) -> tuple[Any, ...]:
    gaps = [max(0.0, 3.75 - level) for level in people.values() if level is not None]
    share = nine((len(people) - len(gaps)) / len(people))
    if not gaps:
        return (len(people), None, None, share)
    covered = sum(gap == 0 for gap in gaps)
    return (len(people), nine(covered / len(gaps)), nine(sum(gaps) / len(gaps)), share)


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("boss", 200),
        ("partner", 200),
        ("manager", 404),
        ("employee", 404),
        ("stranger", 404),
        ("admin", 404),
    ],
)
async def test_leaders_and_hr_see_it(world: Any, who: str, status: int):
    """The boss leads what is above the makers, the partner is their HR, the stranger that of sales."""
    whole = await world.unit("whole")
    payload = {"orgUnitId": whole, "name": "Whole", "leaderId": world.ids["boss"]}
    await world.tell("waymark.profile.org_unit.changed.v1", whole, payload)
    await world.unit("makers", whole)

    answer = await world.call(who, "GET", f"/gaps/heat-map?orgUnitId={world.ids['unit makers']}")

    assert answer.status_code == status


async def test_a_machine_and_the_leader_of_another_unit_see_nothing(world: Any):
    path = f"/gaps/heat-map?orgUnitId={world.ids['unit makers']}"

    machine = await world.harness.client.get(path, headers=world.client("people:read"))

    assert machine.status_code == 404


async def test_who_has_left_counts_nowhere(company: Company):
    top = await company.unit("Top")
    await company.fill(top, 6)
    await company.world.person("member1", status="TERMINATED")

    cells = await company.cells(top)

    assert cells[top]["people"] == 5


async def test_the_view_shows_it_to_who_may_see_it(company: Company):
    top = await company.unit("Top")
    await company.fill(top, 5)
    skills = fields("skillId", cells=fields("orgUnitId", "people", "meanGap"))
    ask = {"by": "id", "select": [*fields("k"), *fields(skills=skills)]}

    seen = await company.world.ask("seer", "heat_maps", ask, [], [top])
    unseen = await company.world.ask("employee", "heat_maps", ask, [], [top])

    cell = {"orgUnitId": str(top), "people": 5, "meanGap": 1.25}
    assert seen[str(top)] == {"k": 5, "skills": [{"skillId": str(S1), "cells": [cell]}]}
    assert unseen == {}
