"""What generated queries may name of an organisation: ids and cursors, known by name before there are any."""

import base64
from collections.abc import Awaitable, Callable
from typing import Any

from shared.ids import new_id
from tests.services.gateway.organisation import Company

CURSORS = {
    "people": "people(orderBy: NAME, first: 3)",
    "byHireDate": "people(orderBy: HIRE_DATE, first: 3)",
    "orgUnits": "orgUnits(first: 3)",
    "frameworks": "frameworks(first: 3)",
    "skills": "skills(first: 3)",
    "roles": "roles(first: 3)",
    "learningResources": "learningResources(first: 3)",
    "goals": 'goals(personId: "<Person.dev>", first: 3)',
    "checkIns": 'checkIns(personId: "<Person.dev>", first: 3)',
    "tasks": "tasks(first: 3)",
}
KNOWN = {
    "Person": ("chief", "lead", "dev", "peer", "partner", "leaver"),
    "OrgUnit": ("co", "eng", "ops"),
    "SkillFramework": ("house", "crafts", "draft"),
    "Skill": ("craft", "talk", "secret", "c0", "c1", "c2"),
    "Role": ("weaver", "master", "r0"),
    "SkillAssertion": ("SELFc0", "MANAGERc0", "MANAGERcraft"),
    "LearningResource": ("weave", "read"),
    "LearningRecord": ("weave", "read"),
    "Goal": ("carpet", "hidden", "lonely", "led", "part"),
    "Milestone": ("Learn", "Weave"),
    "CheckIn": ("first", "second", "led"),
    "Task": ("first", "second", "led"),
    "Baseline": ("zero",),
}
NAMES = (
    *(f"{noun}.{name}" for noun, names in KNOWN.items() for name in names),
    *(f"{each}/{place}" for each in CURSORS for place in range(2)),
    "RoleFamily.one", "SkillLevel.one", "nothing", "foreign", "unknown", "tampered",
)  # fmt: skip


def global_id(noun: str, key: str) -> str:
    return base64.b64encode(f"{noun}:{key}".encode()).decode()


async def name_all(
    company: Company, other: Company, ask: Callable[[str, dict[str, Any]], Awaitable[Any]]
) -> dict[str, str]:
    """The ids and cursors that queries name; `ask` answers a query."""
    named = {
        f"{noun}.{name}": global_id(noun, company.keys[f"{noun}.{name}"])
        for noun, names in KNOWN.items()
        for name in names
    }
    for name, field_text in CURSORS.items():
        query = f"{{ asked: {field_text} {{ edges {{ cursor }} }} }}"
        data, _ = await ask(query.replace("<Person.dev>", named["Person.dev"]), {})
        for place in range(2):
            named[f"{name}/{place}"] = data["asked"]["edges"][place]["cursor"]
    person = named["Person.dev"]
    query = f'{{ roleFamilies {{ id }} person(id: "{person}") {{ skills {{ id }} }} }}'
    data, _ = await ask(query, {})
    return named | {
        "RoleFamily.one": data["roleFamilies"][0]["id"],
        "SkillLevel.one": data["person"]["skills"][0]["id"],
        "nothing": global_id("Person", str(new_id())),
        "foreign": global_id("Person", other.keys["Person.lead"]),
        "unknown": global_id("Nonsense", str(new_id())),
        "tampered": f"{named['people/0'][:-2]}AA",
    }
