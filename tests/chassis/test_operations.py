"""The doors for administrators, which every service has: here those of goals."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from shared import clock, jobs
from shared.events import inbox
from shared.events.facts import Envelope
from shared.ids import new_id
from shared.tenancy import Principal

TYPE = "waymark.profile.skill.changed.v1"
SKILL = {"frameworkId": new_id(), "code": "S1", "statement": "Sailing", "type": "TECHNICAL"}


async def person(goals: Any, name: str, *grants: dict[str, Any]) -> dict[str, str]:
    person_id = new_id()
    await goals.deliver(
        "waymark.profile.person.updated.v1",
        subject=person_id,
        sequence=1,
        payload={
            "personId": person_id,
            "subject": f"{name}@example.org",
            "displayName": name,
            "workEmail": f"{name}@example.org",
            "status": "ACTIVE",
            "grants": list(grants),
            "externalIds": [],
        },
    )
    headers: dict[str, str] = goals.token(f"{name}@example.org")
    return headers


async def dead(goals: Any, body: bytes) -> str:
    event = Envelope(
        id=new_id(),
        type=TYPE,
        subject=str(new_id()),
        sequence=1,
        occurred_at=clock.now(),
        tenant_id=goals.tenant_id,
        traceparent=None,
        body=body,
    )
    group = goals.service.blueprint.handlers.groups["skills"]
    async with goals.session() as session:
        await inbox.note_dead(session, group, event, ValueError())
    return f"goals-skills.{event.id}"


async def failed_job(goals: Any) -> UUID:
    async with goals.session() as session:
        principal = Principal.system(goals.tenant_id, "test")
        await jobs.enqueue(session, principal, name="tests.failed", arguments={"id": "1"})
        job_id: UUID = await session.scalar(
            text(
                "UPDATE queue.job SET failed_at = now(), attempts = 10 "
                "WHERE name = 'tests.failed' AND tenant_id = :tenant RETURNING id"
            ),
            {"tenant": goals.tenant_id},
        )
    return job_id


async def test_only_an_administrator_of_all_or_a_client_with_the_scope_may_look(goals: Any) -> None:
    of_unit = {"role": "ADMIN", "orgUnitId": str(new_id())}
    of_all = {"role": "ADMIN", "orgUnitId": None}
    callers = {
        "anybody": await person(goals, "ada"),
        "administrator of a unit": await person(goals, "bob", of_unit),
        "administrator": await person(goals, "eve", of_all),
        "client": goals.integration("operations:read"),
        "other client": goals.integration("people:write"),
    }

    for path in ("dead-letters", "jobs", "backlog"):
        answers = {
            name: (await goals.client.get(f"/operations/{path}", headers=headers)).status_code
            for name, headers in callers.items()
        }
        assert answers == {
            "anybody": 404,
            "administrator of a unit": 404,
            "administrator": 200,
            "client": 200,
            "other client": 404,
        }


async def test_a_dead_letter_is_shown_without_contents_and_replayed(goals: Any) -> None:
    skill_id = new_id()
    body = (
        f'{{"skillId": "{skill_id}", "frameworkId": "{SKILL["frameworkId"]}", "frameworkKey": "k", '
        '"code": "S1", "statement": "Sailing", "type": "TECHNICAL", "parentId": null, '
        '"halfLifeMonths": 12}'
    )
    letter_id = await dead(goals, body.encode())
    headers = goals.integration("operations:write")

    shown = await goals.client.get("/operations/dead-letters", headers=headers)
    replayed = await goals.client.post(
        f"/operations/dead-letters/{letter_id}/replay", headers=headers
    )
    again = await goals.client.post(f"/operations/dead-letters/{letter_id}/replay", headers=headers)

    (letter,) = shown.json()
    assert (letter["id"], letter["state"], letter["reason"]) == (letter_id, "DEAD", "ValueError")
    assert "Sailing" not in shown.text
    assert replayed.json() == {"id": letter_id, "outcome": "APPLIED", "reason": None}
    assert again.status_code == 404


async def test_a_letter_that_fails_again_says_why_and_can_be_dropped(goals: Any) -> None:
    letter_id = await dead(goals, b'{"skillId": "none"}')
    headers = goals.integration("operations:write")
    door = f"/operations/dead-letters/{letter_id}"

    replayed = await goals.client.post(f"{door}/replay", headers=headers)
    unreasoned = await goals.client.delete(door, headers=headers)
    kept = await goals.client.get(door, headers=headers)
    dropped = await goals.client.delete(f"{door}?reason=broken+sender", headers=headers)

    assert replayed.json()["outcome"] == "FAILED"
    assert replayed.json()["reason"].startswith("Skill")
    assert unreasoned.status_code == 422
    assert kept.json()["attempts"] == 2
    assert dropped.status_code == 204
    assert (await goals.client.get(door, headers=headers)).status_code == 404


async def test_who_may_only_look_repairs_nothing(goals: Any) -> None:
    letter_id, job_id = await dead(goals, b"{}"), await failed_job(goals)
    headers = goals.integration("operations:read")

    answers = [
        await goals.client.post(f"/operations/dead-letters/{letter_id}/replay", headers=headers),
        await goals.client.delete(
            f"/operations/dead-letters/{letter_id}?reason=because", headers=headers
        ),
        await goals.client.post(f"/operations/jobs/{job_id}/retry", headers=headers),
        await goals.client.delete(f"/operations/jobs/{job_id}", headers=headers),
    ]

    assert [answer.status_code for answer in answers] == [403, 403, 403, 403]
    letter = await goals.client.get(f"/operations/dead-letters/{letter_id}", headers=headers)
    assert letter.json()["attempts"] == 1


async def test_another_tenant_s_administrator_finds_nothing(goals: Any) -> None:
    letter_id, job_id = await dead(goals, b"{}"), await failed_job(goals)
    headers = goals.integration("operations:write", tenant=new_id())

    answers = [
        await goals.client.get(f"/operations/dead-letters/{letter_id}", headers=headers),
        await goals.client.post(f"/operations/dead-letters/{letter_id}/replay", headers=headers),
        await goals.client.post(f"/operations/jobs/{job_id}/retry", headers=headers),
        await goals.client.delete(f"/operations/jobs/{job_id}", headers=headers),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404, 404]
    listed = await goals.client.get("/operations/jobs", headers=headers)
    assert listed.json() == []


async def test_a_failed_job_is_retried_once_and_then_only_waits(goals: Any) -> None:
    job_id = await failed_job(goals)
    headers = goals.integration("operations:write")

    retried = await goals.client.post(f"/operations/jobs/{job_id}/retry", headers=headers)
    again = await goals.client.post(f"/operations/jobs/{job_id}/retry", headers=headers)
    dropped = await goals.client.delete(f"/operations/jobs/{job_id}", headers=headers)

    assert (retried.status_code, retried.json()["state"]) == (200, "WAITING")
    assert [answer.status_code for answer in (again, dropped)] == [409, 409]
    assert again.json()["type"] == "urn:waymark:problem:job-not-failed"


async def test_the_backlog_answers_without_the_broker(goals: Any) -> None:
    await dead(goals, b"{}")

    answer = await goals.client.get(
        "/operations/backlog", headers=goals.integration("operations:read")
    )

    groups = {each["group"]: each for each in answer.json()["groups"]}
    assert groups["goals-skills"]["dead"] == 1
    assert groups["goals-skills"]["pending"] is None
    assert answer.json()["outbox"] == {"events": 0, "oldestSeconds": 0.0}


@pytest.mark.parametrize("letter_id", ["x", "goals-skills.none"])
async def test_what_is_no_id_of_a_letter_is_not_found(goals: Any, letter_id: str) -> None:
    answer = await goals.client.get(
        f"/operations/dead-letters/{letter_id}", headers=goals.integration("operations:read")
    )

    assert answer.status_code == 404
