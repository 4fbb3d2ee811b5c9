"""Ratings, experts and traces as front ends meet them."""

import pytest

from services.gateway.types.ids import encode
from tests.services.gateway.conftest import Graph
from tests.services.gateway.organisation import found
from tests.unit.profile.trace_reader import recomputed

ASK = """
  mutation($input: AskRatingInput!) {
    askRating(input: $input) {
      __typename
      ... on Rating { id state rater { preferredName } items { skill { code } level } }
      ... on Problem { code }
    }
  }"""
ANSWER = """
  mutation($input: AnswerRatingInput!) {
    answerRating(input: $input) {
      ... on Rating { state items { level comment } }
      ... on Problem { code }
    }
  }"""
LEVELS = """
  {
    viewer {
      ratings(states: [ANSWERED]) { askedBy { id } }
      ratingsToGive { id }
      skills {
        skill { code } level mass variance intervalLow intervalHigh contrast
        contributions { source level weight decay shift levelWithout }
      }
    }
  }"""


async def test_a_rating_is_asked_for_given_and_traced(graph: Graph) -> None:
    company = await found(graph)
    rater, skill = (
        encode(noun, company.keys[name])
        for noun, name in (("Person", "Person.peer"), ("Skill", "Skill.c0"))
    )
    asked = await graph.ask(
        ASK, company.as_("dev"), input={"raterId": rater, "skillIds": [skill], "message": "Please."}
    )
    rating = asked["data"]["askRating"]
    given = {"ratingId": rating["id"], "ratings": [{"skillId": skill, "level": 4.5}]}
    foreign = await graph.ask(ANSWER, company.as_("partner"), input=given)
    answered = await graph.ask(ANSWER, company.as_("peer"), input=given)
    shown = (await graph.ask(LEVELS, company.as_("dev")))["data"]["viewer"]

    assert (rating["state"], rating["items"]) == (
        "OPEN",
        [{"skill": {"code": "c0"}, "level": None}],
    )
    assert foreign["data"]["answerRating"] == {"code": "forbidden"}
    assert answered["data"]["answerRating"] == {
        "state": "ANSWERED",
        "items": [{"level": 4.5, "comment": None}],
    }
    assert (len(shown["ratings"]), shown["ratingsToGive"]) == (1, [])
    level = next(each for each in shown["skills"] if each["skill"]["code"] == "c0")
    assert "PEER" in {each["source"] for each in level["contributions"]}
    for name, value in recomputed(level["contributions"]).items():
        assert level[name] == pytest.approx(value, abs=1e-12)
    for each in level["contributions"]:
        rest = recomputed([other for other in level["contributions"] if other is not each])
        assert each["levelWithout"] == pytest.approx(rest["level"], abs=1e-9)
        assert each["shift"] == pytest.approx(level["level"] - rest["level"], abs=1e-9)


async def test_experts_have_consented_and_weights_are_known(graph: Graph) -> None:
    company = await found(graph)
    skill = encode("Skill", company.keys["Skill.c0"])
    query = """
      query($skill: ID!) {
        experts(skillId: $skill) { band estimate person { preferredName } }
        sourceWeights { version reason weights { source weight } changedBy { id } }
      }"""

    before = (await graph.ask(query, company.as_("peer"), skill=skill))["data"]
    await company.write(
        graph.profile,
        "dev",
        f"/people/{company.keys['Person.dev']}/consents",
        {"scope": "EXPERTISE", "purpose": "To be asked."},
    )
    after = (await graph.ask(query, company.as_("peer"), skill=skill))["data"]
    boss = (await graph.ask(query, company.as_("lead"), skill=skill))["data"]

    assert before["experts"] == []
    ((seen,), (read,)) = (after["experts"], boss["experts"])
    assert seen["estimate"] is None
    assert read["estimate"] is not None
    assert seen["band"] == read["band"]
    (built_in,) = after["sourceWeights"]
    assert (built_in["version"], built_in["changedBy"]) == (0, None)
    assert {"source": "MANAGER", "weight": 0.7} in built_in["weights"]
