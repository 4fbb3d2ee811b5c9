"""What profile tells of becomes somebody's to do, and is settled by what it tells next: twice, late, out of order."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import text

from services.feedback.tasks.hearing import reset
from shared.events.inbox import forget
from shared.ids import new_id
from tests.services.feedback.test_tasks import kinds, moved, read, told

NOON = "2026-11-20T12:00:00Z"


class Told:
    """Facts of one thing of profile's."""

    def __init__(self, org, aggregate, **snapshot):
        self.org, self.aggregate, self.id, self.sequence = org, aggregate, new_id(), 0
        self.snapshot = snapshot

    async def tell(self, verb, *, sequence=None, event_id=None, **changes):
        self.sequence = sequence or self.sequence + 1
        names = {
            "experience": "recordId",
            "follow_up": "interactionId",
            "skill_assertion": "assertionId",
        }
        own = names.get(self.aggregate, f"{self.aggregate}Id")
        self.snapshot |= changes
        await self.org.harness.deliver(
            f"waymark.profile.{self.aggregate}.{verb}.v1",
            subject=self.id,
            sequence=self.sequence,
            event_id=event_id,
            payload={own: self.id, **self.snapshot},
        )


@pytest.fixture
def rating(org):
    return Told(
        org, "rating", personId=org.ids["ada"], raterId=org.ids["cole"], askedById=org.ids["maya"],
        state="OPEN", dueOn="2026-12-04",
    )  # fmt: skip


@pytest.fixture
def credential(org):
    return Told(org, "credential", personId=org.ids["ada"], verification="DECLARED")


@pytest.fixture
def experience(org):
    whose = {"personId": org.ids["ada"], "verification": "DECLARED", "withdrawn": False}
    return Told(org, "experience", **whose)


@pytest.mark.parametrize(
    ("verb", "state"),
    [
        ("answered", "ANSWERED"),
        ("declined", "DECLINED"),
        ("cancelled", "CANCELLED"),
        ("expired", "EXPIRED"),
    ],
)
async def test_who_is_asked_for_a_rating_has_a_task_until_it_is_settled(org, rating, verb, state):
    await rating.tell("asked")

    (task,) = await read(org, "cole")
    assert (task["kind"], task["dueOn"], task["goalId"]) == ("ANSWER_RATING", "2026-12-04", None)
    assert await read(org, "ada") == await read(org, "maya") == []

    await rating.tell(verb, state=state)

    assert await read(org, "cole") == []
    assert await told(org) == [
        ("added", "cole", "ANSWER_RATING"),
        ("closed", "cole", "ANSWER_RATING"),
    ]


async def test_a_rating_that_was_settled_before_it_was_heard_of_is_nobodys(org, rating):
    await rating.tell("answered", sequence=2, state="ANSWERED")
    await rating.tell("asked", sequence=1, state="OPEN")

    assert await read(org, "cole") == []
    assert await told(org) == []


async def test_a_fact_that_comes_twice_is_one_task(org, rating):
    event_id = new_id()

    for _ in range(2):
        await rating.tell("asked", sequence=1, event_id=event_id)

    assert await told(org) == [("added", "cole", "ANSWER_RATING")]


async def test_a_rater_keeps_the_task_whoever_leads_the_person(org, rating):
    await rating.tell("asked")

    await org.person("ada", manager="sam")
    await moved(org, "ada")

    assert await kinds(org, "cole") == ["ANSWER_RATING"]
    assert await read(org, "sam") == []


@pytest.mark.parametrize("said", ["VERIFIED", "NONE", "REVOKED"])
async def test_a_declared_credential_is_the_managers_to_verify(org, credential, said):
    await credential.tell("added")
    assert await kinds(org, "maya") == ["VERIFY_CREDENTIAL"]
    for other in ("ada", "cole", "sam", "hana"):
        assert await read(org, other) == []

    await credential.tell("added", verification=said)

    assert await read(org, "maya") == []


@pytest.mark.parametrize(
    ("verb", "change"),
    [("withdrawn", {"withdrawn": True}), ("expired", {"expiredOn": "2026-11-22"})],
)
async def test_what_is_gone_is_nobodys_to_verify(org, credential, verb, change):
    await credential.tell("added")

    await credential.tell(verb, **change)

    assert await read(org, "maya") == []
    assert await told(org) == [
        ("added", "maya", "VERIFY_CREDENTIAL"),
        ("closed", "maya", "VERIFY_CREDENTIAL"),
    ]


async def test_what_waits_to_be_verified_moves_with_the_manager(org, credential, experience):
    await credential.tell("added")
    await experience.tell("recorded")
    assert await kinds(org, "maya") == ["VERIFY_CREDENTIAL", "VERIFY_EXPERIENCE"]

    await org.person("ada", manager="sam")
    await moved(org, "ada")

    assert await read(org, "maya") == []
    assert await kinds(org, "sam") == ["VERIFY_CREDENTIAL", "VERIFY_EXPERIENCE"]
    await org.person("ada", manager=None)
    await moved(org, "ada")
    assert await read(org, "sam") == []


async def test_a_change_of_manager_plans_the_move_of_what_waits(org, experience):
    await experience.tell("recorded")
    await org.person("ada", manager="sam")

    async with org.harness.session() as session:
        moves = "SELECT count(*) FROM queue.job WHERE name = 'tasks.moved'"
        assert await session.scalar(text(moves)) == 1


