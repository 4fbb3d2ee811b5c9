"""What results mean, through the graph."""

import time_machine

from services.gateway.types.ids import decode
from tests.services.gateway.assessing import taken
from tests.services.gateway.conftest import Graph
from tests.services.gateway.organisation import Company, found

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
