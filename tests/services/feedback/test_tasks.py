"""What waits for whom: it follows goals, check-ins and who leads whom, and nobody else sees it."""

import json
from datetime import timedelta

import time_machine

from services.feedback.tasks.listening import MOVED, move, reset
from shared.events.inbox import forget
from shared.ids import new_id
from shared.jobs import Job
from shared.tenancy import Principal

NAMES = ("id", "kind", "goalId", "assertionId", "dueOn", "addedAt", "closedAt")
ASK = [{"as": name, "field": name} for name in NAMES] + [
    {"as": "checkIn", "field": "checkIn", "select": [{"as": "state", "field": "state"}]}
]


async def read(org, who, whose=None, *, opened=True):
    """The open, or the closed, tasks of somebody as the gateway asks for them."""
    ask = {"by": "person", "shape": "list", "select": ASK, "with": {"open": 0, "first": 1}}
    body = "\n".join(
        ("tasks", json.dumps(ask), json.dumps([opened, 25]), str(org.ids[whose or who]))
    )
    answer = await org.call(who, "POST", "/views", content=body)
    assert answer.status_code == 200, answer.text
    (line,) = answer.text.splitlines() or ["\t[]"]
    return json.loads(line.split("\t", 1)[1])


async def kinds(org, who, **further):
    return sorted(task["kind"] for task in await read(org, who, **further))


async def told(org):
    names = {str(person_id): name for name, person_id in org.ids.items()}
    return [
        (row["type"].split(".")[3], names[row["payload"]["personId"]], row["payload"]["kind"])
        for row in await org.harness.published()
        if ".task." in row["type"]
    ]


async def propose(org, goal_id, verb="proposed", state="PROPOSED", **further):
    wanted = {"goal_id": goal_id, "title": "Ship it", "progress": 0, "state": state}
    await org.goal(verb, **wanted, **further)


async def moved(org, name):
    """Runs the job that what is told of a person has left, if it has."""
    tenant = org.harness.tenant_id
    arguments = {"person": str(org.ids[name])}
    job = Job(id=new_id(), name=MOVED, tenant_id=tenant, arguments=arguments, attempt=1)
    await move(org.harness.service.database, Principal.system(tenant, "feedback.tasks.moved"), job)


async def test_a_proposed_goal_is_the_managers_to_approve_until_somebody_has(org):
    goal_id = new_id()

    await propose(org, goal_id)

    (task,) = await read(org, "maya")
    assert (task["kind"], task["goalId"]) == ("APPROVE_GOAL", str(goal_id))
    assert (task["dueOn"], task["closedAt"], task["checkIn"]) == (None, None, None)
    await propose(org, goal_id, "activated", "ACTIVE")
    assert await read(org, "maya") == []
    (closed,) = await read(org, "maya", opened=False)
    assert closed["id"] == task["id"]
    assert await told(org) == [
        ("added", "maya", "APPROVE_GOAL"),
        ("closed", "maya", "APPROVE_GOAL"),
    ]


async def test_who_approves_is_never_who_proposed(org):
    """A manager's proposal is its owner's to take, also when they keep it to themself by then."""
    goal_id = new_id()
    await propose(org, goal_id, proposedBy=org.ids["maya"])
    assert await kinds(org, "ada") == ["APPROVE_GOAL"]
    assert await read(org, "maya") == []

    await propose(org, goal_id, "changed", proposedBy=org.ids["maya"], visibility="PRIVATE")
    assert await kinds(org, "ada") == ["APPROVE_GOAL"]
    await org.person("ada", manager="sam")
    await moved(org, "ada")
    assert await kinds(org, "ada") == ["APPROVE_GOAL"]
    assert await read(org, "sam") == []

    await propose(org, goal_id, "activated", "ACTIVE", proposedBy=org.ids["maya"])
    assert await read(org, "ada") == []
    await propose(org, new_id(), proposedBy=org.ids["ada"])
    assert await kinds(org, "sam") == ["APPROVE_GOAL"]
    assert await read(org, "ada") == []


async def test_a_goal_that_is_made_private_is_nobodys_to_approve(org):
    goal_id = new_id()
    await propose(org, goal_id, visibility="PRIVATE")
    assert await read(org, "maya") == []

    await propose(org, goal_id, "changed", visibility="MANAGER")
    assert await kinds(org, "maya") == ["APPROVE_GOAL"]

    await propose(org, goal_id, "changed", visibility="PRIVATE")
    assert await read(org, "maya") == []


async def test_nobody_sees_the_task_of_somebody_else(org):
    await propose(org, new_id())

    for stranger in ("ada", "sam", "hana", "root"):
        assert await read(org, stranger, "maya") == []


async def test_a_task_moves_with_the_manager_and_back(org):
    await propose(org, new_id())

    await org.person("ada", manager="sam")
    await moved(org, "ada")

    assert await read(org, "maya") == []
    assert await kinds(org, "sam") == ["APPROVE_GOAL"]
    await org.person("ada", manager="maya")
    await moved(org, "ada")
    assert await read(org, "sam") == []
    assert await kinds(org, "maya") == ["APPROVE_GOAL"]
    assert [(verb, who) for verb, who, _ in await told(org)] == [
        ("added", "maya"), ("closed", "maya"), ("added", "sam"),
        ("closed", "sam"), ("added", "maya"),
    ]  # fmt: skip


