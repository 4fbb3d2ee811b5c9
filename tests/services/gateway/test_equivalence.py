"""What the plan answers to any query is what graphql-core answers, field by field, over the same views."""

import asyncio
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeAlias
from uuid import UUID

import pytest
import time_machine
from hypothesis import HealthCheck, Phase, assume, given, note, settings
from hypothesis import strategies as st

from services.gateway import schema as contract
from services.gateway.graph.cursors import Cursors
from services.gateway.types.joins import BINDINGS
from shared import clock
from shared.accesses.marks import END, MARK
from shared.http import Answer, CallFailed
from shared.tenancy import Actor, Principal
from tests.conftest import SECRETS, Harness
from tests.services.gateway.conftest import Graph
from tests.services.gateway.generated import Query, queries
from tests.services.gateway.naming import NAMES, name_all
from tests.services.gateway.oracle import Oracle, plain
from tests.services.gateway.oracle_views import Views
from tests.services.gateway.organisation import Company, elsewhere, found

pytestmark = [
    # What graphql-core gives up when a null spreads it neither awaits nor closes.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning"),
]

SCHEMA = plain(contract.core(contract.build()))
Path: TypeAlias = tuple[str | int, ...]
CALLERS = ("dev", "lead", "chief", "partner", "peer", "leaver", "nobody", "reader", "hris")
SERVICES = ("profile", "goals", "feedback")
PROBLEM = b'{"type":"urn:waymark:problem:unavailable","title":"Away","status":503,"detail":"Away"}'
FAILURES: Mapping[str, Answer | None] = {
    "cut": None,
    "problem": Answer(503, b"", PROBLEM),
    "crash": Answer(500, b"", b"Internal Server Error"),
}


def times(examples: int) -> settings:
    """The same examples in every run; WAYMARK_EXAMPLES asks for that many new ones, and for the smallest that fails."""
    asked = os.environ.get("WAYMARK_EXAMPLES")
    return settings(
        max_examples=int(asked) if asked else examples,
        derandomize=not asked,
        phases=[Phase.generate, Phase.shrink] if asked else [Phase.generate],
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )


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
    """Stands where a service stands and sees every call through: a test's one connection must not break off."""

    service: Any

    async def call(self, method: bytes, path: bytes, **further: Any) -> Answer:
        answered: Answer = await asyncio.shield(self.service.call(method, path, **further))
        return answered


@dataclass(repr=False)
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
            views=Views(
                clients={**self.services, **(failing or {})},
                caller=self.tokens[caller],
                remembered={} if failing else self.remembered,
            ),
        )

    async def plan(
        self, caller: str, query: str, variables: Any, failing: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        self.clients.update({**self.services, **(failing or {})})
        answer = await self.graph.client.post(
            "/graphql",
            json={"query": query, "variables": variables},
            headers=self.tokens[caller],
        )
        self.clients.update(self.services)
        told: dict[str, Any] = answer.json()
        return told


@pytest.fixture
async def bench(graph: Graph, integrations: Harness) -> Bench:
    company, other = await found(graph), await elsewhere(graph)
    tokens = {who: company.as_(who) for who in CALLERS}
    tokens["reader"] = company.client("people:read", "skills:read", "roles:read", "learning:read")
    tokens["hris"] = company.client("people:write", "learning:write")
    services = {name: Whole(service) for name, service in graph.services.items()}
    clients = integrations.app.state.clients
    made = Bench(graph, clients, services, company, {}, {}, tokens)
    made.names = await name_all(company, other, made.oracle("dev").answer)
    assert set(made.names) == set(NAMES)
    return made


@pytest.fixture
async def looked_at(bench: Bench) -> Bench:
    """Three entries of each service in the logs of two people, in turn."""
    graph, company = bench.graph, bench.company
    begun = clock.now() - timedelta(days=1)
    chief = Principal(
        company.tenant_id, "chief", Actor.PERSON, person_id=UUID(company.keys["Person.chief"])
    )
    for n in range(9):
        log = (graph.profile, graph.goals, graph.feedback)[n % 3].service.access_log
        people = (company.keys[f"Person.{who}"] for who in ("dev", "lead"))
        with time_machine.travel(begun + timedelta(hours=n), tick=False):
            await log.take([f"{MARK}LOOK_{n}:{person}{END}" for person in people], chief)
    for harness in (graph.profile, graph.goals, graph.feedback):
        await harness.service.access_log.write()
    return bench


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


def may_be_refused(query: Query, told: Mapping[str, Any]) -> bool:
    """Whether it asks for what is refused before anything is answered; limits have tests of their own."""
    codes = {error["extensions"]["code"] for error in told["errors"]}
    assume(codes != {"LIMIT_EXCEEDED"})
    return query.outside and codes == {"BAD_USER_INPUT"}


def errors_of(told: Mapping[str, Any]) -> list[tuple[Path, str]]:
    return [(tuple(e["path"]), e["extensions"]["code"]) for e in told.get("errors", [])]


def reasons(data: Any, errors: Sequence[tuple[Path, str]]) -> list[str]:
    """Why something is null: path and code. Of several nulls that spread to one place graphql-core tells one."""
    told = {
        (place, code if place == path else "within")
        for path, code in errors
        for place in [null_at(data, path)]
    }
    return sorted(map(str, told))


def null_at(data: Any, path: Path) -> Path | None:
    """Where on the way there is null."""
    for length, step in enumerate(path):
        if data is None:
            return path[:length]
        data = data[step]
    return path if data is None else None


@times(150)
@given(query=queries(SCHEMA, NAMES), caller=st.sampled_from(CALLERS))
async def test_the_plan_answers_what_graphql_core_answers(
    looked_at: Bench, query: Query, caller: str
) -> None:
    bench = looked_at
    text, variables = query.with_(bench.names)
    note(f"{text}\n{variables}")

    told = await bench.plan(caller, text, variables)
    if "data" not in told:
        assert may_be_refused(query, told)
        return
    data, errors = await bench.oracle(caller).answer(text, variables)

    assert exactly(told["data"]) == exactly(data)
    assert reasons(data, errors_of(told)) == reasons(data, errors)
    assert "INTERNAL" not in {code for _, code in errors_of(told)}


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

    failing = {service: Fails(client, calls, FAILURES[how])}
    told = await bench.plan(caller, text, variables, failing)
    if "data" not in told:
        assert may_be_refused(query, told)
        return
    data, errors = told["data"], errors_of(told)
    whole, _ = await bench.oracle(caller).answer(text, variables)
    away = {service: Fails(client, 0, FAILURES[how])}
    least, missing = await bench.oracle(caller, away).answer(text, variables)

    if calls == 0:
        assert exactly(data) == exactly(least)
        assert reasons(data, errors) == reasons(least, missing)
    paths = [path for path, _ in errors]
    for lost in lost_between(data, whole):
        assert any(path[: len(lost)] == lost for path in paths), f"no error tells of {lost}"
        assert null_at(least, lost) is not None, f"{lost} is not of {service}"
    for path in paths:
        assert null_at(data, path) is not None, f"an error points to {path}, which is there"


def lost_between(part: Any, whole: Any, path: Path = ()) -> list[Path]:
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
