"""The first and the last day that a computer knows: each door names them, none stores infinity or falls over."""

from datetime import timedelta
from typing import Any

import pytest

from services.gateway.types.ids import encode
from services.goals.people.levels import KEPT
from services.profile.assessments import registry
from shared import clock
from tests.conftest import Harness
from tests.services.gateway.conftest import Graph
from tests.services.gateway.organisation import Company, found

ENDS = ("0001-01-01", "9999-12-31")
GAPS = "query($day: Date) { viewer { displayName gap(asOf: $day) { asOf } } }"
RECORD = """
  mutation($input: RecordExperienceInput!) {
    recordExperience(input: $input) {
      __typename ... on InvalidInput { errors { pointer } }
    }
  }"""


def _values() -> str:
    found = registry.built_in().values()
    return next(str(each.id) for each in found if each.instrument.code == "work-values-pairs")


async def _refused(harness: Harness, headers: Any, path: str, body: Any) -> list[str]:
    method = "GET" if body is None else "POST"
    answer = await harness.client.request(method, path, json=body, headers=headers)
    assert answer.status_code == 422, answer.text
    return [each["pointer"] for each in answer.json()["errors"]]


@pytest.mark.parametrize("day", ENDS)
async def test_no_service_takes_a_day_out_of_reach(graph: Graph, day: str) -> None:
    company = await found(graph)
    dev, me = company.keys["Person.dev"], company.as_("dev")
    unit = company.keys["OrgUnit.eng"]

    refused = [
        await _refused(graph.feedback, me, "/checkins", {"scheduledFor": f"{day}T12:00:00Z"}),
        await _refused(
            graph.feedback, me, f"/checkins/completion?orgUnitId={unit}&until={day}", None
        ),
        await _refused(
            graph.profile, me, "/assessments", {"instrumentId": _values(), "dueOn": day}
        ),
        await _refused(
            graph.profile,
            me,
            f"/people/{dev}/experience",
            {"type": "EMPLOYMENT", "title": "Weaver", "startedOn": day},
        ),
        await _refused(graph.goals, me, f"/gaps?asOf={day}", None),
    ]

    assert refused == [
        ["/scheduledFor"],
        ["query:until"],
        ["/dueOn"],
        ["/startedOn"],
        ["query:asOf"],
    ]


@pytest.mark.parametrize("day", ENDS)
async def test_the_graph_names_a_day_out_of_reach(graph: Graph, day: str) -> None:
    company: Company = await found(graph)
    me = company.as_("dev")
    record = {"personId": encode("Person", company.keys["Person.dev"]), "type": "EMPLOYMENT"}

    read = await graph.ask(GAPS, me, day=day)
    written = await graph.ask(RECORD, me, input={**record, "title": "Weaver", "startedOn": day})

    assert [each["message"] for each in read["errors"]] == [
        "asOf: choose a day between the years 1000 and 9998."
    ]
    assert read["data"]["viewer"] == {"displayName": "Dev", "gap": None}
    assert written["data"]["recordExperience"] == {
        "__typename": "InvalidInput",
        "errors": [{"pointer": "/startedOn"}],
    }


BEFORE = """
  query($day: Date, $last: Date, $whose: ID!, $skill: ID!) {
    viewer { displayName gap(asOf: $day) { asOf } kept: gap(asOf: $last) { asOf } }
    gap(personId: $whose, asOf: $day) { asOf }
    customGap(
      personId: $whose, asOf: $day
      wanted: {requirements: [{skillId: $skill, requiredLevel: 2}]}
    ) { asOf }
  }"""


async def test_a_day_before_the_levels_that_are_kept_is_an_error_at_each_gap(graph: Graph) -> None:
    company = await found(graph)
    last = clock.today() - KEPT
    asked = {
        "day": str(last - timedelta(days=1)),
        "last": str(last),
        "whose": encode("Person", company.keys["Person.dev"]),
        "skill": encode("Skill", company.keys["Skill.c0"]),
    }

    answer = await graph.ask(BEFORE, company.as_("dev"), **asked)

    told = [(each["path"], each["message"], each["extensions"]) for each in answer["errors"]]
    detail = "levels are kept for 1096 days: use a later day"
    assert [path for path, _, _ in sorted(told)] == [["customGap"], ["gap"], ["viewer", "gap"]]
    for _, message, extensions in told:
        assert (message, extensions["code"]) == (f"asOf: {detail}", "BAD_USER_INPUT")
        assert extensions["problem"]["errors"] == [{"pointer": "asOf", "detail": detail}]
    assert answer["data"] == {
        "viewer": {"displayName": "Dev", "gap": None, "kept": answer["data"]["viewer"]["kept"]},
        "gap": None,
        "customGap": None,
    }
