"""What learning systems tell of enrolments, and of completions before and after them."""

from itertools import permutations
from typing import Any
from uuid import UUID

import pytest

from shared.ids import new_id

COMPLETED, ENROLLED = "learning.completed", "learning.enrolled"


async def told(
    world: Any,
    verb: str,
    at: str,
    *,
    who: dict[str, Any] | None = None,
    code: str = "c1",
    said_at: str | None = None,
    event_id: UUID | None = None,
    **further: Any,
) -> None:
    member = "enrolledAt" if verb == ENROLLED else "completedAt"
    person = who or {"externalId": "E-employee"}
    await world.harness.deliver(
        f"waymark.integrations.{verb}.v1",
        subject=f"{person}/{code}",
        sequence=None,
        payload={
            "connectionId": str(new_id()),
            "deliveryId": str(new_id()),
            "system": "hris",
            "saidAt": said_at or at,
            "person": person,
            "course": {"provider": "Academy", "code": code},
            member: at,
            **further,
        },
        event_id=event_id,
    )


async def record(world: Any, who: str = "employee") -> dict[str, Any]:
    (found,) = (await world.call(who, "GET", "/learning/records")).json()
    return found  # type: ignore[no-any-return]


async def facts(world: Any, verb: str) -> list[dict[str, Any]]:
    return await world.published(f"waymark.goals.learning_record.{verb}.v1")  # type: ignore[no-any-return]


async def test_an_enrolment_begins_a_record_that_a_completion_ends(world: Any):
    course = await world.course("c1")
    event_id = new_id()

    for _ in range(2):
        await told(world, ENROLLED, "2026-01-10T08:00:00Z", dueOn="2026-03-31", event_id=event_id)
    begun = await record(world)
    await told(world, COMPLETED, "2026-02-10T08:00:00Z", score=90)
    done = await record(world)

    assert (begun["state"], begun["source"], begun["dueOn"]) == ("ENROLLED", "LMS", "2026-03-31")
    assert begun["resourceId"] == str(course)
    assert (done["id"], done["state"], done["score"]) == (begun["id"], "COMPLETED", 90.0)
    assert (done["enrolledAt"], done["dueOn"]) == ("2026-01-10T08:00:00Z", "2026-03-31")
    (fact,) = await facts(world, "enrolled")
    assert (fact["payload"]["state"], fact["payload"]["dueOn"]) == ("ENROLLED", "2026-03-31")
    assert len(await facts(world, "completed")) == 1


@pytest.mark.parametrize("at", ["2026-01-10T08:00:00Z", "2026-03-10T08:00:00Z"])
async def test_what_is_completed_stays_as_it_is(world: Any, at: str):
    await world.course("c1")
    await told(world, COMPLETED, "2026-02-10T08:00:00Z")
    before = await record(world)

    await told(world, ENROLLED, at, dueOn="2026-12-31")

    assert await record(world) == before
    assert await facts(world, "enrolled") == []


async def test_another_due_day_is_taken_over_and_an_older_enrolment_is_not(world: Any):
    await world.course("c1")
    at = "2026-01-10T08:00:00Z"
    await told(world, ENROLLED, at, dueOn="2026-03-31")
    await told(world, ENROLLED, at, dueOn="2026-04-30", said_at="2026-01-11T08:00:00Z")
    await told(world, ENROLLED, "2025-01-10T08:00:00Z", dueOn="2025-03-31")

    assert (await record(world))["dueOn"] == "2026-04-30"
    assert len(await facts(world, "enrolled")) == 2


async def test_who_gave_up_is_enrolled_again_by_a_newer_enrolment_alone(world: Any):
    await world.course("c1")
    await told(world, ENROLLED, "2026-01-10T08:00:00Z")
    first = await record(world)
    await world.call("employee", "POST", f"/learning/records/{first['id']}/withdraw")

    await told(world, ENROLLED, "2026-01-10T08:00:00Z")
    still = (await record(world))["state"]
    await told(world, ENROLLED, "2026-02-10T08:00:00Z")

    assert (still, (await record(world))["state"]) == ("WITHDRAWN", "ENROLLED")


@pytest.mark.parametrize("order", list(permutations(["person", "course", ENROLLED, COMPLETED])))
async def test_every_order_of_arrival_completes_one_record(world: Any, order: tuple[str, ...]):
    who = {"email": "New@example.org"}
    for what in order:
        if what == "person":
            await world.person("new", managerId=world.ids["manager"])
        elif what == "course":
            await world.course("c1")
        else:
            at = "2026-01-10T08:00:00Z" if what == ENROLLED else "2026-02-10T08:00:00Z"
            await told(world, what, at, who=who)

    found = await record(world, "new")
    assert (found["state"], found["completedAt"]) == ("COMPLETED", "2026-02-10T08:00:00Z")
    assert len(await facts(world, "completed")) == 1
    waits = await world.call("admin", "GET", "/unresolved")
    assert waits.json() == {"counts": [], "entries": []}


async def test_what_waits_is_shown_to_administrators_alone(world: Any):
    await world.course("known")
    who = {"externalId": "X-1"}
    await told(world, ENROLLED, "2026-01-10T08:00:00Z", code="known", who=who)
    await told(world, ENROLLED, "2026-01-11T08:00:00Z", code="known", who=who)
    await told(world, COMPLETED, "2026-01-10T08:00:00Z", code="later")

    shown = (await world.call("admin", "GET", "/unresolved")).json()
    some = (await world.call("admin", "GET", "/unresolved?kind=ENROLMENT")).json()
    refused = [
        (await world.call(name, "GET", "/unresolved")).status_code
        for name in ("employee", "manager", "partner")
    ]

    assert shown["counts"] == [
        {"kind": "COMPLETION", "reason": "UNKNOWN_COURSE", "count": 1},
        {"kind": "ENROLMENT", "reason": "UNKNOWN_PERSON", "count": 1},
    ]
    (entry,) = some["entries"]
    assert entry["waitsFor"] == {
        "system": "hris",
        "externalId": "X-1",
        "email": None,
        "provider": "Academy",
        "code": "known",
    }
    assert (entry["saidAt"], refused) == ("2026-01-11T08:00:00Z", [403, 403, 403])
