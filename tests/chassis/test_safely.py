"""What browsers and caches are told of every answer: it is what it says it is, and nobody else's to keep."""

from typing import Any

import pytest
from starlette.datastructures import MutableHeaders

from shared.safely import protect

SAFE = ("no-store", "nosniff")


def said(answer: Any) -> tuple[str | None, str | None]:
    headers = answer.headers
    assert len(headers.get_list("x-content-type-options")) <= 1
    assert len(headers.get_list("cache-control")) <= 1
    return headers.get("cache-control"), headers.get("x-content-type-options")


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/operations/jobs", None, 200),
        ("GET", "/operations/dead-letters/none", None, 404),
        ("GET", "/nowhere", None, 404),
        ("PUT", "/operations/jobs", None, 405),
        ("POST", "/views", b"{}", 400),
        ("GET", "/views", None, 405),
        ("POST", "/imports/roles", b"{}\n", 200),
    ],
)
async def test_answers_with_json_are_kept_by_nobody(
    goals: Any, method: str, path: str, body: bytes | None, status: int
) -> None:
    headers = goals.integration("operations:read", "roles:write")
    if path.startswith("/imports"):
        headers |= {"Content-Type": "application/x-ndjson"}

    answer = await goals.client.request(method, path, content=body, headers=headers)

    assert (answer.status_code, said(answer)) == (status, SAFE)


async def test_without_a_token_nothing_is_kept_either(goals: Any) -> None:
    for method, path in (("GET", "/operations/jobs"), ("POST", "/views")):
        answer = await goals.client.request(method, path)

        assert (answer.status_code, said(answer)) == (401, SAFE)


async def test_views_are_records_of_persons_too(goals: Any) -> None:
    asked = {"view": "goals", "list": "person", "keys": [], "mask": ["id"]}
    headers = goals.integration("goals:read")

    answer = await goals.client.post("/views", json=[asked], headers=headers)

    assert said(answer) == SAFE


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"content-type": "text/html"}, None),
        ({"content-type": "application/json", "cache-control": "max-age=60"}, "max-age=60"),
        ({"content-type": "application/problem+json"}, "no-store"),
        ({"content-type": "application/scim+json"}, "no-store"),
        ({}, None),
    ],
)
def test_what_is_no_json_or_says_it_itself_is_left_alone(
    before: dict[str, str], after: str | None
) -> None:
    headers = MutableHeaders(before)

    protect(headers)

    assert headers.get("cache-control") == after
    assert headers["x-content-type-options"] == "nosniff"
