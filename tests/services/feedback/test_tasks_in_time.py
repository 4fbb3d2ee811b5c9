"""Tasks that open on a day, or end at a moment: follow-ups and introductions."""

from datetime import timedelta
from uuid import UUID

import pytest
import time_machine
from sqlalchemy import text

from services.feedback.tasks.turns import TURN, on_time
from shared import clock
from shared.ids import new_id
from shared.jobs import Job
from shared.tenancy import Principal
from tests.services.feedback.test_tasks import kinds, read, told
from tests.services.feedback.test_tasks_of_profile import NOON, Told


@pytest.fixture
def follow_up(org):
    return Told(org, "follow_up", personId=org.ids["ada"], followUpOn="2026-12-01")


@pytest.fixture
def introduction(org):
    return Told(
        org, "introduction", personId=org.ids["ada"], introducerId=org.ids["cole"],
        targetId=org.ids["sam"], waitsForId=org.ids["cole"], endsAt="2026-12-20T12:00:00Z",
    )  # fmt: skip


async def at(org, subject_id, instant):
    """Runs the job of an instant, as the worker does once it has come."""
    tenant = org.harness.tenant_id
    arguments = {"subject": str(subject_id), "at": instant}
    job = Job(id=new_id(), name=TURN, tenant_id=tenant, arguments=arguments, attempt=1)
    await on_time(org.harness.service.database, Principal.system(tenant, "feedback.turn"), job)


async def planned(org, subject_id):

    async with org.harness.session() as session:
        rows = await session.execute(
            text("SELECT arguments FROM queue.job WHERE name = :name"), {"name": TURN}
        )
        found = [row.arguments for row in rows]
    return sorted(each["at"] for each in found if UUID(each["subject"]) == subject_id)


async def test_a_follow_up_is_its_owners_from_its_day_on(org, follow_up):
    with time_machine.travel(NOON, tick=False):
        await follow_up.tell("planned")
        assert await read(org, "ada") == []
        (instant,) = await planned(org, follow_up.id)
    assert instant == "2026-12-01T00:00:00+00:00"

    with time_machine.travel(instant, tick=False):
        await at(org, follow_up.id, instant)

    (task,) = await read(org, "ada")
    assert (task["kind"], task["dueOn"]) == ("FOLLOW_UP", "2026-12-01")
    for other in ("maya", "sam", "cole", "hana", "root"):
        assert await read(org, other, "ada") == []
    with time_machine.travel("2026-12-02T09:00:00Z", tick=False):
        await follow_up.tell("settled", followUpOn=None)
    assert await read(org, "ada") == []


async def test_a_follow_up_that_was_done_or_moved_does_not_open_on_its_old_day(org, follow_up):
    with time_machine.travel(NOON, tick=False) as at_noon:
        await follow_up.tell("planned")
        at_noon.shift(timedelta(hours=1))
        await follow_up.tell("planned", followUpOn="2026-12-24")

    with time_machine.travel("2026-12-01T00:00:01Z", tick=False):
        await at(org, follow_up.id, "2026-12-01T00:00:00+00:00")
        assert await read(org, "ada") == []
        await follow_up.tell("settled", followUpOn=None)
    with time_machine.travel("2026-12-24T00:00:01Z", tick=False):
        await at(org, follow_up.id, "2026-12-24T00:00:00+00:00")

    assert await read(org, "ada") == []
    assert await told(org) == []


async def test_an_introduction_is_the_introducers_then_the_targets(org, introduction):
    with time_machine.travel(NOON, tick=False) as at_noon:
        await introduction.tell("asked")
        (task,) = await read(org, "cole")
        assert (task["kind"], task["dueOn"]) == ("ANSWER_INTRODUCTION", "2026-12-20")
        assert await read(org, "sam") == []

        at_noon.shift(timedelta(hours=1))
        await introduction.tell("offered", waitsForId=org.ids["sam"])
        assert (await read(org, "cole"), await kinds(org, "sam")) == ([], ["ANSWER_INTRODUCTION"])

        at_noon.shift(timedelta(hours=1))
        await introduction.tell("settled", waitsForId=None)
        assert await read(org, "sam") == []


async def test_an_introduction_that_nobody_answers_ends_by_itself(org, introduction):
    with time_machine.travel(NOON, tick=False):
        await introduction.tell("asked")
        (instant,) = await planned(org, introduction.id)

    with time_machine.travel(instant, tick=False):
        await at(org, introduction.id, instant)

    assert await read(org, "cole") == []
    assert await told(org) == [
        ("added", "cole", "ANSWER_INTRODUCTION"),
        ("closed", "cole", "ANSWER_INTRODUCTION"),
    ]
    async with org.harness.session() as session:
        assert await session.scalar(text("SELECT count(*) FROM tasks_waiting")) == 0


async def test_the_day_of_today_opens_at_once(org, follow_up):
    await follow_up.tell("planned", followUpOn=clock.today().isoformat())

    assert await kinds(org, "ada") == ["FOLLOW_UP"]
    assert await planned(org, follow_up.id) == []
