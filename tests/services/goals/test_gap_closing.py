"""What closes a gap, and what stands in the way."""

from typing import Any

import pytest
from sqlalchemy import text

from shared.ids import new_id
from tests.services.goals.test_gap_records import SMALL_TEAM, done
from tests.services.goals.test_views import fields

S1, S2, S3 = sorted(new_id() for _ in range(3))


@pytest.fixture
async def ready(world: Any) -> Any:
    """An employee below what is asked in one skill, at it in another, not assessed in a third."""
    role = await world.role(
        "lead",
        {S1: (3.75, 4, True), S2: 2.5, S3: 1.0},
        experience=[SMALL_TEAM, {"type": "PROJECT", "minMonths": 3}],
        credentials=[{"name": "PMP", "mandatory": True}, {"name": "CISSP"}],
    )
    await world.person("employee", roleId=role)
    await world.estimate("employee", S1, 2.5)
    await world.estimate("employee", S2, 2.5)
    return world


async def course(world: Any, code: str, delta: float, **facts: Any) -> Any:
    return await world.course(code, skills=[{"skillId": str(S1), "expectedDelta": delta}], **facts)


async def closers(world: Any, who: str = "employee") -> Any:
    path = f"/gaps?include=CLOSERS&personId={world.ids['employee']}"
    return {
        each["skillId"]: each for each in (await world.call(who, "GET", path)).json()["closers"]
    }


async def test_courses_are_ranked_by_what_they_add_an_hour(ready: Any):
    await course(ready, "long", 1.5, hours=100)
    await course(ready, "short", 0.5, hours=10)
    await course(ready, "untold", 2.0)
    await course(ready, "nothing", 0.0, hours=1)

    found = await closers(ready)

    assert [(each["code"], each["deltaPerHour"]) for each in found[str(S1)]["courses"]] == [
        ("short", 0.05),
        ("long", 0.015),
        ("untold", None),
    ]
    assert list(found) == [str(S1), str(S3)]
    assert (found[str(S1)]["gap"], found[str(S3)]["gap"]) == (1.25, None)
    assert found[str(S3)]["courses"] == []


async def test_what_is_retired_or_completed_is_not_proposed(ready: Any):
    await course(ready, "gone", 1.0, hours=10)
    taken = await course(ready, "taken", 1.0, hours=20)
    passed = await course(ready, "passed", 1.0, hours=5)
    await _retire(ready, "gone")
    for resource in (taken, passed):
        enrolled = await ready.call(
            "employee", "POST", "/learning/records", {"resourceId": str(resource)}
        )
        assert enrolled.status_code == 201
    record = enrolled.json()["id"]
    await ready.call("employee", "POST", f"/learning/records/{record}/complete", {})

    found = await closers(ready)

    assert [(each["code"], each["state"]) for each in found[str(S1)]["courses"]] == [
        ("taken", "ENROLLED")
    ]


async def _retire(world: Any, code: str) -> None:
    async with world.harness.session() as session:
        await session.execute(
            text("UPDATE learning_resource SET status = 'RETIRED' WHERE code = :code"),
            {"code": code},
        )


async def test_goals_that_are_set_on_the_skill_are_named(ready: Any, smart_goal: Any):
    resource = await course(ready, "short", 0.5, hours=10)
    by_skill = {**smart_goal, "skillId": str(S1), "title": "By skill"}
    by_course = {**smart_goal, "learningResourceId": str(resource), "title": "By course"}
    other = {**smart_goal, "title": "Of something else"}
    dropped = {**by_skill, "title": "Dropped"}
    made = [
        (await ready.call("employee", "POST", "/goals", goal)).json()
        for goal in (by_skill, by_course, other, dropped)
    ]
    await ready.call(
        "employee", "POST", f"/goals/{made[3]['id']}/cancel", {"reason": "Not now."}, version=1
    )
    milestone = {"title": "Step", "skillId": str(S3)}
    await ready.call("employee", "POST", f"/goals/{made[2]['id']}/milestones", milestone)

    found = await closers(ready)

    assert {each["title"] for each in found[str(S1)]["goals"]} == {"By skill", "By course"}
    assert {each["title"] for each in found[str(S3)]["goals"]} == {"Of something else"}


async def test_a_private_goal_is_named_to_its_owner_alone(ready: Any, smart_goal: Any):
    goal = {**smart_goal, "skillId": str(S1), "visibility": "PRIVATE"}
    await ready.call("employee", "POST", "/goals", goal)

    own, manager = await closers(ready), await closers(ready, "manager")

    assert (len(own[str(S1)]["goals"]), manager[str(S1)]["goals"]) == (1, [])


async def test_what_stands_in_the_way_is_mandatory_and_out_of_reach(ready: Any):
    ask = {"by": "person", "select": fields(blockers=fields("kind", "skillId", "name"))}
    key = ready.ids["employee"]

    before = await ready.ask("employee", "gaps", ask, [], [key])
    await done(ready, "employee", "2024-01-01", "2024-12-31", verification="DECLARED")
    after = await ready.ask("employee", "gaps", ask, [], [key])

    skill = {"kind": "SKILL", "skillId": str(S1), "name": None}
    experience = {"kind": "EXPERIENCE", "skillId": None, "name": "Has led a small team"}
    credential = {"kind": "CREDENTIAL", "skillId": None, "name": "PMP"}
    assert before[str(key)]["blockers"] == [skill, experience, credential]
    assert after[str(key)]["blockers"] == [skill, credential]


