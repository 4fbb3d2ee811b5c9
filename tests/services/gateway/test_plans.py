"""Queries become batched calls of views, however many rows they touch."""

from typing import Any

from tests.services.gateway.conftest import Graph

ROLE = {
    "catalogue": "test",
    "family": "Weaving",
    "track": "INDIVIDUAL_CONTRIBUTOR",
    "requirements": [],
}


async def _roles(graph: Graph, *titles: str) -> None:
    for level, title in enumerate(titles, start=1):
        row = {**ROLE, "code": title.lower(), "title": title, "level": level}
        answer = await graph.goals.client.post(
            "/roles", json=row, headers=graph.goals.integration("roles:write", "roles:read")
        )
        assert answer.status_code == 201, answer.text


async def test_a_page_of_roles_has_cursors_that_lead_to_the_next(graph: Graph) -> None:
    await _roles(graph, "Apprentice", "Weaver", "Master")
    caller = graph.goals.integration("roles:read")
    page = """
      query($after: String) {
        roles(first: 2, after: $after) {
          totalCount nodes { title again: title family { name } }
          edges { cursor node { __typename } } pageInfo { hasNextPage hasPreviousPage endCursor }
        }
      }"""

    first = (await graph.ask(page, caller))["data"]["roles"]
    second = (await graph.ask(page, caller, after=first["pageInfo"]["endCursor"]))["data"]["roles"]

    titles = [node["title"] for node in first["nodes"] + second["nodes"]]
    assert sorted(titles) == ["Apprentice", "Master", "Weaver"]
    assert (first["totalCount"], second["totalCount"]) == (3, 3)
    assert first["nodes"][0]["again"] == first["nodes"][0]["title"]
    assert first["nodes"][0]["family"] == {"name": "Weaving"}
    assert first["edges"][1]["cursor"] == first["pageInfo"]["endCursor"]
    assert (first["pageInfo"]["hasNextPage"], second["pageInfo"]["hasNextPage"]) == (True, False)
    assert (first["pageInfo"]["hasPreviousPage"], second["pageInfo"]["hasPreviousPage"]) == (
        False,
        True,
    )


async def test_a_cursor_of_somebody_elses_making_is_refused(graph: Graph) -> None:
    caller = graph.goals.integration("roles:read")

    answer = await graph.ask('{ roles(after: "WyJhIl0") { totalCount } }', caller)

    assert answer["data"] == {"roles": None}
    assert answer["errors"][0]["path"] == ["roles"]
    assert answer["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


async def test_a_service_that_is_away_costs_only_its_own_fields(graph: Graph) -> None:
    await _roles(graph, "Weaver")
    graph.services["profile"].away = True
    caller = graph.goals.integration("roles:read")

    answer = await graph.ask("{ roles { nodes { title } } people { totalCount } }", caller)

    assert answer["data"] == {"roles": {"nodes": [{"title": "Weaver"}]}, "people": None}
    assert [error["path"] for error in answer["errors"]] == [["people"]]
    assert answer["errors"][0]["extensions"]["code"] == "SERVICE_UNAVAILABLE"


async def test_what_cannot_be_asked_says_why_and_asks_nobody(graph: Graph) -> None:
    caller = graph.goals.integration("roles:read")
    cases: dict[str, Any] = {
        "{ roles(first: 101) { totalCount } }": "first must be between 0 and 100.",
        '{ role(id: "nonsense") { title } }': "id is not an id of Waymark",
    }

    for query, reason in cases.items():
        answer = await graph.ask(query, caller)

        assert reason in answer["errors"][0]["message"]
        assert graph.calls() == []


async def test_directives_aliases_and_fragments_shape_the_answer(graph: Graph) -> None:
    await _roles(graph, "Weaver")
    caller = graph.goals.integration("roles:read")
    query = """
      query($titles: Boolean!) {
        all: roles { ...page }
        none: roles(search: "nothing like it") { nodes { title } }
      }
      fragment page on RoleConnection { nodes { code ... on Role { title @include(if: $titles) } } }"""

    with_titles = (await graph.ask(query, caller, titles=True))["data"]
    without = (await graph.ask(query, caller, titles=False))["data"]

    assert with_titles["all"] == {"nodes": [{"code": "weaver", "title": "Weaver"}]}
    assert without["all"] == {"nodes": [{"code": "weaver"}]}
    assert with_titles["none"] == {"nodes": []}
