"""The inbox: what waits for somebody, with what it is about from whichever service that lies in."""

from services.gateway.types.ids import encode
from tests.services.gateway.conftest import Graph
from tests.services.gateway.organisation import Company, found

INBOX = """
  {
    viewer {
      displayName
      tasks(first: 10) {
        totalCount
        nodes { kind dueOn person { displayName } goal { title state } checkIn { state } }
      }
    }
  }"""
SMART = {
    "specific": "Weave a rug of one metre, on my own.",
    "measure": {"metric": "Metres", "amountType": "NUMBER", "target": 1},
    "achievable": {"effortHours": 20},
    "relevant": {"why": "The hall is cold."},
    "timeBound": {"startDate": "2026-01-05", "dueDate": "2099-12-31"},
}


async def _proposed(company: Company) -> str:
    """The id of a goal that dev has proposed to lead."""
    goals = company.graph.goals
    goal = await company.write(goals, "dev", "/goals", {"title": "Weave a rug", "smart": SMART})
    await company.write(goals, "dev", f"/goals/{goal['id']}/propose")
    made: str = goal["id"]
    return made


async def test_an_inbox_is_one_call_of_each_service_that_it_names(graph: Graph) -> None:
    company = await found(graph)
    await _proposed(company)

    answer = await graph.ask(INBOX, company.as_("lead"))

    tasks = answer["data"]["viewer"]["tasks"]
    assert "errors" not in answer
    assert [(each["kind"], each["dueOn"]) for each in tasks["nodes"]] == [
        ("PREPARE_CHECK_IN", "2031-03-04"),
        ("PREPARE_CHECK_IN", "2031-03-04"),
        ("PREPARE_CHECK_IN", "2031-04-04"),
        ("APPROVE_GOAL", None),
    ]
    assert tasks["nodes"][3]["goal"] == {"title": "Weave a rug", "state": "PROPOSED"}
    assert tasks["nodes"][3]["checkIn"] is None
    assert [each["checkIn"] for each in tasks["nodes"][:3]] == [{"state": "SCHEDULED"}] * 3
    names = {each["person"]["displayName"] for each in tasks["nodes"]}
    assert names == {answer["data"]["viewer"]["displayName"]}
    assert sorted(len(service.calls) for service in graph.services.values()) == [1, 1, 2]


async def test_an_approved_goal_leaves_the_inbox_and_is_found_among_the_closed(
    graph: Graph,
) -> None:
    company = await found(graph)
    goal_id = await _proposed(company)
    await company.write(graph.goals, "lead", f"/goals/{goal_id}/activate")
    query = """
      { tasks { nodes { kind } } closed: tasks(open: false) { nodes { closedAt goal { id } } } }"""

    answer = (await graph.ask(query, company.as_("lead")))["data"]

    assert "APPROVE_GOAL" not in {each["kind"] for each in answer["tasks"]["nodes"]}
    closed = [each["goal"]["id"] for each in answer["closed"]["nodes"] if each["closedAt"]]
    assert encode("Goal", goal_id) in closed


async def test_a_managers_proposal_is_its_owners_to_take(graph: Graph) -> None:
    company = await found(graph)
    goals, dev = company.graph.goals, company.keys["Person.dev"]
    wanted = {"title": "Weave a rug", "smart": SMART, "personId": dev}
    goal = await company.write(goals, "lead", "/goals", wanted)
    await company.write(goals, "lead", f"/goals/{goal['id']}/propose")
    query = "{ tasks { nodes { kind goal { title proposedBy { displayName } } } } }"
    waiting = {
        "kind": "APPROVE_GOAL",
        "goal": {"title": "Weave a rug", "proposedBy": {"displayName": "Lead"}},
    }

    hers, his = [
        (await graph.ask(query, company.as_(who)))["data"]["tasks"]["nodes"]
        for who in ("dev", "lead")
    ]

    assert waiting in hers
    assert waiting not in his
    await company.write(goals, "dev", f"/goals/{goal['id']}/activate")
    after = (await graph.ask(query, company.as_("dev")))["data"]["tasks"]["nodes"]
    assert waiting not in after


async def test_a_task_of_somebody_else_is_nothing(graph: Graph) -> None:
    company = await found(graph)
    query = """
      query($task: ID!, $lead: ID!) {
        task(id: $task) { kind } node(id: $task) { id } person(id: $lead) { tasks { totalCount } }
      }"""
    asked = {
        "task": encode("Task", company.keys["Task.first"]),
        "lead": encode("Person", company.keys["Person.lead"]),
    }

    own = (await graph.ask(query, company.as_("lead"), **asked))["data"]
    others = [
        (await graph.ask(query, company.as_(who), **asked))["data"] for who in ("dev", "chief")
    ]

    assert own["task"] == {"kind": "PREPARE_CHECK_IN"}
    assert own["person"]["tasks"]["totalCount"] == 3
    for seen in others:
        assert seen == {"task": None, "node": None, "person": {"tasks": {"totalCount": 0}}}
