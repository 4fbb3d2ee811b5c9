"""Nobody meets another's result through the graph, however they ask; and no type of it tells what a role wants."""

import json

import pytest
from graphql import GraphQLObjectType

from services.gateway import schema
from services.gateway.types.ids import decode, encode
from tests.services.gateway.assessing import OCCUPATIONS, person_id, taken
from tests.services.gateway.conftest import Graph
from tests.services.gateway.organisation import SCOPES, elsewhere, found

READ_ALL = """
  query($result: ID!, $session: ID!, $dev: ID!, $said: ID!) {
    byId: node(id: $result) { ... on AssessmentResult { typeCode person { displayName } } }
    words: node(id: $said) { ... on Interpretation { text author { displayName } } }
    several: nodes(ids: [$result]) { ... on AssessmentResult { scales { raw } } }
    session: node(id: $session) {
      ... on AssessmentSession { state answers { value } results { typeCode } }
    }
    person(id: $dev) {
      assessmentResults {
        typeCode scales { code raw } validUntil
        interpretation { scales { label text } } confidantInterpretations { text }
      }
      assessments { state answers { value } results { typeCode } }
      compatibleOccupations { title roles { title } }
      manager { directReports { nodes { assessmentResults { typeCode } } } }
    }
    people(filter: { search: "Investigative" }) { nodes { assessmentResults { typeCode } } }
  }"""

MEANT = "You seem to look for what is behind things."


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("dev", "all"),
        ("peer", "results"),
        ("lead", ""),
        ("chief", ""),
        ("partner", ""),
        ("client", ""),
        ("elsewhere", ""),
    ],
)
async def test_no_way_through_the_graph_leads_to_anothers_result(
    graph: Graph, who: str, sees: str
) -> None:
    """Of peer, who is dev's mentor, the result and what peer wrote of it; of nobody else anything."""
    company = await found(graph)
    far = await elsewhere(graph)
    await company.put_in(graph.profile, "occupation-interests", OCCUPATIONS)
    done = await taken(company, "dev")
    result = done["results"][0]["id"]
    body = {
        "granteeId": company.keys["Person.peer"],
        "role": "MENTOR",
        "until": "2099-01-01T00:00:00Z",
        "purpose": "To talk.",
    }
    await company.write(
        graph.profile, "dev", f"/assessments/results/{decode(result)[1]}/shares", body
    )
    place = f"/assessments/results/{decode(result)[1]}/interpretation"
    meant = await company.write(graph.profile, "peer", place, {"text": MEANT}, method="PUT")
    callers = {"client": company.client(*SCOPES, "people:read"), "elsewhere": far.as_("lead")}
    headers = callers.get(who) or company.as_(who)
    asked = {"result": result, "session": done["session"], "dev": person_id(company, "dev")}
    asked["said"] = encode("Interpretation", meant["id"])

    answer = await graph.ask(READ_ALL, headers, **asked)

    told = json.dumps(answer)
    session = answer["data"]["session"]
    assert ("I(RASEC)" in told) == bool(sees)
    assert (session is not None) == (sees == "all")
    assert ("Researcher" in told) == (sees == "all")
    assert (MEANT in told) == ("Strongly drawn" in told) == bool(sees)
    if sees:
        assert answer["data"]["byId"]["typeCode"] == "I(RASEC)"
        assert len(answer["data"]["several"][0]["scales"]) == 6
    else:
        assert answer["data"]["byId"] is answer["data"]["words"] is None
        assert answer["data"]["several"] == [None]
        assert "RASEC" not in told


def test_what_one_rates_oneself_on_shows_no_wanted_level() -> None:
    """What a role asks is public on the role itself; the rating neither shows it nor leads to it."""
    core = schema.core(schema.build())

    def fields(name: str) -> set[str]:
        kind = core.type_map[name]
        assert isinstance(kind, GraphQLObjectType)
        return set(kind.fields)

    assert fields("SkillItem") == {"key", "text", "description", "options", "skill"}
    assert fields("SkillOption") == {"ordinal", "label", "description"}
    assert not {"role", "gap", "requirement"} & fields("AssessmentSession")
