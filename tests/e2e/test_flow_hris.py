"""Flow 1: an HR system says that somebody changed jobs, and everything that follows from it, across processes.

It ends with the gap and with who may see whom: plans, whose drift would be next, do not exist yet, nor does the task.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any
from uuid import uuid4

import httpx
import pytest
from standardwebhooks import Webhook

from tests.e2e.conftest import Waymark, until

pytestmark = pytest.mark.slow

MINE = """
{ viewer { id roleTitle level manager { displayName } gap { readiness role { code } items { required gap asIs } } } }"""
THEIRS = "query($id: ID!) { person(id: $id) { displayName workEmail } }"
SYSTEM = "people-system"


@dataclass
class Hris:
    """A connected HR system; it signs what it sends."""

    waymark: Waymark
    address: str
    secret: str

    @classmethod
    def connect(cls, waymark: Waymark) -> "Hris":
        made = waymark.command("connections", "create", "hris", f"HR {uuid4().hex[:8]}")
        return cls(waymark, f"{waymark.url}/webhooks/{made['id']}", made["secret"])

    async def says(self, event_type: str, **told: Any) -> None:
        sent, message = datetime.now(UTC), f"msg_{uuid4().hex}"
        body = json.dumps({"type": event_type, "timestamp": sent.isoformat(), "data": told})
        headers = {
            "webhook-id": message,
            "webhook-timestamp": str(int(sent.timestamp())),
            "webhook-signature": Webhook(self.secret).sign(message, sent, body),
            "content-type": "application/json",
        }
        async with httpx.AsyncClient(trust_env=False, timeout=60) as client:
            answer = await client.post(self.address, content=body, headers=headers)
        assert answer.status_code == 202, answer.text


async def _roles(waymark: Waymark, suffix: str) -> None:
    """A junior who needs level 2 of a skill, and a senior who needs 4."""
    house = f"house-{suffix}"
    levels = [{"ordinal": n, "label": str(n), "value": n} for n in range(1, 6)]
    framework = {"key": house, "title": "House", "source": "LOCAL", "version": "1", "publish": True}
    framework["scale"] = {"name": "Five", "levels": levels}
    await waymark.put_in("frameworks", [framework], "skills:write")
    skill = {"frameworkKey": house, "code": "craft", "statement": "Craft", "type": "TECHNICAL"}
    [made] = await waymark.put_in("skills", [{**skill, "alignments": []}], "skills:write")
    rows = [
        {
            "catalogue": SYSTEM,
            "code": f"{code}-{suffix}",
            "family": "Making",
            "title": title,
            "level": None,
            "track": None,
            "requirements": [
                {
                    "skillId": made["id"],
                    "requiredLevel": level,
                    "importance": 3,
                    "mandatory": False,
                }
            ],
            "experience": [],
            "credentials": [],
        }
        for code, title, level in (("junior", "Junior maker", 2), ("senior", "Senior maker", 4))
    ]
    answers = await waymark.put_in("roles", rows, "roles:write")
    assert [each["status"] for each in answers] == ["CREATED", "CREATED"], answers


def _who(key: str) -> dict[str, str]:
    return {"system": SYSTEM, "value": key}


async def _organisation(hris: Hris, suffix: str) -> None:
    """The job is told before the person, and both before the managers: each waits for what it names."""
    dev = _who(f"dev-{suffix}")
    await hris.says(
        "employment.changed",
        person=dev,
        effectiveFrom="2025-01-01",
        roleCode=f"junior-{suffix}",
        level=1,
        manager=_who(f"old-{suffix}"),
    )
    for key, name in (("dev", "Dev Eloper"), ("old", "Olda Boss"), ("new", "Newa Boss")):
        await hris.says(
            "person.upserted",
            person=_who(f"{key}-{suffix}"),
            displayName=name,
            workEmail=f"{key}-{suffix}@example.org",
            hireDate="2020-01-01",
        )


async def _sees(waymark: Waymark, who: str, person: str) -> bool:
    found = (await waymark.ask(waymark.bearer(who), THEIRS, id=person))["person"]
    return found is not None and found["workEmail"] is not None


async def _sees_gap(waymark: Waymark, who: str, person: str) -> bool:
    query = "query($id: ID!) { person(id: $id) { gap { readiness role { code } } } }"
    async with httpx.AsyncClient(trust_env=False, timeout=60) as client:
        answer = await client.post(
            f"{waymark.url}/graphql",
            json={"query": query, "variables": {"id": person}},
            headers=waymark.bearer(who),
        )
    found = answer.json()["data"]
    return bool(found and found["person"] and found["person"]["gap"])


async def test_a_job_change_moves_the_gap_and_the_view(
    waymark: Waymark, record_property: Any
) -> None:
    suffix = uuid4().hex[:8]
    me, old, new = (f"{key}-{suffix}@example.org" for key in ("dev", "old", "new"))
    await _roles(waymark, suffix)
    hris = Hris.connect(waymark)
    await _organisation(hris, suffix)

    async def mine() -> Any:
        async with httpx.AsyncClient(trust_env=False, timeout=60) as client:
            answer = await client.post(
                f"{waymark.url}/graphql", json={"query": MINE}, headers=waymark.bearer(me)
            )
        viewer = (answer.json().get("data") or {}).get("viewer")
        return viewer or {}

    def has(role: str, manager: str) -> Any:
        def holds(viewer: Any) -> bool:
            gap, leads = viewer.get("gap"), viewer.get("manager")
            code = f"{role}-{suffix}"
            return bool(gap and leads and gap["role"]["code"] == code) and (
                leads["displayName"] == manager
            )

        return holds

    before = await until(mine, holds=has("junior", "Olda Boss"))
    person = before["id"]
    assert [item["required"] for item in before["gap"]["items"]] == [2.0]
    await until(lambda: _sees_gap(waymark, old, person), holds=bool)
    assert await _sees(waymark, old, person)
    assert not await _sees(waymark, new, person)

    told = monotonic()
    await hris.says(
        "employment.changed",
        person=_who(f"dev-{suffix}"),
        effectiveFrom=(datetime.now(UTC) - timedelta(days=1)).date().isoformat(),
        roleCode=f"senior-{suffix}",
        manager=_who(f"new-{suffix}"),
        changeReason="PROMOTION",
    )
    after = await until(mine, holds=has("senior", "Newa Boss"))
    await until(lambda: _sees_gap(waymark, new, person), holds=bool)
    record_property("seconds from the word to the gap", round(monotonic() - told, 2))

    assert (after["roleTitle"], after["level"]) == ("Senior maker", "1")
    assert [item["required"] for item in after["gap"]["items"]] == [4.0]
    assert await _sees(waymark, new, person)
    assert not await _sees(waymark, old, person)
    assert not await _sees_gap(waymark, old, person)
