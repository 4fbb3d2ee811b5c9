"""Taking instruments through GraphQL: what is sealed comes out whole to the person."""

from tests.services.gateway.assessing import (
    OCCUPATIONS,
    SAVE,
    START,
    interests,
    person_id,
    taken,
)
from tests.services.gateway.conftest import Graph
from tests.services.gateway.organisation import found


async def test_a_session_is_begun_saved_and_handed_in(graph: Graph) -> None:
    company = await found(graph)

    done = await taken(company, "dev")

    assert (done["__typename"], done["state"]) == ("AssessmentSession", "INTERPRETED")
    (result,) = done["results"]
    assert result["typeCode"] == "I(RASEC)"
    assert [each["letter"] for each in result["scales"]] == ["R", "I", "A", "S", "E", "C"]
    assert {each["letter"]: each["interval"] for each in result["scales"]}["I"] is None
    assert [flag["sign"] for flag in result["flags"]] != [None]


async def test_what_is_saved_comes_back_and_a_wrong_answer_is_named(graph: Graph) -> None:
    company = await found(graph)
    me = company.as_("dev")
    started = (await graph.ask(START, me, input={"instrumentId": interests()}))["data"][
        "startAssessment"
    ]
    key = started["instrument"]["items"][0]["key"]
    mine = {"assessmentId": started["id"]}

    saved = await graph.ask(
        SAVE, me, input=mine | {"answers": [{"item": key, "value": 2, "seconds": 1.5}]}
    )
    wrong = await graph.ask(SAVE, me, input=mine | {"answers": [{"item": "none", "value": 2}]})

    assert saved["data"]["saveAnswers"]["answers"] == [{"item": key, "value": 2, "seconds": 1.5}]
    assert wrong["data"]["saveAnswers"]["__typename"] == "InvalidInput"
    assert wrong["data"]["saveAnswers"]["errors"][0]["pointer"] == "/answers/0"


async def test_the_registry_shows_items_notices_and_how_reliable_scales_are(graph: Graph) -> None:
    company = await found(graph)
    query = """
      {
        instrument(code: "big-five-120") {
          name version purposeLock notice coolDownDays normGroups { code }
          options { value label } items { key text } scales { code name parent }
          reliability { scale alpha omega sessions source }
        }
        none: instrument(code: "no-such-thing") { name }
        instruments(kind: INTEREST) { totalCount nodes { code builtIn status externalOnly } }
      }"""

    answer = await graph.ask(query, company.as_("dev"))

    big = answer["data"]["instrument"]
    assert "errors" not in answer
    assert (big["purposeLock"], len(big["items"]), len(big["options"])) == ("GUIDANCE_ONLY", 120, 5)
    assert big["scales"][5] == {"code": "N1", "name": big["scales"][5]["name"], "parent": "N"}
    assert {each["sessions"] for each in big["reliability"]} <= {None}
    assert answer["data"]["none"] is None
    codes = {each["code"] for each in answer["data"]["instruments"]["nodes"]}
    assert {"interests-60", "strong"} <= codes


async def test_a_person_sees_the_occupations_that_go_with_their_interests(graph: Graph) -> None:
    company = await found(graph)
    await company.put_in(graph.profile, "occupation-interests", OCCUPATIONS)
    await taken(company, "dev")
    query = """
      query($dev: ID!) {
        viewer {
          compatibleOccupations(first: 2) {
            title congruence fit reason interestCode contributions { investigative }
          }
        }
        person(id: $dev) { compatibleOccupations { title } assessmentResults { typeCode } }
      }"""

    own = await graph.ask(query, company.as_("dev"), dev=person_id(company, "dev"))
    lead = await graph.ask(query, company.as_("lead"), dev=person_id(company, "dev"))
    rest = await graph.profile.client.get(
        "/assessments/compatible-occupations?first=2", headers=company.as_("dev")
    )

    first, second = own["data"]["viewer"]["compatibleOccupations"]
    assert (first["title"], first["congruence"], first["fit"]) == ("Researcher", 0.8788, "STRONG")
    assert first["reason"].startswith("You and this work share Investigative interests.")
    assert second["title"] == "Teacher"
    assert [each["congruence"] for each in rest.json()] == [
        first["congruence"],
        second["congruence"],
    ]
    assert own["data"]["person"]["assessmentResults"] == [{"typeCode": "I(RASEC)"}]
    assert lead["data"]["person"] == {"compatibleOccupations": None, "assessmentResults": []}
    assert lead["data"]["viewer"] == {"compatibleOccupations": None}


