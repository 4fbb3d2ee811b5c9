"""Doors of profile and goals that front ends came to late: review, removal, associations, exports, nearest roles."""

import io
import zipfile
from typing import Any
from uuid import UUID

import pytest

from services.gateway.types.ids import decode, encode
from services.profile.exports import writing
from shared.tenancy import Principal
from tests.services.gateway.assessing import taken
from tests.services.gateway.conftest import Graph
from tests.services.gateway.organisation import Company, found


def write(name: str, kind: str, members: str) -> str:
    """A mutation that answers the members, or the problem's code."""
    return f"""
      mutation($input: {kind}!) {{
        {name}(input: $input) {{ __typename ... on Problem {{ code }} {members} }}
      }}"""


async def done(
    graph: Graph, company: Company, who: str, mutation: str, **given: Any
) -> dict[str, Any]:
    answer = await graph.ask(mutation, company.as_(who), input=given)
    assert "errors" not in answer, answer
    (told,) = answer["data"].values()
    found: dict[str, Any] = told
    return found


REVIEW = write(
    "requestSkillReview", "DecideSkillInput", "... on SkillAssertion { state skill { code } }"
)


async def test_one_asks_for_ones_own_word_to_be_reviewed(graph: Graph) -> None:
    company = await found(graph)
    assertion = encode("SkillAssertion", company.keys["SkillAssertion.SELFc0"])

    refusals = [
        (await done(graph, company, who, REVIEW, assertionId=assertion))["code"]
        for who in ("lead", "peer")
    ]
    asked = await done(graph, company, "dev", REVIEW, assertionId=assertion)

    assert refusals == ["forbidden", "not-found"]
    assert asked == {
        "__typename": "SkillAssertion",
        "state": "PENDING_REVIEW",
        "skill": {"code": "c0"},
    }


RECORD = write("recordSkill", "RecordSkillInput", "... on SkillAssertion { state expiresOn }")


async def test_one_says_at_once_that_ones_word_is_to_be_reviewed_and_until_when_it_holds(
    graph: Graph,
) -> None:
    company = await found(graph)
    said = {
        "personId": encode("Person", company.keys["Person.dev"]),
        "skillId": encode("Skill", company.keys["Skill.c3"]),
        "source": "SELF",
        "level": 3,
        "expiresOn": "2099-01-31",
        "polarity": "POSITIVE",
        "confidence": 0.5,
        "note": "Since the fair.",
        "requestReview": True,
    }

    told = await done(graph, company, "dev", RECORD, **said)

    assert (told["state"], told["expiresOn"]) == ("PENDING_REVIEW", "2099-01-31")


REMOVE_RESULT = write("removeResult", "RemoveResultInput", "... on Person { id }")
RESULTS = "{ viewer { assessmentResults { id } } }"


async def test_ones_own_result_goes_for_good_and_nobody_elses(graph: Graph) -> None:
    company = await found(graph)
    result = (await taken(company, "dev"))["results"][0]["id"]
    dev = company.as_("dev")

    foreign = await done(graph, company, "peer", REMOVE_RESULT, resultId=result)
    before = await graph.ask(RESULTS, dev)
    removed = await done(graph, company, "dev", REMOVE_RESULT, resultId=result)
    after = await graph.ask(RESULTS, dev)
    again = await done(graph, company, "dev", REMOVE_RESULT, resultId=result)

    assert foreign["code"] == again["code"] == "not-found"
    assert before["data"]["viewer"]["assessmentResults"] == [{"id": result}]
    assert removed["id"] == encode("Person", company.keys["Person.dev"])
    assert after["data"]["viewer"]["assessmentResults"] == []


ADD_CONTACT = write("addContact", "AddContactInput", "... on Contact { id }")
RECORD_TALK = write("recordInteraction", "RecordInteractionInput", "... on Interaction { id }")
REMOVE_TALK = write("removeInteraction", "RemoveInteractionInput", "... on Person { id }")
REMOVE_CONTACT = write("removeContact", "RemoveContactInput", "... on Person { id }")
NETWORK = "{ viewer { contacts { totalCount } interactions { totalCount } } }"


async def test_contacts_and_talks_are_removed_by_their_owner_alone(graph: Graph) -> None:
    company = await found(graph)
    contact = (await done(graph, company, "dev", ADD_CONTACT, name="Ada"))["id"]
    talk = {"contactId": contact, "purpose": "INFORMATION", "heldOn": "2026-01-05"}
    talk_id = (await done(graph, company, "dev", RECORD_TALK, **talk))["id"]

    async def counts() -> tuple[int, int]:
        viewer = (await graph.ask(NETWORK, company.as_("dev")))["data"]["viewer"]
        return viewer["contacts"]["totalCount"], viewer["interactions"]["totalCount"]

    foreign = [
        (await done(graph, company, "peer", REMOVE_TALK, interactionId=talk_id))["code"],
        (await done(graph, company, "peer", REMOVE_CONTACT, contactId=contact))["code"],
    ]
    kept = await counts()
    await done(graph, company, "dev", REMOVE_TALK, interactionId=talk_id)
    without_talk = await counts()
    removed = await done(graph, company, "dev", REMOVE_CONTACT, contactId=contact)

    assert foreign == ["not-found", "not-found"]
    assert (kept, without_talk, await counts()) == ((1, 1), (1, 0), (0, 0))
    assert removed["id"] == encode("Person", company.keys["Person.dev"])


