"""What callers get who ask at the same time is what each gets alone, whatever they ask."""

import asyncio

import pytest
from hypothesis import assume, given, note
from hypothesis import strategies as st
from prometheus_client import REGISTRY

from tests.services.gateway.conftest import Graph
from tests.services.gateway.generated import Query, queries
from tests.services.gateway.naming import NAMES
from tests.services.gateway.organisation import found
from tests.services.gateway.test_calls import DASHBOARD
from tests.services.gateway.test_equivalence import (  # noqa: F401 - fixtures
    CALLERS,
    SCHEMA,
    SERVICES,
    Bench,
    bench,
    errors_of,
    exactly,
    looked_at,
    times,
)

pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


@times(60)
@given(
    query=queries(SCHEMA, NAMES),
    callers=st.lists(st.sampled_from(CALLERS), min_size=2, max_size=5),
)
async def test_who_asks_in_company_gets_what_they_get_alone(
    looked_at: Bench,  # noqa: F811
    query: Query,
    callers: list[str],
) -> None:
    text, variables = query.with_(looked_at.names)
    note(f"{callers}\n{text}\n{variables}")
    alone = [await looked_at.plan(who, text, variables) for who in callers]
    assume("data" in alone[0])

    together = await asyncio.gather(*(looked_at.plan(who, text, variables) for who in callers))

    for one, other in zip(alone, together, strict=True):
        assert exactly(other["data"]) == exactly(one["data"])
        assert sorted(errors_of(other)) == sorted(errors_of(one))


async def test_dashboards_asked_for_at_once_share_their_calls(graph: Graph) -> None:
    company = await found(graph)
    people = ["dev", "peer"] * 4
    begun = calls_so_far()
    alone = [await graph.ask(DASHBOARD, company.as_(who)) for who in people]

    between = calls_so_far()
    together = await asyncio.gather(*(graph.ask(DASHBOARD, company.as_(who)) for who in people))
    ended = calls_so_far()

    assert together == alone
    assert len({answer["data"]["viewer"]["displayName"] for answer in together}) == 2
    for service in SERVICES:
        assert ended[service] - between[service] <= (between[service] - begun[service]) / 2


def calls_so_far() -> dict[str, float]:
    name = "waymark_gateway_callers_per_call_count"
    return {each: REGISTRY.get_sample_value(name, {"service": each}) or 0 for each in SERVICES}
