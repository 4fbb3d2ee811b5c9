"""The published limits, and the attacks that they are there for: refused by name, quickly, before anything is asked."""

import json
from time import perf_counter
from typing import Any

import pytest
from graphql import GraphQLError, get_introspection_query, parse

from services.gateway import schema
from services.gateway.graph.compile import Compiler
from services.gateway.graph.cost import reckon
from services.gateway.graph.cursors import Cursors
from services.gateway.graph.documents import Document, Documents
from services.gateway.graph.limits import Limits
from services.gateway.types.joins import BINDINGS
from tests.services.gateway.conftest import Graph

CORE = schema.core(schema.build())
SECONDS = 0.1
TYPES = {"Content-Type": "application/json", "Accept": "application/graphql-response+json"}


def _documents(**limits: int) -> Documents:
    return Documents(CORE, Compiler(CORE, BINDINGS, Cursors(b"secret")), Limits(**limits))


def _body(query: str, **members: Any) -> bytes:
    return json.dumps({"query": query, **members}).encode()


def _bomb(levels: int) -> str:
    doubling = (f"fragment F{n} on Query {{ ...F{n + 1} ...F{n + 1} }}" for n in range(levels))
    return f"{{ ...F0 }} {' '.join(doubling)} fragment F{levels} on Query {{ viewer {{ id }} }}"


def _nested(field: str, levels: int) -> str:
    return f"{{ viewer {f'{{ {field}' * levels} {{ id }} {'}' * levels} }}"


def _many(template: str, count: int) -> str:
    return " ".join(template.replace("#", str(number)) for number in range(count))


