"""One tenant never meets another: neither through the doors nor by hand."""

from typing import Any

import pytest
from sqlalchemy import text

from services.profile.models import Base
from shared.ids import new_id
from tests.services.profile.conftest import imported, organise

ASSERTION = {"source": "IMPORT", "level": 2}


@pytest.fixture
async def there(profile) -> Any:
    """Another tenant's organisation, with a skill and an assertion."""
    other = await organise(profile, new_id())
    headers = other.hris
    framework = {
        "key": "f",
        "title": "F",
        "scale": {"name": "S", "levels": [{"ordinal": 1, "label": "One", "value": 1}]},
    }
    made = (await profile.client.post("/frameworks", json=framework, headers=headers)).json()
    await profile.client.post(f"/frameworks/{made['id']}/publish", headers=headers)
    skill = {"frameworkId": made["id"], "code": "s", "statement": "S", "type": "TECHNICAL"}
    skill = (await profile.client.post("/skills", json=skill, headers=headers)).json()
    said = ASSERTION | {"personId": other.people["dev"], "skillId": skill["id"]}
    response = await profile.client.post("/skills/assertions", json=said, headers=headers)
    grants = await profile.client.get(f"/people/{other.people['admin']}/grants", headers=headers)
    return {
        "person": other.people["dev"],
        "unit": other.units["eng"],
        "framework": made["id"],
        "skill": skill["id"],
        "assertion": response.json()["id"],
        "grant": grants.json()[0]["id"],
    }


CALLS = [
    ("GET", "/people/{person}", None),
    ("PATCH", "/people/{person}", {"displayName": "X"}),
    ("GET", "/people/{person}/assignments", None),
    ("POST", "/people/{person}/assignments", {"level": "1"}),
    ("POST", "/people/{person}/terminate", {}),
    ("POST", "/people/{person}/reactivate", None),
    ("GET", "/people/{person}/reports", None),
    ("GET", "/people/{person}/grants", None),
    ("POST", "/people/{person}/grants", {"role": "ADMIN"}),
    ("DELETE", "/people/{person}/grants/{grant}", None),
    ("GET", "/org-units/{unit}", None),
    ("PATCH", "/org-units/{unit}", {"name": "X"}),
    ("GET", "/frameworks/{framework}", None),
    ("PATCH", "/frameworks/{framework}", {"title": "X"}),
    ("POST", "/frameworks/{framework}/publish", None),
    ("POST", "/frameworks/{framework}/deprecate", None),
    ("GET", "/skills/{skill}", None),
    ("PATCH", "/skills/{skill}", {"statement": "X"}),
    ("GET", "/skills/assertions/{assertion}", None),
    ("POST", "/skills/assertions/{assertion}/request-review", None),
    ("POST", "/skills/assertions/{assertion}/confirm", {}),
    ("POST", "/skills/assertions/{assertion}/reject", {}),
    ("POST", "/skills/assertions/{assertion}/retract", {"reason": "X"}),
]


@pytest.mark.parametrize(("method", "path", "body"), CALLS)
async def test_another_tenants_ids_are_as_unknown_as_random_ones(
    profile, here, there, method, path, body
):
    callers = [here.as_(key) for key in ("dev", "chief", "partner", "admin")] + [here.hris]
    random_ids = {name: str(new_id()) for name in there}

    for caller in callers:
        headers = {**caller, "If-Match": '"1"'}
        theirs = await profile.client.request(
            method, path.format(**there), json=body, headers=headers
        )
        nobodys = await profile.client.request(
            method, path.format(**random_ids), json=body, headers=headers
        )
        assert theirs.status_code == 404
        assert theirs.content == nobodys.content


def posts_with(here, ids):
    dev = here.people["dev"]
    said = ASSERTION | {"skillId": ids["skill"]}
    skill = {"frameworkId": ids["framework"], "code": "x", "statement": "X", "type": "TECHNICAL"}
    return [
        (f"/people/{dev}/assignments", {"managerId": ids["person"]}),
        (f"/people/{dev}/assignments", {"orgUnitId": ids["unit"]}),
        (f"/people/{dev}/grants", {"role": "HR_PARTNER", "orgUnitId": ids["unit"]}),
        ("/org-units", {"name": "X", "type": "TEAM", "parentId": ids["unit"]}),
        ("/org-units", {"name": "X", "type": "TEAM", "leaderId": ids["person"]}),
        ("/skills/assertions", said | {"personId": ids["person"]}),
        ("/skills/assertions", said | {"personId": dev}),
        ("/skills", skill),
    ]


def gets_with(ids):
    return [
        f"/people?ids={ids['person']}",
        f"/people?orgUnitId={ids['unit']}",
        f"/org-units?ids={ids['unit']}",
        f"/skills?ids={ids['skill']}",
        f"/skills?frameworkId={ids['framework']}",
        f"/frameworks?ids={ids['framework']}",
        f"/skills/levels?personId={ids['person']}",
        f"/skills/assertions?personId={ids['person']}",
    ]


async def test_ids_in_bodies_and_queries_are_as_unknown_as_random_ones(profile, here, there):
    async def answers(ids):
        found = [
            await profile.client.post(url, json=body, headers=here.hris)
            for url, body in posts_with(here, ids)
        ]
        found += [await profile.client.get(url, headers=here.hris) for url in gets_with(ids)]
        return [(each.status_code, each.content) for each in found]

    theirs = await answers(there)

    assert theirs == await answers(dict.fromkeys(there, str(new_id())))
    assert {status for status, _ in theirs} <= {200, 404, 422}
    assert all(content == b"[]" for status, content in theirs if status == 200)


async def test_keys_of_another_tenant_are_free_here(profile, here, there):
    rows = [{"system": "hris", "key": "dev", "displayName": "Dev", "workEmail": "x@example.test"}]
    elsewhere = new_id()

    (verdict,) = await imported(profile, "people", rows, tenant=elsewhere)

    assert verdict["status"] == "CREATED"


async def test_every_table_forces_row_level_security(profile, here):
    async with profile.session() as session:
        rows = await session.execute(
            text(
                """
                SELECT relname, relrowsecurity AND relforcerowsecurity AS walled,
                       EXISTS (SELECT FROM pg_policy WHERE polrelid = c.oid) AS has_policy
                FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE n.nspname = 'public' AND relkind IN ('r', 'p') AND relname <> 'alembic_version'
                """
            )
        )
        found = {row.relname: (row.walled, row.has_policy) for row in rows}

    assert found == dict.fromkeys(Base.metadata.tables, (True, True))


async def test_unique_and_foreign_keys_start_with_the_tenant():
    for table in Base.metadata.tables.values():
        assert next(iter(table.primary_key.columns)).name == "tenant_id"
        for constraint in table.foreign_key_constraints:
            assert constraint.column_keys[0] == "tenant_id"
        for index in table.indexes:
            assert not index.unique


async def test_without_a_tenant_the_runtime_role_sees_no_row(profile, here):
    async with profile.session() as session:
        connection = await session.connection()
        await connection.execute(text("SELECT set_config('app.tenant', '', true)"))
        for name in Base.metadata.tables:
            rows = await connection.execute(text(f"SELECT * FROM {name}"))
            assert (name, rows.all()) == (name, [])


async def test_the_queue_holds_ids_and_days_only(profile, here):
    async with profile.session() as session:
        rows = await session.execute(text("SELECT arguments FROM queue.job"))
        text_of_all = " ".join(str(row.arguments) for row in rows)

    assert "@" not in text_of_all
