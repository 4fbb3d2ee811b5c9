"""The inbox with what waits in profile: each sees what a task is about as far as profile shows it to them."""

import json
from datetime import timedelta
from typing import Any

from sqlalchemy import text

from services.gateway.types.ids import encode
from shared import clock
from tests.services.gateway.conftest import Graph
from tests.services.gateway.organisation import Company, found

STEP = "IntroductionStepInput"
INBOX = """
  {
    tasks(first: 50) {
      nodes {
        kind dueOn
        rating { message person { displayName } items { level skill { statement } } }
        credential { name objection person { displayName } } experience { title }
        assertion { level state person { displayName } skill { code } }
        assessment { name state assigner { displayName } }
        interaction { notes contact { name } }
        introduction { part message requester { displayName } }
      }
    }
  }"""


async def _inbox(company: Company, who: str, kind: str) -> list[dict[str, Any]]:
    """The tasks of a kind, with what they are about."""
    await company.tell()
    answer = await company.graph.ask(INBOX, company.as_(who))
    assert "errors" not in answer, answer
    return [each for each in answer["data"]["tasks"]["nodes"] if each["kind"] == kind]


async def _write(
    company: Company, who: str, mutation: str, given: dict[str, Any], *, taken: str = ""
) -> Any:
    """What a mutation answers; `taken` is the name of its input where that is not its own."""
    name, _, selection = mutation.partition(" ")
    kind = f"{taken or name[0].upper() + name[1:] + 'Input'}!"
    query = f"mutation($input: {kind}) {{ {name}(input: $input) {{ {selection} }} }}"
    answer = await company.graph.ask(query, company.as_(who), input=given)
    assert "errors" not in answer, answer
    await company.tell()
    return answer["data"][name]


def _person(company: Company, who: str) -> str:
    return encode("Person", company.keys[f"Person.{who}"])


async def test_a_rater_reads_whom_and_what_to_rate_and_no_level(graph: Graph) -> None:
    company = await found(graph)
    skill = next(name for name in company.named("Skill"))
    asked = {
        "raterId": _person(company, "peer"),
        "skillIds": [encode("Skill", company.keys[skill])],
        "message": "How did it go?",
    }
    made = await _write(company, "dev", "askRating __typename ... on Rating { id }", asked)

    (task,) = await _inbox(company, "peer", "ANSWER_RATING")
    (item,) = task["rating"].pop("items")
    assert task["rating"]["message"] == "How did it go?"
    assert (item["level"], bool(item["skill"]["statement"])) == (None, True)
    assert (task["credential"], task["interaction"], task["introduction"]) == (None, None, None)
    for other in ("dev", "lead", "chief", "partner"):
        assert await _inbox(company, other, "ANSWER_RATING") == []

    await _write(company, "peer", "declineRating __typename", {"ratingId": made["id"]})

    assert await _inbox(company, "peer", "ANSWER_RATING") == []


async def test_a_manager_objects_to_a_credential_and_its_person_takes_it_back(graph: Graph) -> None:
    company = await found(graph)
    before = len(await _inbox(company, "lead", "VERIFY_CREDENTIAL"))
    dev = _person(company, "dev")
    earned = {"personId": dev, "type": "BADGE", "name": "Knots"}
    made = await _write(
        company, "dev", "declareCredential __typename ... on Credential { id }", earned
    )
    waiting = await _inbox(company, "lead", "VERIFY_CREDENTIAL")
    assert len(waiting) == before + 1
    hers = {"name": "Knots", "objection": None, "person": {"displayName": "Dev"}}
    assert hers in [each["credential"] for each in waiting]
    one = {"personId": dev, "credentialId": made["id"]}

    objected = await _write(
        company,
        "lead",
        "objectToCredential __typename ... on Credential { verification objection }",
        one | {"reason": "Tie one."},
    )

    assert (objected["verification"], objected["objection"]) == ("NONE", "Tie one.")
    assert len(await _inbox(company, "lead", "VERIFY_CREDENTIAL")) == before
    refused = await _write(company, "lead", "withdrawCredential __typename", one)
    assert refused["__typename"] == "Forbidden"
    gone = await _write(company, "dev", "withdrawCredential __typename", one)
    assert gone["__typename"] == "Person"
    again = await graph.ask(
        "query($id: ID!) { node(id: $id) { id } }", company.as_("dev"), id=made["id"]
    )
    assert again["data"]["node"] is None


