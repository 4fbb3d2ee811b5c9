"""What people have done: said by themselves, verified by others, and then evidence."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from shared import clock

LED = {
    "type": "PROJECT",
    "title": "Led the weaving project",
    "organisation": "The mill",
    "startedOn": "2024-01-08",
    "endedOn": "2024-08-30",
    "hoursPerWeek": 20,
    "responsibilities": ["Planned the work of four weavers."],
    "teamSizeLed": 4,
    "budgetAmount": 12000,
    "budgetCurrency": "EUR",
    "achievements": ["Delivered a week early."],
}
TYPES = "waymark.profile.experience"


@pytest.fixture
def call(profile, here):
    async def call(who, method, path="", *, of="dev", version=1, **body):
        headers = {**here.as_(who), "If-Match": f'"{version}"'}
        url = f"/people/{here.people[of]}/experience{path}"
        return await profile.client.request(
            method, url, headers=headers, json=None if method == "GET" else body
        )

    return call


@pytest.fixture
def record(call, coding):
    async def record(who="dev", **further):
        body = LED | {"skills": [{"skillId": coding, "level": 3}]} | further
        answer = await call(who, "POST", of=who, **body)
        assert answer.status_code == 201, answer.text
        return answer.json()

    return record


async def levels(profile, here, coding, who="dev"):
    answer = await profile.client.get(
        "/skills/levels",
        params={"personId": here.people["dev"], "skillId": coding},
        headers=here.as_(who),
    )
    return [(each["level"], len(each["contributions"])) for each in answer.json()]


async def told(profile):
    return [
        (row["type"].removeprefix(f"{TYPES}.").removesuffix(".v1"), row["sequence"])
        for row in await profile.published()
        if row["type"].startswith(TYPES)
    ]


async def test_what_somebody_has_done_is_theirs_to_say(call, record, here, coding):
    made = await record()

    assert (made["verification"], made["visibility"], made["version"]) == (
        "DECLARED",
        "MANAGEMENT",
        1,
    )
    assert made["skills"] == [{"skillId": coding, "level": 3}]
    read = await call("dev", "GET", f"/{made['id']}")
    assert read.json() == made
    assert read.headers["ETag"] == '"1"'


async def test_its_fact_carries_what_a_gap_asks_for(profile, record, here, coding):
    made = await record()

    (fact,) = await profile.published(f"{TYPES}.recorded.v1")
    assert (fact["subject"], fact["sequence"]) == (made["id"], 1)
    assert fact["payload"] == {
        "recordId": made["id"],
        "personId": here.people["dev"],
        "type": "PROJECT",
        "title": "Led the weaving project",
        "organisation": "The mill",
        "startedOn": "2024-01-08",
        "endedOn": "2024-08-30",
        "hoursPerWeek": 20,
        "teamSizeLed": 4,
        "skillIds": [coding],
        "verification": "DECLARED",
        "withdrawn": False,
    }


async def test_a_verified_project_is_evidence_once(profile, here, call, record, coding):
    made = await record()
    assert await levels(profile, here, coding) == []

    verified = await call("lead", "POST", f"/{made['id']}/verify", note="I saw it.", version=1)
    partner = await call(
        "partner",
        "POST",
        f"/{made['id']}/verify",
        version=2,
        skills=[{"skillId": coding, "level": 4}],
    )

    assert (verified.status_code, partner.status_code) == (200, 200)
    assert verified.json()["verifiedById"] == here.people["lead"]
    assert partner.json()["verification"] == "VERIFIED"
    assert await levels(profile, here, coding) == [(4.0, 1)]
    assert await told(profile) == [("recorded", 1), ("verified", 2), ("verified", 3)]
    said = await profile.client.get(
        "/skills/assertions", params={"personId": here.people["dev"]}, headers=here.as_("dev")
    )
    newest = said.json()[-1]
    assert (newest["source"], newest["state"], newest["occurredOn"]) == (
        "PROJECT",
        "CONFIRMED",
        "2024-08-30",
    )
    assert newest["evidence"][0]["title"] == LED["title"]


async def test_a_skill_without_a_level_proves_nothing(profile, here, call, record, coding):
    made = await record(skills=[{"skillId": coding}])

    await call("lead", "POST", f"/{made['id']}/verify")

    assert await levels(profile, here, coding) == []


@pytest.mark.parametrize("kind", ["EDUCATION", "LIFE"])
async def test_education_and_life_are_no_practice(profile, here, call, record, coding, kind):
    made = await record(type=kind, visibility="MANAGEMENT")

    answer = await call("lead", "POST", f"/{made['id']}/verify")

    assert answer.json()["verification"] == "VERIFIED"
    assert await levels(profile, here, coding) == []


async def test_nobody_verifies_what_they_say_of_themself(profile, here, call, record, coding):
    own = await record()
    of_partner = await record("partner")

    answers = [
        await call("dev", "POST", f"/{own['id']}/verify"),
        await call("partner", "POST", f"/{of_partner['id']}/verify", of="partner"),
        await call("dev", "POST", f"/{own['id']}/object", reason="No."),
    ]

    assert [each.status_code for each in answers] == [403, 403, 403]
    assert answers[0].json()["type"] == "urn:waymark:problem:own-experience"
    assert await levels(profile, here, coding) == []
    assert [kind for kind, _ in await told(profile)] == ["recorded", "recorded"]


async def test_who_changes_a_verified_record_needs_another_word(
    profile, here, call, record, coding
):
    made = await record()
    await call("lead", "POST", f"/{made['id']}/verify")

    changed = await call("dev", "PATCH", f"/{made['id']}", version=2, teamSizeLed=40)

    assert (changed.json()["verification"], changed.json()["verifiedById"]) == ("DECLARED", None)
    assert await levels(profile, here, coding) == [(None, 0)]
    assert await told(profile) == [("recorded", 1), ("verified", 2), ("changed", 3)]


async def test_an_objection_leaves_nobody_who_stands_for_it(profile, here, call, record, coding):
    made = await record()
    await call("lead", "POST", f"/{made['id']}/verify")

    answer = await call("lead", "POST", f"/{made['id']}/object", version=2, reason="Two weavers.")

    assert answer.json()["verification"] == "NONE"
    assert await levels(profile, here, coding) == [(None, 0)]
    (fact,) = await profile.published(f"{TYPES}.changed.v1")
    assert (fact["payload"]["verification"], fact["payload"]["withdrawn"]) == ("NONE", False)


async def test_the_same_said_again_changes_nothing(profile, call, record):
    made = await record()

    again = await call("dev", "PATCH", f"/{made['id']}", title=LED["title"], teamSizeLed=4)

    assert again.json() == made
    assert await told(profile) == [("recorded", 1)]


async def test_a_change_needs_the_version_that_was_read(profile, here, call, record):
    made = await record()
    url = f"/people/{here.people['dev']}/experience/{made['id']}"

    blind = await profile.client.patch(url, json={"title": "X"}, headers=here.as_("dev"))
    stale = await call("dev", "PATCH", f"/{made['id']}", version=9, title="X")

    assert (blind.status_code, stale.status_code) == (428, 412)
    assert (await call("dev", "GET", f"/{made['id']}")).json() == made


async def test_every_state_of_a_record_is_kept(call, record, here):
    made = await record()
    await call("lead", "POST", f"/{made['id']}/verify", note="I saw it.")
    await call("dev", "PATCH", f"/{made['id']}", version=2, title="Weaving lead")
    await call("dev", "POST", f"/{made['id']}/withdraw", version=3, reason="Said twice.")

    found = (await call("dev", "GET", f"/{made['id']}/history")).json()

    assert [(each["version"], each["kind"], each["reason"]) for each in found] == [
        (1, "RECORDED", None),
        (2, "VERIFIED", "I saw it."),
        (3, "CHANGED", None),
        (4, "WITHDRAWN", "Said twice."),
    ]
    assert [each["said"]["title"] for each in found][1:3] == [LED["title"], "Weaving lead"]
    assert found[1]["byPersonId"] == here.people["lead"]


async def test_nobody_rewrites_the_history(profile, record):
    await record()

    async with profile.session() as session:
        allowed = await session.scalar(
            text("SELECT has_table_privilege('profile_app', 'experience_revision', 'UPDATE')")
        )
    assert allowed is False


async def test_what_is_withdrawn_stays_with_its_person(profile, here, call, record, coding):
    made = await record()
    await call("lead", "POST", f"/{made['id']}/verify")

    gone = await call("dev", "POST", f"/{made['id']}/withdraw", version=2)
    again = await call("dev", "PATCH", f"/{made['id']}", version=3, title="X")

    assert gone.json()["withdrawnAt"] is not None
    assert again.status_code == 409
    assert (await call("dev", "GET")).json() == []
    assert (await call("dev", "GET", f"/{made['id']}")).status_code == 200
    assert (await call("lead", "GET", f"/{made['id']}")).status_code == 404
    assert await levels(profile, here, coding) == [(None, 0)]
    (fact,) = await profile.published(f"{TYPES}.withdrawn.v1")
    assert (fact["sequence"], fact["payload"]["withdrawn"]) == (3, True)


async def test_life_is_the_persons_alone_unless_they_say_otherwise(profile, call, record):
    made = await record(type="LIFE", title="Raised a child", skills=[])

    assert made["visibility"] == "PRIVATE"
    assert (await call("lead", "GET")).json() == []
    assert (await call("lead", "GET", f"/{made['id']}")).status_code == 404
    assert (await call("lead", "POST", f"/{made['id']}/verify")).status_code == 404
    assert await told(profile) == []

    await call("dev", "PATCH", f"/{made['id']}", visibility="MANAGEMENT")
    shown = (await call("lead", "GET", f"/{made['id']}/history")).json()
    await call("dev", "PATCH", f"/{made['id']}", version=2, visibility="PRIVATE")

    assert [each["version"] for each in shown] == [2]
    assert await told(profile) == [("recorded", 2), ("withdrawn", 3)]
    assert (await call("lead", "GET")).json() == []


@pytest.mark.parametrize(
    ("wrong", "names"),
    [
        ({"endedOn": "2023-01-01"}, "/endedOn"),
        ({"budgetCurrency": None}, "/budgetCurrency"),
        ({"skills": [{"skillId": "0193a000-0000-7000-8000-000000000000"}]}, "/skills"),
        ({"hoursPerWeek": 200}, "/hoursPerWeek"),
        (
            {"startedOn": (clock.today() + timedelta(days=2)).isoformat(), "endedOn": None},
            "startedOn",
        ),
        ({"verification": "VERIFIED"}, "/verification"),
    ],
)
async def test_a_wrong_field_is_named(profile, here, call, wrong, names):
    answer = await call("dev", "POST", **(LED | wrong))

    assert answer.status_code == 422
    assert names in answer.text
    assert (await call("dev", "GET")).json() == []
