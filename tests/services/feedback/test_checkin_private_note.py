"""A manager's private note shows itself to its author, whatever a query forgets."""

from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

SECRET = "Ready for the lead role in spring."


@pytest.fixture
async def noted(org):
    check_in = await org.schedule()
    answer = await org.call(
        "maya", "PUT", f"/checkins/{check_in['id']}/private-note", json={"text": SECRET}
    )
    assert answer.json()["privateManagerNote"] == SECRET
    return check_in


async def raw_rows(org, *, tenant, person):
    """What the runtime role reads by hand, without any predicate of the application."""
    async with org.harness.session(org.harness.tenant_id) as session:
        for name, value in (("app.tenant", tenant), ("app.person", person)):
            setting = {"name": name, "value": str(value) if value else ""}
            await session.execute(text("SELECT set_config(:name, :value, true)"), setting)
        rows = await session.execute(
            text("SELECT coalesce(text, 'sealed') FROM checkins_private_note")
        )
        return list(rows.scalars())


async def test_a_raw_select_in_the_tenant_reads_no_private_note(org, noted):
    tenant = org.harness.tenant_id

    assert await raw_rows(org, tenant=tenant, person=None) == []
    assert await raw_rows(org, tenant=tenant, person=org.ids["ada"]) == []
    assert await raw_rows(org, tenant=None, person=org.ids["maya"]) == []
    assert await raw_rows(org, tenant=tenant, person=org.ids["maya"]) == ["sealed"]


async def test_nobody_writes_a_note_in_anothers_name(org, noted):
    async with org.harness.session() as session:
        await session.execute(
            text("SELECT set_config('app.person', :me, true)"), {"me": str(org.ids["ada"])}
        )
        with pytest.raises(ProgrammingError, match="row-level security"):
            async with session.begin_nested():
                await session.execute(
                    text(
                        "INSERT INTO checkins_private_note "
                        "VALUES (:tenant, gen_random_uuid(), :check_in, :maya, 'forged', now())"
                    ),
                    {
                        "tenant": org.harness.tenant_id,
                        "check_in": UUID(noted["id"]),
                        "maya": org.ids["maya"],
                    },
                )


async def test_the_employee_sees_neither_the_note_nor_that_there_is_one(org, noted):
    answer = await org.call("ada", "GET", f"/checkins/{noted['id']}")

    assert answer.json() == noted
    assert answer.headers["ETag"] == '"1"'


async def test_the_kept_answer_of_a_keyed_write_is_without_the_note(org, noted):
    path, keyed = f"/checkins/{noted['id']}", {"Idempotency-Key": "prepared-once"}

    answer = await org.call("maya", "POST", f"{path}/prepare", headers=keyed)

    assert (answer.status_code, answer.json()["privateManagerNote"]) == (200, None)
    read = await org.call("maya", "GET", path)
    assert read.json()["privateManagerNote"] == SECRET
    async with org.harness.session() as session:
        kept = (await session.execute(text("SELECT body FROM idempotency_key"))).scalars().all()
    assert [SECRET.encode() in body for body in kept] == [False]


async def test_the_author_replaces_and_removes_the_note(org, noted):
    path = f"/checkins/{noted['id']}/private-note"

    replaced = await org.call("maya", "PUT", path, json={"text": "Changed my mind."})
    removed = await org.call("maya", "DELETE", path)

    assert replaced.json()["privateManagerNote"] == "Changed my mind."
    assert removed.json()["privateManagerNote"] is None
    tenant = org.harness.tenant_id
    assert await raw_rows(org, tenant=tenant, person=org.ids["maya"]) == []


async def test_a_manager_who_is_no_longer_the_manager_has_no_way_to_the_note(org, noted):
    await org.person("ada", manager="sam")

    answers = [
        await org.call("maya", "GET", f"/checkins/{noted['id']}"),
        await org.call("maya", "DELETE", f"/checkins/{noted['id']}/private-note"),
        await org.call("sam", "GET", f"/checkins/{noted['id']}"),
    ]

    assert [each.status_code for each in answers] == [404, 404, 404]


async def test_no_fact_says_a_word_of_it(org, noted):
    assert SECRET not in str(await org.harness.published())
