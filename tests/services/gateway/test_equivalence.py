"""What the plan answers to any query is what graphql-core answers, field by field, over the same views."""

import asyncio
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from services.gateway import schema as contract
from services.gateway.graph.cursors import Cursors
from services.gateway.types.joins import BINDINGS
from shared.http import Answer, CallFailed
from tests.conftest import SECRETS, Harness
from tests.services.gateway.conftest import Graph
from tests.services.gateway.generated import Query, queries
from tests.services.gateway.oracle import Oracle, plain
from tests.services.gateway.organisation import NAMES, Company, elsewhere, found, name_all

SCHEMA = plain(contract.core(contract.build()))
CALLERS = ("dev", "lead", "chief", "partner", "peer", "leaver", "nobody", "reader", "hris")
SERVICES = ("profile", "goals", "feedback")
PROBLEM = b'{"type":"urn:waymark:problem:unavailable","title":"Away","status":503,"detail":"Away"}'
FAILURES: Mapping[str, Answer | None] = {
    "cut": None,
    "problem": Answer(503, {}, PROBLEM),
    "crash": Answer(500, {}, b"Internal Server Error"),
}


def times(examples: int) -> settings:
    """The same examples in every run; WAYMARK_EXAMPLES asks for that many new ones."""
    asked = os.environ.get("WAYMARK_EXAMPLES")
    return settings(
        max_examples=int(asked) if asked else examples,
        derandomize=asked is None,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )


class Refused(Exception):
    """The gateway has answered nothing of the query."""

    @property
    def codes(self) -> set[str]:
        return {error["extensions"]["code"] for error in self.args[0]}


@dataclass
class Fails:
    """Stands where a service stands, and fails from some call on."""

    service: Any
    left: int
    answer: Answer | None

    async def call(self, method: bytes, path: bytes, **further: Any) -> Answer:
        self.left -= 1
        if self.left >= 0:
            answered: Answer = await self.service.call(method, path, **further)
            return answered
        if self.answer is None:
            raise CallFailed("cut")
        return self.answer


@dataclass
class Whole:
    """Stands where a service stands and sees every call through: a test has one connection, which must not break off."""

    service: Any

    async def call(self, method: bytes, path: bytes, **further: Any) -> Answer:
        answered: Answer = await asyncio.shield(self.service.call(method, path, **further))
        return answered


@dataclass
class Bench:
    """A company, its gateway, and the oracle beside it."""

    graph: Graph
    clients: dict[str, Any]
    services: dict[str, Whole]
    company: Company
    names: Mapping[str, str]
    remembered: dict[Any, asyncio.Future[Answer]]
    tokens: dict[str, dict[str, str]]

    def oracle(self, caller: str, failing: Mapping[str, Any] | None = None) -> Oracle:
        return Oracle(
            schema=SCHEMA,
            bindings=BINDINGS,
            cursors=Cursors(SECRETS["integrations"]["cursor_secret"].encode()),
            clients={**self.services, **(failing or {})},
            caller=self.tokens[caller],
            remembered={} if failing else self.remembered,
        )

    async def plan(
        self, caller: str, query: str, variables: Any, failing: Mapping[str, Any] | None = None
    ) -> tuple[Any, list[Any]]:
        self.clients.update({**self.services, **(failing or {})})
        answer = await self.graph.client.post(
            "/graphql",
            json={"query": query, "variables": variables},
            headers=self.tokens[caller],
        )
        self.clients.update(self.services)
        told = answer.json()
        errors = told.get("errors", [])
        if "data" not in told:
            raise Refused(errors)
        return told["data"], [(tuple(e["path"]), e["extensions"]["code"]) for e in errors]


@pytest.fixture
async def bench(graph: Graph, integrations: Harness) -> Bench:
    company, other = await found(graph), await elsewhere(graph)
    tokens = {who: company.as_(who) for who in CALLERS}
    tokens["reader"] = company.client("people:read", "skills:read", "roles:read", "learning:read")
    tokens["hris"] = company.client("people:write", "learning:write")
    services = {name: Whole(service) for name, service in graph.services.items()}
    clients = integrations.app.state.clients
    made = Bench(graph, clients, services, company, {}, {}, tokens)
    made.names = await name_all(company, other, made.oracle("lead").answer)
    assert set(made.names) == set(NAMES)
    return made


def exactly(value: Any) -> str:
    """Text that is the same for the same data: key order counts, 1 and 1.0 are one number, 1 and true are not."""
    return json.dumps(_numbers(value), ensure_ascii=False)


def _numbers(value: Any) -> Any:
    match value:
        case bool() | None | str():
            return value
        case int() | float():
            return float(value)
        case list():
            return [_numbers(each) for each in value]
    return {name: _numbers(each) for name, each in value.items()}


@times(150)
@given(query=queries(SCHEMA, NAMES), caller=st.sampled_from(CALLERS))
async def test_the_plan_answers_what_graphql_core_answers(
    bench: Bench, query: Query, caller: str
) -> None:
    text, variables = query.with_(bench.names)
    note(f"{text}\n{variables}")

    data, errors = await bench.oracle(caller).answer(text, variables)
    planned, told = await bench.plan(caller, text, variables)

    assert exactly(planned) == exactly(data)
    assert sorted(map(str, told)) == sorted(map(str, errors))


@times(100)
@given(
    query=queries(SCHEMA, NAMES),
    caller=st.sampled_from(CALLERS),
    service=st.sampled_from(SERVICES),
    calls=st.integers(0, 4),
    how=st.sampled_from(sorted(FAILURES)),
)
async def test_a_service_that_fails_costs_its_own_fields_and_says_so(
    bench: Bench, query: Query, caller: str, service: str, calls: int, how: str
) -> None:
    text, variables = query.with_(bench.names)
    note(f"{text}\n{variables}")
    client = bench.services[service]

    whole, _ = await bench.oracle(caller).answer(text, variables)
    away = {service: Fails(client, 0, FAILURES[how])}
    least, missing = await bench.oracle(caller, away).answer(text, variables)
    failing = {service: Fails(client, calls, FAILURES[how])}
    data, errors = await bench.plan(caller, text, variables, failing)

    if calls == 0:
        assert exactly(data) == exactly(least)
        assert sorted(map(str, errors)) == sorted(map(str, missing))
    paths = [path for path, _ in errors]
    for lost in lost_between(data, whole):
        assert any(path[: len(lost)] == lost for path in paths), f"no error tells of {lost}"
        assert is_null(least, lost), f"{lost} is not of {service}"
    for path in paths:
        assert is_null(data, path), f"an error points to {path}, which is there"


def lost_between(part: Any, whole: Any, path: tuple[str | int, ...] = ()) -> list[Any]:
    """Where `part` has null and `whole` has not; all else must be equal."""
    if part is None:
        return [] if whole is None else [path]
    if isinstance(part, dict):
        assert list(part) == list(whole), path
        return [
            lost for name in part for lost in lost_between(part[name], whole[name], (*path, name))
        ]
    if isinstance(part, list):
        assert len(part) == len(whole), path
        pairs = enumerate(zip(part, whole, strict=True))
        return [lost for n, (one, other) in pairs for lost in lost_between(one, other, (*path, n))]
    assert exactly(part) == exactly(whole), path
    return []


def is_null(value: Any, path: tuple[str | int, ...]) -> bool:
    """Whether the way ends in null, there or before."""
    for step in path:
        if value is None:
            return True
        value = value[step]
    return value is None
