"""Roles: the bulk door, versions, ladders, and who may write them."""

from typing import Any

import pytest
from sqlalchemy import func, select

from services.goals.roles.models import Role, RoleSkill, RoleVersion
from shared.ids import new_id

SKILL = str(new_id())


def row(code: str, **facts: Any) -> dict[str, Any]:
    requirement = {"skillId": SKILL, "requiredLevel": 2.5, "importance": 3, "mandatory": False}
    return {
        "catalogue": "test",
        "code": code,
        "family": "Making",
        "title": code.title(),
        "requirements": [requirement],
        **facts,
    }


async def counts(world: Any) -> tuple[int, int, int]:
    async with world.harness.session(world.tenant_id) as session:
        found = [
            await session.scalar(select(func.count()).select_from(table))
            for table in (Role, RoleVersion, RoleSkill)
        ]
    return tuple(found)


async def test_an_import_creates_then_leaves_then_changes(world: Any):
    rows = [row("a"), row("b")]

    first = await world.import_rows("roles", rows, scope="roles:write")
    again = await world.import_rows("roles", rows, scope="roles:write")
    changed = await world.import_rows(
        "roles", [row("a", title="Other"), row("b")], scope="roles:write"
    )

    assert [each["status"] for each in first] == ["CREATED", "CREATED"]
    assert [each["status"] for each in again] == ["UNCHANGED", "UNCHANGED"]
    assert [each["status"] for each in changed] == ["CHANGED", "UNCHANGED"]
    assert [each["id"] for each in first] == [each["id"] for each in changed]
    assert await counts(world) == (2, 3, 3)
    facts = await world.published("waymark.goals.role.published.v1")
    assert [(each["payload"]["title"], each["sequence"]) for each in facts] == [
        ("A", 1),
        ("B", 1),
        ("Other", 2),
    ]


async def test_a_refused_line_stops_no_other(world: Any):
    lines = await world.import_rows(
        "roles",
        [
            row("a"),
            row("b", requirements=[{"skillId": SKILL, "requiredLevel": 6}]),
            row("a", title="Again"),
        ],
        scope="roles:write",
    )

    assert [each["status"] for each in lines] == ["CREATED", "REFUSED", "REFUSED"]
    assert lines[1]["problem"]["errors"][0]["pointer"] == "/requirements/0/requiredLevel"
    assert lines[2]["problem"]["type"] == "urn:waymark:problem:code-given-twice"
    assert await counts(world) == (1, 1, 1)


async def test_a_dry_run_tells_all_and_does_nothing(world: Any):
    lines = await world.import_rows("roles", [row("a")], scope="roles:write", dry_run=True)

    assert [each["status"] for each in lines] == ["CREATED"]
    assert await counts(world) == (0, 0, 0)
    assert await world.published("waymark.goals.role.published.v1") == []


async def test_a_client_without_the_scope_imports_nothing(world: Any):
    response = await world.harness.client.post(
        "/imports/roles", content="{}", headers=world.client("people:write")
    )

    assert response.status_code == 404
    assert await counts(world) == (0, 0, 0)


async def test_an_hr_partner_writes_a_role_and_its_next_version(world: Any):
    created = await world.call("partner", "POST", "/roles", row("c"))
    role = created.json()

    replaced = await world.call(
        "partner",
        "PUT",
        f"/roles/{role['id']}",
        {"family": "Making", "title": "Craftsperson", "requirements": []},
        version=1,
    )

    assert created.status_code == 201
    assert created.headers["Location"] == f"/roles/{role['id']}"
    assert created.headers["ETag"] == '"1"'
    assert (replaced.status_code, replaced.headers["ETag"]) == (200, '"2"')
    assert (replaced.json()["title"], replaced.json()["requirements"]) == ("Craftsperson", [])
    assert await counts(world) == (1, 2, 1)


@pytest.mark.parametrize(("version", "status"), [(None, 428), (7, 412)])
async def test_a_role_is_replaced_only_by_who_has_read_it(world: Any, version: Any, status: int):
    role = (await world.call("partner", "POST", "/roles", row("c"))).json()

    response = await world.call(
        "partner", "PUT", f"/roles/{role['id']}", {"family": "F", "title": "T"}, version=version
    )

    assert response.status_code == status
    assert await counts(world) == (1, 1, 1)


async def test_a_taken_code_is_a_conflict(world: Any):
    await world.call("partner", "POST", "/roles", row("c"))

    response = await world.call("partner", "POST", "/roles", row("c", title="Another"))

    assert response.status_code == 409
    assert response.json()["type"] == "urn:waymark:problem:role-code-taken"


async def test_an_employee_reads_roles_but_writes_none(world: Any):
    role = (await world.call("partner", "POST", "/roles", row("c"))).json()

    read = await world.call("employee", "GET", f"/roles/{role['id']}")
    written = await world.call("employee", "POST", "/roles", row("d"))

    assert read.status_code == 200
    assert written.status_code == 403
    assert await counts(world) == (1, 1, 1)


async def test_the_next_role_is_the_next_level_of_the_same_title(world: Any):
    ladder = [
        ("dev", "Developer", 2),
        ("sen", "Senior developer", 3),
        ("lead", "Lead developer", 5),
    ]
    for code, title, level in [*ladder, ("ana", "Senior analyst", 3)]:
        await world.role(code, {}, title=title, level=level)
    roles = (await world.call("employee", "GET", "/roles?search=developer")).json()
    by_code = {each["code"]: each["id"] for each in roles}

    following = {
        code: [
            each["code"]
            for each in (await world.call("employee", "GET", f"/roles/{by_code[code]}")).json()[
                "nextRoles"
            ]
        ]
        for code in ("dev", "sen", "lead")
    }

    assert following == {"dev": ["sen"], "sen": ["lead"], "lead": []}


async def test_families_are_listed_once_each(world: Any):
    await world.import_rows(
        "roles", [row("a"), row("b"), row("c", family="Selling")], scope="roles:write"
    )

    families = (await world.call("employee", "GET", "/roles/families?catalogue=test")).json()

    assert sorted(each["name"] for each in families) == ["Making", "Selling"]


async def test_pages_follow_the_link_header_without_a_gap(world: Any):
    await world.import_rows("roles", [row(f"r{n}") for n in range(5)], scope="roles:write")

    path, codes = "/roles?limit=2&family=Making", []
    while path:
        response = await world.call("employee", "GET", path)
        codes += [each["code"] for each in response.json()]
        link = response.headers.get("Link", "")
        path = link.split(">")[0].strip("<") if link else ""

    assert codes == ["r0", "r1", "r2", "r3", "r4"]
