"""Who looked at whose check-ins: noted by every door, told to the employee, refused looks and own ones not."""

from datetime import timedelta
from functools import cache

import pytest
import time_machine
from prometheus_client import REGISTRY
from sqlalchemy import text

from services.feedback.checkins.views import VIEWS as CHECK_IN_VIEWS
from services.feedback.tasks.views import VIEWS as TASK_VIEWS
from shared import clock
from shared.accesses import keeping
from shared.ids import new_id
from shared.jobs import Job
from shared.serve import jobs_of
from tests.services.feedback.test_checkin_views import read

NOT_LOGGED = {"tasks": "nobody but the owner sees any"}
BY_MANAGER = [("maya", "CHECK_INS", "MANAGER", 1)]


@pytest.fixture
async def entries(org, feedback):
    async def entries(of="ada", by=None):
        await feedback.service.access_log.write()
        answer = await org.call(by or of, "GET", f"/people/{org.ids[of]}/access-log")
        if answer.status_code != 200:
            return answer.status_code
        names = {str(person): name for name, person in org.ids.items()}
        return sorted(
            (names.get(e["reader"], e["reader"]), e["what"], e["via"], e["times"])
            for e in answer.json()
        )

    return entries


@pytest.fixture
async def check_in(org):
    made = await org.schedule()
    for who in ("ada", "maya"):
        added = await org.call(
            who, "POST", f"/checkins/{made['id']}/agenda", json={"text": f"Of {who}"}
        )
        assert added.status_code == 201, added.text
    return made


@pytest.mark.parametrize("path", ["/checkins/{id}", "/checkins", "/checkins/calendar.ics"])
async def test_each_door_notes_who_was_shown_something_and_by_which_right(
    org, check_in, entries, path
):
    for who in ("maya", "ada", "sam", "hana", "olga", "root", "cole"):
        answer = await org.call(who, "GET", path.format(**check_in))
        assert answer.status_code in (200, 404), answer.text

    assert await entries() == BY_MANAGER
    assert await entries("maya") == []


FIELDS = [{"as": "state", "field": "state"}]
NESTED = [
    *FIELDS,
    {
        "as": "agenda",
        "field": "agenda",
        "shape": "list",
        "select": [{"as": "text", "field": "text"}],
    },
]


@pytest.mark.parametrize(
    ("view", "by", "shape", "whose", "select"),
    [
        ("check_ins", "employee", "list", "ada", NESTED),
        ("check_ins", "manager", "list", "maya", NESTED),
        ("check_ins", "id", "record", "check-in", NESTED),
        ("check_ins_of_person", "person", "list", "ada", NESTED),
        ("check_ins_of_person", "person", "list", "maya", NESTED),
        ("check_in_agenda_items", "checkIn", "list", "check-in", [{"as": "t", "field": "text"}]),
    ],
)
async def test_each_view_notes_whom_it_shows_without_another_statement(
    org, check_in, entries, view, by, shape, whose, select, monkeypatch
):
    monkeypatch.setattr(org, "token", cache(org.token))
    keys = {**{name: str(person) for name, person in org.ids.items()}, "check-in": check_in["id"]}
    asked = {"by": by, "shape": shape, "select": select}
    shown, statements = {}, {}
    for who in ("maya", "ada", "sam", "hana", "root", "cole"):
        await read(org, who, view=view, keys=[keys[whose]], **asked)
        before = _statements()
        shown[who] = await read(org, who, view=view, keys=[keys[whose]], **asked)
        statements[who] = _statements() - before

    assert {*statements.values()} == {statements["ada"]}
    assert {who for who, found in shown.items() if any(found.values())} == {"maya", "ada"}
    assert await entries() == [("maya", "CHECK_INS", "MANAGER", 2)]
    assert await entries("maya") == []


def _statements() -> float:
    name, labels = "waymark_sql_statements_total", {"service": "feedback"}
    return REGISTRY.get_sample_value(name, labels) or 0.0


async def test_who_may_read_the_log(org, check_in, entries):
    await org.call("maya", "GET", f"/checkins/{check_in['id']}")

    assert [await entries(by=who) for who in ("ada", "hana", "root")] == [BY_MANAGER] * 3
    assert [await entries(by=who) for who in ("maya", "sam", "cole", "olga")] == [404] * 4


async def test_an_erased_person_takes_their_log_along(org, check_in, entries, feedback):
    asked = {"by": "employee", "shape": "list", "select": FIELDS}
    await org.call("maya", "GET", f"/checkins/{check_in['id']}")
    await read(org, "maya", keys=[org.ids["ada"]], **asked)
    order = {"erasureId": new_id(), "person": {"personId": org.ids["ada"]}}
    await feedback.deliver(
        "waymark.profile.erasure.ordered.v1",
        subject=order["erasureId"],
        sequence=1,
        payload=order,
    )
    await feedback.service.access_log.write()

    async with feedback.session() as session:
        assert await session.scalar(text("SELECT count(*) FROM access_log_entry")) == 0


async def test_entries_go_after_their_term_and_are_counted(org, check_in, feedback):
    await org.call("maya", "GET", f"/checkins/{check_in['id']}")
    jobs = jobs_of(feedback.service)
    assert jobs is not None
    job = Job(new_id(), keeping.PURGE, feedback.tenant_id, {}, 1)
    before, left = _removed(), []
    for days in (730, 731):
        with time_machine.travel(clock.now() + timedelta(days=days, seconds=5)):
            await jobs.lanes[keeping.PURGE].work(feedback.service.database, [job])
        async with feedback.session() as session:
            left.append(await session.scalar(text("SELECT count(*) FROM access_log_entry")))

    assert (left, _removed() - before) == ([1, 0], 1)


def _removed() -> float:
    labels = {"service": "feedback", "kind": "access_log"}
    return REGISTRY.get_sample_value("waymark_retention_removed_total", labels) or 0.0


@pytest.mark.parametrize("view", [*CHECK_IN_VIEWS, *TASK_VIEWS], ids=lambda view: view.name)
def test_every_view_is_logged_or_says_why_not(view):
    assert (view.logged is not None) == (view.name not in NOT_LOGGED)
