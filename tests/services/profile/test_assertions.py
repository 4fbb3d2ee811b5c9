"""What is said about skills, by whom, and the level that follows."""

from datetime import timedelta

import pytest

from services.profile.skills import estimates, expiry
from services.profile.skills.models import Skill, SkillEstimate
from shared import clock
from shared.ids import new_id
from shared.jobs import Job
from shared.tenancy import Principal
from tests.services.profile.conftest import FRAMEWORK, imported, skill

COMPLETED = "waymark.goals.learning_record.completed.v1"


async def level_of(profile, here, key="dev", viewer=None):
    response = await profile.client.get(
        "/skills/levels",
        params={"personId": here.people[key]},
        headers=here.as_(viewer or key),
    )
    found = response.json()
    return found[0] if found else None


def slug(response):
    return (response.status_code, response.json().get("type", "").rpartition(":")[2])


PROOF = [{"kind": "WORK_SAMPLE", "title": "The reader", "uri": "https://example.test/reader"}]


async def test_a_self_rating_stands_apart_from_the_evidence(profile, here, say):
    own = await say("dev", "SELF", 4)
    alone = await level_of(profile, here)
    await say("lead", "MANAGER", 3)
    both = await level_of(profile, here)

    assert (own.status_code, own.json()["state"]) == (201, "DECLARED")
    assert (alone["level"], alone["selfLevel"], alone["contributions"]) == (None, 4.0, [])
    assert (both["level"], both["selfLevel"], both["mass"]) == (3.0, 4.0, 0.7)
    assert [each["source"] for each in both["contributions"]] == ["MANAGER"]
    facts = await profile.published("waymark.profile.skill_estimate.changed.v1")
    assert [fact["sequence"] for fact in facts] == [1, 2]
    assert facts[1]["subject"] == both["id"]
    told = facts[1]["payload"]
    assert (told["from"], told["level"], told["selfLevel"]) == (None, 3.0, 4.0)
    assert told["contributions"] == both["contributions"]
    assert told["halfLifeMonths"] == 36


async def test_a_newer_word_of_the_same_assessor_supersedes_whatever_arrives_first(
    profile, here, say
):
    today = clock.today()
    newer = await say("lead", "MANAGER", 4, occurredOn=str(today - timedelta(days=1)))
    older = await say("lead", "MANAGER", 1, occurredOn=str(today - timedelta(days=9)))
    newest = await say("lead", "MANAGER", 3)
    first = await profile.client.get(newer.headers["location"], headers=here.as_("lead"))

    assert older.json()["state"] == "SUPERSEDED"
    assert newest.json()["supersedesId"] == newer.json()["id"]
    assert first.json()["state"] == "SUPERSEDED"
    assert (await level_of(profile, here))["level"] == 3.0


async def test_the_doors_check_level_dates_and_framework(profile, here, say, coding):
    tomorrow = str(clock.today() + timedelta(days=1))

    assert slug(await say("dev", "SELF", 5.1)) == (422, "invalid")
    assert slug(await say("dev", "SELF", 5, occurredOn=tomorrow)) == (422, "invalid")
    assert slug(await say("dev", "SELF", 5, expiresOn=str(clock.today()))) == (422, "invalid")
    assert slug(await say("dev", "SELF", 5, state="CONFIRMED")) == (422, "invalid")
    await imported(profile, "frameworks", [FRAMEWORK | {"key": "draft", "publish": False}])
    (other,) = await imported(profile, "skills", [skill("x", frameworkKey="draft")])
    assert slug(await say("dev", "SELF", 5, skillId=other["id"])) == (409, "framework-is-draft")


async def test_the_same_event_is_recorded_once(profile, here, say):
    event_id = str(new_id())

    first = await say("hris", "IMPORT", 3, originEventId=event_id)
    again = await say("hris", "IMPORT", 3, originEventId=event_id)

    assert first.json()["id"] == again.json()["id"]
    assert len((await level_of(profile, here))["contributions"]) == 1


