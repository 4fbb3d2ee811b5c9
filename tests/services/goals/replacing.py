"""A framework that profile replaced, as goals hears of it, and the job that follows."""

import json
from typing import Any

from services.goals.crosswalks import repointing
from services.goals.events import handlers
from shared import clock
from shared.events import inbox
from shared.events.facts import Envelope
from shared.ids import new_id
from shared.jobs import Job
from shared.tenancy import Principal

OLD = ("python", "java", "kotlin", "split", "part", "gone")
NEW = ("py", "jvm", "a", "b", "whole")
EXACT, REPLACED, PART = "EXACT_MATCH_OF", "REPLACED_BY", "IS_PART_OF"
MAPPING = {
    "python": [("py", EXACT)],
    "java": [("jvm", REPLACED)],
    "kotlin": [("jvm", EXACT)],
    "split": [("a", EXACT), ("b", EXACT)],
    "part": [("whole", PART)],
    "gone": [],
}


class Replaced:
    """A migration of profile's: its facts, and the job that follows."""

    def __init__(self, world: Any, mapping: dict[str, list[tuple[str, str]]]) -> None:
        self.world, self.mapping = world, mapping
        self.id, self.from_id, self.to_id = new_id(), new_id(), new_id()

    def fact(self, part: int, parts: int) -> Envelope:
        skill = self.world.ids
        names = list(self.mapping)[part - 1 :: parts]
        payload = {
            "migrationId": self.id,
            "fromId": self.from_id,
            "fromKey": "house",
            "toId": self.to_id,
            "toKey": "world",
            "part": part,
            "parts": parts,
            "skills": [
                {
                    "skillId": skill[name],
                    "relations": [
                        {"skillId": skill[target], "type": kind, "turned": False}
                        for target, kind in self.mapping[name]
                    ],
                }
                for name in names
            ],
        }
        return Envelope(
            id=new_id(),
            type="waymark.profile.framework_migration.finished.v1",
            subject=str(self.id),
            sequence=part,
            occurred_at=clock.now(),
            tenant_id=self.world.tenant_id,
            traceparent=None,
            body=json.dumps(payload, default=str).encode(),
        )

    async def tell(self, *told: int, parts: int = 1) -> None:
        events = [self.fact(part, parts) for part in told or (1,)]
        async with self.world.harness.session() as session:
            group = handlers.groups["crosswalks"]
            await inbox.apply_batch(session, group, self.world.tenant_id, events)

    async def follow(self) -> None:
        principal = Principal.system(self.world.tenant_id, "goals.crosswalks")
        job = Job(
            new_id(), repointing.REPOINT, self.world.tenant_id, {"crosswalk": str(self.id)}, 1
        )
        await repointing.repoint(self.world.harness.service.database, principal, job)

    async def report(self, who: str = "seer") -> dict[str, Any]:
        answer = await self.world.call(who, "GET", f"/crosswalks/{self.id}")
        assert answer.status_code == 200, answer.text
        return answer.json()  # type: ignore[no-any-return]

    async def outcomes(self) -> dict[tuple[str, str], str]:
        """By role and skill, in the words of the test."""
        answer = await self.world.call("seer", "GET", f"/crosswalks/{self.id}/requirements")
        words = {str(value): name for name, value in self.world.ids.items()}
        return {
            (words[each["roleId"]], words[each["skillId"]]): each["outcome"]
            for each in answer.json()
        }
