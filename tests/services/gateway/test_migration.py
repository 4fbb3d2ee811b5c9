"""Moving evidence between frameworks as front ends meet it: previewed, begun, followed."""

from typing import Any

import pytest
from sqlalchemy import select

from services.gateway.types.ids import encode
from services.profile.crosswalks import migrating
from services.profile.crosswalks.models import FrameworkMigration
from shared.ids import new_id
from shared.jobs import Job
from shared.tenancy import Principal
from tests.services.gateway.conftest import Graph
from tests.services.gateway.organisation import Company, found
from tests.services.gateway.rows import STEPS

REPORT = """
  fragment report on MigrationReport {
    fromFramework { key } toFramework { key } carriedBy
    assertions people superseded lostAssertions lostPeople
    sums { fate skills assertions }
    skills { skill { id code } fate assertions people targets { skill { id } } }
  }"""
PREVIEW = (
    """
  query($old: ID!, $new: ID!, $using: [SkillAssociationType!]) {
    migrationPreview(fromFrameworkId: $old, toFrameworkId: $new, using: $using) { ...report }
  }"""
    + REPORT
)
START = (
    """
  mutation($input: StartMigrationInput!) {
    startMigration(input: $input) {
      __typename
      ... on FrameworkMigration {
        id state copied finishedAt startedBy { displayName } report { ...report }
      }
      ... on Problem { code detail }
    }
  }"""
    + REPORT
)
STATE = """
  query($id: ID!, $old: ID!) {
    migration(id: $id) { state copied startedBy { displayName } }
    node(id: $id) { ... on FrameworkMigration { state } }
    migrations(frameworkId: $old) { id state }
  }"""
NEXT = ("py", "split-a", "split-b", "jvm")
RELATED = (
    ("c0", "EXACT_MATCH_OF", "py"),
    ("c1", "REPLACED_BY", "split-a"),
    ("c1", "REPLACED_BY", "split-b"),
    ("c2", "REPLACED_BY", "jvm"),
    ("c3", "REPLACED_BY", "jvm"),
    ("c4", "REPLACED_BY", "jvm"),
    ("c4", "REPLACED_BY", "split-a"),
    ("craft", "IS_RELATED_TO", "py"),
)


@pytest.fixture
async def company(graph: Graph) -> Company:
    """With a framework that takes the evidence of another one, and of which `peer` has something to lose."""
    company = await found(graph)
    scale = {"name": "Four", "levels": STEPS}
    row = {"key": "next", "title": "Next", "source": "LOCAL", "version": "1", "publish": True}
    await company.put_in(graph.profile, "frameworks", [row | {"scale": scale}], "SkillFramework")
    skill = {"frameworkKey": "next", "type": "TECHNICAL", "alignments": []}
    rows = [{**skill, "code": code, "statement": code.title()} for code in NEXT]
    await company.put_in(graph.profile, "skills", rows, "Skill")
    ends = {"originFramework": "house", "destinationFramework": "next"}
    relations = [
        {**ends, "originCode": origin, "type": kind, "destinationCode": destination}
        for origin, kind, destination in RELATED
    ]
    await company.put_in(graph.profile, "skill-associations", relations)
    for source, who, code in (("ASSESSMENT", "partner", "c2"), ("ASSESSMENT", "partner", "c3")):
        body = {"personId": company.keys["Person.dev"], "source": source, "level": 3}
        body |= {"skillId": company.keys[f"Skill.{code}"]}
        await company.write(graph.profile, who, "/skills/assertions", body)
    return company


def framework(company: Company, key: str) -> str:
    return encode("SkillFramework", company.keys[f"SkillFramework.{key}"])


async def preview(graph: Graph, company: Company, who: str, **more: Any) -> dict[str, Any]:
    asked = {"old": framework(company, "house"), "new": framework(company, "next"), **more}
    return await graph.ask(PREVIEW, company.as_(who), **asked)


def plainly(company: Company, report: dict[str, Any]) -> dict[str, Any]:
    """As the door tells it."""
    keys = {encode("Skill", key): key for key in company.keys.values()}
    skills = [
        {
            "skillId": keys[each["skill"]["id"]],
            "code": each["skill"]["code"],
            "targetIds": [keys[target["skill"]["id"]] for target in each["targets"]],
            **{name: each[name] for name in ("fate", "assertions", "people")},
        }
        for each in report["skills"]
    ]
    names = ("assertions", "people", "superseded", "lostAssertions", "lostPeople", "sums")
    return {name: report[name] for name in names} | {"using": report["carriedBy"], "skills": skills}


