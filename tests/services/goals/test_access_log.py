"""Who looked at what goals keeps of somebody: every door notes it and tells that person; refused and own looks not."""

from datetime import timedelta
from functools import cache
from typing import Any

import pytest
import time_machine
from prometheus_client import REGISTRY
from sqlalchemy import text

from services.goals.app import blueprint
from shared import clock
from shared.accesses import keeping
from shared.ids import new_id
from shared.jobs import Job
from shared.serve import jobs_of

NOT_LOGGED = {"access_log": "the log itself"}
ABOUT = {"personId", "goalId", "reportedBy"}


@pytest.fixture
async def entries(goals, world):
    async def entries(of="employee", by=None):
        await goals.service.access_log.write()
        answer = await world.call(by or of, "GET", f"/people/{world.ids[of]}/access-log")
        if answer.status_code != 200:
            return answer.status_code
        names = {str(person): name for name, person in world.ids.items()}
        return sorted(
            (names.get(e["reader"], e["reader"]), e["what"], e["via"], e["times"])
            for e in answer.json()
        )

    return entries


@pytest.fixture
async def busy(world, smart_goal):
    """An employee with a role, a level that it does not ask for, a goal with a milestone, and a course."""
    asked, unasked = new_id(), new_id()
    role = await world.role("maker", {asked: 3})
    await world.person("employee", roleId=role)
    await world.person("colleague", roleId=role)
    for skill in (asked, unasked):
        await world.estimate("employee", skill, 4.0)
    goal = (await world.call("employee", "POST", "/goals", smart_goal)).json()
    step = {"title": "Book it", "dueDate": "2099-01-01"}
    made = await world.call("employee", "POST", f"/goals/{goal['id']}/milestones", step)
    for who, verb in (("employee", "propose"), ("manager", "activate")):
        answer = await world.call(who, "POST", f"/goals/{goal['id']}/{verb}")
        assert answer.status_code == 200, answer.text
    course = await world.course("c")
    record = await world.call("employee", "POST", "/learning/records", {"resourceId": str(course)})
    assert (made.status_code, record.status_code) == (201, 201), (made.text, record.text)
    world.ids |= {"role": role, "goal": goal["id"], "milestone": made.json()["id"]}
    return world


DOORS = {
    "/gaps?personId={employee}": "GAPS",
    "/gaps/gap.svg?personId={employee}": "GAPS",
    "/gaps/gap.csv?personId={employee}": "GAPS",
    "/gaps/ranking?roleId={role}": "GAPS",
    "/utilisation?personId={employee}": "UNUSED_SKILLS",
    "/goals?personId={employee}": "GOALS",
    "/goals": "GOALS",
    "/goals/{goal}": "GOALS",
    "/goals/calendar.ics?personId={employee}": "GOALS",
    "/learning/records?personId={employee}": "LEARNING",
    "/learning/records": "LEARNING",
}


@pytest.mark.parametrize("path", DOORS)
async def test_each_door_notes_who_was_shown_something_and_by_which_right(busy, entries, path):
    asked = path.format(**busy.ids)
    for who in ("manager", "partner", "stranger", "outsider", "admin", "employee"):
        answer = await busy.call(who, "GET", asked)
        assert answer.status_code in (200, 404), answer.text

    what = DOORS[path]
    assert await entries() == [("manager", what, "MANAGER", 1), ("partner", what, "HR_PARTNER", 1)]


async def test_a_gap_against_a_list_is_noted_too(busy, entries):
    wanted = {
        "personId": str(busy.ids["employee"]),
        "requirements": [{"skillId": str(new_id()), "requiredLevel": 3, "importance": 3}],
    }

    statuses = [
        (await busy.call(who, "POST", "/gaps", wanted)).status_code
        for who in ("partner", "outsider", "employee")
    ]

    assert statuses == [200, 404, 200]
    assert await entries() == [("partner", "GAPS", "HR_PARTNER", 1)]


