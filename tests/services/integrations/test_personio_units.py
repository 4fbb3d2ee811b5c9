"""Personio's units: asked for by type and id, listed after the persons, and never taken for people."""

import pytest

from .fetching import sourced
from .vending import serving
from .vendors import Personio


@pytest.fixture
async def hris(integrations):
    vendor = Personio()
    vendor.hire("5", "6", "7")
    vendor.units = {
        "department": {
            "9": {"id": "9", "name": "Sales", "parent_id": "1"},
            "1": {"id": "1", "name": "Acme", "parent_id": None},
        },
        "team": {"9": {"id": "9", "name": "Sales North"}},
    }
    with serving(vendor):
        yield await sourced(integrations, vendor, "PERSONIO")


def units(rows):
    names = ("key", "name", "unitType", "parentKey")
    return sorted(tuple(row["payload"][name] for name in names) for row in rows)


SALES = ("9", "Sales", "DEPARTMENT", "1")
ACME = ("1", "Acme", "DEPARTMENT", None)
NORTH = ("team/9", "Sales North", "TEAM", None)


async def test_a_unit_that_has_changed_is_asked_for(hris):
    hint = {"event_name": "org-unit.updated", "occurred_at": "2026-11-20T09:00:00Z"}
    await hris.hint(
        hint | {"payload": {"id": "1"}},
        hint | {"payload": {"org_unit": {"id": "9", "type": "team"}}},
        hint | {"payload": {"org_unit_id": "77"}},
    )
    await hris.tick()

    assert sorted(await hris.states()) == ["DONE", "DONE", "GONE"]
    assert units(await hris.told("org_unit")) == [ACME, NORTH]
    assert [row["type"] for row in await hris.told("person")] == []


async def test_the_listing_tells_of_units_too_and_a_unit_never_vanishes_as_a_person(hris):
    first = await hris.reconcile()
    del hris.vendor.units["team"]["9"]
    hris.vendor.units["department"]["1"]["name"] = "Acme SE"
    second = await hris.reconcile()

    told = units(await hris.told("org_unit"))
    assert (first["seen"], first["told"]) == (6, 9)
    assert (second["seen"], second["told"], second["vanished"]) == (5, 1, 0)
    assert told == sorted([ACME, SALES, NORTH, ("1", "Acme SE", "DEPARTMENT", None)])
    assert await hris.told("terminated") == []


async def test_without_the_scope_for_units_the_persons_are_told_all_the_same(hris):
    hris.vendor.units = None
    await hris.want("org_unit", "9")
    await hris.tick()
    run = await hris.reconcile()
    shown = (await hris.call("GET", f"/connections/{hris.lms.id}/fetching")).json()

    assert (run["state"], run["seen"], await hris.states()) == ("DONE", 3, ["GONE"])
    assert shown["pausedUntil"] is None


async def test_an_employment_names_a_team_by_the_key_that_the_team_has(hris):
    hris.vendor.hire("8", org_units=[{"type": "team", "id": "9"}])
    await hris.want("person", "8")
    await hris.tick()

    (job,) = await hris.told("employment")
    assert job["payload"]["orgUnitKey"] == "team/9"
