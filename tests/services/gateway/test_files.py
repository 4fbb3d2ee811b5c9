"""Pictures, tables and calendars through the gateway: whole, for whom the service makes them."""

import pytest

from services.gateway.files import FILES
from services.gateway.types.ids import encode
from tests.services.gateway.conftest import Graph
from tests.services.gateway.organisation import Company, found
from tests.unit.drawn import Drawn, assert_sound


async def test_a_gap_is_drawn_for_ones_manager_by_either_id(graph: Graph) -> None:
    company = await found(graph)
    dev = company.keys["Person.dev"]

    answers = [
        await graph.client.get(f"/files/gap.svg?personId={key}", headers=company.as_("lead"))
        for key in (dev, encode("Person", dev))
    ]

    direct = await graph.goals.client.get(
        f"/gaps/gap.svg?personId={dev}", headers=company.as_("lead")
    )
    assert direct.status_code == 200
    for answer in answers:
        assert (answer.status_code, answer.text) == (200, direct.text)
        for name in ("content-type", "cache-control", "content-security-policy", "vary"):
            assert answer.headers[name] == direct.headers[name]
    assert Drawn(direct.text).title.startswith("Gap to ")
    assert_sound(direct.text)


@pytest.mark.parametrize("name", sorted(FILES.keys() - {"heat-map.svg"}))
async def test_every_file_is_whole_and_nobody_gets_one_without_a_token(
    graph: Graph, name: str
) -> None:
    company = await found(graph)

    own = await graph.client.get(f"/files/{name}", headers=company.as_("dev"))
    nobody = await graph.client.get(f"/files/{name}")

    service = {"goals": graph.goals, "feedback": graph.feedback}[FILES[name].service]
    direct = await service.client.get(FILES[name].path, headers=company.as_("dev"))
    assert (own.status_code, own.content) == (200, direct.content)
    assert own.headers.get("content-disposition") == direct.headers.get("content-disposition")
    assert nobody.status_code == 401
    assert nobody.headers["content-type"] == "application/problem+json"


async def test_a_heat_map_is_asked_for_by_its_unit(graph: Graph) -> None:
    company = await found(graph)
    unit = company.keys["OrgUnit.eng"]

    answers = [
        await graph.client.get(f"/files/heat-map.svg?orgUnitId={key}", headers=company.as_(who))
        for key in (unit, encode("OrgUnit", unit))
        for who in ("chief", "dev")
    ]

    path = f"/gaps/heat-map.svg?orgUnitId={unit}"
    direct = await graph.goals.client.get(path, headers=company.as_("chief"))
    assert [each.status_code for each in answers] == [direct.status_code, 404] * 2
    assert answers[0].content == direct.content


async def test_who_may_not_see_the_gap_gets_the_services_own_refusal(graph: Graph) -> None:
    company: Company = await found(graph)

    answer = await graph.client.get(
        f"/files/gap.svg?personId={company.keys['Person.dev']}", headers=company.as_("peer")
    )

    assert answer.status_code == 404
    assert answer.json()["type"] == "urn:waymark:problem:not-found"


async def test_what_is_asked_wrongly_is_refused_here(graph: Graph) -> None:
    company = await found(graph)
    dev = company.as_("dev")

    unknown = await graph.client.get("/files/secrets.svg", headers=dev)
    no_person = await graph.client.get(
        f"/files/gap.svg?personId={encode('Role', company.keys['Person.dev'])}", headers=dev
    )
    split = await graph.client.get("/files/gap.svg?personId=1%20HTTP/1.1%0d%0aX:%20y", headers=dev)

    assert unknown.status_code == 404
    assert [each.status_code for each in (no_person, split)] == [422, 422]
    assert no_person.json()["errors"][0]["pointer"] == "query:personId"


async def test_a_service_that_is_away_is_said_to_be(graph: Graph) -> None:
    company = await found(graph)
    graph.services["goals"].away = True

    answer = await graph.client.get("/files/gap.svg", headers=company.as_("dev"))

    assert answer.status_code == 503
