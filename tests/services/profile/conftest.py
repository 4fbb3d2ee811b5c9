"""A small organisation behind profile's door, and the callers who live in it."""

import json
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import httpx
import pytest

from shared.ids import new_id
from tests.conftest import Harness
from tests.grounds import Ground, Grounds

SCOPES = ("people:write", "people:read", "grants:write", "skills:write", "skills:read")


async def imported(
    harness: Harness,
    kind: str,
    rows: Iterable[dict[str, Any]],
    *,
    dry_run: bool = False,
    tenant: UUID | None = None,
    headers: dict[str, str] | None = None,
) -> list[dict[str, Any]]:
    """The verdicts of one bulk request."""
    response = await harness.client.post(
        f"/imports/{kind}",
        params={"dryRun": str(dry_run).lower()},
        content="".join(json.dumps(row) + "\n" for row in rows),
        headers={
            **(headers or harness.integration(*SCOPES, tenant=tenant)),
            "Content-Type": "application/x-ndjson",
        },
    )
    assert response.status_code == httpx.codes.OK, response.text
    return [json.loads(line) for line in response.text.splitlines()]


@dataclass
class Organisation:
    """Who is who: ids by key, and the headers of each."""

    harness: Harness
    tenant_id: UUID
    people: dict[str, str] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)

    def as_(self, key: str) -> dict[str, str]:
        return self.harness.token(f"{key}@{self.tenant_id}.test", tenant=self.tenant_id)

    @property
    def hris(self) -> dict[str, str]:
        return self.harness.integration(*SCOPES, tenant=self.tenant_id)


UNITS = (
    {"key": "co", "name": "Company", "type": "COMPANY"},
    {"key": "eng", "name": "Engineering", "type": "DEPARTMENT", "parentKey": "co"},
    {"key": "ops", "name": "Operations", "type": "DEPARTMENT", "parentKey": "co"},
)
PEOPLE = (
    ("chief", None, "co", "Chief"),
    ("head", "chief", "eng", "Head of engineering"),
    ("lead", "head", "eng", "Team lead"),
    ("dev", "lead", "eng", "Developer"),
    ("peer", "lead", "eng", "Developer"),
    ("operator", "chief", "ops", "Operator"),
    ("partner", "chief", "ops", "HR partner"),
    ("admin", "chief", "co", "Administrator"),
)


async def organise(harness: Harness, tenant_id: UUID) -> Organisation:
    made = Organisation(harness, tenant_id)
    units = [{"system": "hris", **unit} for unit in UNITS]
    verdicts = await imported(harness, "org-units", units, tenant=tenant_id)
    made.units = {verdict["key"]: verdict["id"] for verdict in verdicts}
    rows = [
        {
            "system": "hris",
            "key": key,
            "displayName": key.title(),
            "workEmail": f"{key}@{tenant_id}.test",
            "hireDate": "2020-01-01",
            "managerKey": manager,
            "orgUnitKey": unit,
            "roleTitle": title,
            "level": "3",
        }
        for key, manager, unit, title in PEOPLE
    ]
    verdicts = await imported(harness, "people", rows, tenant=tenant_id)
    made.people = {verdict["key"]: verdict["id"] for verdict in verdicts}
    grants = [
        {"system": "hris", "key": "admin", "role": "ADMIN"},
        {"system": "hris", "key": "partner", "role": "HR_PARTNER", "orgUnitKey": "eng"},
    ]
    await imported(harness, "grants", grants, tenant=tenant_id)
    return made


@pytest.fixture(scope="session")
def ground(grounds: Grounds) -> Ground[Organisation]:
    return grounds.lay("own", ["profile"], lambda profile: organise(profile, new_id()))


@pytest.fixture
async def profile(ground: Ground[Organisation]) -> AsyncIterator[Harness]:
    async for harness in ground.in_transaction("profile"):
        yield harness


@pytest.fixture
async def here(profile: Harness, ground: Ground[Organisation]) -> Organisation:
    there = await ground.there()
    profile.tenant_id = there.tenant_id
    return Organisation(profile, there.tenant_id, dict(there.people), dict(there.units))


SCALE = {
    "name": "Four",
    "levels": [
        {"ordinal": n, "label": word, "description": None, "value": 1.25 * n}
        for n, word in enumerate(("Awareness", "Working", "Practitioner", "Expert"), start=1)
    ],
}
FRAMEWORK = {"key": "house", "title": "House", "version": "1", "scale": SCALE, "publish": True}


def skill(code, **further):
    return {
        "frameworkKey": "house",
        "code": code,
        "statement": code.title(),
        "type": "TECHNICAL",
        "alignments": [],
        **further,
    }


@pytest.fixture
async def coding(profile, here):
    await imported(profile, "frameworks", [FRAMEWORK])
    (verdict,) = await imported(profile, "skills", [skill("coding")])
    return verdict["id"]


@pytest.fixture
def say(profile, here, coding):
    async def say(by, source, level, of="dev", **further):
        body = {"personId": here.people[of], "skillId": coding, "source": source, "level": level}
        headers = here.hris if by == "hris" else here.as_(by)
        return await profile.client.post("/skills/assertions", json=body | further, headers=headers)

    return say


@pytest.fixture
def ask(profile, here):
    async def ask(view, by, fields, viewer, *, shape="record", keys=(), **arguments):
        line = {
            "by": by,
            "shape": shape,
            "with": {name: place for place, name in enumerate(arguments)},
            "select": fields,
        }
        values = json.dumps(list(arguments.values()))
        body = "\n".join((view, json.dumps(line), values, ",".join(keys)))
        headers = {**here.as_(viewer), "Content-Type": "text/plain"}
        response = await profile.client.post("/views", content=body, headers=headers)
        assert response.status_code == 200, response.text
        records = [record.split("\t", 1) for record in response.text.splitlines() if record]
        return {key: json.loads(value) for key, value in records}

    return ask


@pytest.fixture
def journal(profile, here):
    async def journal(who, method, path, *, version=1, **body):
        headers = who if isinstance(who, dict) else here.as_(who)
        return await profile.client.request(
            method,
            f"/journal/{path}",
            headers={**headers, "If-Match": f'"{version}"'},
            json=body if method in ("POST", "PATCH", "PUT") else None,
        )

    return journal


@pytest.fixture
def taking(profile, here):
    from tests.services.profile.assessing import Taking

    return Taking(profile, here)


@pytest.fixture
async def mood(taking):
    """A published instrument of three rated items."""
    from tests.services.profile.assessing import RATED

    return await taking.bring(RATED, publish=True)


@pytest.fixture
def step(profile, here):
    async def step(assertion, verb, by, **body):
        url = f"/skills/assertions/{assertion.json()['id']}/{verb}"
        return await profile.client.post(url, json=body, headers=here.as_(by))

    return step