async def test_who_gets_a_manager_later_has_their_proposal_seen(org):
    await org.person("ada", manager=None)
    await propose(org, new_id())
    assert await told(org) == []

    await org.person("ada", manager="maya")
    await moved(org, "ada")

    assert await kinds(org, "maya") == ["APPROVE_GOAL"]


async def test_a_check_in_is_both_sides_to_prepare_by_its_day(org):
    check_in = await org.schedule()

    (hers,), (his,) = await read(org, "ada"), await read(org, "maya")
    assert hers["kind"] == his["kind"] == "PREPARE_CHECK_IN"
    assert (hers["dueOn"], hers["checkIn"]) == ("2031-03-04", {"state": "SCHEDULED"})
    assert (await org.step("maya", check_in["id"], "prepare")).status_code == 200
    assert await read(org, "maya") == []

    answer = await org.call(
        "maya", "PATCH", f"/checkins/{check_in['id']}",
        json={"scheduledFor": "2031-03-06T10:00:00Z"}, headers={"If-Match": '"2"'},
    )  # fmt: skip

    assert answer.status_code == 200, answer.text
    assert await read(org, "maya") == []
    assert [task["dueOn"] for task in await read(org, "ada")] == ["2031-03-06"]


async def test_what_took_place_is_to_be_confirmed_until_it_is(org):
    check_in = await org.schedule()
    await org.step("ada", check_in["id"], "hold")
    assert await kinds(org, "ada") == await kinds(org, "maya") == ["COMPLETE_CHECK_IN"]

    await org.step("maya", check_in["id"], "acknowledge")
    assert await read(org, "maya") == []
    answer = await org.call(
        "ada", "PATCH", f"/checkins/{check_in['id']}",
        json={"employeeNotes": "One more thing"}, headers={"If-Match": '"3"'},
    )  # fmt: skip
    assert answer.status_code == 200, answer.text
    assert await kinds(org, "maya") == ["COMPLETE_CHECK_IN"]

    await org.step("maya", check_in["id"], "acknowledge")
    await org.step("ada", check_in["id"], "complete")

    assert await read(org, "ada") == await read(org, "maya") == []
    assert await kinds(org, "ada", opened=False) == ["COMPLETE_CHECK_IN", "PREPARE_CHECK_IN"]


async def test_a_former_manager_has_nothing_to_confirm(org):
    check_in = await org.schedule()
    await org.step("ada", check_in["id"], "hold")

    await org.person("ada", manager="sam")
    await moved(org, "ada")

    assert await read(org, "maya") == []
    assert await kinds(org, "ada") == ["COMPLETE_CHECK_IN"]


async def test_a_cancelled_check_in_leaves_nothing_to_do(org):
    check_in = await org.schedule()

    await org.step("ada", check_in["id"], "cancel")

    assert await read(org, "ada") == await read(org, "maya") == []


async def test_what_has_a_day_comes_first(org):
    await propose(org, new_id())
    await org.schedule(scheduledFor="2031-05-01T10:00:00Z")
    await org.schedule()

    assert [task["dueOn"] for task in await read(org, "maya")] == ["2031-03-04", "2031-05-01", None]


async def test_a_replay_finds_the_same_tasks_and_tells_nothing_again(org):
    """What `rebuild` does, with the goals' facts told once more as of then."""
    waiting, approved = new_id(), new_id()
    story = [(waiting, "proposed", "PROPOSED"), (approved, "proposed", "PROPOSED")]
    story.append((approved, "activated", "ACTIVE"))
    with time_machine.travel("2026-11-20T10:00:00Z", tick=False) as clock:
        for each in story:
            clock.shift(timedelta(hours=1))
            await propose(org, *each)
    before = [await read(org, "maya", opened=opened) for opened in (True, False)]
    facts = await told(org)
    assert [len(tasks) for tasks in before] == [1, 1]
    async with org.harness.session() as session:
        group = org.harness.service.blueprint.handlers.groups["tasks"]
        await forget(session, group, org.harness.tenant_id)
        await reset(session)

    with time_machine.travel("2026-11-20T10:00:00Z", tick=False) as clock:
        for each in story:
            clock.shift(timedelta(hours=1))
            await propose(org, *each)

    assert [await read(org, "maya", opened=opened) for opened in (True, False)] == before
    assert await told(org) == facts


async def test_an_erased_person_leaves_no_task(org):
    await propose(org, new_id())
    await org.schedule()
    person = {"personId": str(org.ids["ada"]), "texts": [], "identifiers": []}
    order = {"erasureId": str(new_id()), "person": person}
    org.sequence += 1

    await org.harness.deliver(
        "waymark.profile.erasure.ordered.v1", subject=org.ids["ada"], sequence=org.sequence,
        payload=order,
    )  # fmt: skip

    assert await read(org, "maya") == []
    assert await read(org, "maya", opened=False) == []
