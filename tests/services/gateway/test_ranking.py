"""Who is nearest to a role, as front ends meet it."""

from typing import Any

import pytest

from services.gateway.types.ids import decode, encode
from tests.services.gateway.conftest import Graph
from tests.services.gateway.organisation import Company, found

RANKING = """
  query($role: ID!, $first: Int!, $day: Date) {
    ranking(roleId: $role, first: $first, asOf: $day) {
      person { id displayName } role { id } asOf readiness readinessLow readinessHigh
      unassessedShare gapCount unassessedCount items(first: 1) { status skill { code } }
    }
  }"""
FIGURES = ("readiness", "readinessLow", "readinessHigh", "unassessedShare", "gapCount", "asOf")


async def ranked(
    graph: Graph, company: Company, who: dict[str, str], **further: Any
) -> list[dict[str, Any]]:
    role = encode("Role", company.keys["Role.weaver"])
    answer = await graph.ask(RANKING, who, **{"role": role, "first": 25, **further})
    assert "errors" not in answer, answer
    found: list[dict[str, Any]] = answer["data"]["ranking"]
    assert {each["role"]["id"] for each in found} <= {role}
    return found


@pytest.mark.parametrize("who", ["partner", "lead", "dev", "peer", "chief", "leaver"])
async def test_the_ranking_is_that_of_the_door_with_names(graph: Graph, who: str) -> None:
    company = await found(graph)
    caller, role = company.as_(who), company.keys["Role.weaver"]

    shown = await ranked(graph, company, caller)
    few = await ranked(graph, company, caller, first=1)

    door = await graph.goals.client.get(f"/gaps/ranking?roleId={role}", headers=caller)
    direct = door.json() if door.status_code == 200 else []
    assert [decode(each["person"]["id"])[1] for each in shown] == [
        each["personId"] for each in direct
    ]
    for one, told in zip(shown, direct, strict=True):
        assert [one[name] for name in FIGURES] == [told[name] for name in FIGURES]
    assert few == shown[:1]


async def test_machine_clients_rank_nobody(graph: Graph) -> None:
    company = await found(graph)

    assert await ranked(graph, company, company.client("roles:read", "people:read")) == []
