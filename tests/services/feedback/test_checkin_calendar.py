"""Check-ins as a calendar: the pair's, while they are planned, and nothing of what is said in them."""

from datetime import UTC, datetime

import pytest
from icalendar import Calendar

DOOR = "/checkins/calendar.ics"


async def appointments(org, actor):
    answer = await org.call(actor, "GET", DOOR)
    assert answer.status_code == 200, answer.text
    events = Calendar.from_ical(answer.text).walk("VEVENT")
    return [(str(each["summary"]), each.decoded("dtstart")) for each in events]


async def test_a_planned_check_in_stands_in_the_calendars_of_both(org):
    check_in = await org.schedule(priorities=["Talk about the secret project"])

    answer = await org.call("ada", "GET", DOOR)

    at = datetime(2031, 3, 4, 10, 0, tzinfo=UTC)
    assert await appointments(org, "ada") == [("Check-in with Maya", at)]
    assert await appointments(org, "maya") == [("Check-in with Ada", at)]
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert f"UID:{check_in['id']}@checkins.waymark\r\n" in answer.text
    assert "secret" not in answer.text


@pytest.mark.parametrize("actor", ["sam", "cole", "hana", "olga", "root"])
async def test_nobody_else_has_it(org, actor):
    await org.schedule()

    assert await appointments(org, actor) == []


async def test_what_was_cancelled_is_gone(org):
    check_in = await org.schedule()

    await org.step("ada", check_in["id"], "cancel")

    assert await appointments(org, "ada") == []


async def test_a_former_manager_has_lost_it(org):
    await org.schedule()

    await org.person("ada", manager="sam")

    assert await appointments(org, "maya") == []


async def test_a_machine_has_no_check_ins(org):
    headers = org.harness.token("lms", client="lms", scopes=("checkins:read",))

    assert (await org.harness.client.get(DOOR, headers=headers)).status_code == 404