@pytest.mark.parametrize("using", [None, ["EXACT_MATCH_OF"], ["IS_RELATED_TO", "REPLACED_BY"]])
async def test_a_preview_is_the_one_of_the_door(
    graph: Graph, company: Company, using: list[str] | None
) -> None:
    answer = await preview(graph, company, "partner", **({"using": using} if using else {}))

    report = answer["data"]["migrationPreview"]
    path = f"/frameworks/{company.keys['SkillFramework.house']}/migrations/preview"
    body: dict[str, Any] = {"toFrameworkId": company.keys["SkillFramework.next"]}
    direct = await company.write(
        graph.profile, "partner", path, body | ({"using": using} if using else {})
    )
    names = ("statement", "fromId", "toId")
    for each in direct["skills"]:
        del each["statement"]
    assert plainly(company, report) == {
        name: value for name, value in direct.items() if name not in names
    }
    assert (report["fromFramework"], report["toFramework"]) == ({"key": "house"}, {"key": "next"})
    if using is None:
        fates = {each["skill"]["code"]: each["fate"] for each in report["skills"]}
        assert [fates[code] for code in ("c0", "c1", "c2", "c4", "craft")] == [
            "ONE_TO_ONE",
            "MANY_TO_MANY",
            "MANY_TO_ONE",
            "MANY_TO_MANY",
            "LOST",
        ]
        assert (report["lostAssertions"], report["lostPeople"]) == (1, 1)
        assert report["superseded"] > 0


async def test_a_migration_is_begun_and_followed(graph: Graph, company: Company) -> None:
    wanted = {
        "frameworkId": framework(company, "house"),
        "toFrameworkId": framework(company, "next"),
    }
    before = (await preview(graph, company, "partner"))["data"]["migrationPreview"]
    partner = company.as_("partner")

    careless = await graph.ask(START, partner, input=wanted)
    started = await graph.ask(START, partner, input=wanted | {"acceptLoss": True})
    begun = started["data"]["startMigration"]
    again = await graph.ask(START, partner, input=wanted | {"acceptLoss": True})
    asked = {"id": begun["id"], "old": wanted["frameworkId"]}
    (running,) = (await graph.ask(STATE, partner, **asked))["data"]["migrations"]
    await run(graph, company, begun["id"])
    done = (await graph.ask(STATE, partner, **asked))["data"]

    assert careless["data"]["startMigration"]["code"] == "evidence-would-stay"
    assert again["data"]["startMigration"]["code"] == "migration-running"
    assert (begun["state"], begun["copied"], begun["finishedAt"]) == ("RUNNING", 0, None)
    assert begun["startedBy"] == {"displayName": "Partner"}
    assert begun["report"] == before
    assert running == {"id": begun["id"], "state": "RUNNING"}
    assert done["migration"]["state"] == done["node"]["state"] == "DONE"
    moved = sum(each["assertions"] * len(each["targets"]) for each in before["skills"])
    assert done["migration"]["copied"] == moved


async def run(graph: Graph, company: Company, global_id: str) -> None:
    async with graph.profile.session(company.tenant_id) as session:
        (row,) = (await session.execute(select(FrameworkMigration.id))).all()
    assert encode("FrameworkMigration", row.id) == global_id
    system = Principal.system(company.tenant_id, migrating.MIGRATE)
    arguments = {"migration": str(row.id)}
    job = Job(new_id(), migrating.MIGRATE, company.tenant_id, arguments, 1)
    await migrating.migrate(graph.profile.service.database, system, job)


@pytest.mark.parametrize("who", ["dev", "lead", "chief"])
async def test_who_may_not_change_frameworks_sees_and_starts_nothing(
    graph: Graph, company: Company, who: str
) -> None:
    wanted = {
        "frameworkId": framework(company, "house"),
        "toFrameworkId": framework(company, "next"),
        "acceptLoss": True,
    }

    seen = await preview(graph, company, who)
    refused = await graph.ask(START, company.as_(who), input=wanted)
    begun = await graph.ask(START, company.as_("partner"), input=wanted)
    asked = {"id": begun["data"]["startMigration"]["id"], "old": wanted["frameworkId"]}
    state = await graph.ask(STATE, company.as_(who), **asked)

    assert seen == {"data": {"migrationPreview": None}}
    assert refused["data"]["startMigration"]["code"] == "forbidden"
    assert begun["data"]["startMigration"]["__typename"] == "FrameworkMigration"
    assert state == {"data": {"migration": None, "node": None, "migrations": []}}


async def test_what_cannot_carry_evidence_is_refused_and_a_draft_takes_none(
    graph: Graph, company: Company
) -> None:
    wrong = await preview(graph, company, "partner", using=["PRECEDES"])
    draft = await preview(graph, company, "partner", new=framework(company, "draft"))
    itself = await preview(graph, company, "partner", new=framework(company, "house"))

    (error,) = wrong["errors"]
    assert error["extensions"]["problem"]["errors"][0]["pointer"] == "/using"
    for answer in (draft, itself):
        assert answer == {"data": {"migrationPreview": None}}