RELATE = write(
    "relateSkills",
    "RelateSkillsInput",
    "... on SkillAssociation { id type confidence origin { code } destination { code } }",
)
UNRELATE = write("unrelateSkills", "UnrelateSkillsInput", "... on Person { id }")
RELATIONS = "query($id: ID!) { skill(id: $id) { associations { id } } }"


async def test_hr_relates_skills_and_nobody_below_does(graph: Graph) -> None:
    company = await found(graph)
    origin, destination = (encode("Skill", company.keys[f"Skill.{each}"]) for each in ("c0", "c1"))
    wanted = {"originId": origin, "destinationId": destination, "type": "PRECEDES"}

    refused = await done(graph, company, "lead", RELATE, **wanted)
    related = await done(graph, company, "partner", RELATE, **wanted, confidence=0.5)
    twice = await done(graph, company, "partner", RELATE, **wanted)
    gone = {"associationId": related["id"]}
    foreign = await done(graph, company, "lead", UNRELATE, **gone)
    before = await graph.ask(RELATIONS, company.as_("dev"), id=origin)
    await done(graph, company, "partner", UNRELATE, **gone)
    after = await graph.ask(RELATIONS, company.as_("dev"), id=origin)

    assert (refused["code"], foreign["code"]) == ("forbidden", "forbidden")
    assert twice["code"] == "association-exists"
    assert (related["type"], related["confidence"]) == ("PRECEDES", 0.5)
    assert (related["origin"], related["destination"]) == ({"code": "c0"}, {"code": "c1"})
    assert before["data"]["skill"]["associations"] == [{"id": related["id"]}]
    assert after["data"]["skill"]["associations"] == []


NEAREST = """
  query($from: ID!) {
    nearestRoles(fromRoleId: $from, first: 3) {
      toRole { id title } fit requiredCount gapCount newCount missing items(first: 1) { gap }
    }
  }"""


@pytest.mark.parametrize("role", ["weaver", "master"])
async def test_the_nearest_roles_are_those_of_the_door(graph: Graph, role: str) -> None:
    company = await found(graph)
    key = company.keys[f"Role.{role}"]
    dev = company.as_("dev")

    answer = await graph.ask(NEAREST, dev, **{"from": encode("Role", key)})

    direct = (
        await graph.goals.client.get(f"/gaps/roles/nearest?roleId={key}&limit=3", headers=dev)
    ).json()
    assert len(direct) == 1
    names = ("fit", "requiredCount", "gapCount", "newCount", "missing")
    for shown, told in zip(answer["data"]["nearestRoles"], direct, strict=True):
        assert decode(shown["toRole"]["id"])[1] == told["toRoleId"]
        assert [shown[name] for name in names] == [told[name] for name in names]


ORDER = write("orderExport", "OrderExportInput", "... on Export { id state files { name } }")
EXPORTS = "query($id: ID!) { person(id: $id) { exports { id state files { name count sha256 } } } }"


async def test_an_export_is_ordered_followed_and_fetched_by_oneself_alone(graph: Graph) -> None:
    company = await found(graph)
    dev = encode("Person", company.keys["Person.dev"])

    refused = [
        (await done(graph, company, who, ORDER, personId=dev))["code"]
        for who in ("lead", "peer", "partner")
    ]
    ordered = await done(graph, company, "dev", ORDER, personId=dev)
    too_early = await fetched(graph, company, "dev", ordered["id"])
    await prepare(graph, company, ordered["id"])
    seen = {
        who: (await graph.ask(EXPORTS, company.as_(who), id=dev))["data"]["person"]["exports"]
        for who in ("dev", "lead", "partner", "chief")
    }
    archive = await fetched(graph, company, "dev", ordered["id"])
    foreign = await fetched(graph, company, "lead", ordered["id"])

    assert refused == ["not-found"] * 3
    assert (ordered["state"], ordered["files"]) == ("PREPARING", [])
    assert too_early.status_code == foreign.status_code == 404
    assert [seen[who] for who in ("lead", "partner", "chief")] == [[]] * 3
    (export,) = seen["dev"]
    assert (export["id"], export["state"]) == (ordered["id"], "READY")
    assert archive.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(archive.content)) as files:
        assert set(files.namelist()) == {
            "manifest.json",
            *(each["name"] for each in export["files"]),
        }


async def fetched(graph: Graph, company: Company, who: str, export: str) -> Any:
    return await graph.client.get(f"/files/export.zip?exportId={export}", headers=company.as_(who))


async def prepare(graph: Graph, company: Company, export: str) -> None:
    async with graph.profile.session(company.tenant_id) as session:
        await writing.prepare(
            session,
            Principal.system(company.tenant_id, "test"),
            export_id=UUID(decode(export)[1]),
            person_id=UUID(company.keys["Person.dev"]),
        )