async def test_a_claim_waits_for_the_manager_and_that_of_whom_nobody_leads_for_hr(
    graph: Graph,
) -> None:
    company = await found(graph)
    skill = encode("Skill", company.keys["Skill.c2"])
    proof = [{"kind": "WORK_SAMPLE", "title": "A carpet", "uri": "https://example.test/carpet"}]

    def claim(who: str) -> dict[str, Any]:
        said = {"level": 4, "source": "PROJECT", "evidence": proof}
        return {"personId": _person(company, who), "skillId": skill, **said}

    over_all = {"system": "hris", "key": "partner", "role": "HR_PARTNER", "orgUnitKey": "co"}
    await company.put_in(graph.profile, "grants", [over_all])
    said = "recordSkill __typename ... on SkillAssertion { id }"
    made = await _write(company, "dev", said, claim("dev"))
    await _write(company, "chief", said, claim("chief"))

    (task,) = await _inbox(company, "lead", "REVIEW_SKILL")
    assert task["assertion"] == {
        "level": 4.0,
        "state": "PENDING_REVIEW",
        "person": {"displayName": "Dev"},
        "skill": {"code": "c2"},
    }
    (hrs,) = await _inbox(company, "partner", "REVIEW_SKILL")
    assert hrs["assertion"]["person"] == {"displayName": "Chief"}
    for other in ("dev", "chief", "peer"):
        assert await _inbox(company, other, "REVIEW_SKILL") == []

    decided = {"assertionId": made["id"]}
    await _write(company, "lead", "confirmSkill __typename", decided, taken="DecideSkillInput")

    assert await _inbox(company, "lead", "REVIEW_SKILL") == []


async def test_what_hr_asks_one_to_take_waits_until_one_hands_it_in_or_declines(
    graph: Graph,
) -> None:
    company = await found(graph)
    named = '{ instrument(code: "work-values-ranking") { id } }'
    instrument = (await graph.ask(named, company.as_("partner")))["data"]["instrument"]["id"]
    wanted = {"personId": _person(company, "dev"), "instrumentId": instrument}
    last = (clock.today() + timedelta(days=30)).isoformat()
    assign = "assignAssessment __typename ... on AssessmentSession { id }"
    made = await _write(company, "partner", assign, wanted | {"dueOn": last})

    (task,) = await _inbox(company, "dev", "TAKE_ASSESSMENT")
    assert task["dueOn"] == last
    assert task["assessment"]["assigner"] == {"displayName": "Partner"}
    for other in ("lead", "chief", "peer", "partner"):
        assert await _inbox(company, other, "TAKE_ASSESSMENT") == []

    declined = {"assessmentId": made["id"]}
    await _write(
        company, "dev", "cancelAssessment __typename", declined, taken="AssessmentStepInput"
    )

    assert await _inbox(company, "dev", "TAKE_ASSESSMENT") == []