async def test_the_view_shows_what_closes_a_gap(ready: Any, smart_goal: Any):
    resource = await course(ready, "short", 0.5, hours=10)
    goal = (
        await ready.call("employee", "POST", "/goals", {**smart_goal, "skillId": str(S1)})
    ).json()
    inner = [
        *fields("skillId", "gap"),
        *fields(courses=fields("resourceId", "deltaPerHour"), goals=fields("goalId")),
    ]
    months = fields("status", "months")
    select = fields(closers=inner, experienceGaps=months, credentialGaps=fields("name", "status"))
    key = ready.ids["employee"]

    shown = await ready.ask("employee", "gaps", {"by": "person", "select": select}, [], [key])

    found = shown[str(key)]
    assert found["closers"][0] == {
        "skillId": str(S1),
        "gap": 1.25,
        "courses": [{"resourceId": str(resource), "deltaPerHour": 0.05}],
        "goals": [{"goalId": goal["id"]}],
    }
    assert found["experienceGaps"] == [{"status": "MISSING", "months": 0}] * 2
    assert found["credentialGaps"] == [
        {"name": "PMP", "status": "MISSING"},
        {"name": "CISSP", "status": "MISSING"},
    ]


async def lets_be_found(world: Any, who: str, **facts: Any) -> None:
    consent = facts.pop("consent", None) or world.ids.setdefault(f"consent {who}", new_id())
    kind = "revoked" if facts.get("revokedAt") else "granted"
    payload = {
        "consentId": consent,
        "personId": world.ids[who],
        "granteeId": None,
        "scope": "EXPERTISE",
        "objectId": None,
        "role": None,
        "grantedAt": "2026-01-01T00:00:00Z",
        "until": None,
        "revokedAt": None,
        **facts,
    }
    await world.tell(f"waymark.profile.consent.{kind}.v1", consent, payload)


async def mentors(world: Any, who: str = "employee") -> set[str]:
    names = {str(key): name for name, key in world.ids.items()}
    found = (await closers(world, who))[str(S1)]["mentors"]
    return {names[each["personId"]] for each in found}


async def test_mentors_are_those_who_master_it_and_let_themselves_be_found(ready: Any):
    for name, level in (("colleague", 3.75), ("other", 5.0), ("boss", 2.5), ("outsider", 5.0)):
        await ready.estimate(name, S1, level)
        if name != "outsider":
            await lets_be_found(ready, name)

    found = await closers(ready)

    assert [each["personId"] for each in found[str(S1)]["mentors"]] == [
        str(ready.ids["other"]),
        str(ready.ids["colleague"]),
    ]


@pytest.mark.parametrize(
    "facts",
    [
        {"revokedAt": "2026-02-01T00:00:00Z"},
        {"until": "2026-02-01T00:00:00Z"},
        {"scope": "EXPERIENCE"},
        {"role": "COUNSELLOR", "granteeId": "employee"},
        {"granteeId": "boss"},
    ],
)
async def test_without_a_consent_that_holds_nobody_is_named(ready: Any, facts: dict[str, Any]):
    await ready.estimate("other", S1, 5.0)
    if "revokedAt" in facts:
        await lets_be_found(ready, "other")
        assert await mentors(ready) == {"other"}
    named = {"granteeId": ready.ids[facts["granteeId"]]} if "granteeId" in facts else {}

    await lets_be_found(ready, "other", **{**facts, **named})

    assert await mentors(ready) == set()


async def test_who_may_find_somebody_finds_them_and_nobody_else_does(ready: Any):
    await ready.estimate("other", S1, 5.0)
    await lets_be_found(ready, "other", granteeId=ready.ids["employee"], role="MENTOR")

    assert await mentors(ready, "employee") == {"other"}
    assert await mentors(ready, "manager") == set()


async def test_asking_ever_closer_finds_nobodys_level(ready: Any):
    """The caller says what is asked: a mentor at 3.6 is one for 3, and for nothing above."""
    await ready.estimate("other", S1, 3.6)
    await lets_be_found(ready, "other")

    found = {}
    for level in (2.6, 3.0, 3.1, 3.59, 3.6, 3.61):
        wanted = [{"skillId": str(S1), "requiredLevel": level}]
        asked: dict[str, Any] = {"requirements": wanted, "include": ["CLOSERS"]}
        gap = (await ready.call("employee", "POST", "/gaps", asked)).json()
        (closer,) = gap["closers"]
        found[level] = len(closer["mentors"])

    assert found == {2.6: 1, 3.0: 1, 3.1: 0, 3.59: 0, 3.6: 0, 3.61: 0}


async def test_who_has_left_is_nobodys_mentor(ready: Any):
    await ready.estimate("other", S1, 5.0)
    await lets_be_found(ready, "other")

    await ready.person("other", status="TERMINATED")

    assert await mentors(ready) == set()