async def test_a_certificate_ends_on_its_day_and_takes_its_weight_along(profile, here, say):
    day = clock.today() + timedelta(days=30)
    await say("hris", "CERTIFICATION", 5, expiresOn=str(day))
    await say("lead", "MANAGER", 2)
    system = Principal.system(here.tenant_id, "profile.skills.expire")

    with_it = await level_of(profile, here)
    async with profile.session() as session:
        ended = await expiry.expire_due(session, system, today=day)
    async with profile.session() as session:
        rest = await expiry.expire_due(session, system, today=day)
    without = await level_of(profile, here)

    assert with_it["level"] == pytest.approx((0.9 * 5 + 0.7 * 2) / 1.6)
    assert (ended, rest, without["level"], without["asOf"]) == (1, 0, 2.0, str(day))
    assert len(await profile.published("waymark.profile.skill_assertion.expired.v1")) == 1


async def test_a_completed_course_raises_the_level_once(profile, here, say, coding):
    await say("lead", "MANAGER", 2)
    resource, event_id = new_id(), new_id()
    payload = {
        "recordId": str(new_id()),
        "personId": here.people["dev"],
        "resourceId": str(resource),
        "state": "COMPLETED",
        "completedAt": "2026-01-05T10:00:00+00:00",
        "skills": [
            {"skillId": coding, "expectedDelta": 1.5},
            {"skillId": str(new_id()), "expectedDelta": 1.0},
        ],
        "title": "Reading code",
        "sourceEventId": None,
    }

    for _ in range(2):
        await profile.deliver(
            COMPLETED, subject=payload["recordId"], sequence=3, payload=payload, event_id=event_id
        )

    level = await level_of(profile, here)
    course = next(each for each in level["contributions"] if each["source"] == "COURSE")
    assert (course["level"], course["weight"], course["occurredOn"]) == (3.5, 0.3, "2026-01-05")
    mass = course["weight"] * course["decay"]
    assert level["level"] == pytest.approx((0.7 * 2 + mass * 3.5) / (0.7 + mass))
    recorded = await profile.published("waymark.profile.skill_assertion.recorded.v1")
    assert [fact["payload"]["source"] for fact in recorded] == ["MANAGER", "COURSE"]


async def test_a_course_of_somebody_unknown_is_left_aside(profile, here, coding):
    payload = {
        "recordId": str(new_id()),
        "personId": str(new_id()),
        "resourceId": str(new_id()),
        "skills": [{"skillId": coding, "expectedDelta": 1.5}],
    }

    await profile.deliver(COMPLETED, subject=payload["recordId"], sequence=1, payload=payload)

    assert await profile.published("waymark.profile.skill_assertion.recorded.v1") == []


async def test_another_half_life_recomputes_the_estimates(profile, here, say, coding):
    past = str(clock.today() - timedelta(days=365))
    await say("lead", "MANAGER", 2, occurredOn=past)
    before = await level_of(profile, here)
    await imported(profile, "skills", [skill("coding", halfLifeMonths=12)])

    system = Principal.system(here.tenant_id, estimates.STALE)
    job = Job(new_id(), estimates.STALE, here.tenant_id, {"skill": coding}, 1)
    await estimates.refresh_skill(profile.service.database, system, job)

    after = await level_of(profile, here)
    assert (before["halfLifeMonths"], after["halfLifeMonths"]) == (36, 12)
    assert after["mass"] == pytest.approx(0.35, rel=1e-2)
    async with profile.session() as session:
        row = await session.get(SkillEstimate, (here.tenant_id, after["id"]))
        known = await session.get(Skill, (here.tenant_id, coding))
    assert (row.sequence, known.half_life_months) == (2, 12)


async def test_a_level_that_nothing_is_left_of_has_no_interval(profile, here, say, step, ask):
    """Neither by REST nor to the gateway: the whole scale would be something that is known."""
    said = await say("lead", "MANAGER", 3.75)
    await step(said, "retract", "lead", reason="The wrong person.")
    names = ("level", "mass", "variance", "intervalLow", "intervalHigh", "confidence")
    fields = [{"as": name, "field": name} for name in names]

    rest = await level_of(profile, here)
    (viewed,) = (
        await ask("skill_levels", "person", fields, "dev", shape="list", keys=[here.people["dev"]])
    )[here.people["dev"]]

    assert viewed == {name: rest[name] for name in names}
    assert viewed == dict.fromkeys(names) | {"mass": 0, "confidence": 0}