async def test_a_ranking_notes_whom_it_shows_and_nobody_else(busy, entries):
    answer = await busy.call("manager", "GET", f"/gaps/ranking?roleId={busy.ids['role']}&limit=1")

    assert [each["personId"] for each in answer.json()] == [str(busy.ids["employee"])]
    assert await entries() == [("manager", "GAPS", "MANAGER", 1)]
    assert await entries("colleague") == []


async def test_a_ranking_by_the_view_notes_the_same(busy, entries):
    given = {"roleId": 0, "first": 1}
    ask = {"by": "all", "shape": "list", "with": given, "select": field("personId")}

    shown = await busy.ask("manager", "rankings", ask, [str(busy.ids["role"]), 1], [])

    assert [*shown.values()] == [[{"personId": str(busy.ids["employee"])}]]
    assert await entries() == [("manager", "GAPS", "MANAGER", 1)]
    assert await entries("colleague") == []


def listed(select: list[dict[str, Any]], by: str = "person", **further: Any) -> dict[str, Any]:
    return {"by": by, "shape": "list", "with": {}, "select": select, **further}


def field(name: str) -> list[dict[str, Any]]:
    return [{"as": name, "field": name}]


NESTED = [
    *field("title"),
    {"as": "milestones", "field": "milestones", "shape": "list", "select": field("title")},
    {"as": "updates", "field": "updates", "shape": "list", "select": field("at")},
]
VIEWS = {
    "goals": (listed(NESTED), "employee", "GOALS"),
    "goals by id": (
        {"by": "id", "shape": "record", "with": {}, "select": NESTED},
        "goal",
        "GOALS",
    ),
    "milestones": (listed(field("title"), by="goal"), "goal", "GOALS"),
    "milestones by id": (
        {
            "by": "id",
            "shape": "record",
            "with": {},
            "select": [{"as": "goal", "field": "goal", "select": NESTED}],
        },
        "milestone",
        "GOALS",
    ),
    "gaps": (
        {"by": "person", "shape": "record", "with": {}, "select": field("readiness")},
        "employee",
        "GAPS",
    ),
    "unused_skills": (listed(field("level")), "employee", "UNUSED_SKILLS"),
    "learning_records": (listed(field("state")), "employee", "LEARNING"),
}


@pytest.mark.parametrize("named", VIEWS)
async def test_each_view_notes_whom_it_shows_without_another_statement(
    busy, entries, named, monkeypatch
):
    ask, key, what = VIEWS[named]
    view = named.split(" ")[0]
    shown, statements = {}, {}
    monkeypatch.setattr(busy, "headers", cache(busy.headers))
    for who in ("manager", "partner", "stranger", "outsider", "admin", "employee"):
        await busy.ask(who, view, ask, [], [busy.ids[key]])
        before = _statements()
        shown[who] = await busy.ask(who, view, ask, [], [busy.ids[key]])
        statements[who] = _statements() - before

    assert {*statements.values()} == {statements["employee"]}
    readers = {who for who, found in shown.items() if any(each for each in found.values())}
    assert readers == {"manager", "partner", "employee"}
    assert await entries() == [("manager", what, "MANAGER", 2), ("partner", what, "HR_PARTNER", 2)]


def _statements() -> float:
    name, labels = "waymark_sql_statements_total", {"service": "goals"}
    return REGISTRY.get_sample_value(name, labels) or 0.0


async def active(world: Any, who: str, goal: dict[str, Any]) -> None:
    made = (await world.call(who, "POST", "/goals", goal)).json()
    answer = await world.call(who, "POST", f"/goals/{made['id']}/activate")
    assert answer.status_code == 200, answer.text


async def test_a_goal_that_is_shown_to_colleagues_says_so(world, entries, smart_goal):
    for visibility in ("ORG", "TEAM"):
        await active(world, "employee", {**smart_goal, "visibility": visibility})
    for who in ("outsider", "colleague", "boss", "admin"):
        await world.call(who, "GET", f"/goals?personId={world.ids['employee']}")

    assert await entries() == [
        ("admin", "GOALS", "SHARED", 1),
        ("boss", "GOALS", "MANAGER", 1),
        ("colleague", "GOALS", "SHARED", 1),
        ("outsider", "GOALS", "SHARED", 1),
    ]


