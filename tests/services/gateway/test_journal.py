"""Experience, careers, baselines and the journal as front ends meet them."""

from typing import Any

from services.gateway.types.ids import encode
from tests.services.gateway.conftest import Graph
from tests.services.gateway.organisation import Company, found

RECORD = """
  mutation($input: RecordExperienceInput!) {
    recordExperience(input: $input) {
      __typename
      ... on Experience { id title version verification skills { level skill { statement } } }
      ... on Problem { code detail }
    }
  }"""
VERIFY = """
  mutation($input: VerifyExperienceInput!) {
    verifyExperience(input: $input) {
      __typename
      ... on Experience { verification version verifiedBy { displayName } }
      ... on Problem { code }
    }
  }"""
REFLECT = """
  mutation($input: WriteReflectionInput!) {
    writeReflection(input: $input) {
      __typename
      ... on Reflection { id text mood promptCode version }
      ... on Problem { code }
    }
  }"""
OWN = """
  fragment own on Person {
    reflections(promptCode: "WORK_STYLE") { totalCount nodes { text mood } }
    journalNotes(kinds: [TALENT]) { kind text origin }
    aspirations { fieldText role { title } desireStrength optInToMatching }
    insights { text evidence { type objectId } }
    strengths { standing text skill { statement } }
  }"""


async def _write(graph: Graph, company: Company, who: str, query: str, **given: Any) -> Any:
    answer = await graph.ask(query, company.as_(who), input=given)
    assert "errors" not in answer, answer
    (member,) = answer["data"].values()
    return member


def _one(name: str, noun: str, shown: str) -> str:
    kind = name[0].upper() + name[1:]
    return (
        f"mutation($input: {kind}Input!) {{ {name}(input: $input) {{ __typename "
        f"... on {noun} {{ {shown} }} ... on Problem {{ code detail }} }} }}"
    )


async def test_a_record_is_made_verified_and_told_in_the_career(graph: Graph) -> None:
    company = await found(graph)
    dev = encode("Person", company.keys["Person.dev"])
    made = await _write(
        graph,
        company,
        "dev",
        RECORD,
        personId=dev,
        type="PROJECT",
        title="Led the weaving",
        startedOn="2024-01-08",
        endedOn="2024-08-30",
        teamSizeLed=4,
    )
    assert (made["__typename"], made["verification"], made["version"]) == (
        "Experience",
        "DECLARED",
        1,
    )
    which = {"personId": dev, "recordId": made["id"], "expectedVersion": 1}

    own = await _write(graph, company, "dev", VERIFY, **which)
    verified = await _write(graph, company, "lead", VERIFY, **which)
    stale = await _write(graph, company, "lead", VERIFY, **which)

    assert (own["__typename"], own["code"]) == ("Forbidden", "own-experience")
    assert (verified["verification"], verified["version"]) == ("VERIFIED", 2)
    assert stale["__typename"] == "StaleVersion"
    query = """
      query($dev: ID!) {
        person(id: $dev) {
          displayName
          experience { title verification }
          credentials { name }
          timeline { kind title startsOn endsOn level changes { part } experience { teamSizeLed } }
        }
      }"""
    seen = (await graph.ask(query, company.as_("lead"), dev=dev))["data"]["person"]
    assert seen["experience"] == [{"title": "Led the weaving", "verification": "VERIFIED"}]
    assert {
        "kind": "EXPERIENCE",
        "title": "Led the weaving",
        "startsOn": "2024-01-08",
        "endsOn": "2024-08-30",
        "level": None,
        "changes": [],
        "experience": {"teamSizeLed": 4},
    } in seen["timeline"]

    withdraw = _one("withdrawExperience", "Person", "experience { title }")
    gone = await _write(graph, company, "dev", withdraw, **which | {"expectedVersion": 2})
    assert gone == {"__typename": "Person", "experience": []}


async def _fill(graph: Graph, company: Company) -> dict[str, Any]:
    """A journal of dev with something of each kind."""
    write = lambda query, **given: _write(graph, company, "dev", query, **given)  # noqa: E731
    reflection = await write(REFLECT, promptCode="WORK_STYLE", text="In the morning.", mood=4)
    note = await write(
        _one("writeJournalNote", "JournalNote", "id version"),
        kind="TALENT",
        text="Patience.",
        origin="NATURAL",
    )
    aspiration = await write(
        _one("setAspiration", "Aspiration", "id version optInToMatching"),
        fieldText="Weaving",
        horizon="LONG",
        desireStrength=5,
    )
    insight = await write(
        _one("writeInsight", "Insight", "id"),
        text="I like to wait.",
        evidence=[{"type": "REFLECTION", "objectId": reflection["id"]}],
    )
    assert aspiration["optInToMatching"] is False
    return {
        "reflection": reflection,
        "note": note,
        "aspiration": aspiration,
        "insight": insight,
    }


