"""One log of three services: in one order, page by page; who is away is missing and says so."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine

from services.gateway.types.ids import encode
from shared import clock
from shared.accesses.marks import END, MARK
from shared.http import CallFailed
from shared.tenancy import Actor, Principal
from tests.services.gateway.conftest import Graph
from tests.services.gateway.organisation import Company, found

LOOKS = """
  query ($id: ID!) {
    person(id: $id) {
      skills { level } gap { readiness } learning { state }
      goals { nodes { title milestones { title } } } checkIns { nodes { state } }
    }
  }"""
PAGE = """
  query ($first: Int!, $after: String) {
    viewer {
      accessLog(first: $first, after: $after) {
        totalCount
        rows: edges { cursor node { what } }
        nodes { id what via day times person { displayName } }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
        parts { goals { totalCount } feedback { totalCount } mine: profile { __typename totalCount } }
        __typename
      }
    }
  }"""


async def write(graph: Graph) -> None:
    for service in (graph.profile, graph.goals, graph.feedback):
        await service.service.access_log.write()


@pytest.fixture
async def company(graph: Graph) -> Company:
    return await found(graph)


async def look(graph: Graph, company: Company, who: str, of: str = "dev") -> Any:
    person = encode("Person", company.keys[f"Person.{of}"])
    return await graph.ask(LOOKS, company.as_(who), id=person)


async def test_a_person_reads_of_all_services_who_looked_and_by_which_right(
    graph: Graph, company: Company
) -> None:
    for who in ("lead", "lead", "partner", "peer", "chief", "dev"):
        assert "errors" not in await look(graph, company, who)
    await write(graph)

    told = await graph.ask(PAGE, company.as_("dev"), first=50)

    names = {each["person"]["displayName"] for each in told["data"]["viewer"]["accessLog"]["nodes"]}
    entries = {
        (each["person"]["displayName"], each["what"], each["via"], each["times"])
        for each in told["data"]["viewer"]["accessLog"]["nodes"]
    }
    everything = ("SKILL_LEVELS", "GAPS", "GOALS", "LEARNING")
    assert entries == {
        *(("Lead", what, "MANAGER", 2) for what in (*everything, "CHECK_INS")),
        *(("Partner", what, "HR_PARTNER", 1) for what in everything),
        *(("Chief", what, "MANAGER", 1) for what in ("SKILL_LEVELS", "GOALS")),
    }
    assert names == {"Lead", "Partner", "Chief"}
    assert "errors" not in told


@pytest.fixture
async def filled(graph: Graph, company: Company) -> Company:
    """Eight looks at dev, an hour apart, in turn at what each service keeps; the latest are the highest."""
    lead = Principal(
        company.tenant_id, "lead", Actor.PERSON, person_id=UUID(company.keys["Person.lead"])
    )
    begun = clock.now() - timedelta(days=2)
    services = (graph.profile, graph.goals, graph.feedback)
    for n in range(8):
        with time_machine.travel(begun + timedelta(hours=n), tick=False):
            log = services[n % 3].service.access_log
            await log.take([f"{MARK}LOOK_{n}:{company.keys['Person.dev']}{END}"], lead)
    await write(graph)
    return company


@pytest.mark.parametrize("first", [1, 2, 3, 7, 8, 100])
async def test_pages_follow_each_other_whoever_keeps_an_entry(
    graph: Graph, filled: Company, first: int
) -> None:
    dev, after, whats, pages = filled.as_("dev"), None, [], 0
    while True:
        told = await graph.ask(PAGE, dev, first=first, after=after)
        assert "errors" not in told
        page = told["data"]["viewer"]["accessLog"]
        nodes, rows = page["nodes"], page["rows"]
        assert [row["node"]["what"] for row in rows] == [node["what"] for node in nodes]
        assert page["totalCount"] == 8
        assert page["parts"] == {
            "goals": {"totalCount": 3},
            "feedback": {"totalCount": 2},
            "mine": {"__typename": "AccessPart", "totalCount": 3},
        }
        assert page["__typename"] == "AccessConnection"
        whats += [each["what"] for each in nodes]
        pages += 1
        info = page["pageInfo"]
        assert (info["startCursor"], info["endCursor"]) == (rows[0]["cursor"], rows[-1]["cursor"])
        assert info["hasPreviousPage"] == (after is not None)
        after = info["endCursor"]
        if not info["hasNextPage"]:
            break

    assert whats == [f"LOOK_{n}" for n in reversed(range(8))]
    assert pages == -(-8 // first)


async def test_every_service_is_asked_once_a_level(graph: Graph, filled: Company) -> None:
    await graph.ask(PAGE, filled.as_("dev"), first=3)

    assert {name: len(each.calls) for name, each in graph.services.items()} == {
        "profile": 3,
        "goals": 1,
        "feedback": 1,
    }


async def test_a_page_of_none_and_a_log_of_nobodys(graph: Graph, filled: Company) -> None:
    none = (await graph.ask(PAGE, filled.as_("dev"), first=0))["data"]["viewer"]["accessLog"]
    peers = (await graph.ask(PAGE, filled.as_("peer"), first=5))["data"]["viewer"]["accessLog"]

    assert (none["nodes"], none["totalCount"], none["pageInfo"]["hasNextPage"]) == ([], 8, True)
    assert (peers["nodes"], peers["totalCount"]) == ([], 0)
    assert peers["pageInfo"] == {
        "hasNextPage": False,
        "hasPreviousPage": False,
        "startCursor": None,
        "endCursor": None,
    }


ODD = """
  query ($first: Int = 2, $with: Boolean = false) {
    viewer {
      accessLog(first: $first) {
        order: totalCount
        more: nodes { what }
        count: nodes { via person { id } }
        ...Rest
        parts @include(if: $with) { profile { totalCount } }
        ... on AccessConnection { pageInfo { next: hasNextPage order: __typename } }
      }
      again: accessLog(first: 1) { nodes { what } }
    }
  }
  fragment Rest on AccessConnection { order_: edges { node { times } } more: nodes { what times } }"""


async def test_whatever_names_and_fragments_ask_for_it(graph: Graph, filled: Company) -> None:
    told = await graph.ask(ODD, filled.as_("dev"))

    lead = {"via": "MANAGER", "person": {"id": encode("Person", filled.keys["Person.lead"])}}
    assert told == {
        "data": {
            "viewer": {
                "accessLog": {
                    "order": 8,
                    "more": [{"what": "LOOK_7", "times": 1}, {"what": "LOOK_6", "times": 1}],
                    "count": [lead, lead],
                    "order_": [{"node": {"times": 1}}] * 2,
                    "pageInfo": {"next": True, "order": "PageInfo"},
                },
                "again": {"nodes": [{"what": "LOOK_7"}]},
            }
        }
    }


OF_PERSON = """
  query ($id: ID!) { accessLog(personId: $id, first: 3) { totalCount nodes { what } } }"""


async def test_hr_reads_the_log_of_somebody_and_colleagues_none(
    graph: Graph, filled: Company
) -> None:
    person = encode("Person", filled.keys["Person.dev"])
    seen = {}
    for who in ("dev", "partner", "lead", "chief", "peer"):
        seen[who] = (await graph.ask(OF_PERSON, filled.as_(who), id=person))["data"]["accessLog"]

    whole = {"totalCount": 8, "nodes": [{"what": f"LOOK_{n}"} for n in (7, 6, 5)]}
    assert seen == {
        "dev": whole,
        "partner": whole,
        **{who: {"totalCount": 0, "nodes": []} for who in ("lead", "chief", "peer")},
    }


NODE = "query ($id: ID!) { node(id: $id) { ... on Access { what } } }"


async def test_every_entry_is_found_again_by_its_id(graph: Graph, filled: Company) -> None:
    told = await graph.ask(PAGE, filled.as_("dev"), first=8)
    ids = {each["id"]: each["what"] for each in told["data"]["viewer"]["accessLog"]["nodes"]}

    async def by_id(who: str, global_id: str) -> Any:
        return (await graph.ask(NODE, filled.as_(who), id=global_id))["data"]["node"]

    again = {each: (await by_id("dev", each))["what"] for each in ids}
    foreign = [await by_id("peer", each) for each in ids]

    assert again == ids
    assert foreign == [None] * 8


class Away:
    """Stands where a service is not."""

    async def call(self, *_asked: Any, **_further: Any) -> Any:
        raise CallFailed("away")


@pytest.fixture
def without(graph: Graph, integrations: Any) -> Any:
    clients = integrations.app.state.clients

    def without(*services: str) -> None:
        clients.update({**graph.services, **{name: Away() for name in services}})

    return without


async def test_a_service_that_is_away_costs_its_entries_and_says_so(
    graph: Graph, filled: Company, without: Any
) -> None:
    without("goals")
    told = await graph.ask(PAGE, filled.as_("dev"), first=4)
    page = told["data"]["viewer"]["accessLog"]
    after = page["pageInfo"]["endCursor"]
    without()
    rest = (await graph.ask(PAGE, filled.as_("dev"), first=9, after=after))["data"]["viewer"]

    assert [each["what"] for each in page["nodes"]] == ["LOOK_6", "LOOK_5", "LOOK_3", "LOOK_2"]
    assert page["parts"]["goals"] is None
    assert page["parts"]["feedback"] == {"totalCount": 2}
    assert [(e["path"], e["extensions"]["code"]) for e in told["errors"]] == [
        (["viewer", "accessLog", "parts", "goals"], "SERVICE_UNAVAILABLE")
    ]
    assert [each["what"] for each in rest["accessLog"]["nodes"]] == ["LOOK_1", "LOOK_0"]


SILENT = "{ viewer { displayName accessLog { nodes { what } parts { profile { totalCount } } } } }"


async def test_a_page_that_would_look_whole_is_null_while_a_service_is_away(
    graph: Graph, filled: Company, without: Any
) -> None:
    without("goals", "feedback")
    told = await graph.ask(SILENT, filled.as_("dev"))

    assert told["data"] == {"viewer": {"displayName": "Dev", "accessLog": None}}
    assert [(e["path"], e["extensions"]["code"]) for e in told["errors"]] == [
        (["viewer", "accessLog"], "SERVICE_UNAVAILABLE")
    ]


@pytest.mark.parametrize("given", [{"first": 2, "after": "bm8"}, {"first": 101}, {"first": -1}])
async def test_what_cannot_be_read_is_told_once(
    graph: Graph, filled: Company, given: dict[str, Any]
) -> None:
    told = await graph.ask(PAGE, filled.as_("dev"), **given)

    assert {e["extensions"]["code"] for e in told["errors"]} == {"BAD_USER_INPUT"}
    assert len(told["errors"]) == 1
    if "after" in given:
        assert told["data"] == {"viewer": {"accessLog": None}}
        assert told["errors"][0]["path"] == ["viewer", "accessLog"]
