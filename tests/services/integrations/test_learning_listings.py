"""Who is enrolled and who is done, by the listings of the learning systems, and Canvas asked on a hint."""

from datetime import UTC, datetime, timedelta

import pytest

from services.gateway.integrations.fetching import calling
from services.gateway.integrations.fetching.rules import DENIED

from .fetching import sourced
from .learning_vendors import THROTTLED, Canvas, Learning360, Moodle
from .vending import Fault, serving

ENROLLED = "waymark.integrations.learning.enrolled.v1"
COMPLETED = "waymark.integrations.learning.completed.v1"


def learning(rows):
    """Who, what, and when it was completed."""
    told = [(row["payload"]["person"], row["payload"]["course"]["code"], row) for row in rows]
    return sorted(
        (person["externalId"], code, row["payload"].get("completedAt"))
        for person, code, row in told
    )


def counts(run):
    return {name: run[name] for name in ("state", "seen", "told", "unread")}


@pytest.fixture
async def canvas(integrations):
    vendor = Canvas()
    vendor.teach(10, sis="SQL-2")
    for user in (1, 2, 3):
        vendor.enrol(10, user, "2026-11-01T10:00:00Z" if user == 2 else None)
    vendor.teach(11, modules=False)
    vendor.enrol(11, 1)
    vendor.teach(12)
    with serving(vendor):
        yield await sourced(integrations, vendor, "CANVAS")


async def test_canvas_tells_learners_course_by_course_and_page_by_page(canvas):
    first = await canvas.reconcile()
    told = await canvas.told()
    second = await canvas.reconcile()

    assert counts(first) == {"state": "DONE", "seen": 4, "told": 4, "unread": 0}
    assert counts(second) == {"state": "DONE", "seen": 4, "told": 0, "unread": 0}
    assert learning(told) == [
        ("1", "11", None),
        ("1", "SQL-2", None),
        ("2", "SQL-2", "2026-11-01T10:00:00Z"),
        ("3", "SQL-2", None),
    ]
    assert {row["payload"]["person"]["email"] for row in told} == {
        f"u{user}@acme.example" for user in (1, 2, 3)
    }
    assert {row["payload"].get("enrolledAt") for row in told} == {None, "2026-10-01T08:00:00Z"}


async def test_canvas_tells_only_what_is_new_and_of_several_sections_one_enrolment(canvas):
    await canvas.reconcile()
    canvas.vendor.enrol(10, 3, "2026-11-20T10:00:00Z")
    canvas.vendor.enrolments["10"][-1] |= {"created_at": "2026-11-19T08:00:00Z"}

    run = await canvas.reconcile()

    assert counts(run) == {"state": "DONE", "seen": 4, "told": 1, "unread": 0}
    (*_, last) = await canvas.told()
    assert (last["type"], last["payload"]["completedAt"]) == (COMPLETED, "2026-11-20T10:00:00Z")


async def test_canvas_is_asked_for_an_enrolment_that_has_changed(canvas):
    root = 21070000000000001
    metadata = {
        "event_name": "enrollment_updated",
        "event_time": "2026-11-20T09:00:00Z",
        "root_account_id": str(root),
    }
    body = {"user_id": str(root + 1), "course_id": str(root + 9), "workflow_state": "active"}
    await canvas.hint({"metadata": metadata, "body": body | {"type": "StudentEnrollment"}})
    await canvas.want("enrolment", "11/1")
    await canvas.want("enrolment", "10/7")
    await canvas.want("enrolment", "99/1")
    await canvas.tick()

    assert sorted(await canvas.states()) == ["DONE", "DONE", "GONE", "GONE"]
    assert learning(await canvas.told()) == [
        ("1", "11", None),
        ("2", "SQL-2", "2026-11-01T10:00:00Z"),
    ]


async def test_canvas_that_is_asked_too_much_is_waited_for_and_not_taken_for_a_refusal(canvas):
    canvas.vendor.fail(THROTTLED)
    await canvas.want("enrolment", "11/1")
    await canvas.tick()
    (waiting,) = await canvas.fetch_backs()

    assert (waiting["state"], waiting["tries"]) == ("WAITING", 0)
    assert waiting["reason"] == "The source asks to wait: 403."
    wait = datetime.fromisoformat(waiting["dueAt"]) - datetime.now(UTC)
    assert timedelta(0) < wait <= calling.THROTTLED < DENIED


