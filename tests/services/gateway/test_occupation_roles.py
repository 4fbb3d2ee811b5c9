"""From occupations that go with somebody, by interests or by values, to the organisation's roles that name them."""

from services.gateway.types.ids import encode
from services.profile.assessments import registry
from shared import telemetry
from tests.services.gateway.assessing import OCCUPATIONS, taken
from tests.services.gateway.conftest import Graph
from tests.services.gateway.organisation import elsewhere, found

ROLES_OF = """
  query($first: Int!) {
    viewer {
      compatibleOccupations(first: $first) {
        onetSocCode title again: onetSocCode roles { code title onetSocCode }
      }
    }
  }"""


def role(code: str, onet: str | None) -> dict[str, object]:
    return {
        "catalogue": "ours",
        "code": code,
        "family": "Research",
        "title": f"Role {code}",
        "level": 1,
        "onetSocCode": onet,
        "requirements": [],
        "experience": [],
        "credentials": [],
    }


ROLES = (
    role("r1", "15-2031.00"),
    role("r2", "15-2031.00"),
    role("six", "15-2031"),
    role("other", "15-2031.01"),
    role("t1", "25-2021.00"),
    role("none", None),
)


async def test_from_an_occupation_one_comes_to_the_roles_that_bear_its_very_code(
    graph: Graph,
) -> None:
    """Six digits are no match for eight, nor is another detailed occupation of the same group."""
    company = await found(graph)
    await company.put_in(graph.profile, "occupation-interests", OCCUPATIONS)
    await company.put_in(graph.goals, "roles", ROLES)
    await taken(company, "dev")
    graph.calls()

    answer = await graph.ask(ROLES_OF, company.as_("dev"), first=3)
    calls = graph.calls()
    lead = await graph.ask(ROLES_OF, company.as_("lead"), first=3)

    occupations = answer["data"]["viewer"]["compatibleOccupations"]
    assert "errors" not in answer
    assert {
        each["onetSocCode"]: [role["code"] for role in each["roles"]] for each in occupations
    } == {"15-2031.00": ["r1", "r2"], "25-2021.00": ["t1"], "41-3091.00": []}
    assert [each["again"] for each in occupations] == [each["onetSocCode"] for each in occupations]
    assert calls == ["/views people", "/views roles"]
    assert lead["data"]["viewer"]["compatibleOccupations"] is None


async def test_all_matches_come_to_their_roles_in_one_statement(graph: Graph) -> None:
    company = await found(graph)
    await company.put_in(graph.profile, "occupation-interests", OCCUPATIONS)
    await company.put_in(graph.goals, "roles", ROLES)
    await taken(company, "dev")
    await graph.ask(ROLES_OF, company.as_("dev"), first=3)

    counts = []
    for first in (1, 3):
        before = statements("goals"), statements("profile")
        await graph.ask(ROLES_OF, company.as_("dev"), first=first)
        after = statements("goals"), statements("profile")
        counts.append(tuple(now - then for now, then in zip(after, before, strict=True)))

    assert counts == [(ONE, ONE), (ONE, ONE)]


ONE = 3
"""A statement; in tests a savepoint and its release stand around it."""


def statements(service: str) -> float:
    """How many the service has sent so far."""
    (metric,) = telemetry.STATEMENTS.labels(service).collect()
    return metric.samples[0].value


async def test_a_role_of_another_tenant_does_not_appear(graph: Graph) -> None:
    company, far = await found(graph), await elsewhere(graph)
    await company.put_in(graph.profile, "occupation-interests", OCCUPATIONS)
    await far.put_in(graph.goals, "roles", ROLES)
    await taken(company, "dev")

    answer = await graph.ask(ROLES_OF, company.as_("dev"), first=1)

    assert [each["roles"] for each in answer["data"]["viewer"]["compatibleOccupations"]] == [[]]


async def test_a_mistake_below_an_occupation_costs_its_roles_alone(graph: Graph) -> None:
    company = await found(graph)
    await company.put_in(graph.profile, "occupation-interests", OCCUPATIONS)
    await taken(company, "dev")
    query = """
      query($many: Int!) {
        viewer { displayName compatibleOccupations(first: 1) { title roles(first: $many) { code } } }
      }"""

    answer = await graph.ask(query, company.as_("dev"), many=101)

    assert answer["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


async def test_codes_are_keys_of_lists_by_code_alone(graph: Graph) -> None:
    """And of those only what is spelled like one."""
    company = await found(graph)

    async def asked(view: str, by: str, key: str) -> int:
        ask = f'{view}\n{{"by":"{by}","shape":"list","select":[{{"as":"id","field":"id"}}]}}\n[]\n{key}'
        headers = company.as_("dev")
        harness = graph.profile if view == "people" else graph.goals
        return (await harness.client.post("/views", content=ask, headers=headers)).status_code

    some = encode("Person", company.keys["Person.dev"])
    assert await asked("roles", "onetSocCode", "15-2031.00") == 200
    assert await asked("roles", "onetSocCode", "15-2031.00,no such") == 400
    assert await asked("roles", "family", "15-2031.00") == 400
    assert await asked("people", "manager", some) == 400
    assert await asked("people", "manager", company.keys["Person.dev"]) == 200


OFFERED = [
    {
        "onetSocCode": "15-2031.00",
        "title": "Researcher",
        "achievement": 6,
        "independence": 7,
        "recognition": 5,
        "relationships": 2,
        "support": 3,
        "workingConditions": 4,
    }
]
BY_VALUES = """
  {
    viewer {
      occupationsByValues {
        title congruence fit reason roles { code }
        contributions { independence workingConditions }
      }
    }
  }"""


async def test_values_lead_to_occupations_and_on_to_roles(graph: Graph) -> None:
    company = await found(graph)
    await company.put_in(graph.profile, "occupation-values", OFFERED)
    await company.put_in(graph.goals, "roles", ROLES)
    (ranking,) = [
        id_ for id_, e in registry.built_in().items() if e.instrument.code == "work-values-ranking"
    ]
    order = ["INDEPENDENCE", "ACHIEVEMENT", "RECOGNITION", "WORKING_CONDITIONS"]
    order += ["SUPPORT", "RELATIONSHIPS"]
    started = await company.write(
        graph.profile, "dev", "/assessments/start", {"instrumentId": str(ranking)}
    )
    path = f"/assessments/{started['id']}"
    answers = {"answers": [{"item": "order", "ranking": order}]}
    await company.write(graph.profile, "dev", f"{path}/answers", answers, method="PATCH")
    await company.write(graph.profile, "dev", f"{path}/submit")

    own = await graph.ask(BY_VALUES, company.as_("dev"))
    lead = await graph.ask(BY_VALUES, company.as_("lead"))

    assert own["data"]["viewer"]["occupationsByValues"] == [
        {
            "title": "Researcher",
            "congruence": 1.0,
            "fit": "STRONG",
            "reason": "It offers what you want more than other things: "
            "Independence, achievement and recognition.",
            "roles": [{"code": "r1"}, {"code": "r2"}],
            "contributions": {"independence": 0.3571, "workingConditions": 0.0143},
        }
    ]
    assert lead["data"]["viewer"]["occupationsByValues"] is None
