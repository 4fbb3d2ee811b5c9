"""Levels of days that have passed: by both times, and what has become of them."""

from datetime import timedelta

import pytest

from services.profile.skills import expiry
from shared import clock
from shared.tenancy import Principal
from tests.services.profile.conftest import imported, skill
from tests.services.profile.test_assertions import PROOF, level_of, slug
from tests.unit.profile.trace_reader import recomputed


def ago(days):
    return str(clock.today() - timedelta(days=days))


@pytest.fixture
def past(profile, here):
    async def past(days, viewer="dev", path="levels/past", of="dev", **further):
        name = "since" if path == "growth" else "validAt"
        answer = await profile.client.get(
            f"/skills/{path}",
            params={"personId": here.people[of], name: ago(days), **further},
            headers=here.as_(viewer),
        )
        return answer if answer.is_error else answer.json()

    return past


async def test_a_past_level_is_made_of_what_had_occurred_until_then(profile, here, say, past):
    await say("lead", "MANAGER", 2, occurredOn=ago(400))
    await say("partner", "ASSESSMENT", 4, occurredOn=ago(300))
    await say("lead", "MANAGER", 5, occurredOn=ago(10))

    levels = {days: (await past(days)) for days in (500, 400, 350, 200, 0)}
    today = await level_of(profile, here)

    assert levels[500] == []
    assert (levels[400][0]["level"], levels[400][0]["mass"]) == (2.0, 0.7)
    assert levels[350][0]["level"] == 2.0
    assert 0.6 < levels[350][0]["mass"] < 0.7
    (middle,) = levels[200]
    assert {each["source"]: each["level"] for each in middle["contributions"]} == {
        "MANAGER": 2.0,
        "ASSESSMENT": 4.0,
    }
    assert middle["level"] == pytest.approx(recomputed(middle["contributions"])["level"], abs=1e-12)
    (now,) = levels[0]
    for name in ("level", "mass", "variance", "intervalLow", "intervalHigh", "contributions"):
        assert now[name] == today[name]


async def test_what_was_known_then_knows_nothing_of_what_was_said_later(
    profile, here, say, step, past
):
    first = await say("lead", "MANAGER", 2, occurredOn=ago(100))
    claim = await say("dev", "PROJECT", 5, evidence=PROOF, occurredOn=ago(90))
    before = clock.now().isoformat()
    await step(claim, "confirm", "lead")
    between = clock.now().isoformat()
    await step(first, "retract", "lead", reason="Another person's.")
    await say("partner", "ASSESSMENT", 3, occurredOn=ago(95))

    known = {
        name: {each["source"] for level in levels for each in level["contributions"]}
        for name, levels in (
            ("before", await past(50, knownAt=before)),
            ("between", await past(50, knownAt=between)),
            ("now", await past(50)),
        )
    }

    assert known == {
        "before": {"MANAGER"},
        "between": {"MANAGER", "PROJECT"},
        "now": {"PROJECT", "ASSESSMENT"},
    }


async def test_what_has_expired_counts_on_the_days_before(profile, here, say, past):
    day = clock.today() + timedelta(days=30)
    await say("hris", "CERTIFICATION", 5, occurredOn=ago(50), expiresOn=str(day))
    await say("hris", "IMPORT", 3, occurredOn=ago(50), expiresOn=ago(20))
    system = Principal.system(here.tenant_id, "profile.skills.expire")
    async with profile.session() as session:
        await expiry.expire_due(session, system, today=day)

    sources = {
        days: {each["source"] for each in (await past(days))[0]["contributions"]}
        for days in (21, 20)
    }

    assert sources == {21: {"CERTIFICATION", "IMPORT"}, 20: {"CERTIFICATION"}}


async def test_growth_is_now_against_then(profile, here, say, past):
    for source in ("ASSESSMENT", "PEER", "PROJECT"):
        await say("partner", source, 1, occurredOn=ago(200))
        await say("partner", source, 4.5, occurredOn=ago(5))
    await say("dev", "SELF", 4)

    (grown,) = await past(100, path="growth")
    (line,) = await past(100, viewer="head", path="growth")

    assert (grown["before"]["level"], grown["now"]["level"]) == (1.0, 4.5)
    assert (grown["change"], grown["certain"]) == (3.5, True)
    assert (grown["now"]["selfLevel"], line["now"]["selfLevel"]) == (4.0, None)


