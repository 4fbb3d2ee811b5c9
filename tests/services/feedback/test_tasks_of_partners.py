"""What waits for a manager is HR's where nobody leads; a word on a skill waits like that too."""

import pytest
from sqlalchemy import text

from services.feedback.tasks.listening import UNLED, turn_over
from shared.ids import new_id
from shared.jobs import Job
from shared.tenancy import Principal
from tests.services.feedback.test_tasks import kinds, moved, read, told
from tests.services.feedback.test_tasks_of_profile import Told

REVIEW = "REVIEW_SKILL"


@pytest.fixture
def word(org):
    return Told(org, "skill_assertion", personId=org.ids["ada"], state="PENDING_REVIEW")


@pytest.fixture
def experience(org):
    whose = {"personId": org.ids["ada"], "verification": "DECLARED", "withdrawn": False}
    return Told(org, "experience", **whose)


async def turned_over(org):
    """Runs the job that what is told of partners and units leaves, if it has."""
    async with org.harness.session() as session:
        planned = await session.scalar(
            text("SELECT count(*) FROM queue.job WHERE name = :name"), {"name": UNLED}
        )
    tenant = org.harness.tenant_id
    job = Job(id=new_id(), name=UNLED, tenant_id=tenant, arguments={}, attempt=1)
    await turn_over(org.harness.service.database, Principal.system(tenant, UNLED), job)
    return planned


@pytest.mark.parametrize(
    ("verb", "state"),
    [
        ("confirmed", "CONFIRMED"),
        ("rejected", "REJECTED"),
        ("superseded", "SUPERSEDED"),
        ("expired", "EXPIRED"),
        ("retracted", "RETRACTED"),
    ],
)
async def test_a_word_that_waits_is_the_managers_until_it_is_settled(org, word, verb, state):
    await word.tell("review_requested")

    (task,) = await read(org, "maya")
    assert (task["kind"], task["assertionId"], task["goalId"]) == (REVIEW, str(word.id), None)
    for other in ("ada", "cole", "sam", "hana", "olga", "root"):
        assert await read(org, other) == []

    await word.tell(verb, state=state)

    assert await read(org, "maya") == []
    assert await told(org) == [("added", "maya", REVIEW), ("closed", "maya", REVIEW)]


async def test_what_is_said_without_asking_for_a_review_is_not_even_heard(org):
    groups = org.harness.service.blueprint.handlers.groups
    heard = {each.pattern for group in groups.values() for each in group.handlers}

    assert "waymark.profile.skill_assertion.review_requested.v1" in heard
    assert not {each for each in heard if each.startswith("waymark.profile.skill_assertion.*")}
    assert "waymark.profile.skill_assertion.recorded.v1" not in heard


async def test_whom_nobody_leads_the_partners_of_the_nearest_unit_look_after(org, word, experience):
    await org.person("wide", unit="sales", grants=(("HR_PARTNER", None),))
    await org.person("ada", manager=None)

    await word.tell("review_requested")
    await experience.tell("recorded")

    assert await kinds(org, "hana") == [REVIEW, "VERIFY_EXPERIENCE"]
    for other in ("ada", "maya", "sam", "olga", "wide", "root"):
        assert await read(org, other) == []
    await word.tell("confirmed", state="CONFIRMED")
    assert await kinds(org, "hana") == ["VERIFY_EXPERIENCE"]


async def test_what_waited_for_a_manager_who_is_gone_is_hrs_and_the_next_managers(org, word):
    await word.tell("review_requested")

    await org.person("ada", manager=None)
    await moved(org, "ada")

    assert await read(org, "maya") == []
    assert await kinds(org, "hana") == [REVIEW]
    await org.person("ada", manager="sam")
    await moved(org, "ada")
    assert await read(org, "hana") == []
    assert await kinds(org, "sam") == [REVIEW]


async def test_nobody_looks_after_themself(org):
    word = Told(org, "skill_assertion", personId=org.ids["hana"], state="PENDING_REVIEW")
    await org.person("hana", unit="team", grants=(("HR_PARTNER", "company"),))
    await org.person("wide", unit="sales", grants=(("HR_PARTNER", None),))

    await word.tell("review_requested")

    assert await read(org, "hana") == []
    assert await kinds(org, "wide") == [REVIEW]


async def test_partners_come_and_go_and_what_waits_goes_over(org, word):
    await org.person("ada", manager=None)
    await word.tell("review_requested")
    assert await kinds(org, "hana") == [REVIEW]

    await org.person("hana", unit="company")
    assert await turned_over(org) == 1
    assert await read(org, "hana") == []

    await org.person("olga", unit="company", grants=(("HR_PARTNER", "company"),))
    assert await turned_over(org) == 1
    assert await kinds(org, "olga") == [REVIEW]

    await org.unit("team")
    assert await turned_over(org) == 1
    assert await read(org, "olga") == []


async def test_what_is_told_of_others_turns_nothing_over(org, word):
    await word.tell("review_requested")
    await org.person("hana", unit="company")
    assert await turned_over(org) == 0

    await org.person("ada", manager=None)
    await moved(org, "ada")
    await org.person("cole", manager="maya")

    assert await turned_over(org) == 0