async def test_a_listing_of_canvas_goes_on_where_it_was_throttled(canvas, monkeypatch):
    monkeypatch.setattr(calling, "THROTTLED", timedelta(0))
    canvas.vendor.fail(THROTTLED, THROTTLED, after=3)

    run = await canvas.reconcile()

    assert counts(run) == {"state": "DONE", "seen": 4, "told": 4, "unread": 0}
    assert canvas.vendor.paths.count("/api/v1/accounts/self/courses") == 2


async def test_a_token_that_canvas_refuses_is_a_refusal(canvas):
    await canvas.set_up(secret="a wrong one")
    run = await canvas.reconcile()

    assert (run["state"], run["error"]) == ("WAITING", "The source refuses the credentials: 401.")


@pytest.mark.parametrize("body", [b"{}", b"[1]", b'[{"id": null}]', b"null"])
async def test_a_listing_of_another_shape_is_cut_off(canvas, body):
    canvas.vendor.fail(Fault(200, body=body))

    run = await canvas.reconcile()

    assert (run["state"], run["seen"]) == ("WAITING", 0)
    assert await canvas.told() == []


async def test_360learning_tells_of_each_learner_what_the_best_session_says(integrations):
    vendor = Learning360()
    vendor.study("a", "p1", "successful", "2026-11-01T10:00:00.000Z")
    vendor.study("b", "p1", "onTime")
    vendor.study("a", "p2", "unsuccessful", "2026-11-02T10:00:00.000Z")
    vendor.study("a", "p1", "notYetStarted")
    vendor.study("b", "p1", "successful", "2026-11-03T10:00:00.000Z")
    with serving(vendor):
        lms = await sourced(integrations, vendor, "360LEARNING")
        first = await lms.reconcile()
        told = await lms.told()
        vendor.statistics.reverse()
        second = await lms.reconcile()

    assert vendor.paths == ["/api/v2/paths/stats"] * 6
    assert counts(first) == {"state": "DONE", "seen": 3, "told": 3, "unread": 0}
    assert counts(second) == {"state": "DONE", "seen": 3, "told": 0, "unread": 0}
    assert learning(told) == [
        ("a", "p1", "2026-11-01T10:00:00Z"),
        ("a", "p2", None),
        ("b", "p1", "2026-11-03T10:00:00Z"),
    ]


async def test_moodle_tells_learners_and_when_the_last_criterion_was_met(integrations):
    vendor = Moodle()
    vendor.teach(5)
    vendor.enrol(5, 8, "student", 1793000000, 1793526000)
    vendor.enrol(5, 9)
    vendor.enrol(5, 2, "editingteacher")
    vendor.teach(6, tracked=False)
    vendor.enrol(6, 8)
    vendor.enrol(6, 2, "editingteacher")
    vendor.teach(7)
    vendor.enrol(7, 9)
    vendor.completions["7", "9"] = "nocriteriaset"
    with serving(vendor):
        lms = await sourced(integrations, vendor, "MOODLE")
        first = await lms.reconcile()
        told = await lms.told()
        second = await lms.reconcile()

    assert counts(first) == {"state": "DONE", "seen": 4, "told": 4, "unread": 0}
    assert counts(second) == {"state": "DONE", "seen": 4, "told": 0, "unread": 0}
    assert learning(told) == [
        ("8", "5", "2026-11-01T09:40:00Z"),
        ("8", "6", None),
        ("9", "5", None),
        ("9", "7", None),
    ]
    assert {row["payload"]["person"]["email"] for row in told} == {
        "m8@acme.example",
        "m9@acme.example",
    }


async def test_moodle_that_hides_completions_is_a_refusal_and_not_nobody_done(integrations):
    vendor = Moodle()
    vendor.teach(5)
    vendor.enrol(5, 8)
    vendor.completions["5", "8"] = "cannotviewreport"
    with serving(vendor):
        lms = await sourced(integrations, vendor, "MOODLE")
        run = await lms.reconcile()
        shown = (await lms.call("GET", f"/connections/{lms.lms.id}/fetching")).json()

    assert (run["state"], run["error"]) == ("WAITING", "The site refuses the call.")
    assert shown["pausedUntil"] is not None
    assert await lms.told() == []
