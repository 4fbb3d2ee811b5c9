"""Before a credential runs out its person is told, once a notice, and no more once it is renewed, ended or gone."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from sqlalchemy import text

from services.profile.credentials import expiring, expiry
from services.profile.credentials.rules import notice_holds, notice_on
from shared.ids import new_id
from shared.jobs import Job
from shared.tenancy import Principal
from tests.services.profile.hris import Hris

ENDS = date(2031, 6, 30)
CLOUD = {"externalId": "C-1", "type": "certification", "name": "Cloud", "issuer": "Academy"}
DEV = {"externalId": "dev"}


@pytest.fixture
def hris(profile):
    return Hris(profile)


@pytest.fixture
def declare(profile, here):
    async def declare(who="dev", **said):
        body = {"type": "CERTIFICATION", "name": "Cloud", "issuer": "Academy", **said}
        url = f"/people/{here.people[who]}/credentials"
        made = await profile.client.post(url, json=body, headers=here.as_(who))
        assert made.status_code == 201, made.text
        return made.json()

    return declare


@pytest.fixture
def on(profile, here):
    """Runs the job of a day, as the worker does on that day or later; answers what it announced."""

    async def on(day):
        told = len(await notices(profile))
        job = Job(new_id(), expiring.NOTIFY, here.tenant_id, {"day": day.isoformat()}, 1)
        with time_machine.travel(datetime.combine(day, time(0, 1), UTC)):
            await run(profile, job)
        return (await notices(profile))[told:]

    return on


async def run(profile, job):
    await profile.service.blueprint.jobs.lanes[job.name].work(profile.service.database, [job])


async def notices(profile):
    facts = await profile.published("waymark.profile.credential.expiring.v1")
    return [(fact["payload"]["noticeDays"], fact["payload"]["expiresOn"]) for fact in facts]


async def planned(profile):
    async with profile.session() as session:
        rows = await session.execute(
            text("SELECT dedupe_key FROM queue.job WHERE name = :name ORDER BY 1"),
            {"name": expiring.NOTIFY},
        )
        return [row.dedupe_key for row in rows]


def before(days):
    return ENDS - timedelta(days=days)


@pytest.mark.parametrize(
    ("left", "notice"), [(61, None), (60, 60), (15, 60), (14, 14), (1, 14), (0, None), (-1, None)]
)
def test_the_shortest_notice_that_has_come_is_given(left, notice):
    assert notice_on(ENDS, before(left)) == notice


def test_a_notice_holds_until_the_end_has_moved_out_of_its_reach():
    today = before(10)

    assert notice_holds(14, ENDS, today)
    assert not notice_holds(14, ENDS + timedelta(days=5), today)
    assert notice_holds(60, ENDS + timedelta(days=5), today)
    assert not notice_holds(60, ENDS + timedelta(days=365), today)
    assert not notice_holds(60, None, today)
    assert not notice_holds(None, ENDS, today)


async def test_each_notice_is_given_once_however_often_the_job_runs(profile, declare, on):
    made = await declare(expiresOn=ENDS.isoformat())

    assert await planned(profile) == [before(60).isoformat(), before(14).isoformat()]
    assert await on(before(61)) == []
    assert await on(before(60)) == [(60, "2031-06-30")]
    assert await on(before(60)) == await on(before(15)) == []
    assert await on(before(14)) == [(14, "2031-06-30")]
    assert await on(before(14)) == await on(before(1)) == await on(ENDS) == []
    facts = await profile.published("waymark.profile.credential.expiring.v1")
    assert [(fact["subject"], fact["sequence"]) for fact in facts] == [
        (made["id"], 2), (made["id"], 3),
    ]  # fmt: skip


async def test_a_day_that_was_missed_is_caught_up_with_by_the_shorter_notice_alone(declare, on):
    await declare(expiresOn=ENDS.isoformat())

    assert await on(before(10)) == [(14, "2031-06-30")]


async def test_what_is_declared_within_its_notice_is_announced_today(profile, declare):
    with time_machine.travel(datetime.combine(before(20), time(9), UTC)):
        await declare(expiresOn=ENDS.isoformat())

    assert await planned(profile) == [before(20).isoformat(), before(14).isoformat()]


async def test_what_a_system_renews_is_told_and_announced_anew(profile, here, hris, on):
    told = {"person": DEV, "credential": CLOUD, "issuedOn": "2029-06-30"}
    await hris.say("credential.issued", "c", expiresOn=ENDS.isoformat(), **told)
    assert await on(before(60)) == [(60, "2031-06-30")]

    with time_machine.travel(datetime.combine(before(50), time(9), UTC)):
        await hris.say("credential.issued", "c", expiresOn="2033-06-30", **told)

    renewed = (await profile.published("waymark.profile.credential.added.v1"))[-1]["payload"]
    assert (renewed["noticeDays"], renewed["expiresOn"]) == (None, "2033-06-30")
    assert await on(before(14)) == []
    assert await on(date(2033, 5, 1)) == [(60, "2033-06-30")]


async def test_declaring_the_next_one_renews_and_withdrawing_it_does_not(
    profile, here, declare, on
):
    old = await declare(expiresOn=ENDS.isoformat())
    assert await on(before(60)) == [(60, "2031-06-30")]

    newer = await declare(name=" cloud", issuer="ACADEMY", expiresOn="2033-06-30")

    told = (await profile.published("waymark.profile.credential.added.v1"))[-1]["payload"]
    assert (told["credentialId"], told["noticeDays"]) == (old["id"], None)
    assert await on(before(14)) == []
    url = f"/people/{here.people['dev']}/credentials/{newer['id']}"
    assert (await profile.client.delete(url, headers=here.as_("dev"))).status_code == 200
    assert await on(before(14)) == [(14, "2031-06-30")]


@pytest.mark.parametrize("other", [{"name": "Sky"}, {"issuer": "School"}, {"type": "BADGE"}])
async def test_another_credential_renews_nothing(declare, on, other):
    await declare(expiresOn=ENDS.isoformat())

    await declare(**other)

    assert await on(before(60)) == [(60, "2031-06-30")]


async def test_of_what_is_taken_back_or_objected_to_nothing_is_announced(
    profile, here, hris, declare, on
):
    told = {"person": DEV, "credential": CLOUD}
    ends = ENDS.isoformat()
    await hris.say("credential.issued", "c", issuedOn="2029-06-30", expiresOn=ends, **told)
    await hris.say("credential.revoked", "c", revokedOn="2030-01-01", **told)
    made = await declare(name="Weaver", expiresOn=ends)
    url = f"/people/{here.people['dev']}/credentials/{made['id']}/object"
    answer = await profile.client.post(url, json={"reason": "No."}, headers=here.as_("lead"))
    assert answer.status_code == 200, answer.text

    assert await on(before(60)) == []


async def test_a_notice_ends_with_the_credential(profile, here, declare, on):
    await declare(expiresOn=ENDS.isoformat())
    await on(before(14))
    system = Principal.system(here.tenant_id, "profile.credentials.expire")

    with time_machine.travel(datetime.combine(ENDS, time(0, 1), UTC)):
        async with profile.session() as session:
            assert await expiry.expire_due(session, system, today=ENDS) == 1

    (fact,) = await profile.published("waymark.profile.credential.expired.v1")
    assert (fact["payload"]["noticeDays"], fact["sequence"]) == (None, 3)


async def test_who_has_left_is_not_told(profile, here, hris, declare, on):
    await declare(expiresOn=ENDS.isoformat())
    await hris.say("person.terminated", "dev", person=DEV, terminationDate="2026-01-31")

    assert await on(before(60)) == []


async def test_another_tenants_job_announces_nothing_here(profile, here, declare):
    await declare(expiresOn=ENDS.isoformat())
    other = new_id()
    job = Job(new_id(), expiring.NOTIFY, other, {"day": before(60).isoformat()}, 1)

    with time_machine.travel(datetime.combine(before(60), time(0, 1), UTC)):
        await run(profile, job)

    assert await notices(profile) == []
