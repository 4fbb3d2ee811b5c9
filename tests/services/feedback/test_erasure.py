"""Feedback's part of an erasure: check-ins, letters and the key go; the others keep what is theirs."""

from uuid import UUID

import pytest
from sqlalchemy import text

from shared.ids import new_id

NOTE = "Ready for the lead role in spring."


@pytest.fixture
async def noted(org):
    made = await org.schedule()
    path = f"/checkins/{made['id']}/private-note"
    answer = await org.call("maya", "PUT", path, json={"text": NOTE})
    assert answer.json()["privateManagerNote"] == NOTE
    return made


async def erase(org, name):
    """The order as profile gives it, newer than all that was told of the person."""
    person = {
        "personId": str(org.ids[name]),
        "texts": [f"{name}@example.org"],
        "identifiers": [{"system": "hris", "value": "4711"}],
    }
    org.sequence += 1
    await org.harness.deliver(
        "waymark.profile.erasure.ordered.v1",
        subject=org.ids[name],
        sequence=org.sequence,
        payload={"erasureId": str(new_id()), "person": person},
    )


async def rows(org, statement):
    async with org.harness.session() as session:
        await session.execute(
            text("SELECT set_config('app.person', :me, true)"), {"me": str(org.ids["maya"])}
        )
        return [tuple(row) for row in await session.execute(text(statement))]


async def test_the_note_lies_sealed(org, noted):
    ((sealed, wrapped),) = await rows(
        org,
        "SELECT sealed, wrapped FROM checkins_private_note "
        "JOIN checkins_check_in c ON c.id = check_in_id JOIN person_key k ON person_id = employee_id",
    )

    assert b"spring" not in bytes(sealed) + bytes(wrapped)


async def test_an_erased_employee_leaves_no_check_in_and_no_key(org, noted):
    await erase(org, "ada")

    assert await rows(org, "SELECT 1 FROM checkins_check_in") == []
    assert await rows(org, "SELECT 1 FROM checkins_private_note") == []
    ((wrapped, destroyed_at),) = await rows(org, "SELECT wrapped, destroyed_at FROM person_key")
    assert (wrapped, destroyed_at is None) == (None, False)
    people = await rows(org, "SELECT display_name, subject FROM people_person ORDER BY 1")
    assert ("Erased person", None) in people
    assert not any("ada" in str(row).lower() for row in people)
    ((arguments,),) = await rows(
        org, "SELECT arguments FROM queue.job WHERE name = 'erasure.sweep'"
    )
    assert sorted(arguments) == ["order", "rows"]
    assert arguments["rows"] > 0


async def test_a_destroyed_key_opens_nothing_that_was_kept_of_the_row(org, noted):
    """As if somebody put back the row from a dump: without the key it is noise."""
    async with org.harness.session() as session:
        await session.execute(
            text("UPDATE person_key SET wrapped = NULL, destroyed_at = now()"),
        )

    read = await org.call("maya", "GET", f"/checkins/{noted['id']}")
    again = await org.call(
        "maya", "PUT", f"/checkins/{noted['id']}/private-note", json={"text": "More."}
    )

    assert read.json()["privateManagerNote"] is None
    assert again.status_code == 409
    assert again.json()["type"] == "urn:waymark:problem:key-destroyed"


async def test_an_older_fact_does_not_bring_the_person_back(org, noted):
    before = org.sequence - 1
    await erase(org, "ada")
    org.sequence = before - 1

    await org.person("ada", manager="maya")

    assert await rows(org, "SELECT 1 FROM people_person WHERE display_name = 'Ada'") == []


async def test_letters_and_facts_about_the_person_go_and_others_stay(org, noted):
    other = str(new_id())
    told = {
        "about": {"personId": str(org.ids["ada"]), "title": "Lead"},
        "named": {"system": "hris", "person": {"externalId": "4711"}},
        "other": {"personId": other, "managerId": str(org.ids["ada"])},
    }
    async with org.harness.session() as session:
        for name, payload in told.items():
            await session.execute(
                text(
                    """
                    INSERT INTO inbox_dead_letter (tenant_id, consumer, event_id, type, subject,
                        occurred_at, payload, reason, failures, failed_at, dead_at)
                    VALUES (:tenant, 'feedback-x', gen_random_uuid(), 'waymark.a.b.c.v1', :name,
                        now(), CAST(:payload AS jsonb), 'x', 8, now(), now())
                    """
                ),
                {
                    "tenant": org.harness.tenant_id,
                    "name": name,
                    "payload": str(payload).replace("'", '"'),
                },
            )

    await erase(org, "ada")

    assert await rows(org, "SELECT subject FROM inbox_dead_letter") == [("other",)]
    of_ada = f"'{org.ids['ada']}' IN (payload ->> 'personId', payload ->> 'employeeId')"
    assert await rows(org, f"SELECT type FROM outbox_event WHERE {of_ada}") == []


async def test_an_erased_manager_takes_their_own_notes_and_leaves_the_check_in(org, noted):
    await erase(org, "maya")

    assert await rows(org, "SELECT id FROM checkins_check_in") == [(UUID(noted["id"]),)]
    assert await rows(org, "SELECT 1 FROM checkins_private_note") == []
    answer = await org.call("ada", "GET", f"/checkins/{noted['id']}")
    assert answer.status_code == 200
