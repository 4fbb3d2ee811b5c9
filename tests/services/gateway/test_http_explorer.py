"""GraphiQL: everything that it needs comes from this server, its examples run, and it is off with introspection."""

import json
import re

import httpx
import pytest
from graphql import get_operation_ast, parse

from services.gateway import schema
from services.gateway.graph.compile import Compiler
from services.gateway.graph.cursors import Cursors
from services.gateway.graph.documents import Documents
from services.gateway.graphql import STATIC
from services.gateway.types.joins import BINDINGS
from tests.services.gateway.conftest import Graph

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
EXAMPLES = json.loads((STATIC / "examples.json").read_text())


async def test_a_browser_gets_a_page_whose_parts_all_come_from_here(graph: Graph) -> None:
    page = await graph.client.get("/graphql", headers=BROWSER)
    named = re.findall(r'(?:src|href)="(/[^"]+)"', page.text)
    told = re.findall(r'fetch\("(/graphql/static/[^"]+)"', (STATIC / "page.js").read_text())

    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert len(named) == 6
    for path in (*named, *told):
        assert (await graph.client.get(path)).status_code == 200, path
    assert "http" not in page.headers["content-security-policy"]
    assert page.headers["content-security-policy"].startswith(
        "default-src 'none'; script-src 'self'"
    )


async def test_a_browser_that_asks_a_query_gets_its_answer(graph: Graph) -> None:
    caller = graph.goals.integration("roles:read")

    answer = await graph.client.get(
        "/graphql?query=%7B__typename%7D", headers={**BROWSER, **caller}
    )

    assert answer.json() == {"data": {"__typename": "Query"}}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: str(each["query"].split("\n")[0]))
def test_each_example_fits_the_schema_and_the_limits(example: dict[str, str]) -> None:
    core = schema.core(schema.build())
    documents = Documents(core, Compiler(core, BINDINGS, Cursors(b"secret")))

    document = documents.read(example["query"])

    assert document.errors == []
    operation = get_operation_ast(parse(example["query"]))
    assert operation is not None
    wanted = {each.variable.name.value for each in operation.variable_definitions or ()}
    assert set(example.get("variables", {})) == wanted


async def test_no_page_is_shown_where_there_is_none(graph: Graph) -> None:
    endpoint = graph.client._transport.app.state.hot_paths["/graphql"]  # type: ignore[attr-defined]
    without = type(endpoint)(endpoint.engine, endpoint.streams, None)

    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(without), base_url="http://gateway"
    ) as client:
        answer = await client.get("/graphql", headers=BROWSER)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["extensions"]["code"] == "BAD_REQUEST"
