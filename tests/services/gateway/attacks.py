"""What is sent to wear a gateway down: the body, the status that it gets, and the limit or code that refuses it."""

import json
from typing import Any


def body(query: str, **members: Any) -> bytes:
    return json.dumps({"query": query, **members}).encode()


def bomb(levels: int) -> str:
    doubling = (f"fragment F{n} on Query {{ ...F{n + 1} ...F{n + 1} }}" for n in range(levels))
    return f"{{ ...F0 }} {' '.join(doubling)} fragment F{levels} on Query {{ viewer {{ id }} }}"


def nested(field: str, levels: int) -> str:
    return f"{{ viewer {f'{{ {field}' * levels} {{ id }} {'}' * levels} }}"


def many(template: str, count: int) -> str:
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
    "a body of 300 KiB": (body("{ __typename }" + " " * 300 * 1024), 413, "body_bytes"),
    "a document of 200,000 characters": (body("#" * 200_000 + "\n{ id }"), 400, "characters"),
    "a string of 60,000 escapes": (
        body('{ role(id: "%s") { no } }' % ("\\u0041" * 10_000)),
        400,
        "GRAPHQL_VALIDATION_FAILED",
    ),
    "selections nested 300 deep": (body(nested("manager", 300)), 400, "depth"),
    "selections nested 30 deep": (body(nested("manager", 30)), 400, "depth"),
    "values nested 900 deep": (
        body("{ nodes(ids: " + "[" * 900 + "]" * 900 + ") { id } }"),
        400,
        "depth",
    ),
    "a fragment bomb of 16 levels": (body(bomb(16)), 400, "selections"),
    "a fragment bomb of 150 levels": (body(bomb(150)), 400, "selections"),
    "a fragment that spreads itself": (
        body("{ ...A } fragment A on Query { viewer { id } ...A }"),
        400,
        "GRAPHQL_VALIDATION_FAILED",
    ),
    "fragments that spread each other": (
        body(
            "{ ...A } fragment A on Query { ...B } fragment B on Query { ...C } fragment C on Query { ...A }"
        ),
        400,
        "GRAPHQL_VALIDATION_FAILED",
    ),
    "a circle of fragments that is not used": (
        body("{ __typename } " + many("fragment F# on Query { ...F#0 ...F0 }", 60)),
        400,
        "GRAPHQL_VALIDATION_FAILED",
    ),
    "a chain of 240 fragments": (
        body(
            "{ ...F0 } "
            + " ".join(f"fragment F{n} on Query {{ ...F{n + 1} }}" for n in range(240))
            + " fragment F240 on Query { viewer { id } }"
        ),
        400,
        "fragments",
    ),
    "300 aliases of one field": (
        body("{ viewer { " + many("a#: id", 300) + " } }"),
        400,
        "aliases",
    ),
    "aliases multiplied by fragments": (
        body(
            "{ viewer { ...A ...A ...A ...A } } fragment A on Person { " + many("a#: id", 10) + " }"
        ),
        400,
        "aliases",
    ),
    "300 directives on a field": (
        body("{ viewer" + " @skip(if: false)" * 240 + " { id } }"),
        400,
        "directives",
    ),
    "900 unknown directives": (
        body("query" + " @a" * 900 + " { viewer { id } }"),
        400,
        "directives",
    ),
    "3,000 tokens": (body("{ viewer { " + "id " * 3000 + "} }"), 400, "tokens"),
    "30,000 comments": (body("{ viewer { id } }" + "#\n" * 30_000), 400, "tokens"),
    "one field 1,900 times": (body("{ viewer { " + "id " * 1900 + "} }"), 400, "repeats"),
    "one object 400 times": (
        body("{ viewer { " + "manager { id } " * 400 + "} }"),
        400,
        "repeats",
    ),
    "one object in 50 fragments": (
        body(
            "{ viewer { "
            + many("...F#", 50)
            + " } } "
            + many("fragment F# on Person { manager { id } }", 50)
        ),
        400,
        "repeats",
    ),
    "1,900 unknown fields": (
        body("{ viewer { " + many("a#", 1900) + " } }"),
        400,
        "GRAPHQL_VALIDATION_FAILED",
    ),
    "45 fragments of unknown fields": (
        body(
            "{ viewer { " + many("...F#", 45) + " } } " + many("fragment F# on Person { a# }", 45)
        ),
        400,
        "GRAPHQL_VALIDATION_FAILED",
    ),
    "600 unknown members of an input": (
        body("{ people(filter: {" + many("a#: 1", 600) + "}) { totalCount } }"),
        400,
        "GRAPHQL_VALIDATION_FAILED",
    ),
    "200 operations": (body(many("query Q# { viewer { id } }", 200)), 400, "operations"),
    "two operations": (
        body("query A { viewer { id } } query B { viewer { id } }", operationName="A"),
        400,
        "operations",
    ),
    "a batch of 500": (
        b"[" + b",".join([body("{ __typename }")] * 500) + b"]",
        400,
        "BATCHING_NOT_SUPPORTED",
    ),
    "21 fields at the root": (
        body("{ " + many("a#: viewer { id }", 21) + " }"),
        400,
        "root_fields",
    ),
    "introspection nested in itself": (
        body("{ __schema { types " + "{ fields { type " * 5 + "{ name }" + "} }" * 5 + "} }"),
        400,
        "GRAPHQL_VALIDATION_FAILED",
    ),
    "introspection 300 types deep": (
        body("{ __schema { types " + "{ ofType " * 300 + "{ name }" + "}" * 300 + "} }"),
        400,
        "depth",
    ),
    "introspection 30 types deep": (
        body('{ __type(name: "Goal") ' + "{ ofType " * 30 + "{ name }" + "}" * 31),
        400,
        "introspection_depth",
    ),
    "introspection under many names": (
        body("{ __schema { " + many("a#: types { name }", 20) + " } }"),
        400,
        "LIMIT_EXCEEDED",
    ),
    "pages of 100 in pages of 100": (
        body("{ people(first: 100) { nodes { directReports(first: 100) { nodes { id } } } } }"),
        400,
        "cost",
    ),
    "pages of 100 by variable": (
        body(
            "query($n: Int) { people(first: $n) { nodes { directReports(first: $n) { nodes { id } } } } }",
            variables={"n": 100},
        ),
        400,
        "cost",
    ),
    "a page of 101": (body("{ people(first: 101) { totalCount } }"), 400, "BAD_USER_INPUT"),
    "a page of a number with 5,000 digits": (
        body("{ people(first: " + "9" * 5000 + ") { totalCount } }"),
        400,
        "BAD_USER_INPUT",
    ),
    "1,000 ids": (
        body("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", variables={"ids": ["x"] * 1000}),
        400,
        "BAD_USER_INPUT",
    ),
    "60,000 values in the variables": (
        body("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", variables={"ids": [1] * 60_000}),
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
        body('{ roles(search: "a\\u0000") { totalCount } }'),
        400,
        "GRAPHQL_VALIDATION_FAILED",
    ),
    "NUL in a literal, in braces": (
        body('{ roles(search: "\\u{000}") { totalCount } }'),
        400,
        "GRAPHQL_VALIDATION_FAILED",
    ),
    "NUL itself in the document": (
        body('{ roles(search: "\0") { totalCount } }'),
        400,
        "BAD_REQUEST",
    ),
    "half a surrogate pair in a variable": (
        b'{"query":"query($s: String) { roles(search: $s) { totalCount } }","variables":{"s":"\\ud800"}}',
        400,
        "BAD_REQUEST",
    ),
    "half a surrogate pair in a literal": (
        body('{ roles(search: "\\uD800") { totalCount } }'),
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
    "a look-alike of a letter": (body("{ v\u0456ewer { id } }"), 400, "GRAPHQL_VALIDATION_FAILED"),
    "a byte order mark within": (
        body("{ viewer { \ufeff nope } }"),
        400,
        "GRAPHQL_VALIDATION_FAILED",
    ),
    "nothing": (body("   "), 400, "GRAPHQL_VALIDATION_FAILED"),
    "an empty selection": (body("{ viewer { } }"), 400, "GRAPHQL_VALIDATION_FAILED"),
}