ATTACKS: dict[str, tuple[bytes, int, str]] = {
    "JSON nested 100,000 deep": (b"[" * 100_000, 400, "json_depth"),
    "JSON nested 100,000 deep, closed": (
        b'{"query":"{ __typename }","variables":{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}}",
        400,
        "json_depth",
    ),
    "objects nested 200 deep": (
        b'{"query":"{ __typename }","variables":' + b'{"a":' * 200 + b"1" + b"}" * 201,
        400,
        "json_depth",
    ),
    "a body of 300 KiB": (_body("{ __typename }" + " " * 300 * 1024), 413, "body_bytes"),
    "a document of 200,000 characters": (_body("#" * 200_000 + "\n{ id }"), 400, "characters"),
    "a string of 60,000 escapes": (
        _body('{ role(id: "%s") { no } }' % ("\\u0041" * 10_000)),
        400,
        "GRAPHQL_VALIDATION_FAILED",
    ),
    "selections nested 300 deep": (_body(_nested("manager", 300)), 400, "depth"),
    "selections nested 30 deep": (_body(_nested("manager", 30)), 400, "depth"),
    "inline fragments nested 150 deep": (
        _body("{ viewer " + "{ ... " * 150 + "{ id }" + "}" * 150 + "}"),
        400,
        "depth",
    ),
    "values nested 900 deep": (
        _body("{ nodes(ids: " + "[" * 900 + "]" * 900 + ") { id } }"),
        400,
        "depth",
    ),
    "a fragment bomb of 16 levels": (_body(_bomb(16)), 400, "selections"),
    "a fragment bomb of 150 levels": (_body(_bomb(150)), 400, "selections"),
    "a fragment that spreads itself": (
        _body("{ ...A } fragment A on Query { viewer { id } ...A }"),
        400,
        "GRAPHQL_VALIDATION_FAILED",
    ),
    "fragments that spread each other": (
        _body(
            "{ ...A } fragment A on Query { ...B } fragment B on Query { ...C } fragment C on Query { ...A }"
        ),
        400,
        "GRAPHQL_VALIDATION_FAILED",
    ),
    "a circle of fragments that is not used": (
        _body("{ __typename } " + _many("fragment F# on Query { ...F#0 ...F0 }", 60)),
        400,
        "GRAPHQL_VALIDATION_FAILED",
    ),
    "a chain of 240 fragments": (
        _body(
            "{ ...F0 } "
            + " ".join(f"fragment F{n} on Query {{ ...F{n + 1} }}" for n in range(240))
            + " fragment F240 on Query { viewer { id } }"
        ),
        400,
        "fragments",
    ),
    "300 aliases of one field": (
        _body("{ viewer { " + _many("a#: id", 300) + " } }"),
        400,
        "aliases",
    ),
    "aliases multiplied by fragments": (
        _body(
            "{ viewer { ...A ...A ...A ...A } } fragment A on Person { "
            + _many("a#: id", 10)
            + " }"
        ),
        400,
        "aliases",
    ),
    "300 directives on a field": (
        _body("{ viewer" + " @skip(if: false)" * 240 + " { id } }"),
        400,
        "directives",
    ),
    "900 unknown directives": (
        _body("query" + " @a" * 900 + " { viewer { id } }"),
        400,
        "directives",
    ),
    "3,000 tokens": (_body("{ viewer { " + "id " * 3000 + "} }"), 400, "tokens"),
    "30,000 comments": (_body("{ viewer { id } }" + "#\n" * 30_000), 400, "tokens"),
    "one field 1,900 times": (_body("{ viewer { " + "id " * 1900 + "} }"), 400, "repeats"),
    "one object 400 times": (
        _body("{ viewer { " + "manager { id } " * 400 + "} }"),
        400,
        "repeats",
    ),
    "one object in 50 fragments": (
        _body(
            "{ viewer { "
            + _many("...F#", 50)
            + " } } "
            + _many("fragment F# on Person { manager { id } }", 50)
        ),
        400,
        "repeats",
    ),
    "1,900 unknown fields": (
        _body("{ viewer { " + _many("a#", 1900) + " } }"),
        400,
        "GRAPHQL_VALIDATION_FAILED",
    ),
    "45 fragments of unknown fields": (
        _body(
            "{ viewer { " + _many("...F#", 45) + " } } " + _many("fragment F# on Person { a# }", 45)
        ),
        400,
        "GRAPHQL_VALIDATION_FAILED",
    ),
    "600 unknown members of an input": (
        _body("{ people(filter: {" + _many("a#: 1", 600) + "}) { totalCount } }"),
        400,
        "GRAPHQL_VALIDATION_FAILED",
    ),
    "200 operations": (_body(_many("query Q# { viewer { id } }", 200)), 400, "operations"),
    "two operations": (
        _body("query A { viewer { id } } query B { viewer { id } }", operationName="A"),
        400,
        "operations",
    ),
    "a batch of 500": (
        b"[" + b",".join([_body("{ __typename }")] * 500) + b"]",
        400,
        "BATCHING_NOT_SUPPORTED",
    ),
    "21 fields at the root": (
        _body("{ " + _many("a#: viewer { id }", 21) + " }"),
        400,
        "root_fields",
    ),
    "introspection nested in itself": (
        _body("{ __schema { types " + "{ fields { type " * 5 + "{ name }" + "} }" * 5 + "} }"),
        400,
        "GRAPHQL_VALIDATION_FAILED",
    ),
    "introspection 300 types deep": (
        _body("{ __schema { types " + "{ ofType " * 300 + "{ name }" + "}" * 300 + "} }"),
        400,
        "depth",
    ),
    "introspection 30 types deep": (
        _body('{ __type(name: "Goal") ' + "{ ofType " * 30 + "{ name }" + "}" * 31),
        400,
        "introspection_depth",
    ),
    "introspection under many names": (
        _body("{ __schema { " + _many("a#: types { name }", 20) + " } }"),
        400,
        "aliases",
    ),
    "pages of 100 in pages of 100": (
        _body("{ people(first: 100) { nodes { directReports(first: 100) { nodes { id } } } } }"),
        400,
        "cost",
    ),
    "pages of 100 by variable": (
        _body(
            "query($n: Int) { people(first: $n) { nodes { directReports(first: $n) { nodes { id } } } } }",
            variables={"n": 100},
        ),
        400,
        "cost",
    ),
    "a page of 101": (_body("{ people(first: 101) { totalCount } }"), 400, "BAD_USER_INPUT"),
    "a page of a number with 5,000 digits": (
        _body("{ people(first: " + "9" * 5000 + ") { totalCount } }"),
        400,
        "BAD_USER_INPUT",
    ),
    "1,000 ids": (
        _body("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", variables={"ids": ["x"] * 1000}),
        400,
        "BAD_USER_INPUT",
    ),
    "60,000 values in the variables": (
        _body("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", variables={"ids": [1] * 60_000}),
        400,
        "values",
    ),
    "a number of 10,000 digits": (
        b'{"query":"{ __typename }","variables":{"n":' + b"9" * 10_000 + b"}}",
        400,
        "BAD_REQUEST",
    ),
    "NUL in a variable": (
        b'{"query":"query($s: String) { roles(search: $s) { totalCount } }","variables":{"s":"a\\u0000"}}',
        400,
        "BAD_REQUEST",
    ),
    "NUL in a literal": (
        _body('{ roles(search: "a\\u0000") { totalCount } }'),
        400,
        "GRAPHQL_VALIDATION_FAILED",
    ),
    "NUL in a literal, in braces": (
        _body('{ roles(search: "\\u{000}") { totalCount } }'),
        400,
        "GRAPHQL_VALIDATION_FAILED",
    ),
    "NUL itself in the document": (
        _body('{ roles(search: "\0") { totalCount } }'),
        400,
        "BAD_REQUEST",
    ),
    "half a surrogate pair in a variable": (
        b'{"query":"query($s: String) { roles(search: $s) { totalCount } }","variables":{"s":"\\ud800"}}',
        400,
        "BAD_REQUEST",
    ),
    "half a surrogate pair in a literal": (
        _body('{ roles(search: "\\uD800") { totalCount } }'),
        400,
        "GRAPHQL_VALIDATION_FAILED",
    ),
    "half a surrogate pair as the operation's name": (
        b'{"query":"{ viewer { id } }","operationName":"\\udfff"}',
        400,
        "BAD_REQUEST",
    ),
    "bytes that are not UTF-8": (b'{"query":"{ __typename \xff }"}', 400, "BAD_REQUEST"),
    "UTF-16": ('{"query":"{ __typename }"}'.encode("utf-16"), 400, "BAD_REQUEST"),
    "a look-alike of a letter": (_body("{ v\u0456ewer { id } }"), 400, "GRAPHQL_VALIDATION_FAILED"),
    "a byte order mark within": (
        _body("{ viewer { \ufeff nope } }"),
        400,
        "GRAPHQL_VALIDATION_FAILED",
    ),
    "nothing": (_body("   "), 400, "GRAPHQL_VALIDATION_FAILED"),
    "an empty selection": (_body("{ viewer { } }"), 400, "GRAPHQL_VALIDATION_FAILED"),
}


@pytest.mark.parametrize("name", ATTACKS)
async def test_an_attack_is_refused_by_name_at_once(graph: Graph, name: str) -> None:
    body, status, reason = ATTACKS[name]
    headers = {**graph.goals.integration("roles:read"), **TYPES}
    took = []

    for _ in range(3):
        started = perf_counter()
        answer = await graph.client.post("/graphql", content=body, headers=headers)
        took.append(perf_counter() - started)

        told = answer.json()
        extensions = told["errors"][0]["extensions"]
        assert told.keys() == {"errors"}
        assert (answer.status_code, extensions.get("limit", extensions["code"])) == (status, reason)
        if "limit" in extensions:
            assert extensions["code"] == "LIMIT_EXCEEDED"
            assert extensions["most"] == getattr(Limits(), reason)
    assert graph.calls() == []
    assert min(took) < SECONDS, f"{name}: {min(took) * 1000:.0f} ms"


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
            input_object_one_of=True,
        ),
    ):
        assert _documents().read(query).errors == []


def test_ten_levels_pass_and_eleven_do_not() -> None:
    def read(levels: int) -> Document:
        return _documents().read(_nested("manager", levels))

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
