"""The published limits, and the attacks that they are there for: refused by name, quickly, before anything is asked."""

from time import process_time

import pytest
from graphql import GraphQLError, get_introspection_query, parse

from services.gateway import schema
from services.gateway.graph.compile import Compiler
from services.gateway.graph.cost import reckon
from services.gateway.graph.cursors import Cursors
from services.gateway.graph.documents import Document, Documents
from services.gateway.graph.limits import Limits
from services.gateway.types.joins import BINDINGS
from tests.services.gateway.attacks import ATTACKS, nested
from tests.services.gateway.conftest import Graph

CORE = schema.core(schema.build())
SECONDS = 1.0
"""Of this process's own CPU: what the corpus costs undefended is orders of magnitude more."""
TYPES = {"Content-Type": "application/json", "Accept": "application/graphql-response+json"}


def _documents(**limits: int) -> Documents:
    return Documents(CORE, Compiler(CORE, BINDINGS, Cursors(b"secret")), Limits(**limits))


@pytest.mark.parametrize("name", ATTACKS)
async def test_an_attack_is_refused_by_name_at_once(graph: Graph, name: str) -> None:
    body, status, reason = ATTACKS[name]
    headers = {**graph.goals.integration("roles:read"), **TYPES}
    took = []

    for _ in range(3):
        started = process_time()
        answer = await graph.client.post("/graphql", content=body, headers=headers)
        took.append(process_time() - started)

        told = answer.json()
        extensions = told["errors"][0]["extensions"]
        assert told.keys() == {"errors"}
        assert (answer.status_code, extensions.get("limit", extensions["code"])) == (status, reason)
        if "limit" in extensions:
            assert extensions["code"] == "LIMIT_EXCEEDED"
            assert extensions["most"] == getattr(Limits(), reason)
    assert graph.calls() == []
    assert min(took) < SECONDS, f"{name}: {min(took) * 1000:.0f} ms"


async def test_what_is_strange_but_harmless_is_answered(graph: Graph) -> None:
    headers = {**graph.goals.integration("roles:read"), **TYPES}
    inline = f"{{ roles {'{ ... ' * 150}{{ totalCount }}{'}' * 150} }}"
    spelled = '{ roles(search: "\\uD83E\\uDDED \u2028 \ufeff") { totalCount } }'

    for query in (inline, spelled, "\ufeff{ roles { totalCount } } # \U0001f9ed"):
        answer = await graph.client.post("/graphql", json={"query": query}, headers=headers)

        assert answer.json() == {"data": {"roles": {"totalCount": 0}}}


PRICES = {
    "{ viewer { displayName manager { displayName } } }": 1,
    "{ people { totalCount } }": 1,
    "{ people(first: 10) { nodes { id } } }": 11,
    "{ people(first: 10) { edges { cursor node { id } } pageInfo { endCursor } } }": 11,
    "{ people { nodes { id } } }": 26,
    "{ people(first: 10) { nodes { skills(first: 5) { level skill { code } } } } }": 61,
    "{ people(first: 10) { nodes { role { title } } } }": 21,
    "{ people(first: 100) { nodes { skills(first: 30) { level } goals(first: 5) { nodes { id } } } } }": 3701,
    "{ roles(first: 2) { nodes { experience { text } } } }": 23,
    '{ nodes(ids: ["a", "b", "c"]) { id ... on Goal { person { id } } } }': 6,
    "{ __schema { types { name fields { name } } } }": 0,
    "{ ...a ...a } fragment a on Query { people(first: 3) { nodes { id } } }": 8,
}


@pytest.mark.parametrize("query", PRICES)
def test_the_cost_is_the_number_of_records_were_every_page_full(query: str) -> None:
    document = _documents().read(query)

    assert document.cost == PRICES[query]


def test_pages_by_variable_cost_what_the_variable_says() -> None:
    document = _documents().read(
        "query($n: Int = 7, $ids: [ID!]!) { people(first: $n) { nodes { id } } nodes(ids: $ids) { id } }"
    )

    assert reckon(document.cost, {"ids": []}) == 8
    assert reckon(document.cost, {"n": 100, "ids": ["a", "b"]}) == 103
    for wrong in ({"n": 101}, {"n": -1}, {"ids": ["a"] * 101}):
        with pytest.raises(GraphQLError, match="must be"):
            reckon(document.cost, wrong)


def test_introspection_of_real_tools_passes() -> None:
    for query in (
        get_introspection_query(),
        get_introspection_query(
            descriptions=True,
            specified_by_url=True,
            directive_is_repeatable=True,
            schema_description=True,
            input_value_deprecation=True,
        ),
    ):
        assert _documents().read(query).errors == []


def test_ten_levels_pass_and_eleven_do_not() -> None:
    def read(levels: int) -> Document:
        return _documents().read(nested("manager", levels))

    assert read(8).errors == []
    assert read(9).errors[0].extensions == {
        "code": "LIMIT_EXCEEDED",
        "limit": "depth",
        "most": 10,
        "given": 11,
    }


def test_a_bad_document_is_not_kept_and_the_least_used_one_goes_first() -> None:
    documents = _documents()
    documents.read("{ nope }")
    first = documents.read("{ viewer { id } }")

    assert list(documents._known) == ["{ viewer { id } }"]
    assert documents.read("{ viewer { id } }") is first
    for number in range(1000):
        documents.read(f"query Q{number} {{ viewer {{ id }} }}")
    assert len(documents._known) == 1000
    assert documents.read("{ viewer { id } }") is not first


def test_a_document_that_is_kept_has_no_locations() -> None:
    source = "query($n: Int) { people(first: $n) { totalCount } }"

    kept = _documents().read(source)

    assert kept.node is not None
    assert kept.node.loc is None
    assert parse(source).loc is not None
