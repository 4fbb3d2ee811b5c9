"""Fills an empty Waymark with the demo company, through the doors that everybody uses, each as the person who would."""

import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import httpx

from deploy.catalogue import demo
from deploy.cli import tokens
from deploy.cli.importing import ImportStopped, run_import
from deploy.cli.loading import SCOPES
from deploy.importers.rows import ReadOptions
from deploy.local.installation import Installation
from deploy.local.problems import Refused
from shared import clock

demo_subject = demo.DEMO_SUBJECT

SIDE_BY_SIDE = 6
PATIENCE_SECONDS = 30.0
DONE, BEGUN = "demo.seeded", "demo.begun"


class SeedingFailed(Refused):
    """The demo company could not be written."""


async def seed_demo(made: Installation) -> None:
    """Does nothing when somebody is there already; goes on where an earlier seeding was cut off."""
    home = Path(made.home)
    if (home / DONE).exists():
        return
    async with _connected(made) as seeding:
        if not (home / BEGUN).exists() and await seeding.is_inhabited():
            return
        (home / BEGUN).touch()
        try:
            await seeding.run(clock.today(), home)
        except (ImportStopped, httpx.HTTPError) as error:
            raise SeedingFailed(f"The demo company could not be written: {error}.") from None
        (home / DONE).touch()


@asynccontextmanager
async def _connected(made: Installation) -> AsyncIterator["Seeding"]:
    async with httpx.AsyncClient(trust_env=False, timeout=30) as client:
        yield Seeding(made, client)