async def test_growth_begins_with_a_baseline_else_with_the_newest(profile, here, say):
    url = f"/people/{here.people['dev']}/baselines"

    async def growth(viewer="dev", **asked):
        return await profile.client.get("/skills/growth", params=asked, headers=here.as_(viewer))

    none_yet = await growth()
    foreign = await growth("lead", personId=here.people["dev"])
    await say("partner", "ASSESSMENT", 1)
    first = (await profile.client.post(url, json={}, headers=here.as_("dev"))).json()
    await say("lead", "MANAGER", 2)
    second = (await profile.client.post(url, json={}, headers=here.as_("dev"))).json()
    await say("lead", "MANAGER", 4)
    (from_first,) = (await growth(baselineId=first["id"])).json()
    (from_second,) = (await growth(baselineId=second["id"])).json()
    (from_newest,) = (await growth()).json()
    of_dev = {"personId": here.people["dev"], "baselineId": first["id"]}
    (by_lead,) = (await growth("lead", **of_dev)).json()
    picture = await profile.client.get(
        "/skills/growth.svg", params={"baselineId": first["id"]}, headers=here.as_("dev")
    )

    assert slug(none_yet) == (422, "invalid")
    assert none_yet.json()["errors"][0]["pointer"] == "query:since"
    assert from_first["before"]["level"] == 1.0
    assert from_newest["before"] == from_second["before"]
    assert from_second["before"]["level"] not in (1.0, from_second["now"]["level"])
    assert by_lead["before"] == from_first["before"]
    assert picture.status_code == 200
    assert slug(foreign) == (404, "not-found")
    assert slug(await growth("head", **of_dev)) == (404, "not-found")
    assert slug(await growth("peer", **of_dev)) == (404, "not-found")
    assert slug(await growth("lead", baselineId=first["id"])) == (404, "not-found")


async def test_a_day_and_a_baseline_are_not_asked_for_together(profile, here):
    for asked, pointer in (
        ({"since": ago(1), "baselineId": here.people["dev"]}, "query:baselineId"),
        ({"knownAt": clock.now().isoformat()}, "query:knownAt"),
    ):
        answer = await profile.client.get("/skills/growth", params=asked, headers=here.as_("dev"))
        assert slug(answer) == (422, "invalid")
        assert answer.json()["errors"][0]["pointer"] == pointer


async def test_past_levels_are_for_who_may_read_those_of_today(profile, here, say, past):
    await say("lead", "MANAGER", 2, occurredOn=ago(100))

    answers = {who: await past(50, viewer=who) for who in ("lead", "head", "partner", "peer")}
    future = await past(-1)

    assert [len(answers[who]) for who in ("lead", "head", "partner")] == [1, 1, 1]
    assert slug(answers["peer"]) == slug(await past(50, "admin")) == (404, "not-found")
    assert slug(future) == (422, "invalid")


async def test_a_level_of_then_fades_by_the_half_life_that_was_known_then(
    profile, here, say, past, coding
):
    """Changed by a file and by hand: what is asked for as known before each change has the one before it."""
    await say("lead", "MANAGER", 2, occurredOn=ago(365))
    moments = [clock.now().isoformat()]
    await imported(profile, "skills", [skill("coding", halfLifeMonths=12)])
    moments.append(clock.now().isoformat())
    found = await profile.client.get(f"/skills/{coding}", headers=here.as_("admin"))
    headers = here.as_("admin") | {"If-Match": found.headers["etag"]}
    changed = await profile.client.patch(
        f"/skills/{coding}", json={"halfLifeMonths": 24}, headers=headers
    )
    moments.append(clock.now().isoformat())

    levels = [(await past(0, knownAt=moment))[0] for moment in moments]
    (now,) = await past(0)

    assert changed.status_code == 200, changed.text
    assert [each["halfLifeMonths"] for each in levels] == [36, 12, 24]
    for level, half_life in zip(levels, (36, 12, 24), strict=True):
        decay = 0.5 ** (365 / (365.25 / 12) / half_life)
        assert level["mass"] == pytest.approx(0.7 * decay, abs=1e-12)
        assert recomputed(level["contributions"])["mass"] == level["mass"]
    assert now["mass"] == levels[-1]["mass"]
