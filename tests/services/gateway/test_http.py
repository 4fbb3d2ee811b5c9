"""GraphQL over HTTP as clients speak it: media types, methods, statuses, what is logged and counted."""

import json
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from graphql import get_introspection_query
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from shared.afterwards import flush
from tests.services.gateway.conftest import Graph

GRAPHQL_JSON = "application/graphql-response+json"
JSON = "application/json"
URQL = f"{GRAPHQL_JSON}, application/graphql+json, {JSON}, text/event-stream, multipart/mixed"
APOLLO = f"{GRAPHQL_JSON},{JSON};q=0.9"


@pytest.fixture
def caller(graph: Graph) -> dict[str, str]:
    return graph.goals.integration("roles:read")


async def _post(
    graph: Graph, headers: dict[str, str], query: str, **members: Any
) -> httpx.Response:
    return await graph.client.post("/graphql", json={"query": query, **members}, headers=headers)


def _code(answer: httpx.Response) -> str:
    return str(answer.json()["errors"][0]["extensions"]["code"])


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("*/*", JSON),
        (JSON, JSON),
        ("application/*;q=0.8", JSON),
        (GRAPHQL_JSON, GRAPHQL_JSON),
        (APOLLO, GRAPHQL_JSON),
        (URQL, GRAPHQL_JSON),
        (f"text/event-stream, {JSON}", JSON),
        (f"{GRAPHQL_JSON};q=0, {JSON}", JSON),
        (f"{GRAPHQL_JSON};q=0.1, {JSON};q=0.9", JSON),
        (f"{JSON};q=0.5, {GRAPHQL_JSON};q=0.5", GRAPHQL_JSON),
        ("text/html, application/xhtml+xml, */*;q=0.8", JSON),
    ],
)
async def test_a_client_gets_the_json_that_it_lists(
    graph: Graph, caller: dict[str, str], accept: str, media_type: str
) -> None:
    answer = await _post(graph, {**caller, "Accept": accept}, "{ roles { totalCount } }")

    assert answer.status_code == 200
    assert answer.headers["content-type"] == f"{media_type}; charset=utf-8"
    assert answer.json() == {"data": {"roles": {"totalCount": 0}}}


async def test_what_cannot_be_answered_in_an_acceptable_form_is_406(
    graph: Graph, caller: dict[str, str]
) -> None:
    for accept in ("text/plain", f"{JSON};q=0", f"{JSON};charset=iso-8859-1"):
        answer = await _post(graph, {**caller, "Accept": accept}, "{ __typename }")

        assert (answer.status_code, _code(answer)) == (406, "NOT_ACCEPTABLE")


@pytest.mark.parametrize(
    "query", ["{", "{ nothing }", "{ role { id } }", "query($n: Nope) { __typename }"]
)
@pytest.mark.parametrize(("accept", "status"), [(GRAPHQL_JSON, 400), (JSON, 200)])
async def test_a_document_that_is_wrong_has_errors_and_no_data(
    graph: Graph, caller: dict[str, str], query: str, accept: str, status: int
) -> None:
    answer = await _post(graph, {**caller, "Accept": accept}, query)

    assert answer.status_code == status
    assert answer.json().keys() == {"errors"}
    assert _code(answer) == "GRAPHQL_VALIDATION_FAILED"
    assert "Did you mean" not in answer.text
    assert graph.calls() == []


async def test_a_variable_of_the_wrong_type_is_the_documents_error(
    graph: Graph, caller: dict[str, str]
) -> None:
    query = "query($first: Int) { roles(first: $first) { totalCount } }"

    for accept, status in ((GRAPHQL_JSON, 400), (JSON, 200)):
        answer = await _post(
            graph, {**caller, "Accept": accept}, query, variables={"first": "many"}
        )

        assert (answer.status_code, _code(answer)) == (status, "BAD_USER_INPUT")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "BAD_REQUEST"),
        (b"{", "BAD_REQUEST"),
        (b'"query"', "BAD_REQUEST"),
        (b"{}", "BAD_REQUEST"),
        (b'{"query": 1}', "BAD_REQUEST"),
        (b'{"query": "{ __typename }", "variables": []}', "BAD_REQUEST"),
        (b'{"query": "{ __typename }", "operationName": 3}', "BAD_REQUEST"),
        (b'{"query": "{ __typename }", "variables": {"a": NaN}}', "BAD_REQUEST"),
        (b'[{"query": "{ __typename }"}]', "BATCHING_NOT_SUPPORTED"),
    ],
)
async def test_a_body_that_is_no_request_is_400_in_every_form(
    graph: Graph, caller: dict[str, str], body: bytes, code: str
) -> None:
    for accept in (JSON, GRAPHQL_JSON):
        headers = {**caller, "Accept": accept, "Content-Type": JSON}
        answer = await graph.client.post("/graphql", content=body, headers=headers)

        assert (answer.status_code, _code(answer)) == (400, code)


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/x-www-form-urlencoded"},
        {"Content-Type": f"{JSON}; charset=utf-16"},
        {"Content-Type": JSON, "Content-Encoding": "gzip"},
        {},
    ],
)
async def test_only_json_in_utf_8_is_read(
    graph: Graph, caller: dict[str, str], headers: dict[str, str]
) -> None:
    answer = await graph.client.post(
        "/graphql", content=b'{"query":"{ __typename }"}', headers={**caller, **headers}
    )

    assert (answer.status_code, _code(answer)) == (415, "UNSUPPORTED_MEDIA_TYPE")


