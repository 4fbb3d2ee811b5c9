"""What a query costs is decided by its shape, never by the number of rows."""

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
