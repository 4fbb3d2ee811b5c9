"""No door takes a member that its document does not name: what a service decides cannot be slipped in."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from deploy.cli.schema import NAMES, SERVICES


def _bodies(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The described bodies; what a webhook brings is its sender's, verified as bytes and read by its mapping."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            content = operation.get("requestBody", {}).get("content", {})
            if schema := content.get("application/json", {}).get("schema"):
                yield f"{method.upper()} {path}", schema


def _open_objects(
    schema: Any, document: dict[str, Any], seen: set[str], where: str
) -> Iterator[str]:
    """The objects of a schema, however deep, that take members of any name; maps with described values are none."""
    if isinstance(schema, list):
        for each in schema:
            yield from _open_objects(each, document, seen, where)
    if not isinstance(schema, dict):
        return
    if name := schema.get("$ref", "").rpartition("/")[2]:
        if name not in seen:
            seen.add(name)
            target = document["components"]["schemas"][name]
            yield from _open_objects(target, document, seen, name)
        return
    named, patterns = schema.get("properties", {}), schema.get("patternProperties", {})
    others = schema.get("additionalProperties", [*patterns.values()] or True)
    if schema.get("type") == "object" and (others is True or (named and others)):
        yield where
    inner = [*named.values(), *schema.get("anyOf", ()), schema.get("items"), others]
    yield from _open_objects(inner, document, seen, where)


@pytest.mark.parametrize(
    ("schema", "found"),
    [
        ({"type": "object", "properties": {}, "additionalProperties": False}, []),
        ({"type": "object", "additionalProperties": {"type": "string"}}, []),
        ({"type": "object", "patternProperties": {"^a": {"type": "string"}}}, []),
        ({"type": "object", "properties": {"a": {}}}, ["here"]),
        ({"type": "object", "properties": {"a": {}}, "additionalProperties": {"a": 1}}, ["here"]),
        ({"type": "array", "items": {"anyOf": [{"type": "null"}, {"type": "object"}]}}, ["here"]),
        ({"type": "object", "additionalProperties": {"type": "object"}}, ["here"]),
        ({"$ref": "#/components/schemas/Inner"}, ["Inner"]),
    ],
)
def test_an_open_object_is_found_wherever_it_hides(
    schema: dict[str, Any], found: list[str]
) -> None:
    document = {"components": {"schemas": {"Inner": {"type": "object"}}}}

    assert list(_open_objects(schema, document, set(), "here")) == found


@pytest.mark.parametrize("service", NAMES)
def test_every_object_of_every_body_names_all_its_members(service: str) -> None:
    document = json.loads((SERVICES / service / "openapi.json").read_text())

    found = {
        f"{door}: {name}"
        for door, schema in _bodies(document)
        for name in _open_objects(schema, document, set(), "the body")
    }

    assert dict(_bodies(document))
    assert found == set()