async def test_a_query_may_come_by_get_and_a_mutation_may_not(
    graph: Graph, caller: dict[str, str]
) -> None:
    query = "query($n: Int) { roles(first: $n) { totalCount } }"
    asked = urlencode({"query": query, "variables": '{"n": 1}'})
    writing = urlencode(
        {"query": 'mutation { createGoal(input: {title: "By GET"}) { __typename } }'}
    )

    read = await graph.client.get(f"/graphql?{asked}", headers=caller)
    written = await graph.client.get(f"/graphql?{writing}", headers=caller)

    assert (read.status_code, read.json()) == (200, {"data": {"roles": {"totalCount": 0}}})
    assert (written.status_code, written.headers["allow"]) == (405, "POST")


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS"])
async def test_other_methods_are_told_which_there_are(
    graph: Graph, caller: dict[str, str], method: str
) -> None:
    answer = await graph.client.request(method, "/graphql", headers=caller)

    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, POST")


async def test_without_a_good_token_the_whole_request_is_401(graph: Graph) -> None:
    for headers in ({}, {"Authorization": "Bearer nonsense"}, {"Authorization": "Basic eDp5"}):
        answer = await _post(graph, headers, "{ viewer { id } }")

        assert (answer.status_code, _code(answer)) == (401, "UNAUTHENTICATED")
        assert answer.headers["www-authenticate"] == "Bearer"


async def test_the_schema_is_told_to_tools_without_a_token(graph: Graph) -> None:
    query = get_introspection_query(
        descriptions=True,
        specified_by_url=True,
        directive_is_repeatable=True,
        schema_description=True,
        input_value_deprecation=True,
    )

    answer = await _post(graph, {}, query, operationName="IntrospectionQuery")

    assert answer.json()["data"]["__schema"]["queryType"]["name"] == "Query"


async def test_the_schema_is_asked_for_by_itself(graph: Graph, caller: dict[str, str]) -> None:
    for query in (
        "{ __schema { description } roles { totalCount } }",
        '{ ...all } fragment all on Query { __type(name: "Role") { name } viewer { id } }',
    ):
        answer = await _post(graph, {**caller, "Accept": GRAPHQL_JSON}, query)

        assert (answer.status_code, _code(answer)) == (400, "GRAPHQL_VALIDATION_FAILED")


async def test_the_cost_is_shown_to_who_asks_for_it(graph: Graph, caller: dict[str, str]) -> None:
    query = "{ roles(first: 10) { nodes { title } } }"

    silent = await _post(graph, caller, query)
    told = await _post(graph, {**caller, "X-Query-Cost": "1"}, query)

    assert silent.json() == {"data": {"roles": {"nodes": []}}}
    assert told.json()["extensions"] == {"cost": {"given": 11, "most": 5000, "calls": 1}}


async def test_one_line_tells_of_a_request_and_never_what_it_said(
    graph: Graph, caller: dict[str, str]
) -> None:
    secret = "do-not-write-me-down"
    good = "query Find($s: String) { roles(search: $s, family: FAMILY) { totalCount } }"
    good, bad = (
        text.replace("FAMILY", f'"{secret}"') for text in (good, good.replace("totalCount", "no"))
    )

    flush()
    with capture_logs() as lines:
        await _post(graph, caller, good, variables={"s": secret})
        await _post(graph, caller, bad)
        await _post(graph, caller, good, variables={"s": [secret]})
        flush()

    of_requests = [line for line in lines if line["event"] == "graphql"]
    assert [(line["operation"], line["status"], line["code"]) for line in of_requests] == [
        ("Find", 200, None),
        ("(none)", 200, "GRAPHQL_VALIDATION_FAILED"),
        ("Find", 200, "BAD_USER_INPUT"),
    ]
    assert (of_requests[0]["cost"], of_requests[0]["calls"]) == (1, 1)
    assert secret not in json.dumps(lines, default=str)


async def test_requests_and_refusals_are_counted(graph: Graph, caller: dict[str, str]) -> None:
    refused = {"code": "LIMIT_EXCEEDED", "limit": "depth"}
    asked = {"operation": "Counted", "status": "200"}
    before = _counts(refused, asked)

    await _post(graph, caller, "query Counted { roles { totalCount } }")
    await _post(graph, caller, "{ viewer" + "{ manager" * 12 + "{ id }" + "}" * 13)

    after = _counts(refused, asked)
    assert [a - b for a, b in zip(after, before, strict=True)] == [1, 1]


def _counts(refused: dict[str, str], asked: dict[str, str]) -> list[float]:
    return [
        REGISTRY.get_sample_value("waymark_graphql_rejections_total", refused) or 0,
        REGISTRY.get_sample_value("waymark_graphql_requests_total", asked) or 0,
    ]


async def test_no_answer_is_kept_or_taken_for_another_type(
    graph: Graph, caller: dict[str, str]
) -> None:
    answers = [
        await _post(graph, caller, "{ __typename }"),
        await _post(graph, {}, "{ viewer { id } }"),
        await _post(graph, caller, "{ nothing }"),
        await graph.client.put("/graphql"),
    ]

    for answer in answers:
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers.get_list("x-content-type-options") == ["nosniff"]
