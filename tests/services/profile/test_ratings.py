"""Asking colleagues for ratings: who may ask whom, what the asked one sees, and what follows from an answer."""

from datetime import timedelta

import pytest

from services.profile.ratings import commands
from shared import clock
from shared.tenancy import Principal
from tests.services.profile.conftest import imported, skill
from tests.services.profile.test_assertions import level_of, slug

FACT = "waymark.profile.rating."


@pytest.fixture
def ask(profile, here, coding):
    async def ask(by, rater, of=None, **further):
        body = {"raterId": here.people[rater], "skillIds": [coding]}
        body |= {"personId": here.people[of]} if of else {}
        return await profile.client.post("/ratings", json=body | further, headers=here.as_(by))

    return ask


@pytest.fixture
def close(profile, here):
    async def close(rating, verb, by, **body):
        url = f"/ratings/{rating.json()['id']}/{verb}"
        return await profile.client.post(url, json=body, headers=here.as_(by))

    return close


async def test_a_peer_is_asked_and_their_word_counts(profile, here, coding, say, ask, close):
    await say("dev", "SELF", 5)
    await say("lead", "MANAGER", 2)
    (other,) = await imported(profile, "skills", [skill("sql")])

    asked = await ask("dev", "peer", skillIds=[coding, other["id"]], message="From the project.")
    answered = await close(
        asked,
        "answer",
        "peer",
        ratings=[{"skillId": coding, "level": 4, "comment": "Cleared the backlog."}],
        comment="Of SQL I have seen nothing.",
    )
    level = await level_of(profile, here)

    assert (asked.status_code, asked.json()["state"]) == (201, "OPEN")
    assert asked.json()["dueOn"] == str(clock.today() + timedelta(days=14))
    done = answered.json()
    assert (done["state"], done["closingWords"]) == ("ANSWERED", "Of SQL I have seen nothing.")
    rated, unsaid = done["items"]
    assert (rated["level"], rated["comment"]) == (4.0, "Cleared the backlog.")
    assert unsaid == {
        "skillId": other["id"],
        "level": None,
        "comment": None,
        "assertionId": None,
    }
    assert level["level"] == pytest.approx((0.7 * 2 + 0.5 * 4) / 1.2)
    assert {each["source"] for each in level["contributions"]} == {"MANAGER", "PEER"}
    word = await profile.client.get(
        f"/skills/assertions/{rated['assertionId']}", headers=here.as_("dev")
    )
    assert word.json()["assessorId"] == here.people["peer"]
    assert word.json()["evidence"][0]["provenance"]["activity"] == done["id"]
    facts = [fact for fact in await profile.published() if fact["type"].startswith(FACT)]
    assert [fact["type"] for fact in facts] == [f"{FACT}asked.v1", f"{FACT}answered.v1"]
    assert facts[1]["payload"] == {
        "ratingId": done["id"],
        "personId": here.people["dev"],
        "raterId": here.people["peer"],
        "askedById": here.people["dev"],
        "state": "ANSWERED",
        "dueOn": done["dueOn"],
        "skillIds": [coding, other["id"]],
    }


async def test_who_is_asked_sees_the_skills_that_are_asked_and_nothing_more(
    profile, here, coding, say, ask
):
    await say("dev", "SELF", 5)
    await say("lead", "MANAGER", 2)
    asked = await ask("lead", "peer", of="dev")

    seen = await profile.client.get(asked.headers["location"], headers=here.as_("peer"))
    listed = await profile.client.get("/ratings", headers=here.as_("peer"))
    words = await profile.client.get(
        "/skills/assertions", params={"personId": here.people["dev"]}, headers=here.as_("peer")
    )
    stranger = await profile.client.get(asked.headers["location"], headers=here.as_("operator"))

    assert listed.json() == [seen.json()] == [asked.json()]
    assert seen.json()["items"] == [
        {"skillId": coding, "level": None, "comment": None, "assertionId": None}
    ]
    assert await level_of(profile, here, viewer="peer") is None
    assert (words.json(), stranger.status_code) == ([], 404)


