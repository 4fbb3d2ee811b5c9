"""Pictures, tables and calendars through the gateway: whole, for whom the service makes them."""

import pytest

from services.gateway.files import FILES
from services.gateway.types.ids import decode, encode
from tests.services.gateway.assessing import taken
from tests.services.gateway.conftest import Graph
from tests.services.gateway.organisation import SCOPES, Company, found
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


@pytest.mark.parametrize(
    "name", sorted(FILES.keys() - {"heat-map.svg", "interests.svg", "export.zip"})
)
async def test_every_file_is_whole_and_nobody_gets_one_without_a_token(
    graph: Graph, name: str
) -> None:
    company = await found(graph)
    path = f"/people/{company.keys['Person.dev']}/baselines"
    await company.write(graph.profile, "dev", path, {})

    own = await graph.client.get(f"/files/{name}", headers=company.as_("dev"))
    nobody = await graph.client.get(f"/files/{name}")

    services = {"goals": graph.goals, "feedback": graph.feedback, "profile": graph.profile}
    service = services[FILES[name].service]
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


async def test_interests_are_drawn_for_whom_their_result_is_shown_to_and_for_nobody_else(
    graph: Graph,
) -> None:
    company = await found(graph)
    result = decode((await taken(company, "dev"))["results"][0]["id"])[1]
    let_in = {"granteeId": company.keys["Person.peer"], "role": "MENTOR", "purpose": "To talk."}
    let_in |= {"until": "2099-01-01T00:00:00Z"}
    door = f"/assessments/results/{result}"
    consent = await company.write(graph.profile, "dev", f"{door}/shares", let_in)
    callers = {who: company.as_(who) for who in ("dev", "peer", "lead", "chief", "partner")}
    callers["client"] = company.client(*SCOPES, "people:read")

    async def seen() -> dict[str, int]:
        statuses = {}
        for who, headers in callers.items():
            picture = await graph.client.get(
                f"/files/interests.svg?resultId={encode('AssessmentResult', result)}",
                headers=headers,
            )
            plain = await graph.profile.client.get(door, headers=headers)
            assert picture.status_code == plain.status_code, who
            if picture.is_success:
                assert_sound(picture.text)
                assert Drawn(picture.text).sentences[0] == "Code I(RASEC)."
            else:
                assert picture.json() == plain.json()
            statuses[who] = picture.status_code
        return statuses

    shown = await seen()
    await company.write(graph.profile, "dev", f"/consents/{consent['id']}/revoke")
    taken_back = await seen()

    assert shown == {"dev": 200, "peer": 200} | dict.fromkeys(
        ("lead", "chief", "partner", "client"), 404
    )
    assert taken_back == shown | {"peer": 404}


async def test_growth_is_drawn_from_a_baseline_or_a_day(graph: Graph) -> None:
    company = await found(graph)
    dev, lead = company.keys["Person.dev"], company.as_("lead")
    first = await company.write(graph.profile, "dev", f"/people/{dev}/baselines", {})
    baseline = f"personId={encode('Person', dev)}&baselineId={encode('Baseline', first['id'])}"

    drawn = {
        asked: await graph.client.get(f"/files/growth.svg?{asked}", headers=lead)
        for asked in (baseline, f"personId={dev}", f"personId={dev}&since={first['asOf']}")
    }
    refused = {
        who: await graph.client.get(f"/files/growth.svg?{baseline}", headers=company.as_(who))
        for who in ("peer", "chief")
    }

    for answer in drawn.values():
        assert answer.status_code == 200, answer.text
        assert Drawn(answer.text).title.startswith("Growth from ")
        assert_sound(answer.text)
    assert drawn[baseline].text == drawn[f"personId={dev}"].text
    for answer in refused.values():
        assert answer.json()["type"] == "urn:waymark:problem:not-found"


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
    no_result = await graph.client.get("/files/interests.svg", headers=dev)
    split = await graph.client.get("/files/gap.svg?personId=1%20HTTP/1.1%0d%0aX:%20y", headers=dev)

    assert unknown.status_code == 404
    assert [each.status_code for each in (no_person, split)] == [422, 422]
    assert no_result.json()["errors"] == [{"pointer": "query:resultId", "detail": "say which one"}]
    assert no_person.json()["errors"][0]["pointer"] == "query:personId"


async def test_a_service_that_is_away_is_said_to_be(graph: Graph) -> None:
    company = await found(graph)
    graph.services["goals"].away = True

    answer = await graph.client.get("/files/gap.svg", headers=company.as_("dev"))

    assert answer.status_code == 503
