"""What results mean, through the graph; and from an occupation that goes with somebody to the roles that name it."""

import time_machine

from services.gateway.types.ids import decode, encode
from services.profile.assessments import registry
from shared import telemetry
from tests.services.gateway.assessing import OCCUPATIONS, taken
from tests.services.gateway.conftest import Graph
from tests.services.gateway.organisation import Company, elsewhere, found

RESULT = """
  query($id: ID!) {
    node(id: $id) {
      ... on AssessmentResult {
        validUntil outdated retakeOn retakeInstrument { code }
        interpretation {
          __typename textVersion locale source
          scales { scale words: text band certainty note near { band } }
        }
        confidantInterpretations { role text author { displayName } }
      }
    }
  }"""
WRITE = """
  mutation($input: WriteInterpretationInput!) {
    writeInterpretation(input: $input) {
      __typename ... on Interpretation { id role text author { displayName } }
      ... on Problem { code }
    }
  }"""
REMOVE = """
  mutation($input: RemoveInterpretationInput!) {
    removeInterpretation(input: $input) {
      __typename ... on AssessmentResult { confidantInterpretations { text } }
      ... on Problem { code }
    }
  }"""
AGAIN = """
  mutation($input: InterpretAssessmentInput!) {
    interpretAssessment(input: $input) {
      __typename
      ... on AssessmentSession { state results { interpretation { locale introduction } } }
      ... on Problem { code }
    }
  }"""
MEANT = "You seem to look for what is behind things."
TEXTS = {
    "instrument": "interests-60",
    "instrumentVersion": "1",
    "version": "1",
    "locale": "de",
    "source": "Ours",
    "introduction": "Auf Deutsch.",
    "nearBorder": "Nahe {bands}.",
    "notKnown": "Unbekannt.",
    "scales": [
        {"scale": "R", "by": "RAW", "bands": [{"code": "A", "label": "A", "text": "Werken."}]}
    ],
}
ROLES_OF = """
  query($first: Int!) {
    viewer {
      compatibleOccupations(first: $first) {
        onetSocCode title again: onetSocCode roles { code title onetSocCode }
      }
    }
  }"""


async def let_in(company: Company, who: str, result_id: str) -> None:
    body = {
        "granteeId": company.keys[f"Person.{who}"],
        "role": "COUNSELLOR",
        "until": "2099-01-01T00:00:00Z",
        "purpose": "To talk.",
    }
    path = f"/assessments/results/{decode(result_id)[1]}/shares"
    await company.write(company.graph.profile, "dev", path, body)


async def test_a_result_shows_its_words_and_whose_and_how_certain_they_are(graph: Graph) -> None:
    company = await found(graph)
    done = await taken(company, "dev")

    answer = await graph.ask(RESULT, company.as_("dev"), id=done["results"][0]["id"])

    result = answer["data"]["node"]
    said = {each["scale"]: each for each in result["interpretation"]["scales"]}
    assert "errors" not in answer
    assert (result["outdated"], result["retakeOn"], result["retakeInstrument"]) == (
        False,
        None,
        None,
    )
    assert result["interpretation"]["__typename"] == "ResultInterpretation"
    assert (result["interpretation"]["textVersion"], result["interpretation"]["locale"]) == (
        "1",
        "en",
    )
    assert {letter: each["band"] for letter, each in said.items()} == {
        **dict.fromkeys("RASEC", "LITTLE"),
        "I": "STRONG",
    }
    assert said["I"]["words"].startswith("Finding out, testing and understanding draw you.")
    assert (said["I"]["certainty"], said["I"]["near"]) == ("NOT_KNOWN", [])
    assert result["confidantInterpretations"] == []


async def test_what_has_passed_its_last_day_says_so_and_offers_itself_again(graph: Graph) -> None:
    company = await found(graph)
    with time_machine.travel("2020-03-01T10:00:00Z", tick=True):
        done = await taken(company, "dev")

    answer = await graph.ask(RESULT, company.as_("dev"), id=done["results"][0]["id"])

    result = answer["data"]["node"]
    assert (result["validUntil"], result["outdated"]) == ("2022-03-01", True)
    assert result["retakeInstrument"] == {"code": "interests-60"}
    assert result["retakeOn"] > "2026"


async def test_a_counsellor_writes_what_it_may_mean_and_the_person_takes_it_away(
    graph: Graph,
) -> None:
    company = await found(graph)
    done = await taken(company, "dev")
    result_id = done["results"][0]["id"]
    wanted = {"resultId": result_id, "text": MEANT}
    before = await graph.ask(WRITE, company.as_("peer"), input=wanted)
    await let_in(company, "peer", result_id)

    wrote = (await graph.ask(WRITE, company.as_("peer"), input=wanted))["data"]
    own = await graph.ask(WRITE, company.as_("dev"), input=wanted)
    seen = await graph.ask(RESULT, company.as_("dev"), id=result_id)
    said = {"interpretationId": wrote["writeInterpretation"]["id"]}
    by_lead = await graph.ask(REMOVE, company.as_("lead"), input=said)
    gone = await graph.ask(REMOVE, company.as_("dev"), input=said)

    assert before["data"]["writeInterpretation"]["__typename"] == "NotFound"
    told = {"role": "COUNSELLOR", "text": MEANT, "author": {"displayName": "Peer"}}
    assert wrote["writeInterpretation"] | told == wrote["writeInterpretation"]
    assert own["data"]["writeInterpretation"]["code"] == "own-result"
    assert seen["data"]["node"]["confidantInterpretations"] == [told]
    assert by_lead["data"]["removeInterpretation"]["__typename"] == "NotFound"
    assert gone["data"]["removeInterpretation"] == {
        "__typename": "AssessmentResult",
        "confidantInterpretations": [],
    }


async def test_a_result_is_put_into_words_anew_in_another_language(graph: Graph) -> None:
    company = await found(graph)
    done = await taken(company, "dev")
    headers = company.client("instruments:write") | {"Content-Type": "application/x-ndjson"}
    brought = await graph.profile.client.post(
        "/imports/interpretations", json=TEXTS, headers=headers
    )
    wanted = {"assessmentId": done["session"], "locale": "de-CH"}

    answer = await graph.ask(AGAIN, company.as_("dev"), input=wanted)
    refused = await graph.ask(AGAIN, company.as_("lead"), input=wanted)
    registry = await graph.ask(
        """{ instrument(code: "interests-60") {
            validDays interpretations { locale version scales { scale by bands { code from } } }
        } }""",
        company.as_("lead"),
    )

    assert brought.json()["status"] == "CREATED"
    assert answer["data"]["interpretAssessment"] == {
        "__typename": "AssessmentSession",
        "state": "INTERPRETED",
        "results": [{"interpretation": {"locale": "de", "introduction": "Auf Deutsch."}}],
    }
    assert refused["data"]["interpretAssessment"]["__typename"] == "NotFound"
    shown = registry["data"]["instrument"]
    assert shown["validDays"] == 730
    assert [each["locale"] for each in shown["interpretations"]] == ["de", "en"]
    assert [each["from"] for each in shown["interpretations"][1]["scales"][0]["bands"]] == [
        None,
        25,
        35,
    ]


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
