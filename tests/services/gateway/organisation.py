"""A small organisation in two tenants, written through the services' own doors; facts travel in process."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import text

from shared.ids import new_id
from tests.conftest import Harness
from tests.services.gateway.conftest import Graph
from tests.services.gateway.rows import CHILDREN, FRAMEWORKS, PEOPLE, SPELLINGS, STEPS, UNITS

SCOPES = ("people:write", "grants:write", "skills:write", "roles:write", "learning:write")


@dataclass
class Company:
    """One tenant: keys of what it has under `noun.name`, and callers as its people."""

    graph: Graph
    tenant_id: UUID
    keys: dict[str, str] = field(default_factory=dict)
    read: dict[str, int] = field(default_factory=dict)

    def as_(self, who: str) -> dict[str, str]:
        return self.graph.profile.token(f"{who}@example.org", tenant=self.tenant_id)

    def client(self, *scopes: str) -> dict[str, str]:
        return self.graph.profile.integration(*scopes, tenant=self.tenant_id)

    def named(self, noun: str) -> list[str]:
        return [name for name in self.keys if name.startswith(f"{noun}.")]

    async def put_in(
        self, harness: Harness, kind: str, rows: Iterable[Mapping[str, Any]], noun: str = ""
    ) -> None:
        answer = await harness.client.post(
            f"/imports/{kind}",
            content="".join(json.dumps(row) + "\n" for row in rows),
            headers=self.client(*SCOPES) | {"Content-Type": "application/x-ndjson"},
        )
        for verdict in map(json.loads, answer.text.rstrip("\n").split("\n")):
            assert verdict["status"] != "REFUSED", verdict
            if noun:
                self.keys[f"{noun}.{verdict['key']}"] = verdict["id"]
        await self.tell()

    async def write(
        self, harness: Harness, who: str, path: str, body: Any = None, *, method: str = "POST"
    ) -> dict[str, Any]:
        answer = await harness.client.request(method, path, json=body, headers=self.as_(who))
        assert answer.is_success, f"{path} {answer.text}"
        await self.tell()
        written: dict[str, Any] = answer.json()
        return written

    async def tell(self) -> None:
        """Brings what the services have published since to those who listen, until nothing more comes of it."""
        services = {
            "profile": self.graph.profile,
            "goals": self.graph.goals,
            "feedback": self.graph.feedback,
        }
        for name, harness in services.items():
            async with harness.session(self.tenant_id) as session:
                rows = (
                    (await session.execute(text("SELECT * FROM outbox_event ORDER BY id")))
                    .mappings()
                    .all()
                )
            fresh = rows[self.read.get(name, 0) :]
            self.read[name] = len(rows)
            for row in fresh:
                for other in services.values():
                    if other is not harness and _listens(other, row["type"]):
                        await other.deliver(
                            row["type"],
                            subject=row["subject"],
                            sequence=row["sequence"],
                            payload=row["payload"],
                            tenant=self.tenant_id,
                            event_id=row["id"],
                        )
            if fresh:
                await self.tell()


def _listens(harness: Harness, event_type: str) -> bool:
    groups = harness.service.blueprint.handlers.groups.values()
    return any(handler.takes(event_type) for group in groups for handler in group.handlers)


async def found(graph: Graph) -> Company:
    """The company that lives in these databases; what a test does to it is undone with the test."""
    there = graph.founded
    graph.enter(there.tenant_id)
    return Company(graph, there.tenant_id, dict(there.keys), dict(there.read))


async def establish(services: Any, tenant_id: UUID) -> Company:
    """The whole of it; `chief` leads `lead` leads `dev` and `peer`, `partner` is HR partner of engineering.

    `services` has the harnesses of the three that know people.
    """
    company = Company(services, tenant_id)
    await _people(company, PEOPLE)
    grant = {"system": "hris", "key": "partner", "role": "HR_PARTNER", "orgUnitKey": "eng"}
    await company.put_in(company.graph.profile, "grants", [grant])
    await _skills(company)
    await _roles(company)
    placed = [row | _place(company, row["key"]) for row in PEOPLE]
    await _people(company, placed)
    await _said(company)
    await _learning(company)
    await _goals(company)
    await _check_ins(company)
    path = f"/people/{company.keys['Person.dev']}/baselines"
    taken = await company.write(company.graph.profile, "dev", path, {"cycle": "zero"})
    company.keys["Baseline.zero"] = taken["id"]
    return company


async def elsewhere(graph: Graph) -> Company:
    """Another tenant, whose ids lead nowhere here."""
    company = Company(graph, new_id())
    await _people(company, PEOPLE[:2])
    await _skills(company)
    return company


async def _people(company: Company, people: Iterable[Mapping[str, Any]]) -> None:
    profile = company.graph.profile
    hris = {"system": "hris"}
    await company.put_in(profile, "org-units", [hris | unit for unit in UNITS], "OrgUnit")
    rows = [
        {
            **hris,
            "displayName": row["key"].title(),
            "workEmail": f"{row['key']}@example.org",
            "subject": f"{row['key']}@example.org",
            **row,
        }
        for row in people
    ]
    await company.put_in(profile, "people", rows, "Person")


async def _skills(company: Company) -> None:
    frameworks = [
        {"source": "LOCAL", "version": "1", "scale": {"name": "Four", "levels": STEPS}, **row}
        for row in FRAMEWORKS
    ]
    await company.put_in(company.graph.profile, "frameworks", frameworks, "SkillFramework")
    rows: list[dict[str, Any]] = [
        {"frameworkKey": "house", "code": "craft", "statement": "Craft", "type": "TECHNICAL"},
        {"frameworkKey": "crafts", "code": "talk", "statement": SPELLINGS, "type": "LANGUAGE"},
        {"frameworkKey": "draft", "code": "secret", "statement": "Secret", "type": "KNOWLEDGE"},
    ]
    child = {"frameworkKey": "house", "parentCode": "craft", "type": "TECHNICAL"}
    rows += [{**child, "code": f"c{n}", "statement": f"Craft {n}"} for n in range(CHILDREN)]
    rows[0] |= {"halfLifeMonths": 24, "description": "One\ntwo"}
    rows[0]["alignments"] = [{"uri": "https://example.test/1", "type": "exactMatchOf"}]
    filled = [{"alignments": [], **row} for row in rows]
    await company.put_in(company.graph.profile, "skills", filled, "Skill")


def _place(company: Company, name: str) -> dict[str, Any]:
    role = {"dev": "weaver", "lead": "master"}.get(name)
    return {"roleId": company.keys[f"Role.{role}"]} if role else {}


async def _roles(company: Company) -> None:
    required = [
        {"requiredLevel": 1 + n % 4, "importance": 1 + n % 5, "mandatory": n % 7 == 0}
        | {"skillId": company.keys[f"Skill.c{n}"]}
        for n in range(CHILDREN)
    ]
    role = {"catalogue": "test", "family": "Weaving", "track": "MANAGEMENT", "level": 1}
    rows: list[dict[str, Any]] = [
        {**role, "code": "weaver", "title": "Weaver", "requirements": required},
        {**role, "code": "master", "title": SPELLINGS, "requirements": required[:2]},
    ]
    rows[0] |= {
        "experience": [{"type": "LEADERSHIP", "minMonths": 12, "text": None}],
        "credentials": [{"name": "Loom", "issuer": SPELLINGS, "mandatory": True}],
    }
    more: dict[str, Any] = {"catalogue": "other", "track": None, "level": None, "requirements": []}
    rows += [
        {**more, "code": f"r{n}", "title": f"Role {n}", "family": f"Family {n}"}
        for n in range(CHILDREN)
    ]
    await company.put_in(company.graph.goals, "roles", rows, "Role")


async def _said(company: Company) -> None:
    """Assertions on dev by themself and by their manager, on peer by the manager alone."""
    dev, peer = company.keys["Person.dev"], company.keys["Person.peer"]
    said = (
        ("dev", dev, "SELF", 4.0, "c0"),
        ("lead", dev, "MANAGER", 2.5, "c0"),
        ("lead", dev, "MANAGER", 5.0, "c1"),
        ("lead", peer, "MANAGER", 1.25, "craft"),
    )
    for who, person, source, level, skill in said:
        body = {"personId": person, "source": source, "level": level} | {
            "skillId": company.keys[f"Skill.{skill}"],
            "evidence": [{"kind": "URL", "title": SPELLINGS, "uri": "https://example.test/e"}],
        }
        written = await company.write(company.graph.profile, who, "/skills/assertions", body)
        company.keys[f"SkillAssertion.{source}{skill}"] = written["id"]


async def _learning(company: Company) -> None:
    goals = company.graph.goals
    taught = [{"skillId": company.keys["Skill.c2"], "expectedDelta": 1.25}]
    course = {"provider": "Academy", "hours": 1.5, "cost": 10.25, "currency": "EUR"}
    rows = [
        {**course, "code": "weave", "title": "Weaving", "type": "COURSE", "skills": taught},
        {**course, "code": "read", "title": SPELLINGS, "type": "READING", "language": "de"},
    ]
    await company.put_in(goals, "courses", rows, "LearningResource")
    for code in ("weave", "read"):
        wanted = {"resourceId": company.keys[f"LearningResource.{code}"]}
        record = await company.write(goals, "dev", "/learning/records", wanted)
        company.keys[f"LearningRecord.{code}"] = record["id"]
    done = f"/learning/records/{company.keys['LearningRecord.weave']}/complete"
    written = await goals.client.post(
        done, json={"score": 87.5}, headers=company.client("learning:write")
    )
    assert written.is_success, written.text
    await company.tell()


async def _goals(company: Company) -> None:
    goals, keys = company.graph.goals, company.keys
    smart = {
        "specific": "Weave a carpet of two metres, on my own.",
        "measure": {"metric": "Metres", "amountType": "NUMBER", "target": 2},
        "achievable": {"effortHours": 80, "budget": {"amount": 12.5, "currency": "EUR"}},
        "relevant": {"why": SPELLINGS},
        "timeBound": {"startDate": "2026-01-05", "dueDate": "2099-12-31"},
    }
    linked = {"skillId": keys["Skill.c1"], "learningResourceId": keys["LearningResource.weave"]}
    wanted: tuple[tuple[str, str, dict[str, Any]], ...] = (
        ("carpet", "dev", {"title": "Weave a carpet", "smart": smart, **linked}),
        ("hidden", "dev", {"title": "Leave", "visibility": "PRIVATE", "priority": 1}),
        ("lonely", "peer", {"title": "Everybody may know", "smart": smart, "visibility": "ORG"}),
        ("led", "lead", {"title": "Lead well", "smart": smart, "visibility": "TEAM"}),
    )
    for name, who, body in wanted:
        keys[f"Goal.{name}"] = (await company.write(goals, who, "/goals", body))["id"]
    part = {"title": "A part", "parentGoalId": keys["Goal.carpet"]}
    keys["Goal.part"] = (await company.write(goals, "dev", "/goals", part))["id"]
    carpet = f"/goals/{keys['Goal.carpet']}"
    for title in ("Learn", "Weave"):
        step = {"title": title, "learningResourceId": keys["LearningResource.read"]}
        written = await company.write(goals, "dev", f"{carpet}/milestones", step)
        keys[f"Milestone.{title}"] = written["id"]
    await company.write(goals, "dev", f"{carpet}/propose")
    for name, who in (("carpet", "lead"), ("lonely", "peer"), ("led", "lead")):
        await company.write(goals, who, f"/goals/{keys[f'Goal.{name}']}/activate")
    for value in (0.5, 1.0):
        await company.write(goals, "dev", f"{carpet}/progress", {"value": value, "note": SPELLINGS})
    await company.write(goals, "dev", f"/goals/milestones/{keys['Milestone.Learn']}/complete")


async def _check_ins(company: Company) -> None:
    feedback, keys = company.graph.feedback, company.keys
    for name, who, when in (("first", "dev", "03"), ("second", "dev", "04"), ("led", "lead", "03")):
        planned = {"scheduledFor": f"2031-{when}-04T10:00:00Z", "priorities": ["One", SPELLINGS]}
        written = await company.write(feedback, who, "/checkins", planned)
        keys[f"CheckIn.{name}"] = written["id"]
    first = f"/checkins/{keys['CheckIn.first']}"
    for who in ("dev", "lead"):
        point = {"text": f"Point of {who}"}
        await company.write(feedback, who, f"{first}/agenda", point)
        item = {"text": SPELLINGS, "ownerId": keys[f"Person.{who}"], "dueOn": "2031-05-01"}
        await company.write(feedback, who, f"{first}/action-items", item)
    secret = {"text": "For my eyes only"}
    await company.write(feedback, "lead", f"{first}/private-note", secret, method="PUT")
    async with feedback.session(company.tenant_id) as session:
        leads = text("SELECT subject_id, id FROM tasks_task WHERE person_id = :lead")
        found = await session.execute(leads, {"lead": keys["Person.lead"]})
        tasks = {row.subject_id: row.id for row in found}
    for name in ("first", "second", "led"):
        keys[f"Task.{name}"] = str(tasks[UUID(keys[f"CheckIn.{name}"])])
