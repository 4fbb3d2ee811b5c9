"""A small organisation in feedback's copy, told as profile tells it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from shared.ids import new_id
from tests.conftest import Harness
from tests.grounds import Ground, Grounds

NEXT_WEEK = "2031-03-04T10:00:00Z"


@dataclass
class Organisation:
    """Persons by first name; everybody sits in the unit `team`, which lies in `company`."""

    harness: Any
    ids: dict[str, UUID] = field(default_factory=dict)
    units: dict[str, UUID] = field(default_factory=dict)
    sequence: int = 0

    async def unit(self, name: str, parent: str | None = None) -> UUID:
        unit_id = self.units.setdefault(name, new_id())
        self.sequence += 1
        await self.harness.deliver(
            "waymark.profile.org_unit.changed.v1",
            subject=unit_id,
            sequence=self.sequence,
            payload={
                "orgUnitId": unit_id,
                "name": name,
                "type": "TEAM",
                "parentId": self.units[parent] if parent else None,
                "leaderId": None,
            },
        )
        return unit_id

    async def person(
        self,
        name: str,
        *,
        manager: str | None = None,
        unit: str | None = "team",
        grants: tuple[tuple[str, str | None], ...] = (),
        status: str = "ACTIVE",
        kind: str = "person.updated",
        tenant: UUID | None = None,
    ) -> UUID:
        """What profile tells of a person; told again it is the person's newest state."""
        person_id = self.ids.setdefault(name, new_id())
        self.sequence += 1
        await self.harness.deliver(
            f"waymark.profile.{kind}.v1",
            subject=person_id,
            sequence=self.sequence,
            tenant=tenant,
            payload={
                "personId": person_id,
                "subject": f"{name}@example.org",
                "displayName": name.title(),
                "status": status,
                "managerId": self.ids[manager] if manager else None,
                "orgUnitId": self.units[unit] if unit and tenant is None else None,
                "level": 3,
                "grants": [
                    {"role": role, "orgUnitId": self.units[where] if where else None}
                    for role, where in grants
                ],
            },
        )
        return person_id

    def token(self, name: str, **further: Any) -> dict[str, str]:
        headers: dict[str, str] = self.harness.token(f"{name}@example.org", **further)
        return headers

    async def call(self, name: str, method: str, path: str, **further: Any) -> Any:
        headers = self.token(name) | further.pop("headers", {})
        return await self.harness.client.request(method, path, headers=headers, **further)

    async def schedule(self, by: str = "ada", **wanted: Any) -> dict[str, Any]:
        body = {"scheduledFor": NEXT_WEEK, **wanted}
        answer = await self.call(by, "POST", "/checkins", json=body)
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made

    async def step(self, name: str, check_in_id: str, verb: str) -> Any:
        return await self.call(name, "POST", f"/checkins/{check_in_id}/{verb}")

    async def goal(
        self, verb: str, *, goal_id: UUID, title: str, progress: float, **further: Any
    ) -> None:
        self.sequence += 1
        await self.harness.deliver(
            f"waymark.goals.goal.{verb}.v1",
            subject=goal_id,
            sequence=self.sequence,
            payload={
                "goalId": goal_id,
                "personId": self.ids["ada"],
                "title": title,
                "state": "ACTIVE",
                "progress": progress,
                "visibility": "MANAGER",
                **further,
            },
        )


async def populate(feedback: Harness) -> Organisation:
    """sam leads maya, maya leads ada and cole; hana is HR partner of `team`, olga of `sales`, root is admin."""
    feedback.tenant_id = new_id()
    made = Organisation(feedback)
    await made.unit("company")
    await made.unit("team", "company")
    await made.unit("sales", "company")
    await made.person("sam")
    await made.person("maya", manager="sam")
    await made.person("ada", manager="maya")
    await made.person("cole", manager="maya")
    await made.person("hana", unit="company", grants=(("HR_PARTNER", "team"),))
    await made.person("olga", unit="company", grants=(("HR_PARTNER", "sales"),))
    await made.person("root", unit="company", grants=(("ADMIN", None),))
    return made


@pytest.fixture(scope="session")
def ground(grounds: Grounds) -> Ground[Organisation]:
    return grounds.lay("own", ["feedback"], populate)


@pytest.fixture
async def feedback(ground: Ground[Organisation]) -> AsyncIterator[Harness]:
    async for harness in ground.in_transaction("feedback"):
        yield harness


@pytest.fixture
async def org(feedback: Harness, ground: Ground[Organisation]) -> Organisation:
    there = await ground.there()
    feedback.tenant_id = there.harness.tenant_id
    return Organisation(feedback, dict(there.ids), dict(there.units), there.sequence)


@pytest.fixture
def noon() -> datetime:
    return datetime(2026, 6, 1, 12, tzinfo=UTC)