@pytest.mark.parametrize(
    ("verb", "change"),
    [
        ("verified", {"verification": "VERIFIED"}),
        ("changed", {"verification": "NONE"}),
        ("withdrawn", {"withdrawn": True}),
    ],
)
async def test_experience_waits_for_the_manager_until_it_is_settled(org, experience, verb, change):
    await experience.tell("recorded")
    assert await kinds(org, "maya") == ["VERIFY_EXPERIENCE"]

    await experience.tell(verb, **change)

    assert await read(org, "maya") == []
    await experience.tell("changed", verification="DECLARED", withdrawn=False)
    assert await kinds(org, "maya") == ["VERIFY_EXPERIENCE"]


async def test_a_credential_that_runs_out_is_its_persons_to_renew(org, credential):
    await credential.tell("added", verification="VERIFIED", expiresOn="2027-01-10")
    assert await read(org, "ada") == []

    await credential.tell("expiring", noticeDays=60)
    await credential.tell("expiring", noticeDays=14)

    (task,) = await read(org, "ada")
    assert (task["kind"], task["dueOn"]) == ("RENEW_CREDENTIAL", "2027-01-10")
    await credential.tell("added", noticeDays=None, expiresOn="2028-01-10")
    assert await read(org, "ada") == []
    await credential.tell("expiring", noticeDays=60)
    (again,) = await read(org, "ada")
    assert (again["id"], again["dueOn"]) == (task["id"], "2028-01-10")


async def test_verifying_and_renewing_are_apart(org, credential):
    await credential.tell("added", expiresOn="2027-01-10")
    await credential.tell("expiring", noticeDays=60)
    assert await kinds(org, "ada") == ["RENEW_CREDENTIAL"]
    assert await kinds(org, "maya") == ["VERIFY_CREDENTIAL"]

    await credential.tell("added", verification="VERIFIED")

    assert await kinds(org, "ada") == ["RENEW_CREDENTIAL"]
    assert await read(org, "maya") == []


@pytest.mark.parametrize(
    ("verb", "state"),
    [("scored", "SCORED"), ("expired", "EXPIRED"), ("cancelled", "CANCELLED")],
)
async def test_what_hr_asks_one_to_take_waits_until_it_is_handed_in(org, verb, state):
    asked = Told(
        org, "assessment", personId=org.ids["ada"], instrumentCode="i", state="ASSIGNED",
        assignedById=org.ids["hana"], lastOn="2026-12-04",
    )  # fmt: skip
    await asked.tell("assigned")
    await asked.tell("started", state="IN_PROGRESS")

    (task,) = await read(org, "ada")
    assert (task["kind"], task["dueOn"]) == ("TAKE_ASSESSMENT", "2026-12-04")
    assert await read(org, "maya") == await read(org, "hana") == []

    await asked.tell(verb, state=state)

    assert await read(org, "ada") == []


async def test_what_one_takes_of_ones_own_accord_waits_for_nobody(org):
    own = Told(org, "assessment", personId=org.ids["ada"], instrumentCode="i", state="IN_PROGRESS")
    await own.tell("started", assignedById=org.ids["ada"])
    await own.tell("started", assignedById=None)

    assert await read(org, "ada") == []


async def test_a_replay_ends_with_the_same_tasks(org, rating, credential, experience):
    async def story(clock):
        for each, verb, sequence, change in (
            (rating, "asked", 1, {"state": "OPEN"}),
            (credential, "added", 1, {"verification": "DECLARED", "noticeDays": None}),
            (experience, "recorded", 1, {"verification": "DECLARED"}),
            (rating, "answered", 2, {"state": "ANSWERED"}),
            (credential, "added", 2, {"verification": "VERIFIED"}),
        ):
            clock.shift(timedelta(hours=1))
            await each.tell(verb, sequence=sequence, **change)

    with time_machine.travel(NOON, tick=False) as at_noon:
        await story(at_noon)
    before = {who: await read(org, who) for who in ("ada", "cole", "maya")}
    facts = await told(org)
    assert [task["kind"] for task in before["maya"]] == ["VERIFY_EXPERIENCE"]
    async with org.harness.session() as session:
        group = org.harness.service.blueprint.handlers.groups["waiting"]
        await forget(session, group, org.harness.tenant_id)
        await reset(session)

    with time_machine.travel(NOON, tick=False) as at_noon:
        await story(at_noon)

    assert {who: await read(org, who) for who in before} == before
    assert await told(org) == facts


@pytest.mark.parametrize("erased", ["ada", "cole", "maya"])
async def test_who_is_erased_leaves_nothing_to_do_for_anybody(org, rating, erased):
    """Whoever of the three goes: the person, the rater or who asked."""
    await rating.tell("asked")
    person = {"personId": str(org.ids[erased]), "texts": [], "identifiers": []}

    await org.harness.deliver(
        "waymark.profile.erasure.ordered.v1", subject=org.ids[erased], sequence=99,
        payload={"erasureId": str(new_id()), "person": person},
    )  # fmt: skip

    if erased != "cole":
        assert await read(org, "cole") == await read(org, "cole", opened=False) == []
    async with org.harness.session() as session:
        for table in ("tasks_task", "tasks_waiting"):
            assert await session.scalar(text(f"SELECT count(*) FROM {table}")) == 0
