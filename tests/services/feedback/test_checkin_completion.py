"""HR and the line above know how many check-ins took place, and only in groups of five or more."""

import pytest

DAY = "2031-03-04T10:00:00Z"
WINDOW = {"since": "2031-03-01", "until": "2031-03-31"}


@pytest.fixture
async def six(org):
    """Six reports of maya with a check-in each: four held, one cancelled, one to come."""
    names = ["ada", "cole", "dan", "eve", "finn", "gus"]
    for name in names[2:]:
        await org.person(name, manager="maya")
    for name in names:
        check_in = await org.schedule(by=name)
        if name in ("ada", "cole", "dan", "eve"):
            await org.step(name, check_in["id"], "hold")
        if name == "finn":
            await org.step(name, check_in["id"], "cancel")
    return names


async def completion(org, who, unit="team"):
    params = {"orgUnitId": str(org.units[unit]), **WINDOW}
    return await org.call(who, "GET", "/checkins/completion", params=params)


@pytest.mark.parametrize("who", ["hana", "sam", "maya"])
async def test_who_stands_above_reads_the_counts(org, six, who):
    answer = (await completion(org, who)).json()

    counts = [answer[name] for name in ("people", "due", "completed", "missed")]
    assert counts == [5, 5, 4, 0]
    assert answer["suppressedReason"] is None


@pytest.mark.parametrize("who", ["ada", "olga", "root", "stranger"])
async def test_nobody_else_does(org, six, who):
    answer = await completion(org, who)

    assert answer.status_code == 404


async def test_fewer_than_five_people_have_no_number(org):
    for name in ("ada", "cole"):
        await org.schedule(by=name)

    answer = (await completion(org, "hana")).json()

    counts = [answer[name] for name in ("people", "due", "completed", "missed")]
    assert counts == [None, None, None, None]
    assert answer["suppressedReason"] == "FEWER_THAN_5_PEOPLE"


async def test_a_unit_above_counts_the_units_below_within_the_callers_reach(org, six):
    answer = (await completion(org, "sam", "company")).json()

    assert answer["people"] == 5