async def test_a_follow_up_shows_its_text_to_its_owner_and_leaves_none_behind(graph: Graph) -> None:
    company = await found(graph)
    added = {"name": "Mary Canary", "relation": "FRIEND"}
    contact = await _write(company, "dev", "addContact __typename ... on Contact { id }", added)
    today = clock.today()
    talk = {
        "contactId": contact["id"],
        "purpose": "SUPPORT",
        "heldOn": (today - timedelta(days=7)).isoformat(),
        "notes": "She knows a way.",
        "followUpOn": today.isoformat(),
    }
    made = await _write(
        company, "dev", "recordInteraction __typename ... on Interaction { id version }", talk
    )

    (task,) = await _inbox(company, "dev", "FOLLOW_UP")
    assert task["dueOn"] == today.isoformat()
    assert task["interaction"] == {
        "notes": "She knows a way.", "contact": {"name": "Mary Canary"},
    }  # fmt: skip
    for other in ("lead", "peer", "chief", "partner"):
        assert await _inbox(company, other, "FOLLOW_UP") == []
    async with graph.feedback.session(company.tenant_id) as session:
        for table in ("tasks_task", "tasks_waiting", "outbox_event"):
            rows = await session.execute(text(f"SELECT to_jsonb(t)::text AS row FROM {table} t"))
            kept = "".join(row.row for row in rows)
            assert "Mary" not in kept
            assert "knows" not in kept

    done = {"interactionId": made["id"], "expectedVersion": 1, "followedUp": True}
    await _write(company, "dev", "updateInteraction __typename", done)
    assert await _inbox(company, "dev", "FOLLOW_UP") == []


async def test_an_introduction_is_one_persons_turn_after_the_other(graph: Graph) -> None:
    company = await found(graph)
    asked = {
        "introducerId": _person(company, "peer"),
        "targetId": _person(company, "chief"),
        "message": "I would like to learn.",
    }
    made = await _write(
        company, "dev", "askIntroduction __typename ... on Introduction { id }", asked
    )

    (task,) = await _inbox(company, "peer", "ANSWER_INTRODUCTION")
    assert (task["introduction"]["part"], task["introduction"]["message"]) == (
        "INTRODUCER", "I would like to learn.",
    )  # fmt: skip
    assert await _inbox(company, "chief", "ANSWER_INTRODUCTION") == []
    step = {"introductionId": made["id"]}
    await _write(company, "peer", "acceptIntroduction __typename", step, taken=STEP)
    assert await _inbox(company, "peer", "ANSWER_INTRODUCTION") == []
    (task,) = await _inbox(company, "chief", "ANSWER_INTRODUCTION")
    assert task["introduction"]["part"] == "TARGET"
    await _write(company, "chief", "declineIntroduction __typename", step, taken=STEP)
    assert await _inbox(company, "chief", "ANSWER_INTRODUCTION") == []
    assert await _inbox(company, "dev", "ANSWER_INTRODUCTION") == []


async def test_results_of_tests_come_through_the_gateway(graph: Graph) -> None:
    company = await found(graph)
    framework, code = "house", next(iter(company.named("Skill"))).removeprefix("Skill.")
    row = {
        "system": "hris", "key": "dev", "frameworkKey": framework, "skillCode": code,
        "publisher": "Sea School", "externalId": "R-1", "test": "Knots II",
        "score": {"raw": 3, "max": 4}, "takenOn": "2026-03-01",
    }  # fmt: skip

    answers = [
        await graph.client.post(
            "/imports/skill-tests",
            content=json.dumps(row),
            headers=company.client("skills:write") | {"Content-Type": "application/x-ndjson"},
        )
        for _ in range(2)
    ]

    assert [json.loads(answer.text)["status"] for answer in answers] == ["CREATED", "UNCHANGED"]
    query = """
      query($id: ID!) {
        person(id: $id) {
          skillTests { test publisher scoreRaw scoreMax success level skill { statement } }
          skillAssertions { source evidence { kind title } }
        }
      }"""
    asked = {"id": _person(company, "dev")}
    for who in ("dev", "lead", "partner"):
        seen = (await graph.ask(query, company.as_(who), **asked))["data"]["person"]
        (result,) = seen["skillTests"]
        assert result.pop("skill")["statement"]
        assert result == {
            "test": "Knots II", "publisher": "Sea School", "scoreRaw": 3.0, "scoreMax": 4.0,
            "success": None, "level": 3.75,
        }  # fmt: skip
        kinds = [each["kind"] for said in seen["skillAssertions"] for each in said["evidence"]]
        assert "ASSESSMENT_RESULT" in kinds
    for who in ("chief", "peer"):
        seen = (await graph.ask(query, company.as_(who), **asked))["data"]["person"]
        assert seen["skillTests"] in (None, []), who
