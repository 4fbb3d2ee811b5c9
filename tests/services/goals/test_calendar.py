"""Due dates as a calendar: what is still due, for whom the goal is shown to."""

from datetime import date
from typing import Any

import pytest
from icalendar import Calendar

DOOR = "/goals/calendar.ics"


@pytest.fixture
async def goal(world: Any, smart_goal: dict[str, Any]) -> dict[str, Any]:
    """An active goal of the employee with two milestones, one of which is done, beside a draft."""
    await world.call("employee", "POST", "/goals", {**smart_goal, "title": "A draft of a goal"})
    created = (await world.call("employee", "POST", "/goals", smart_goal)).json()
    await world.call("employee", "POST", f"/goals/{created['id']}/activate")
    milestones = f"/goals/{created['id']}/milestones"
    for title, due in (("Plan", "2099-01-31"), ("Build", "2099-02-28")):
        made = await world.call("employee", "POST", milestones, {"title": title, "dueDate": due})
        assert made.status_code == 201, made.text
    (plan, _) = (await world.call("employee", "GET", f"/goals/{created['id']}")).json()[
        "milestones"
    ]
    await world.call("employee", "POST", f"/goals/milestones/{plan['id']}/complete")
    read: dict[str, Any] = (await world.call("employee", "GET", f"/goals/{created['id']}")).json()
    return read


def events(text: str) -> list[tuple[str, date]]:
    return [
        (str(each["summary"]), each.decoded("dtstart"))
        for each in Calendar.from_ical(text).walk("VEVENT")
    ]


async def test_what_is_still_due_stands_on_its_day(world: Any, goal: dict[str, Any]):
    answer = await world.call("employee", "GET", DOOR)

    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert answer.headers["cache-control"] == "private, no-cache"
    assert events(answer.text) == [
        ("Due: Build", date(2099, 2, 28)),
        (f"Due: {goal['title']}", date(2099, 12, 31)),
    ]
    milestone, whole = Calendar.from_ical(answer.text).walk("VEVENT")
    assert (whole["uid"], whole["sequence"]) == (f"{goal['id']}@goals.waymark", goal["version"])
    assert str(milestone["description"]) == f"Milestone of {goal['title']}"


async def test_a_calendar_holds_only_goals_that_its_reader_may_see(
    world: Any, goal: dict[str, Any]
):
    path = f"{DOOR}?personId={world.ids['employee']}"
    names = ("employee", "manager", "partner", "colleague", "outsider", "stranger")

    seen = {who: len(events((await world.call(who, "GET", path)).text)) for who in names}
    listed = {
        who: (
            await world.call(who, "GET", f"/goals?personId={world.ids['employee']}&state=ACTIVE")
        ).json()
        for who in names
    }

    assert {who for who, count in seen.items() if count} == {
        who for who, goals in listed.items() if goals
    }
    assert (seen["employee"], seen["outsider"], seen["stranger"]) == (2, 0, 0)


async def test_a_machine_has_no_goals_of_its_own(world: Any):
    answer = await world.harness.client.get(DOOR, headers=world.client("goals:progress:write"))

    assert answer.status_code == 404
