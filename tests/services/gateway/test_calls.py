"""What a query costs is decided by its shape, never by the number of rows."""

from services.gateway.types.ids import encode
from tests.conftest import QUERY_SECONDS
from tests.services.gateway.conftest import Graph
from tests.services.gateway.organisation import found

DASHBOARD = """
  {
    viewer {
      displayName manager { displayName } orgUnit { name }
      skills(first: 10) { level skill { statement } }
      role { title requirements(first: 30) { requiredLevel skill { statement } } }
      gap { readiness items(first: 30) { gap skill { statement } } }
      goals(first: 5) { nodes { title milestones { title state } skill { statement } } }
      checkIns(first: 3) { nodes { scheduledFor employee { displayName } manager { displayName } } }
    }
  }"""
LIST = """
  query($first: Int!) {
    people(first: $first) {
      totalCount
      nodes {
        displayName role { title }
        skills(first: 5) { level skill { statement } }
        goals(first: 3) { nodes { title } }
      }
    }
  }"""


async def test_a_dashboard_asks_each_view_once_for_each_place_in_the_query(graph: Graph) -> None:
    company = await found(graph)

    answer = await graph.ask(DASHBOARD, company.as_("dev"))

    assert "errors" not in answer
    assert len(answer["data"]["viewer"]["gap"]["items"]) == 30
    assert sorted(graph.calls()) == [
        "/views check_ins_of_person",
        "/views people",
        "/views roles gaps goals",
        "/views skills skills skills people",
    ]


async def test_a_longer_list_makes_no_more_calls_than_a_shorter_one(graph: Graph) -> None:
    company = await found(graph)
    caller = company.as_("chief")

    few = await graph.ask(LIST, caller, first=2)
    calls_for_few = sorted(graph.calls())
    many = await graph.ask(LIST, caller, first=50)
    calls_for_many = sorted(graph.calls())

    assert len(few["data"]["people"]["nodes"]) == 2
    assert len(many["data"]["people"]["nodes"]) == many["data"]["people"]["totalCount"] > 4
    assert calls_for_few == calls_for_many == ["/views people", "/views roles goals"]


async def test_a_heat_map_has_a_call_and_all_the_time_to_itself(graph: Graph) -> None:
    """What is asked beside it of the same service is there within the usual time."""
    company = await found(graph)
    query = """query($unit: ID!, $skills: [ID!]) {
        orgUnit(id: $unit) { heatMap(skillIds: $skills) { k skills { skill { statement } } } }
        people(first: 5) { nodes { role { title } } }
    }"""
    unit = encode("OrgUnit", company.keys["OrgUnit.eng"])
    caller = company.as_("partner")

    whole = await graph.ask(query, caller, unit=unit)
    none = await graph.ask(query, caller, unit=unit, skills=[])
    wrong = await graph.ask(query, caller, unit=unit, skills=[unit])

    terms = graph.services["goals"].terms
    assert whole["data"]["orgUnit"]["heatMap"]["k"] == 5
    assert none["data"]["orgUnit"]["heatMap"] == {"k": 5, "skills": []}
    assert wrong["data"]["orgUnit"]["heatMap"] is None
    assert wrong["errors"][0]["message"].startswith("skillIds ")
    assert terms["/views roles"] == 3.0
    assert QUERY_SECONDS / 2 < (terms["/views heat_maps"] or 0) <= QUERY_SECONDS
