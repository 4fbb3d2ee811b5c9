"""Frameworks and skills at their doors."""

from time import perf_counter

import pytest
from sqlalchemy import event

from tests.services.profile.conftest import FRAMEWORK, SCALE, imported, skill


@pytest.fixture
async def framework(profile, here):
    (verdict,) = await imported(profile, "frameworks", [FRAMEWORK])
    return verdict["id"]


async def test_the_same_frameworks_and_skills_again_change_nothing(profile, framework):
    rows = [
        skill("coding", parentCode="craft", halfLifeMonths=24, description="Writes programs."),
        skill("craft", alignments=[{"uri": "https://example.test/1", "type": "exactMatchOf"}]),
    ]
    first = await imported(profile, "skills", rows)
    told = len(await profile.published())

    again = await imported(profile, "skills", rows)
    (same,) = await imported(profile, "frameworks", [FRAMEWORK])

    assert [each["status"] for each in first] == ["CREATED", "CREATED"]
    assert [each["status"] for each in again] == ["UNCHANGED", "UNCHANGED"]
    assert (same["status"], same["id"]) == ("UNCHANGED", framework)
    assert len(await profile.published()) == told
    changed = await imported(profile, "skills", [rows[0] | {"statement": "Programming"}])
    fact = (await profile.published("waymark.profile.skill.changed.v1"))[-1]
    assert changed[0]["status"] == "CHANGED"
    assert fact["sequence"] == 2
    assert fact["payload"] == {
        "skillId": first[0]["id"],
        "frameworkId": framework,
        "frameworkKey": "house",
        "code": "coding",
        "statement": "Programming",
        "type": "TECHNICAL",
        "parentId": first[1]["id"],
        "halfLifeMonths": 24,
    }


async def test_a_thousand_skills_take_a_fixed_number_of_statements(profile, framework):
    statements = []
    engine = profile.service.database.engine.sync_engine

    def count(connection, cursor, statement, parameters, context, executemany):
        statements.append(statement)

    async def statements_for(size, prefix):
        rows = [
            skill(f"{prefix}{n}", **({"parentCode": f"{prefix}{n // 9}"} if n else {}))
            for n in range(size)
        ]
        statements.clear()
        begin = perf_counter()
        verdicts = await imported(profile, "skills", rows)
        print(f"{size} skills: {perf_counter() - begin:.2f} s, {len(statements)} statements")
        assert {verdict["status"] for verdict in verdicts} == {"CREATED"}
        return len(statements)

    event.listen(engine, "before_cursor_execute", count)
    try:
        few, many = await statements_for(10, "a"), await statements_for(1000, "b")
    finally:
        event.remove(engine, "before_cursor_execute", count)

    assert many == few


async def test_skills_without_a_home_are_refused(profile, framework):
    rows = [
        skill("a", frameworkKey="nowhere"),
        skill("b", parentCode="nothing"),
        skill("c", parentCode="d"),
        skill("d", parentCode="c"),
        skill("g", parentCode="d"),
        skill("e"),
        skill("e"),
        skill("f", alignments=[{"uri": "javascript:alert(1)", "type": "exactMatchOf"}]),
    ]

    verdicts = await imported(profile, "skills", rows)

    slugs = [v.get("problem", {}).get("type", "-").rpartition(":")[2] for v in verdicts]
    assert slugs == [
        "unknown-framework",
        "unknown-skill",
        "circular-skills",
        "circular-skills",
        "circular-skills",
        "-",
        "repeated-line",
        "invalid",
    ]


async def test_a_framework_goes_from_draft_to_published_to_deprecated(profile, here):
    admin, dev = here.as_("admin"), here.as_("dev")
    body = {name: value for name, value in FRAMEWORK.items() if name != "publish"}

    made = await profile.client.post("/frameworks", json=body, headers=admin)
    url = f"/frameworks/{made.json()['id']}"
    hidden = await profile.client.get(url, headers=dev)
    edited = await profile.client.patch(
        url, json={"rule": "BEST"}, headers={**admin, "If-Match": '"1"'}
    )
    published = await profile.client.post(f"{url}/publish", headers=admin)
    shown = await profile.client.get(url, headers=dev)
    fixed = await profile.client.patch(
        url, json={"rule": "LATEST"}, headers={**admin, "If-Match": '"3"'}
    )
    renamed = await profile.client.patch(
        url, json={"title": "H"}, headers={**admin, "If-Match": '"3"'}
    )
    twice = await profile.client.post(f"{url}/publish", headers=admin)
    employee = await profile.client.post(f"{url}/deprecate", headers=dev)
    deprecated = await profile.client.post(f"{url}/deprecate", headers=admin)
    late = await profile.client.post(
        "/skills",
        json={"frameworkId": made.json()["id"], "code": "x", "statement": "X", "type": "TECHNICAL"},
        headers=admin,
    )

    assert (made.status_code, made.json()["status"], hidden.status_code) == (201, "DRAFT", 404)
    assert (edited.json()["rule"], published.json()["status"]) == ("BEST", "PUBLISHED")
    assert shown.json()["scale"] == SCALE
    assert fixed.json()["type"] == "urn:waymark:problem:framework-is-published"
    assert renamed.json()["title"] == "H"
    assert twice.json()["type"] == "urn:waymark:problem:state-transition"
    assert employee.status_code == 403
    assert deprecated.json()["status"] == "DEPRECATED"
    assert late.json()["type"] == "urn:waymark:problem:framework-is-deprecated"
    types = [fact["type"] for fact in await profile.published() if ".framework." in fact["type"]]
    assert types == [
        "waymark.profile.framework.published.v1",
        "waymark.profile.framework.deprecated.v1",
    ]


async def test_skills_are_made_changed_and_found(profile, here, framework):
    admin = here.as_("admin")
    body = {"frameworkId": framework, "code": "sql", "statement": "SQL", "type": "TECHNICAL"}

    made = await profile.client.post("/skills", json=body, headers=admin)
    twice = await profile.client.post("/skills", json=body, headers=admin)
    url = made.headers["location"]
    circle = await profile.client.patch(
        url, json={"parentId": made.json()["id"]}, headers={**admin, "If-Match": '"1"'}
    )
    changed = await profile.client.patch(
        url, json={"statement": "100% SQL"}, headers={**admin, "If-Match": made.headers["etag"]}
    )
    found = await profile.client.get("/skills", params={"search": "0% s"}, headers=here.as_("dev"))
    none = await profile.client.get("/skills", params={"search": "%"}, headers=here.as_("dev"))
    batch = await profile.client.get("/skills", params={"ids": [made.json()["id"]]}, headers=admin)

    assert (made.status_code, twice.json()["type"]) == (201, "urn:waymark:problem:skill-code-taken")
    assert circle.json()["type"] == "urn:waymark:problem:circular-skills"
    assert (changed.json()["statement"], changed.json()["version"]) == ("100% SQL", 2)
    assert found.json() == none.json() == batch.json() == [changed.json()]
