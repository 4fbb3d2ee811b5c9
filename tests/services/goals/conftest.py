"""An organisation for the tests of goals: told by profile's facts, as in the running system."""

import json
from collections.abc import AsyncIterator
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

import httpx
import pytest

from shared import clock
from shared.ids import new_id
from tests.conftest import Harness
from tests.grounds import Ground, Grounds


@dataclass
class World:
    """A tenant's people by name, and callers as them."""

    harness: Any
    tenant_id: UUID
    ids: dict[str, UUID] = field(default_factory=dict)
    told: dict[str, dict[str, Any]] = field(default_factory=dict)
    sequences: dict[UUID, int] = field(default_factory=dict)

    async def tell(self, event_type: str, subject: UUID, payload: dict[str, Any]) -> None:
        """The next fact about that subject."""
        self.sequences[subject] = self.sequences.get(subject, 0) + 1
        await self.harness.deliver(
            event_type,
            subject=subject,
            sequence=self.sequences[subject],
            payload=payload,
            tenant=self.tenant_id,
        )

    async def person(self, name: str, **facts: Any) -> UUID:
        """Registers or changes somebody; what is not told stays as it was."""
        person_id = self.ids.setdefault(name, new_id())
        first = {
            "personId": person_id,
            "subject": f"{name}@example.org",
            "displayName": name.title(),
            "workEmail": f"{name}@example.org",
            "status": "ACTIVE",
            "grants": [],
            "externalIds": [{"system": "hris", "type": "EMPLOYEE_NUMBER", "value": f"E-{name}"}],
        }
        self.told[name] = {**first, **self.told.get(name, {}), **facts}
        await self.tell("waymark.profile.person.updated.v1", person_id, self.told[name])
        return person_id

    async def unit(self, name: str, parent: UUID | None = None) -> UUID:
        unit_id = self.ids.setdefault(f"unit {name}", new_id())
        payload = {"orgUnitId": unit_id, "name": name, "type": "TEAM", "parentId": parent}
        await self.tell("waymark.profile.org_unit.changed.v1", unit_id, payload)
        return unit_id

    async def estimate(
        self, name: str, skill_id: UUID, level: float | None, **facts: Any
    ) -> dict[str, Any]:
        """What profile estimates of somebody's skill; without more, one assertion of today."""
        subject = self.ids.setdefault(f"estimate {name} {skill_id}", new_id())
        payload: dict[str, Any] = {
            "personId": self.ids[name],
            "skillId": skill_id,
            "level": level,
            "mass": 0.7,
            "variance": 0.25,
            "confidence": 0.7 / 1.7,
            "asOf": clock.today().isoformat(),
            "halfLifeMonths": 36,
            "rule": "EVIDENCE_WEIGHTED",
            "contributions": [
                {
                    "assertionId": str(new_id()),
                    "source": "MANAGER",
                    "level": level,
                    "weight": 0.7,
                    "decay": 1.0,
                    "occurredOn": clock.today().isoformat(),
                }
            ],
            **facts,
        }
        await self.tell("waymark.profile.skill_estimate.changed.v1", subject, payload)
        return payload

    def headers(self, name: str) -> dict[str, str]:
        token: dict[str, str] = self.harness.token(f"{name}@example.org", tenant=self.tenant_id)
        return token

    def client(self, *scopes: str) -> dict[str, str]:
        token: dict[str, str] = self.harness.integration(*scopes, tenant=self.tenant_id)
        return token

    async def call(
        self, who: str, method: str, path: str, body: Any = None, *, version: int | None = None
    ) -> httpx.Response:
        """A request as somebody; `version` goes into If-Match."""
        headers = self.headers(who)
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        response: httpx.Response = await self.harness.client.request(
            method, path, json=body, headers=headers
        )
        return response

    async def import_rows(
        self, kind: str, rows: list[dict[str, Any]], *, scope: str, dry_run: bool = False
    ) -> list[dict[str, Any]]:
        body = "\n".join(json.dumps(row, default=str) for row in rows)
        response = await self.harness.client.post(
            f"/imports/{kind}",
            params={"dryRun": dry_run},
            content=body,
            headers=self.client(scope) | {"Content-Type": "application/x-ndjson"},
        )
        assert response.status_code == 200, response.text
        return [json.loads(line) for line in response.text.splitlines()]

    async def role(self, code: str, skills: dict[UUID, Any], **facts: Any) -> UUID:
        """A role that requires each skill at (level, importance, mandatory), or at a level."""
        row = {"catalogue": "test", "code": code, "family": "Making", "title": code, **facts}
        row["requirements"] = [_requirement(skill, told) for skill, told in skills.items()]
        (verdict,) = await self.import_rows("roles", [row], scope="roles:write")
        assert verdict["status"] in ("CREATED", "CHANGED"), verdict
        return UUID(verdict["id"])

    async def course(self, code: str, **facts: Any) -> UUID:
        row = {"provider": "Academy", "code": code, "title": f"Course {code}", "skills": []} | facts
        (verdict,) = await self.import_rows("courses", [row], scope="learning:write")
        return UUID(verdict["id"])

    async def ask(
        self, who: str, view: str, ask: dict[str, Any], values: list[Any], keys: list[UUID]
    ) -> dict[str, Any]:
        """What the gateway gets of a view: key → value, without a key for `all`."""
        body = "\n".join([view, json.dumps(ask), json.dumps(values), ",".join(map(str, keys))])
        response = await self.harness.client.post("/views", content=body, headers=self.headers(who))
        assert response.status_code == 200, response.text
        pairs = (line.split("\t", 1) for line in response.text.split("\n") if line)
        return {key: json.loads(value) for key, value in pairs}

    async def published(self, event_type: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = await self.harness.published(event_type)
        return found


def _requirement(skill: UUID, told: Any) -> dict[str, Any]:
    level, importance, mandatory = told if isinstance(told, tuple) else (told, 3, False)
    return {
        "skillId": skill,
        "requiredLevel": level,
        "importance": importance,
        "mandatory": mandatory,
    }


async def populate(world: World) -> World:
    """boss - manager - employee, colleague; other - outsider; an HR partner for the makers, one for sales; an admin."""
    makers, sales = await world.unit("makers"), await world.unit("sales")
    boss = await world.person("boss", orgUnitId=makers)
    manager = await world.person("manager", managerId=boss, orgUnitId=makers)
    await world.person("employee", managerId=manager, orgUnitId=makers)
    await world.person("colleague", managerId=manager, orgUnitId=makers)
    other = await world.person("other", managerId=boss, orgUnitId=sales)
    await world.person("outsider", managerId=other, orgUnitId=sales)
    partner = {"role": "HR_PARTNER", "orgUnitId": makers}
    await world.person("partner", grants=[partner], orgUnitId=sales)
    await world.person("stranger", grants=[{**partner, "orgUnitId": sales}], orgUnitId=sales)
    await world.person("admin", grants=[{"role": "ADMIN", "orgUnitId": None}], orgUnitId=sales)
    return world


@pytest.fixture(scope="session")
def ground(grounds: Grounds) -> Ground[World]:
    return grounds.lay("own", ["goals"], lambda goals: populate(World(goals, new_id())))


@pytest.fixture
async def goals(ground: Ground[World]) -> AsyncIterator[Harness]:
    async for harness in ground.in_transaction("goals"):
        yield harness


@pytest.fixture
async def world(goals: Harness, ground: Ground[World]) -> World:
    there = await ground.there()
    goals.tenant_id = there.tenant_id
    known = deepcopy((there.ids, there.told, there.sequences))
    return World(goals, there.tenant_id, *known)


@pytest.fixture
async def elsewhere(goals: Any) -> World:
    """The same people in another tenant, with other ids."""
    return await populate(World(goals, new_id()))


SMART_GOAL: dict[str, Any] = {
    "title": "Pass the cloud architect certification within nine months",
    "smart": {
        "measure": {"metric": "Practice exams passed", "amountType": "NUMBER", "target": 4},
        "achievable": {"rationale": "Two evenings a week", "effortHours": 80},
        "relevant": {"why": "The next role asks for it"},
        "timeBound": {"startDate": "2026-01-05", "dueDate": "2099-12-31"},
    },
}


@pytest.fixture
def smart_goal() -> dict[str, Any]:
    """A goal that passes the linter; each test gets its own copy."""
    copy: dict[str, Any] = json.loads(json.dumps(SMART_GOAL))
    return copy


@pytest.fixture
def today() -> date:
    return clock.today()
