"""Connections: who makes them, what they show, and how their secrets change."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import text

from services.gateway.integrations.connections.rules import Address
from shared.ids import new_id

ACTORS = {
    "admin": "CRUD",
    "partner": "R",
    "employee": "",
    "stranger": "",
    "writer": "CRUD",
    "reader": "R",
    "other": "",
}


@pytest.fixture
async def people(integrations):
    grants = {"admin": "ADMIN", "partner": "HR_PARTNER", "employee": None}
    for number, (name, role) in enumerate(grants.items(), start=1):
        person_id = new_id()
        await integrations.deliver(
            "waymark.profile.person.updated.v1",
            subject=person_id,
            sequence=number,
            payload={
                "personId": person_id,
                "subject": f"{name}@example.org",
                "displayName": name,
                "status": "ACTIVE",
                "grants": [{"role": role, "orgUnitId": None}] if role else [],
            },
        )


def headers_of(harness, actor):
    match actor:
        case "writer":
            return harness.integration("connections:write")
        case "reader":
            return harness.integration("connections:read")
        case "other":
            return harness.integration("learning:write", "people:write")
    return harness.token(f"{actor}@example.org")


async def call(lms, actor, method, path, **further):
    headers = headers_of(lms.harness, actor) | further.pop("headers", {})
    return await lms.harness.client.request(method, path, headers=headers, **further)


@pytest.mark.parametrize("actor", ACTORS)
async def test_every_actor_against_connections_and_deliveries(people, lms, actor):
    may = ACTORS[actor]
    wanted = {"name": "Another", "kind": "HRIS"}

    statuses = {
        "list": (await call(lms, actor, "GET", "/connections")).status_code,
        "read": (await call(lms, actor, "GET", f"/connections/{lms.id}")).status_code,
        "deliveries": (await call(lms, actor, "GET", "/webhook-deliveries")).status_code,
        "create": (await call(lms, actor, "POST", "/connections", json=wanted)).status_code,
        "rotate": (
            await call(lms, actor, "POST", f"/connections/{lms.id}/rotate-secret")
        ).status_code,
        "disable": (await call(lms, actor, "POST", f"/connections/{lms.id}/disable")).status_code,
    }

    look = 200 if "R" in may else 404
    change = 200 if "U" in may else 403 if may else 404
    assert statuses == {
        "list": look,
        "read": look,
        "deliveries": 404 if actor == "partner" else look,
        "create": 201 if change == 200 else change,
        "rotate": change,
        "disable": change,
    }
    async with lms.harness.session() as session:
        names = await session.scalars(text("SELECT name FROM connections_connection ORDER BY 1"))
        expected = ["Another", "Our LMS"] if change == 200 else ["Our LMS"]
        assert list(names) == expected


async def test_who_has_lost_the_grant_has_lost_the_connections(integrations, lms):
    person_id = new_id()
    snapshot: dict[str, Any] = {
        "personId": person_id,
        "subject": "admin@example.org",
        "status": "ACTIVE",
    }
    statuses = []
    told: list[dict[str, Any]] = [
        {"grants": [{"role": "ADMIN", "orgUnitId": None}]},
        {"grants": []},
        {"grants": [{"role": "ADMIN", "orgUnitId": None}], "status": "TERMINATED"},
    ]
    for sequence, further in enumerate(told):
        await integrations.deliver(
            "waymark.profile.person.updated.v1",
            subject=person_id,
            sequence=sequence,
            payload=snapshot | further,
        )
        statuses.append((await call(lms, "admin", "GET", "/connections")).status_code)

    assert statuses == [200, 404, 404]


async def test_the_secret_is_shown_once_and_lies_sealed(lms):
    listed = await call(lms, "writer", "GET", "/connections")
    single = await call(lms, "writer", "GET", f"/connections/{lms.id}")
    async with lms.harness.session() as session:
        sealed = await session.scalar(text("SELECT sealed FROM connections_secret"))

    assert lms.secret.startswith("whsec_")
    assert lms.secret not in listed.text + single.text
    assert "secret" not in single.json()
    assert lms.secret.removeprefix("whsec_").encode() not in sealed


async def test_an_answer_with_a_secret_is_not_stored_for_repetition(lms):
    wanted = {"name": "Another", "kind": "LMS"}

    answer = await call(
        lms, "writer", "POST", "/connections", json=wanted, headers={"Idempotency-Key": "k1"}
    )

    assert answer.status_code == 400
    async with lms.harness.session() as session:
        assert await session.scalar(text("SELECT count(*) FROM idempotency_key")) == 0
        assert await session.scalar(text("SELECT count(*) FROM connections_connection")) == 1


async def test_a_name_is_used_once(lms):
    answer = await call(
        lms, "writer", "POST", "/connections", json={"name": "Our LMS", "kind": "LMS"}
    )

    assert (answer.status_code, answer.json()["type"]) == (
        409,
        "urn:waymark:problem:connection-exists",
    )


async def test_both_secrets_work_until_the_older_one_ends(lms):
    old = lms.secret
    rotated = (await call(lms, "writer", "POST", f"/connections/{lms.id}/rotate-secret")).json()
    new = rotated["secret"]

    within = [
        await lms.send(message_id="with-old", secret=old),
        await lms.send(message_id="with-new", secret=new),
    ]
    with time_machine.travel(rotated["updatedAt"]) as clock:
        clock.shift(timedelta(hours=24, seconds=1))
        after = [
            await lms.send(message_id="old-again", secret=old),
            await lms.send(message_id="new-again", secret=new),
        ]

    assert new != old
    assert [each.status_code for each in within] == [202, 202]
    assert [each.status_code for each in after] == [401, 202]


async def test_never_more_than_two_secrets_work(lms):
    first = lms.secret
    path = f"/connections/{lms.id}/rotate-secret"
    second = (await call(lms, "writer", "POST", path)).json()["secret"]
    third = (await call(lms, "writer", "POST", path)).json()["secret"]

    answers = [
        (await lms.send(message_id=secret[-8:-1], secret=secret)).status_code
        for secret in (first, second, third)
    ]

    assert answers == [401, 202, 202]


async def test_a_leaked_secret_ends_at_once(lms):
    path = f"/connections/{lms.id}/rotate-secret"

    await call(lms, "writer", "POST", path, json={"overlapHours": 0})

    assert (await lms.send()).status_code == 401


async def test_a_disabled_connection_tells_its_sender_to_stop_and_strangers_nothing(lms):
    answer = await call(lms, "writer", "POST", f"/connections/{lms.id}/disable")
    assert answer.json()["state"] == "DISABLED"

    signed = await lms.send()
    forged = await lms.send(secret="whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
    rotated = await call(lms, "writer", "POST", f"/connections/{lms.id}/rotate-secret")

    assert (signed.status_code, signed.json()["type"]) == (
        410,
        "urn:waymark:problem:connection-gone",
    )
    assert forged.status_code == 401
    assert rotated.json()["type"] == "urn:waymark:problem:connection-disabled"


async def test_another_tenant_has_no_part_in_it(lms):
    elsewhere = lms.harness.integration("connections:write", tenant=new_id())
    await lms.send()

    async def fetch(method, path):
        answer = await lms.harness.client.request(method, path, headers=elsewhere)
        return answer.status_code, answer.content

    random = str(Address(lms.harness.tenant_id, new_id()))
    assert await fetch("GET", f"/connections/{lms.id}") == await fetch(
        "GET", f"/connections/{random}"
    )
    assert (await fetch("POST", f"/connections/{lms.id}/disable"))[0] == 404
    assert await fetch("GET", "/connections") == (200, b"[]")
    assert await fetch("GET", "/webhook-deliveries") == (200, b"[]")
    assert await fetch("GET", f"/webhook-deliveries?connectionId={lms.id}") == (200, b"[]")


async def test_every_table_forces_row_level_security(integrations):
    async with integrations.session() as session:
        open_tables = await session.execute(
            text(
                "SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
                "WHERE n.nspname = 'public' AND relkind IN ('r', 'p') "
                "AND NOT (relrowsecurity AND relforcerowsecurity)"
            )
        )
        assert list(open_tables.scalars()) == ["alembic_version"]