async def test_a_connected_system_is_named(busy, entries, goals):
    asked = f"/learning/records?personId={busy.ids['employee']}"
    answer = await goals.client.get(asked, headers=busy.client("learning:write"))

    assert answer.status_code == 200
    assert await entries() == [("hris", "LEARNING", "CLIENT", 1)]


async def test_who_may_read_the_log(busy, entries, elsewhere):
    await busy.call("manager", "GET", f"/goals/{busy.ids['goal']}")

    whole = [("manager", "GOALS", "MANAGER", 1)]
    assert [await entries(by=who) for who in ("employee", "partner", "admin")] == [whole] * 3
    refused = ("manager", "boss", "colleague", "outsider", "stranger")
    assert [await entries(by=who) for who in refused] == [404] * 5
    path = f"/people/{busy.ids['employee']}/access-log"
    assert (await elsewhere.call("admin", "GET", path)).status_code == 404
    ask = listed(field("via"))
    in_view = {
        who: (await busy.ask(who, "access_log", ask, [], [busy.ids["employee"]])).popitem()[1]
        for who in ("employee", "partner", "admin", *refused)
    }
    assert {who for who, found in in_view.items() if found} == {"employee", "partner", "admin"}


async def test_an_erased_person_takes_their_log_along_and_stays_unnamed_in_others(
    busy, entries, goals, world, smart_goal
):
    await busy.call("manager", "GET", f"/goals/{busy.ids['goal']}")
    await active(world, "employee", {**smart_goal, "visibility": "ORG"})
    await active(world, "colleague", {**smart_goal, "visibility": "ORG"})
    await busy.call("employee", "GET", f"/goals?personId={busy.ids['colleague']}")
    view = listed(field("title"))
    await busy.ask("manager", "goals", view, [], [busy.ids["employee"]])
    order = {"erasureId": new_id(), "person": {"personId": busy.ids["employee"]}}
    await goals.deliver(
        "waymark.profile.erasure.ordered.v1",
        subject=order["erasureId"],
        sequence=1,
        payload=order,
        tenant=world.tenant_id,
    )
    await goals.service.access_log.write()

    async with goals.session(world.tenant_id) as session:
        rows = await session.execute(text("SELECT subject_id, reader FROM access_log_entry"))
        left = [(row.subject_id, row.reader) for row in rows]
    assert left == [(busy.ids["colleague"], str(busy.ids["employee"]))]


def _removed() -> float:
    labels = {"service": "goals", "kind": "access_log"}
    return REGISTRY.get_sample_value("waymark_retention_removed_total", labels) or 0.0


async def test_entries_go_after_their_term_and_are_counted(busy, entries, goals):
    await busy.call("manager", "GET", f"/goals/{busy.ids['goal']}")
    planned = text(f"SELECT count(*) FROM queue.job WHERE name = '{keeping.PURGE}'")
    async with goals.session() as session:
        jobs_planned = await session.scalar(planned)
    jobs = jobs_of(goals.service)
    assert jobs is not None
    job = Job(new_id(), keeping.PURGE, busy.tenant_id, {}, 1)
    before, left = _removed(), []
    for days in (730, 731):
        with time_machine.travel(clock.now() + timedelta(days=days, seconds=5)):
            await jobs.lanes[keeping.PURGE].work(goals.service.database, [job])
        async with goals.session() as session:
            left.append(await session.scalar(text("SELECT count(*) FROM access_log_entry")))

    assert jobs_planned == 1
    assert (left, _removed() - before) == ([1, 0], 1)


@pytest.mark.parametrize("view", blueprint().views, ids=lambda view: view.name)
def test_every_view_about_somebody_is_logged_or_says_why_not(view):
    about = (ABOUT | {"subjectId"}) & view.fields.keys()

    assert (view.logged is not None) == (bool(about) and view.name not in NOT_LOGGED)