@dataclass(slots=True)
class Seeding:
    """One seeding: ids learned on the way, and a token a person."""

    made: Installation
    client: httpx.AsyncClient
    bearers: dict[str, str] = field(default_factory=dict)
    people: dict[str, str] = field(default_factory=dict)
    skills: dict[str, str] = field(default_factory=dict)

    async def is_inhabited(self) -> bool:
        answer = await self._get("profile", "/people", limit=1)
        return bool(answer)

    async def run(self, today: date, home: Path) -> None:
        await run_import(
            "demo",
            None,
            gateway_url=self.made.url,
            token=tokens.client_token(self.made, SCOPES),
            home=home,
            report=lambda _progress: None,
            options=ReadOptions(today=today),
        )
        self.people = {
            person["subject"].partition("@")[0]: person["id"]
            for person in await self._all("profile", "/people")
            if person.get("subject")
        }
        self.skills = {
            skill["code"]: skill["id"] for skill in await self._all("profile", "/skills")
        }
        await self._each_person(demo.assertions(today), "authorKey", self._assertion)
        await self._each_person(demo.goals(today), "ownerKey", self._goal)
        await self._each_person(demo.check_ins(today), "managerKey", self._check_in)
        await self._courses(demo.course_completions(today))

    async def _each_person(
        self, items: Sequence[Mapping[str, Any]], author: str, write: Any
    ) -> None:
        """In each author's own order, several authors side by side."""
        queues: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
        for item in items:
            queues[item[author]].append(item)
        places = asyncio.Semaphore(SIDE_BY_SIDE)

        async def work(mine: list[Mapping[str, Any]]) -> None:
            async with places:
                for item in mine:
                    await write(item)

        try:
            async with asyncio.TaskGroup() as group:
                for mine in queues.values():
                    group.create_task(work(mine))
        except ExceptionGroup as failures:
            raise failures.exceptions[0] from None

    async def _assertion(self, item: Mapping[str, Any]) -> None:
        body = {
            "personId": self.people[item["subjectKey"]],
            "skillId": self.skills[item["skillCode"]],
            **{name: item[name] for name in ("level", "source", "occurredOn", "evidence")},
        }
        await self._post("profile", "/skills/assertions", body, item["authorKey"])

    async def _goal(self, item: Mapping[str, Any]) -> None:
        owner = item["ownerKey"]
        body = {
            **{name: item[name] for name in ("title", "description", "horizon")},
            "smart": {
                "specific": item["specific"],
                "measure": {**item["measure"], "amountType": "NUMBER"},
                "achievable": item["achievable"],
                "relevant": item["relevant"],
                "timeBound": {"startDate": item["startDate"], "dueDate": item["dueDate"]},
            },
        }
        goal_id = (await self._post("goals", "/goals", body, owner))["id"]
        milestones = await self._milestones(goal_id, item, owner)
        for step in ("propose", "activate"):
            tag = await self._tag(goal_id, owner)
            await self._post("goals", f"/goals/{goal_id}/{step}", {}, owner, tag)
        measure = item["measure"]
        share = (measure["current"] - measure["start"]) / (measure["target"] - measure["start"])
        for milestone in milestones[: round(share * len(milestones))]:
            await self._post("goals", f"/goals/milestones/{milestone}/complete", {}, owner)

    async def _milestones(self, goal_id: str, item: Mapping[str, Any], owner: str) -> list[str]:
        made: list[str] = []
        for step in item["milestones"]:
            body = {
                "title": step["title"],
                "dueDate": step["dueDate"],
                "weight": step["weight"],
                "dependsOn": [made[earlier] for earlier in step["dependsOn"]],
            }
            milestone = await self._post("goals", f"/goals/{goal_id}/milestones", body, owner)
            made.append(milestone["id"])
        return made

    async def _tag(self, goal_id: str, owner: str) -> dict[str, str]:
        answer = await self._get("goals", f"/goals/{goal_id}", person=owner)
        return {"If-Match": f'"{answer["version"]}"'}

    async def _check_in(self, item: Mapping[str, Any]) -> None:
        body = {
            "employeeId": self.people[item["employeeKey"]],
            **{name: item[name] for name in ("cadence", "scheduledFor", "priorities")},
        }
        made = await self._post("feedback", "/checkins", body, item["managerKey"])
        for point in item["agenda"]:
            place = f"/checkins/{made['id']}/agenda"
            await self._post("feedback", place, {"text": point}, item["managerKey"])

    async def _courses(self, completions: Sequence[Mapping[str, Any]]) -> None:
        resources = {
            (each["provider"], each["code"]): each["id"]
            for each in await self._all("goals", "/learning/resources")
        }
        for done in completions:
            who = done["subjectKey"]
            wanted = {"resourceId": resources[done["provider"], done["courseCode"]]}
            record = await self._post("goals", "/learning/records", wanted, who)
            told = {"completedAt": f"{done['completedOn']}T12:00:00Z"}
            await self._post("goals", f"/learning/records/{record['id']}/complete", told, who)

    async def _post(
        self,
        service: str,
        path: str,
        body: Mapping[str, Any],
        person: str,
        headers: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        """Keyed by its content, so that a second seeding repeats nothing. Waits until the service knows the person."""
        content = f"{path} {person} {json.dumps(body, sort_keys=True)}"
        key = {"Idempotency-Key": str(uuid5(NAMESPACE_URL, content))}
        deadline = asyncio.get_running_loop().time() + PATIENCE_SECONDS
        while True:
            answer = await self.client.post(
                self.made.doors[f"{service}-api"] + path,
                json=body,
                headers={**self._bearer(person), **key, **(headers or {})},
            )
            if answer.is_success:
                written: dict[str, Any] = answer.json()
                return written
            late = asyncio.get_running_loop().time() > deadline
            if answer.status_code not in (403, 404, 503) or late:
                raise SeedingFailed(f"{path} answered {answer.status_code}: {answer.text[:300]}")
            await asyncio.sleep(0.2)

    async def _all(self, service: str, path: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        following: str | None = f"{path}?limit=100"
        while following:
            answer = await self._answer(service, following)
            found += answer.json()
            following = answer.links.get("next", {}).get("url")
        return found

    async def _get(
        self, service: str, path: str, *, person: str | None = None, **query: Any
    ) -> Any:
        return (await self._answer(service, path, person=person, **query)).json()

    async def _answer(
        self, service: str, path: str, *, person: str | None = None, **query: Any
    ) -> httpx.Response:
        answer = await self.client.get(
            self.made.doors[f"{service}-api"] + path,
            params=query or None,
            headers=self._bearer(person),
        )
        answer.raise_for_status()
        return answer

    def _bearer(self, person: str | None) -> dict[str, str]:
        name = person or ""
        if name not in self.bearers:
            self.bearers[name] = (
                tokens.mint(self.made, tokens.Bearer(demo.email_of(person)))
                if person
                else tokens.client_token(self.made, SCOPES)
            )
        return {"Authorization": f"Bearer {self.bearers[name]}"}
