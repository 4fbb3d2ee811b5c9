"""Driving every door as one tenant with another tenant's ids finds exactly what random ids find."""

import base64
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID, uuid4

import pytest

from shared.ids import new_id
from tests.conftest import Harness
from tests.services.gateway.conftest import Graph
from tests.services.gateway.organisation import Company, found

NOUN_OF = {
    "assessment_id": "AssessmentSession",
    "result_id": "AssessmentResult",
    "interpretation_id": "Interpretation",
    "person_id": "Person",
    "unit_id": "OrgUnit",
    "framework_id": "SkillFramework",
    "skill_id": "Skill",
    "assertion_id": "SkillAssertion",
    "goal_id": "Goal",
    "milestone_id": "Milestone",
    "record_id": "LearningRecord",
    "resource_id": "LearningResource",
    "role_id": "Role",
    "check_in_id": "CheckIn",
    "item_id": "ActionItem",
    "grant_id": "Person",
    "credential_id": "Credential",
    "baseline_id": "Baseline",
    "entry_id": "Reflection",
}
SCOPES = (
    "people:read", "people:write", "people:erase", "grants:write", "skills:read", "skills:write",
    "roles:read", "roles:write", "learning:read", "learning:write", "goals:read", "goals:write",
    "connections:read", "connections:write",
)  # fmt: skip
BODIES = {
    "/people/{person_id}/consents": {"scope": "EXPERTISE", "purpose": "Ask me."},
    "/assessments/results/{result_id}/shares": {
        "granteeId": str(uuid4()),
        "role": "MENTOR",
        "until": "2099-01-01T00:00:00Z",
        "purpose": "To talk.",
    },
    "/goals/{goal_id}/close": {"outcome": "ACHIEVED", "rating": 3},
}
"""Where a rule over several members asks for more than the schema can say."""

SMALLEST_TEXTS = {
    "uuid": str(uuid4()),
    "date": "2026-01-01",
    "date-time": "2026-01-01T12:00:00Z",
}
PARAMETER = re.compile(r"{(\w+)}")


def _smallest(schema: Mapping[str, Any], document: Mapping[str, Any]) -> Any:
    """The smallest value that a JSON schema takes, so that a request fails for its id and nothing else."""
    if "$ref" in schema:
        return _smallest(document["components"]["schemas"][schema["$ref"].split("/")[-1]], document)
    if "anyOf" in schema:
        return _smallest(schema["anyOf"][0], document)
    match schema.get("type"):
        case "object":
            wanted = schema.get("required", ())
            return {name: _smallest(schema["properties"][name], document) for name in wanted}
        case "array":
            return [_smallest(schema["items"], document)] * schema.get("minItems", 0)
        case "string":
            plain = SMALLEST_TEXTS.get(schema.get("format", ""), "x" * schema.get("minLength", 1))
            return schema.get("enum", [plain])[0]
        case "integer" | "number":
            return schema.get("minimum", schema.get("exclusiveMinimum", 0) + 1)
    return True


def _doors(harness: Harness) -> Iterator[tuple[str, str, Any]]:
    """Method, path template and the smallest body of every door that takes an id."""
    document = harness.app.openapi()
    for path, methods in document["paths"].items():
        if NOUN_OF.keys() & set(PARAMETER.findall(path)):
            for method, door in methods.items():
                content = door.get("requestBody", {}).get("content", {})
                schema = content.get("application/json", {}).get("schema")
                body = None if schema is None else _smallest(schema, document)
                yield method.upper(), path, BODIES.get(path, body)


async def _answer(
    harness: Harness,
    caller: dict[str, str],
    method: str,
    path: str,
    body: Any,
    ids: Mapping[str, str],
) -> tuple[int, str]:
    address = PARAMETER.sub(lambda name: ids[name[1]], path)
    answer = await harness.client.request(
        method, address, json=body, headers=caller | {"If-Match": '"1"'}
    )
    return answer.status_code, answer.text


@pytest.mark.parametrize("service", ["profile", "goals", "feedback"])
async def test_ids_of_another_tenant_are_answered_like_ids_of_nothing(
    graph: Graph, service: str
) -> None:
    theirs = await found(graph)
    mine = Company(graph, new_id())
    await mine.put_in(graph.profile, "people", [_person("spy")], "Person")
    await mine.put_in(graph.profile, "grants", [{"system": "hris", "key": "spy", "role": "ADMIN"}])
    harness: Harness = getattr(graph, service)
    known = {
        name: theirs.keys[next(iter(theirs.named(noun) or theirs.named("Person")))]
        for name, noun in NOUN_OF.items()
    }
    nothing = dict.fromkeys(NOUN_OF, str(uuid4()))

    for caller in (mine.as_("spy"), mine.client(*SCOPES)):
        for method, path, body in _doors(harness):
            there = await _answer(harness, caller, method, path, body, known)
            nowhere = await _answer(harness, caller, method, path, body, nothing)

            assert there == nowhere, f"{method} {path}"
            assert there[0] == 404, f"{method} {path}: {there}"


async def test_global_ids_of_another_tenant_are_answered_like_ids_of_nothing(graph: Graph) -> None:
    theirs = await found(graph)
    mine = Company(graph, new_id())
    await mine.put_in(graph.profile, "people", [_person("spy")], "Person")
    nouns = {name.partition(".")[0] for name in theirs.keys}
    query = "query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }"

    for noun in sorted(nouns - {"ActionItem", "AgendaItem"}):
        ids = [_global(noun, theirs.keys[name]) for name in theirs.named(noun)][:5]
        nothing = [_global(noun, str(uuid4())) for _ in ids]
        there = await graph.ask(query, mine.as_("spy"), ids=ids)
        nowhere = await graph.ask(query, mine.as_("spy"), ids=nothing)

        assert json.dumps(there) == json.dumps(nowhere)
        assert there == {"data": {"nodes": [None] * len(ids)}}


def _person(key: str) -> dict[str, Any]:
    address = f"{key}@example.org"
    return {"system": "hris", "key": key, "displayName": key.title(), "workEmail": address}


def _global(noun: str, key: str) -> str:
    return base64.b64encode(f"{noun}:{UUID(key)}".encode()).decode()
