"""Who and what the inputs are about: people, courses that teach one skill each, goals that are under way."""

import asyncio
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import httpx

from deploy.cli import tokens
from deploy.cli.tokens import Bearer
from deploy.local.installation import Installation
from shared import clock
from tests.chaos.place import Place

COURSES = 10
OWN_SKILLS = 5
GOALS = 25
LINES = 1_000
COPIED_SECONDS = 120.0
SCOPES = "people:write skills:write learning:write connections:write subscriptions:write"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a token."""

    id: UUID
    email: str
    bearer: dict[str, str]


@dataclass(frozen=True, slots=True)
class Company:
    """`taught` are the skills of the courses, in their order; `own` are those that people say something about."""

    people: Sequence[Person]
    courses: Sequence[str]
    taught: Sequence[UUID]
    own: Sequence[UUID]
    goals: Sequence[tuple[Person, str]]
    machine: dict[str, str]
    webhook_path: str
    secret: str


def machine(made: Installation) -> dict[str, str]:
    return {"Authorization": f"Bearer {tokens.client_token(made, SCOPES.split())}"}


async def fill(place: Place, *, people: int) -> Company:
    """Through the public doors, before anything fails; everybody is known to every service at the end."""
    made, caller = place.made, machine(place.made)
    async with httpx.AsyncClient(base_url=made.url, trust_env=False, timeout=60) as client:
        await _put(client, caller, "frameworks", [_framework()])
        skills = await _put(client, caller, "skills", map(_skill, range(COURSES + OWN_SKILLS)))
        taught, own = skills[:COURSES], skills[COURSES:]
        courses = [_course(number, skill) for number, skill in enumerate(taught)]
        await _put(client, caller, "courses", courses)
        emails = [f"person-{number}@example.org" for number in range(people)]
        ids = await _put(client, caller, "people", map(_person, emails))
        everybody = [
            Person(key, email, _bearer(made, email)) for key, email in zip(ids, emails, strict=True)
        ]
        wanted = {"kind": "LMS", "name": "chaos"}
        answer = await client.post("/connections", json=wanted, headers=caller)
        connection = answer.raise_for_status().json()
    await _copied(place, people)
    return Company(
        people=everybody,
        courses=[str(course["code"]) for course in courses],
        taught=taught,
        own=own,
        goals=[await _goal(made, each) for each in everybody[:GOALS]],
        machine=caller,
        webhook_path=connection["webhookPath"],
        secret=connection["secret"],
    )


def _bearer(made: Installation, email: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {tokens.mint(made, Bearer(email))}"}


async def _put(
    client: httpx.AsyncClient,
    caller: dict[str, str],
    kind: str,
    rows: "Iterator[dict[str, Any]] | Sequence[dict[str, Any]]",
) -> list[UUID]:
    lines, made = [json.dumps(row) for row in rows], []
    for first in range(0, len(lines), LINES):
        answer = await client.post(
            f"/imports/{kind}",
            content="\n".join(lines[first : first + LINES]),
            headers={**caller, "content-type": "application/x-ndjson"},
        )
        for line in answer.raise_for_status().text.splitlines():
            verdict = json.loads(line)
            assert verdict["status"] == "CREATED", line
            made.append(UUID(verdict["id"]))
    return made


def _framework() -> dict[str, Any]:
    levels = [{"ordinal": n, "label": f"Level {n}", "value": n} for n in range(6)]
    scale = {"name": "Zero to five", "levels": levels}
    return {
        "key": "chaos",
        "title": "Chaos",
        "source": "LOCAL",
        "version": "1",
        "publish": True,
        "scale": scale,
    }


def _skill(number: int) -> dict[str, Any]:
    return {
        "frameworkKey": "chaos",
        "code": f"S-{number}",
        "statement": f"Skill {number}",
        "type": "TECHNICAL",
        "alignments": [],
    }


def _course(number: int, skill: UUID) -> dict[str, Any]:
    return {
        "provider": "Academy",
        "code": f"C-{number}",
        "title": f"Course {number}",
        "type": "COURSE",
        "skills": [{"skillId": str(skill), "expectedDelta": 1.0}],
    }


def _person(email: str) -> dict[str, Any]:
    return {"system": "hris", "key": email, "displayName": email, "workEmail": email}


async def _copied(place: Place, people: int) -> None:
    """Until goals and feedback know everybody."""
    async with asyncio.timeout(COPIED_SECONDS):
        for database in ("goals", "feedback"):
            connection = await asyncpg.connect(place.servers.superuser(database))
            while await connection.fetchval("SELECT count(*) FROM people_person") < people:
                await asyncio.sleep(0.2)
            await connection.close()


async def _goal(made: Installation, person: Person) -> tuple[Person, str]:
    """An active goal of a thousand steps: its owner and its id."""
    today = clock.today()
    wanted = {
        "title": f"Take a thousand steps, {person.email}",
        "smart": {
            "specific": "Take the steps one by one and write each down.",
            "measure": {
                "metric": "steps",
                "unit": "steps",
                "amountType": "NUMBER",
                "start": 0,
                "target": 100_000,
            },
            "achievable": {"rationale": "One after the other.", "effortHours": 10},
            "relevant": {"why": "Nothing that was said may be lost."},
            "timeBound": {
                "startDate": today.isoformat(),
                "dueDate": (today + timedelta(days=90)).isoformat(),
            },
        },
    }
    url = made.doors["goals-api"]
    async with httpx.AsyncClient(
        base_url=url, trust_env=False, timeout=15, headers=person.bearer
    ) as client:
        goal_id = (await client.post("/goals", json=wanted)).raise_for_status().json()["id"]
        for step in ("propose", "activate"):
            (await client.post(f"/goals/{goal_id}/{step}")).raise_for_status()
    return person, goal_id