@pytest.mark.parametrize(
    ("by", "rater", "of", "answer"),
    [
        ("dev", "dev", None, (422, "not-this-rater")),
        ("lead", "dev", "dev", (422, "not-this-rater")),
        ("lead", "lead", "dev", (422, "not-this-rater")),
        ("lead", "peer", "dev", (201, "")),
        ("dev", "operator", None, (201, "")),
        ("peer", "lead", "dev", (403, "forbidden")),
        ("head", "peer", "dev", (403, "forbidden")),
        ("partner", "peer", "dev", (403, "forbidden")),
        ("admin", "peer", "dev", (403, "forbidden")),
    ],
)
async def test_who_may_ask_whom(profile, here, ask, by, rater, of, answer):
    assert slug(await ask(by, rater, of)) == answer

    asked = [fact for fact in await profile.published() if fact["type"].startswith(FACT)]
    assert len(asked) == (answer[0] == 201)


async def test_a_manager_who_is_asked_answers_as_the_manager(profile, here, coding, ask, close):
    asked = await ask("dev", "lead")
    await close(asked, "answer", "lead", ratings=[{"skillId": coding, "level": 3}])

    (only,) = (await level_of(profile, here))["contributions"]
    assert (only["source"], only["weight"]) == ("MANAGER", 0.7)


async def test_only_the_asked_one_answers_and_once(profile, here, coding, ask, close):
    asked = await ask("dev", "peer")
    (other,) = await imported(profile, "skills", [skill("sql")])
    rating = [{"skillId": coding, "level": 3}]

    assert slug(await close(asked, "answer", "dev", ratings=rating)) == (403, "forbidden")
    assert slug(await close(asked, "answer", "operator", ratings=rating)) == (404, "not-found")
    foreign = [{"skillId": other["id"], "level": 3}]
    assert slug(await close(asked, "answer", "peer", ratings=foreign)) == (422, "skill-not-asked")
    assert slug(await close(asked, "answer", "peer", ratings=[])) == (422, "invalid")
    assert await level_of(profile, here) is None
    assert (await close(asked, "answer", "peer", ratings=rating)).status_code == 200
    assert slug(await close(asked, "answer", "peer", ratings=rating)) == (409, "state-transition")
    assert slug(await close(asked, "decline", "peer")) == (409, "state-transition")


async def test_a_rater_takes_their_own_word_back(profile, here, coding, ask, close, step):
    asked = await ask("dev", "peer")
    done = await close(asked, "answer", "peer", ratings=[{"skillId": coding, "level": 3}])
    url = f"/skills/assertions/{done.json()['items'][0]['assertionId']}"

    taken = await profile.client.post(
        f"{url}/retract", json={"reason": "Mixed up."}, headers=here.as_("peer")
    )

    assert (taken.status_code, taken.json()["state"]) == (200, "RETRACTED")
    assert (await level_of(profile, here))["level"] is None


async def test_a_request_is_declined_cancelled_or_runs_out(profile, here, coding, ask, close):
    declined = await close(await ask("dev", "peer"), "decline", "peer", reason="Too long ago.")
    twice = [await ask("dev", "peer"), await ask("dev", "peer")]
    foreign = await close(twice[0], "cancel", "peer")
    cancelled = await close(twice[0], "cancel", "lead")
    late = await ask("dev", "operator", dueOn=str(clock.today()))
    too_late = await ask("dev", "chief", dueOn=str(clock.today() + timedelta(days=91)))
    system = Principal.system(here.tenant_id, "profile.ratings.expire")
    async with profile.session() as session:
        today = await commands.expire_due(session, system, today=clock.today())
    async with profile.session() as session:
        tomorrow = clock.today() + timedelta(days=1)
        ended = await commands.expire_due(session, system, today=tomorrow)
    after = await close(late, "answer", "operator", ratings=[{"skillId": coding, "level": 3}])

    assert (declined.json()["state"], declined.json()["closingWords"]) == (
        "DECLINED",
        "Too long ago.",
    )
    assert (twice[0].status_code, slug(twice[1])) == (201, (409, "already-asked"))
    assert (slug(foreign), cancelled.json()["state"]) == ((403, "forbidden"), "CANCELLED")
    assert slug(too_late) == (422, "invalid")
    assert (today, ended) == (0, 1)
    assert slug(after) == (409, "state-transition")


async def test_erasing_somebody_removes_what_was_asked_of_them_and_about_them(profile, here, ask):
    await ask("dev", "peer")
    await ask("peer", "dev")
    await ask("peer", "operator")

    order = await profile.client.post(
        f"/people/{here.people['dev']}/erasure",
        json={"reason": "Asked for it."},
        headers=here.as_("admin"),
    )
    left = await profile.client.get("/ratings", headers=here.as_("peer"))

    assert order.is_success, order.text
    assert [each["raterId"] for each in left.json()] == [here.people["operator"]]