async def test_a_journal_is_written_and_read_by_its_owner(graph: Graph) -> None:
    company = await found(graph)
    made = await _fill(graph, company)
    assert made["reflection"]["text"] == "In the morning."

    seen = await graph.ask(
        OWN + "{ viewer { ...own } reflectionPrompts { code question } }", company.as_("dev")
    )

    assert "errors" not in seen
    own = seen["data"]["viewer"]
    assert own["reflections"] == {
        "totalCount": 1,
        "nodes": [{"text": "In the morning.", "mood": 4}],
    }
    assert own["journalNotes"] == [{"kind": "TALENT", "text": "Patience.", "origin": "NATURAL"}]
    assert own["aspirations"][0]["fieldText"] == "Weaving"
    assert own["insights"] == [
        {
            "text": "I like to wait.",
            "evidence": [{"type": "REFLECTION", "objectId": made["reflection"]["id"]}],
        }
    ]
    assert seen["data"]["reflectionPrompts"][0]["code"] == "ENERGISING_ENVIRONMENT"

    changed = await _write(
        graph,
        company,
        "dev",
        _one("updateReflection", "Reflection", "text version"),
        reflectionId=made["reflection"]["id"],
        expectedVersion=1,
        text="In the evening.",
    )
    removed = await _write(
        graph,
        company,
        "dev",
        _one("removeReflection", "Person", "reflections { totalCount }"),
        reflectionId=made["reflection"]["id"],
    )
    assert (changed["text"], changed["version"]) == ("In the evening.", 2)
    assert removed["reflections"] == {"totalCount": 0}


async def test_nobody_else_reads_a_word_on_any_path(graph: Graph) -> None:
    company = await found(graph)
    made = await _fill(graph, company)
    dev = encode("Person", company.keys["Person.dev"])
    query = (
        OWN
        + """
      query($dev: ID!, $ids: [ID!]!) {
        person(id: $dev) { ...own }
        nodes(ids: $ids) { id ... on Reflection { text } ... on JournalNote { text } }
        node(id: $dev) { ... on Person { ...own } }
      }"""
    )
    ids = [each["id"] for each in made.values()]

    own = await graph.ask(query, company.as_("dev"), dev=dev, ids=ids)
    assert [each["id"] for each in own["data"]["nodes"]] == ids

    for who in ("lead", "chief", "peer"):
        if f"Person.{who}" not in company.keys:
            continue
        seen = (await graph.ask(query, company.as_(who), dev=dev, ids=ids))["data"]
        assert seen["nodes"] == [None] * len(ids)
        for person in (seen["person"], seen["node"]):
            assert person == {
                "reflections": {"totalCount": 0, "nodes": []},
                "journalNotes": [],
                "aspirations": [],
                "insights": [],
                "strengths": [],
            }
        for kind, name in (
            ("reflection", "removeReflection"),
            ("aspiration", "withdrawAspiration"),
        ):
            refused = await _write(
                graph, company, who, _one(name, "Person", "id"), **{f"{kind}Id": made[kind]["id"]}
            )
            assert refused["__typename"] == "NotFound"


async def test_a_baseline_is_captured_and_shown_with_its_levels(graph: Graph) -> None:
    company = await found(graph)
    dev = encode("Person", company.keys["Person.dev"])
    shown = "contentHash skillCount cycle levels { level selfLevel skill { statement } }"

    made = await _write(
        graph, company, "dev", _one("captureBaseline", "Baseline", shown), personId=dev, cycle="1"
    )
    twice = await _write(
        graph, company, "dev", _one("captureBaseline", "Baseline", shown), personId=dev, cycle="1"
    )

    assert len(made["contentHash"]) == 64
    assert len(made["levels"]) == made["skillCount"] > 0
    assert all(each["skill"]["statement"] for each in made["levels"])
    assert (twice["__typename"], twice["code"]) == ("Conflict", "cycle-has-baseline")
