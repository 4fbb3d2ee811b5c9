"""A check-in from planning to the next of its series, through the door."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
import time_machine

from services.feedback.checkins.deadlines import meet_deadline
from shared.ids import new_id
from shared.jobs import Job, TryLater
from shared.tenancy import Principal

VERBS = {"prepare": "PREPARED", "hold": "HELD", "complete": "COMPLETED", "cancel": "CANCELLED"}
WAYS = {
    "SCHEDULED": (),
    "PREPARED": ("prepare",),
    "HELD": ("hold",),
    "COMPLETED": ("hold", "acknowledge", "complete"),
    "CANCELLED": ("cancel",),
}
POSSIBLE = {
    ("SCHEDULED", "prepare"),
    ("SCHEDULED", "hold"),
    ("SCHEDULED", "cancel"),
    ("PREPARED", "hold"),
    ("PREPARED", "cancel"),
}


async def led_to(org, state):
    """A check-in in that state; the manager has acknowledged the notes of a held one, ada completes."""
    check_in = await org.schedule()
    for verb in WAYS[state]:
        who = "maya" if verb == "acknowledge" else "ada"
        answer = await org.step(who, check_in["id"], verb)
        assert answer.status_code == 200, answer.text
        check_in = answer.json()
    assert check_in["state"] == state
    return check_in


def deadline_job(org, check_in_id):
    job = Job(
        id=new_id(), name="checkins.deadline", tenant_id=org.harness.tenant_id,
        arguments={"id": check_in_id}, attempt=1,
    )  # fmt: skip
    principal = Principal.system(org.harness.tenant_id, "feedback.checkins.deadline")
    return meet_deadline(org.harness.service.database, principal, job)


async def test_a_recurring_check_in_runs_its_course_and_plans_the_next(org):
    check_in = await org.schedule(cadence="WEEKLY", priorities=["The release"])
    assert check_in["employeeId"] == str(org.ids["ada"])
    assert check_in["managerId"] == str(org.ids["maya"])

    for who, verb in (("maya", "prepare"), ("ada", "hold"), ("maya", "acknowledge")):
        assert (await org.step(who, check_in["id"], verb)).status_code == 200
    completed = (await org.step("ada", check_in["id"], "complete")).json()
    listed = (await org.call("maya", "GET", "/checkins")).json()

    assert completed["state"] == "COMPLETED"
    (following,) = [each for each in listed if each["previousId"] == check_in["id"]]
    assert following["state"] == "SCHEDULED"
    assert following["scheduledFor"] == "2031-03-11T10:00:00Z"
    facts = [
        (each["type"], each["sequence"])
        for each in await org.harness.published()
        if ".check_in." in each["type"]
    ]
    assert facts == [
        ("waymark.feedback.check_in.scheduled.v1", 1),
        ("waymark.feedback.check_in.held.v1", 3),
        ("waymark.feedback.check_in.completed.v1", 5),
        ("waymark.feedback.check_in.scheduled.v1", 1),
    ]


@pytest.mark.parametrize("state", WAYS)
@pytest.mark.parametrize("verb", VERBS)
async def test_only_the_drawn_steps_are_taken(org, state, verb):
    check_in = await led_to(org, state)
    before = await org.harness.published()

    answer = await org.step("ada", check_in["id"], verb)
    after = (await org.call("ada", "GET", f"/checkins/{check_in['id']}")).json()

    if (state, verb) in POSSIBLE:
        assert (answer.status_code, after["state"]) == (200, VERBS[verb])
    elif (state, verb) == ("HELD", "complete"):
        assert answer.json()["type"] == "urn:waymark:problem:notes-not-seen"
        assert after == check_in
    else:
        assert answer.status_code == 409
        assert answer.json()["type"] == "urn:waymark:problem:state-transition"
        assert isinstance(answer.json()["allowed"], list)
        assert after == check_in
        assert await org.harness.published() == before


async def test_notes_changed_after_they_were_seen_must_be_seen_again(org):
    check_in = await led_to(org, "HELD")
    seen = (await org.step("maya", check_in["id"], "acknowledge")).json()

    revised = await org.call(
        "ada", "PATCH", f"/checkins/{check_in['id']}",
        json={"employeeNotes": "One more thing."}, headers={"If-Match": f'"{seen["version"]}"'},
    )  # fmt: skip
    refused = await org.step("ada", check_in["id"], "complete")

    assert revised.json()["managerSeenAt"] is None
    assert refused.json()["type"] == "urn:waymark:problem:notes-not-seen"


async def test_an_update_needs_the_version_that_was_read(org):
    check_in = await org.schedule()
    path = f"/checkins/{check_in['id']}"
    wanted = {"priorities": ["Growth"]}

    without = await org.call("ada", "PATCH", path, json=wanted)
    stale = await org.call("ada", "PATCH", path, json=wanted, headers={"If-Match": '"7"'})
    right = await org.call("ada", "PATCH", path, json=wanted, headers={"If-Match": '"1"'})

    assert (without.status_code, stale.status_code, right.status_code) == (428, 412, 200)
    assert right.headers["ETag"] == '"2"'
    assert right.json()["priorities"] == ["Growth"]


async def test_each_writes_their_own_notes_only(org):
    check_in = await org.schedule()
    path = f"/checkins/{check_in['id']}"

    refused = await org.call(
        "ada", "PATCH", path, json={"managerNotes": "Mine."}, headers={"If-Match": '"1"'}
    )
    after = (await org.call("maya", "GET", path)).json()

    assert refused.status_code == 403
    assert after == check_in


async def test_a_write_names_the_field_that_is_not_known(org):
    answer = await org.call(
        "ada", "POST", "/checkins", json={"scheduledFor": "2031-03-04T10:00:00Z", "state": "HELD"}
    )

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/state"


async def test_agenda_and_action_items_belong_to_both(org):
    check_in = await org.schedule()
    path = f"/checkins/{check_in['id']}"
    await org.call("ada", "POST", f"{path}/agenda", json={"text": "Holidays"})
    both = (await org.call("maya", "POST", f"{path}/agenda", json={"text": "Mentoring"})).json()
    adas, mayas = both["agenda"]

    refused = await org.call("ada", "DELETE", f"{path}/agenda/{mayas['id']}")
    left = (await org.call("ada", "DELETE", f"{path}/agenda/{adas['id']}")).json()
    stranger = await org.call(
        "ada", "POST", f"{path}/action-items",
        json={"text": "Write it up", "ownerId": str(org.ids["cole"])},
    )  # fmt: skip
    agreed = await org.call(
        "maya", "POST", f"{path}/action-items",
        json={"text": "Write it up", "ownerId": str(org.ids["ada"]), "dueOn": "2031-04-01"},
    )  # fmt: skip
    (item,) = agreed.json()["actionItems"]
    finished = await org.call("ada", "POST", f"{path}/action-items/{item['id']}/complete")

    assert refused.status_code == 403
    assert [each["text"] for each in left["agenda"]] == ["Mentoring"]
    assert stranger.json()["errors"][0]["pointer"] == "/ownerId"
    assert item["dueOn"] == "2031-04-01"
    assert finished.json()["actionItems"][0]["doneAt"] is not None


async def test_a_closed_check_in_takes_nothing_more_but_a_finished_action(org):
    check_in = await org.schedule()
    path = f"/checkins/{check_in['id']}"
    agreed = await org.call(
        "ada", "POST", f"{path}/action-items",
        json={"text": "Ask Cole", "ownerId": str(org.ids["ada"])},
    )  # fmt: skip
    (item,) = agreed.json()["actionItems"]
    cancelled = (await org.step("ada", check_in["id"], "cancel")).json()
    version = {"If-Match": f'"{cancelled["version"]}"'}

    answers = [
        await org.call("ada", "PATCH", path, json={"priorities": ["x"]}, headers=version),
        await org.call("ada", "POST", f"{path}/agenda", json={"text": "Too late"}),
    ]
    finished = await org.call("ada", "POST", f"{path}/action-items/{item['id']}/complete")

    assert [each.json()["type"] for each in answers] == ["urn:waymark:problem:check-in-closed"] * 2
    assert finished.status_code == 200


async def test_what_is_not_held_within_the_grace_is_missed_and_the_series_goes_on(org):
    check_in = await org.schedule(cadence="MONTHLY")

    with time_machine.travel(datetime(2031, 3, 11, 10, 0, 1, tzinfo=UTC), tick=False):
        await deadline_job(org, check_in["id"])

    missed = (await org.call("ada", "GET", f"/checkins/{check_in['id']}")).json()
    ahead = (await org.call("ada", "GET", "/checkins", params={"state": "SCHEDULED"})).json()
    assert missed["state"] == "MISSED"
    assert [each["scheduledFor"] for each in ahead] == ["2031-04-04T10:00:00Z"]
    assert len(await org.harness.published("waymark.feedback.check_in.missed.v1")) == 1


async def test_a_check_in_that_was_moved_is_looked_at_again_at_its_new_deadline(org):
    check_in = await org.schedule()
    await org.call(
        "ada", "PATCH", f"/checkins/{check_in['id']}",
        json={"scheduledFor": "2031-03-20T10:00:00Z"}, headers={"If-Match": '"1"'},
    )  # fmt: skip

    with (
        time_machine.travel(datetime(2031, 3, 11, 10, tzinfo=UTC), tick=False),
        pytest.raises(TryLater) as later,
    ):
        await deadline_job(org, check_in["id"])

    assert later.value.delay == timedelta(days=16)


async def test_a_held_check_in_is_never_missed(org):
    check_in = await led_to(org, "HELD")

    with time_machine.travel(datetime(2032, 1, 1, tzinfo=UTC), tick=False):
        await deadline_job(org, check_in["id"])

    after = (await org.call("ada", "GET", f"/checkins/{check_in['id']}")).json()
    assert after == check_in


async def test_who_has_no_manager_cannot_plan_a_check_in(org):
    answer = await org.call(
        "sam", "POST", "/checkins", json={"scheduledFor": "2031-03-04T10:00:00Z"}
    )

    assert (answer.status_code, answer.json()["type"]) == (409, "urn:waymark:problem:no-manager")


async def test_the_same_request_sent_twice_plans_one_check_in(org):
    key = {"Idempotency-Key": "5f0c5b0a"}
    body = {"scheduledFor": "2031-03-04T10:00:00Z"}

    answers = [await org.call("ada", "POST", "/checkins", json=body, headers=key) for _ in (1, 2)]
    listed = (await org.call("ada", "GET", "/checkins")).json()

    assert answers[0].json()["id"] == answers[1].json()["id"]
    assert [UUID(each["id"]) for each in listed] == [UUID(answers[0].json()["id"])]
