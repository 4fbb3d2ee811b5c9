"""Baselines: what was known of one's skills on a day, for good."""

import base64
import hashlib
import json

import pytest
from sqlalchemy import text


@pytest.fixture
def call(profile, here):
    async def call(who, method, path="", *, of="dev", **body):
        url = f"/people/{here.people[of]}/baselines{path}"
        return await profile.client.request(
            method, url, headers=here.as_(who), json=body if method == "POST" else None
        )

    return call


@pytest.fixture
async def known(say):
    await say("lead", "MANAGER", 3, occurredOn="2024-01-01")
    await say("dev", "SELF", 4)


async def test_a_baseline_holds_what_is_known_today(call, known, profile, here, coding):
    made = await call("dev", "POST", cycle="2027")
    assert made.status_code == 201, made.text

    read = (await call("dev", "GET", f"/{made.json()['id']}")).json()

    shown = await profile.client.get(
        "/skills/levels", params={"personId": here.people["dev"]}, headers=here.as_("dev")
    )
    (level,) = shown.json()
    (kept,) = read.pop("levels")
    assert (kept["skillId"], kept["level"], kept["selfLevel"]) == (coding, 3.0, 4.0)
    assert (kept["mass"], kept["intervalLow"]) == (level["mass"], level["intervalLow"])
    assert read == made.json() | {"verified": True}
    assert (read["cycle"], read["skillCount"]) == ("2027", 1)


async def test_its_content_hashes_to_its_hash(call, known):
    made = (await call("dev", "POST")).json()

    content = await call("dev", "GET", f"/{made['id']}/content")

    assert hashlib.sha256(content.content).hexdigest() == made["contentHash"]
    digest = base64.b64encode(bytes.fromhex(made["contentHash"])).decode()
    assert content.headers["Repr-Digest"] == f"sha-256=:{digest}:"
    whole = json.loads(content.content)
    assert list(whole) == sorted(whole)
    assert (whole["personId"], whole["baselineId"]) == (made["personId"], made["id"])


async def test_a_baseline_stays_as_it_was(call, known, say, here):
    made = (await call("dev", "POST")).json()
    before = (await call("dev", "GET", f"/{made['id']}")).json()

    await say("lead", "MANAGER", 5)

    assert (await call("dev", "GET", f"/{made['id']}")).json() == before
    later = (await call("dev", "POST")).json()
    assert later["contentHash"] != made["contentHash"]
    assert [each["id"] for each in (await call("dev", "GET")).json()] == [later["id"], made["id"]]


async def test_the_service_itself_may_not_change_one(call, known, profile):
    await call("dev", "POST")

    async with profile.session() as session:
        for table in ("baselines_snapshot", "baselines_level"):
            may = f"SELECT has_table_privilege('profile_app', '{table}', 'UPDATE')"
            assert await session.scalar(text(may)) is False


async def test_a_cycle_has_one_baseline(call, known, profile):
    first = await call("dev", "POST", cycle="2027")
    second = await call("dev", "POST", cycle="2027")

    assert (first.status_code, second.status_code) == (201, 409)
    assert second.json()["type"] == "urn:waymark:problem:cycle-has-baseline"
    assert len((await call("dev", "GET")).json()) == 1


async def test_its_fact_says_that_there_is_one_and_not_what_it_holds(call, known, profile, here):
    made = (await call("dev", "POST", cycle="2027")).json()

    (fact,) = await profile.published("waymark.profile.baseline.captured.v1")
    assert (fact["subject"], fact["sequence"]) == (made["id"], 1)
    payload = fact["payload"]
    assert {name: payload[name] for name in ("baselineId", "personId", "skillCount")} == {
        "baselineId": made["id"],
        "personId": here.people["dev"],
        "skillCount": 1,
    }
    assert payload["contentHash"] == made["contentHash"]
    assert payload.keys() == {
        *("baselineId", "personId", "cycle", "takenAt", "asOf", "skillCount", "contentHash")
    }


@pytest.mark.parametrize(
    ("who", "read", "capture"),
    [
        ("dev", 200, 201),
        ("lead", 200, 403),
        ("partner", 200, 403),
        ("head", 404, 404),
        ("peer", 404, 404),
        ("operator", 404, 404),
        ("admin", 404, 404),
    ],
)
async def test_who_may_read_and_take_one(call, known, profile, who, read, capture):
    made = (await call("dev", "POST")).json()

    answers = [
        await call(who, "GET"),
        await call(who, "GET", f"/{made['id']}"),
        await call(who, "GET", f"/{made['id']}/content"),
        await call(who, "POST"),
    ]

    assert [each.status_code for each in answers] == [read, read, read, capture]
    captured = await profile.published("waymark.profile.baseline.captured.v1")
    assert len(captured) == (2 if capture == 201 else 1)


async def test_who_knows_nothing_yet_may_have_an_empty_one(call, profile, here):
    made = (await call("peer", "POST", of="peer")).json()

    read = (await call("peer", "GET", f"/{made['id']}", of="peer")).json()

    assert (read["skillCount"], read["levels"], read["verified"]) == (0, [], True)
