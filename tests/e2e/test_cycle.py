"""One person goes once through the cycle, over the public doors of separate processes."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any
from uuid import uuid4

import httpx
import pytest
from standardwebhooks import Webhook

from services.gateway.types.ids import decode, encode
from tests.e2e.conftest import Waymark, until

pytestmark = pytest.mark.slow

REQUIREMENTS = """
query($search: String!) {
  roles(search: $search, first: 20) {
    nodes { id code title requirements { requiredLevel skill { id statement } } }
  }
}"""
GAP = """
query($person: ID!, $role: ID!) {
  gap(personId: $person, roleId: $role) {
    readiness unassessedShare
    items { status gap asIs required skill { statement } }
  }
}"""
ROLE_GAP = """
query($from: ID!, $to: ID!) {
  roleGap(fromRoleId: $from, toRoleId: $to) { gapCount newCount items { gap skill { statement } } }
}"""
CLOSERS = """
query($person: ID!, $role: ID!) {
  gap(personId: $person, roleId: $role) { blockers { kind } experienceGaps { status }
    closers { skill { statement } courses { deltaPerHour resource { code } } goals { goal { id } } }
  }
}"""
RECORD = """
mutation($input: RecordSkillInput!) {
  recordSkill(input: $input) { __typename ... on Problem { code detail } ... on SkillAssertion { level } }
}"""
CREATE_GOAL = """
mutation($input: CreateGoalInput!) {
  createGoal(input: $input) {
    __typename
    ... on Problem { code detail }
    ... on Goal { id version state smartVerdict { letter passed reason } }
  }
}"""
ADD_MILESTONE = """
mutation($input: AddMilestoneInput!) {
  addMilestone(input: $input) { __typename ... on Problem { code detail } ... on Milestone { id state } }
}"""
STEP = """
mutation($input: GoalStepInput!) {
  %s(input: $input) { __typename ... on Problem { code detail } ... on Goal { version state } }
}"""
GOAL = """
query($id: ID!) {
  goal(id: $id) { version progress state milestones { title state completedSource } updates { source } }
}"""
SCHEDULE = """
mutation($input: ScheduleCheckInInput!) {
  scheduleCheckIn(input: $input) { __typename ... on Problem { code detail } ... on CheckIn { id } }
}"""
CHANGES = """
query($id: ID!) { checkIn(id: $id) { changes { kind title goal { title } skill { statement } } } }"""

FOUR_STEPS = {
    "Development process optimisation",
    "Service support",
    "Systems design",
    "Systems integration",
}


async def _people(waymark: Waymark) -> tuple[str, str]:
    """A manager and a report, as the HR system tells them; their e-mail addresses."""
    suffix = uuid4().hex[:8]
    manager, report = f"boss-{suffix}@example.org", f"dev-{suffix}@example.org"
    rows = [
        {
            "system": "hris",
            "key": report,
            "displayName": "Dev Eloper",
            "workEmail": report,
            "managerKey": manager,
        },
        {"system": "hris", "key": manager, "displayName": "Mana Ger", "workEmail": manager},
    ]
    answers = await waymark.put_in("people", rows, "people:write")
    assert [answer["status"] for answer in answers] == ["CREATED", "CHANGED"] or [
        answer["status"] for answer in answers
    ] == ["CREATED", "CREATED"]
    return manager, report


async def _roles(waymark: Waymark, caller: dict[str, str]) -> tuple[dict[str, Any], dict[str, Any]]:
    found = await until(
        lambda: waymark.ask(caller, REQUIREMENTS, search="developer"),
        holds=lambda found: bool(found["roles"]["nodes"]),
    )
    by_code = {role["code"]: role for role in found["roles"]["nodes"]}
    return by_code["software-developer/developer"], by_code["software-developer/senior-developer"]


async def _gap(waymark: Waymark, caller: dict[str, str], person: str, role: str) -> dict[str, Any]:
    gap: dict[str, Any] = (await waymark.ask(caller, GAP, person=person, role=role))["gap"]
    return gap


def _open_items(gap: dict[str, Any] | None) -> dict[str, float]:
    items = gap["items"] if gap else []
    return {i["skill"]["statement"]: i["gap"] for i in items if i["status"] == "GAP" and i["skill"]}


async def _rate(
    waymark: Waymark, manager: str, report: str, person: str, role: dict[str, Any]
) -> None:
    """Self and manager say: exactly what the role asks."""
    for requirement in role["requirements"]:
        for source, who in (("SELF", report), ("MANAGER", manager)):
            rating = {
                "personId": person,
                "skillId": requirement["skill"]["id"],
                "level": requirement["requiredLevel"],
                "source": source,
            }
            written = await waymark.ask(waymark.bearer(who), RECORD, input=rating)
            assert written["recordSkill"]["__typename"] == "SkillAssertion", written


async def _course(waymark: Waymark, skill: str) -> tuple[str, str]:
    """A course that adds to the skill: its code and its global id."""
    code = f"systems-design-{uuid4().hex[:8]}"
    skill_key = _key(skill)
    row = {
        "provider": "Academy",
        "code": code,
        "title": "Designing systems",
        "type": "COURSE",
        "hours": 20,
        "skills": [{"skillId": skill_key, "expectedDelta": 1.25}],
    }
    [answer] = await waymark.put_in("courses", [row], "learning:write")
    assert answer["status"] == "CREATED", answer
    return code, _global("LearningResource", answer["id"])


def _key(global_id: str) -> str:
    return decode(global_id)[1]


def _global(noun: str, key: str) -> str:
    return encode(noun, key)


async def _goal(waymark: Waymark, caller: dict[str, str], resource: str) -> str:
    due = (datetime.now(UTC) + timedelta(days=120)).date().isoformat()
    wanted = {
        "title": "Complete the course on systems design and lead one design review by spring",
        "smart": {
            "specific": "Pass the course, then lead the review of one service's design.",
            "measure": {
                "metric": "steps done",
                "unit": "steps",
                "amountType": "NUMBER",
                "start": 0,
                "target": 2,
            },
            "achievable": {
                "rationale": "The team has agreed on four hours a week.",
                "effortHours": 40,
            },
            "relevant": {"why": "A senior developer designs systems."},
            "timeBound": {"startDate": datetime.now(UTC).date().isoformat(), "dueDate": due},
        },
    }
    created = (await waymark.ask(caller, CREATE_GOAL, input=wanted))["createGoal"]
    assert created["__typename"] == "Goal", created
    assert all(finding["passed"] for finding in created["smartVerdict"]), created
    goal: str = created["id"]
    course = {"goalId": goal, "title": "Pass the course", "learningResourceId": resource}
    first = (await waymark.ask(caller, ADD_MILESTONE, input=course))["addMilestone"]
    review = {"goalId": goal, "title": "Lead a design review", "dependsOn": [first["id"]]}
    second = (await waymark.ask(caller, ADD_MILESTONE, input=review))["addMilestone"]
    assert [first.get("state"), second.get("state")] == ["PENDING", "PENDING"], (first, second)
    for step in ("proposeGoal", "activateGoal"):
        version = (await waymark.ask(caller, GOAL, id=goal))["goal"]["version"]
        taken = {"goalId": goal, "expectedVersion": version}
        moved = (await waymark.ask(caller, STEP % step, input=taken))[step]
        assert moved["__typename"] == "Goal", moved
    return goal


async def _complete(waymark: Waymark, report: str, code: str) -> list[int]:
    """The learning system tells of the completion twice, with the same message id."""
    connection = waymark.command("connections", "create", "lms", "Academy LMS")
    sent = datetime.now(UTC)
    body = json.dumps(
        {
            "type": "learning.completed",
            "timestamp": sent.isoformat(),
            "data": {
                "person": {"email": report},
                "course": {"provider": "Academy", "code": code},
                "completedAt": sent.isoformat(),
            },
        }
    )
    message = f"msg_{uuid4().hex}"
    headers = {
        "webhook-id": message,
        "webhook-timestamp": str(int(sent.timestamp())),
        "webhook-signature": Webhook(connection["secret"]).sign(message, sent, body),
        "content-type": "application/json",
    }
    async with httpx.AsyncClient(trust_env=False, timeout=60) as client:
        address = f"{waymark.url}/webhooks/{connection['id']}"
        answers = [await client.post(address, content=body, headers=headers) for _ in range(2)]
    return [answer.status_code for answer in answers]


async def test_a_person_goes_once_through_the_cycle(
    waymark: Waymark, data: Path, record_property: Any
) -> None:
    imported = waymark.command("import", "gdad", str(data / "gdad"))
    assert not imported["refused"]
    again = waymark.command("import", "gdad", str(data / "gdad"))
    assert again["changed"] == 0
    manager, report = await _people(waymark)
    me = waymark.bearer(report)
    viewer = await until(
        lambda: waymark.ask(me, "{ viewer { id gap { readiness } goals { totalCount } } }"),
        holds=lambda found: found["viewer"] is not None and found["viewer"]["goals"] is not None,
    )
    person = viewer["viewer"]["id"]
    developer, senior = await _roles(waymark, me)

    between = await waymark.ask(me, ROLE_GAP, **{"from": developer["id"], "to": senior["id"]})
    steps = [each for each in between["roleGap"]["items"] if each["gap"] > 0]
    assert {each["skill"]["statement"] for each in steps} == FOUR_STEPS
    assert {each["gap"] for each in steps} == {1.25}

    await _rate(waymark, manager, report, person, developer)
    gap = await until(
        lambda: _gap(waymark, me, person, senior["id"]),
        holds=lambda found: set(_open_items(found)) == FOUR_STEPS,
    )
    assert set(_open_items(gap).values()) == {1.25}

    skill = next(
        r["skill"] for r in senior["requirements"] if r["skill"]["statement"] == "Systems design"
    )
    code, resource = await _course(waymark, skill["id"])
    goal = await _goal(waymark, me, resource)
    closing = (await waymark.ask(me, CLOSERS, person=person, role=senior["id"]))["gap"]
    assert (closing["blockers"], closing["experienceGaps"]) == ([], [])
    (closer,) = [
        each for each in closing["closers"] if each["skill"] == {"statement": "Systems design"}
    ]
    assert closer["courses"] == [{"deltaPerHour": 0.0625, "resource": {"code": code}}]
    assert closer["goals"] == [{"goal": {"id": goal}}]
    when = (datetime.now(UTC) + timedelta(days=7)).isoformat()
    planned = await waymark.ask(me, SCHEDULE, input={"scheduledFor": when, "cadence": "MONTHLY"})
    assert planned["scheduleCheckIn"]["__typename"] == "CheckIn", planned
    check_in = planned["scheduleCheckIn"]["id"]

    told = monotonic()
    assert await _complete(waymark, report, code) == [202, 202]
    smaller = await until(
        lambda: _gap(waymark, me, person, senior["id"]),
        holds=lambda found: _open_items(found)["Systems design"] < 1.25,
    )
    record_property("webhook_to_gap_seconds", round(monotonic() - told, 3))
    assert smaller["readiness"] > gap["readiness"]
    assert _open_items(smaller)["Systems design"] == pytest.approx(0.875, abs=0.01)

    progressed = await until(
        lambda: waymark.ask(me, GOAL, id=goal), holds=lambda found: found["goal"]["progress"] == 0.5
    )
    assert [m["state"] for m in progressed["goal"]["milestones"]] == ["DONE", "PENDING"]
    assert progressed["goal"]["milestones"][0]["completedSource"] == "LMS"
    agenda = await until(
        lambda: waymark.ask(waymark.bearer(manager), CHANGES, id=check_in),
        holds=lambda found: (
            {change["kind"] for change in found["checkIn"]["changes"]}
            >= {"MILESTONE_COMPLETED", "LEARNING_COMPLETED", "SKILL_CHANGED"}
        ),
    )
    courses = [c for c in agenda["checkIn"]["changes"] if c["kind"] == "LEARNING_COMPLETED"]
    assert len(courses) == 1, "told twice, happened once"
    learned = await waymark.ask(me, "{ viewer { learning { state resource { title } } } }")
    assert learned["viewer"]["learning"] == [
        {"state": "COMPLETED", "resource": {"title": "Designing systems"}}
    ]