async def test_a_result_is_shared_and_taken_back_at_once(graph: Graph) -> None:
    company = await found(graph)
    done = await taken(company, "dev")
    result_id = done["results"][0]["id"]
    share = """
      mutation($input: ShareResultInput!) {
        shareResult(input: $input) {
          __typename ... on Consent { id scope role purpose }
          ... on InvalidInput { errors { pointer } }
        }
      }"""
    read = (
        "query($id: ID!) { node(id: $id) { ... on AssessmentResult { typeCode scales { raw } } } }"
    )
    wanted = {
        "resultId": result_id,
        "granteeId": person_id(company, "peer"),
        "role": "MENTOR",
        "until": "2099-01-01T00:00:00Z",
        "purpose": "To talk about what could come next.",
    }

    before = await graph.ask(read, company.as_("peer"), id=result_id)
    shared = (await graph.ask(share, company.as_("dev"), input=wanted))["data"]["shareResult"]
    during = await graph.ask(read, company.as_("peer"), id=result_id)
    revoked = await graph.ask(
        "mutation($input: RevokeConsentInput!)"
        "{ revokeShare(input: $input) { ... on Consent { revokedAt } } }",
        company.as_("dev"),
        input={"consentId": shared["id"]},
    )
    after = await graph.ask(read, company.as_("peer"), id=result_id)
    to_lead = await graph.ask(
        share, company.as_("dev"), input=wanted | {"granteeId": person_id(company, "lead")}
    )

    assert before["data"] == after["data"] == {"node": None}
    assert during["data"]["node"]["typeCode"] == "I(RASEC)"
    assert shared["role"] == "MENTOR"
    assert revoked["data"]["revokeShare"]["revokedAt"] is not None
    assert to_lead["data"]["shareResult"]["errors"] == [{"pointer": "/granteeId"}]


async def test_another_publishers_report_is_kept_as_it_is(graph: Graph) -> None:
    company = await found(graph)
    record = """
      mutation($input: RecordExternalResultInput!) {
        recordExternalResult(input: $input) {
          __typename
          ... on AssessmentResult {
            origin takenOn name publisher typeCode figures { label value text } scales { code }
            instrument { code externalOnly }
          }
          ... on InvalidInput { errors { pointer detail } }
        }
      }"""
    wanted = {
        "name": "Canary indicator",
        "publisher": "Canary press",
        "kind": "PERSONALITY_TYPE",
        "takenOn": "2026-01-02",
        "typeCode": "CNRY",
        "figures": [{"label": "C", "value": 71.5}, {"label": "N", "text": "slight"}],
    }

    kept = await graph.ask(record, company.as_("dev"), input=wanted)
    future = await graph.ask(record, company.as_("dev"), input=wanted | {"takenOn": "2999-01-01"})

    assert kept["data"]["recordExternalResult"] == {
        "__typename": "AssessmentResult",
        "origin": "EXTERNAL",
        "takenOn": "2026-01-02",
        "name": "Canary indicator",
        "publisher": "Canary press",
        "typeCode": "CNRY",
        "figures": [
            {"label": "C", "value": 71.5, "text": None},
            {"label": "N", "value": None, "text": "slight"},
        ],
        "scales": [],
        "instrument": None,
    }
    assert future["data"]["recordExternalResult"]["errors"][0]["pointer"] == "/takenOn"
