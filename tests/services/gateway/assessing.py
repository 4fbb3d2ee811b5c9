"""Somebody who takes an inventory of interests through GraphQL."""

from typing import Any

from services.gateway.types.ids import encode
from services.profile.assessments import registry
from tests.services.gateway.organisation import Company

START = """
  mutation($input: StartAssessmentInput!) {
    startAssessment(input: $input) {
      __typename ... on AssessmentSession { id state attempt instrument { code items { key } } }
      ... on Problem { code detail }
    }
  }"""
SAVE = """
  mutation($input: SaveAnswersInput!) {
    saveAnswers(input: $input) {
      __typename ... on AssessmentSession { id answers { item value seconds } }
      ... on InvalidInput { errors { pointer detail } }
    }
  }"""
SUBMIT = """
  mutation($input: SubmitAssessmentInput!) {
    submitAssessment(input: $input) {
      __typename
      ... on AssessmentSession {
        state
        results { id typeCode scales { letter: code raw unscored interval { low } } flags { sign } }
      }
      ... on Problem { code detail }
    }
  }"""
AREAS = ("realistic", "investigative", "artistic", "social", "enterprising", "conventional")


def _occupation(code: str, title: str, *scores: float) -> dict[str, Any]:
    return {"onetSocCode": code, "title": title, **dict(zip(AREAS, scores, strict=True))}


OCCUPATIONS = [
    _occupation("15-2031.00", "Researcher", 2, 7, 4, 2, 1, 3),
    _occupation("25-2021.00", "Teacher", 1, 3, 4, 7, 3, 2),
    _occupation("41-3091.00", "Seller", 1, 1, 2, 4, 7, 4),
]


def interests() -> str:
    (found,) = [e for e in registry.built_in().values() if e.instrument.code == "interests-60"]
    return encode("Instrument", found.id)


async def taken(company: Company, who: str, liked: str = "I") -> dict[str, Any]:
    """Handed in: the statements of one area liked most, all others least."""
    me = company.as_(who)
    graph = company.graph
    started = await graph.ask(START, me, input={"instrumentId": interests()})
    session = started["data"]["startAssessment"]
    (instrument,) = [
        each.instrument
        for each in registry.built_in().values()
        if each.instrument.code == "interests-60"
    ]
    low, *_, high = [option.value for option in instrument.response.options]
    liked_keys = {keyed.key for keyed in instrument.scale(liked).items}
    answers = [
        {"item": item.key, "value": high if item.key in liked_keys else low, "seconds": 3.5}
        for item in instrument.items
    ]
    await graph.ask(SAVE, me, input={"assessmentId": session["id"], "answers": answers})
    done = await graph.ask(SUBMIT, me, input={"assessmentId": session["id"]})
    submitted: dict[str, Any] = done["data"]["submitAssessment"]
    return submitted | {"session": session["id"]}


def person_id(company: Company, who: str) -> str:
    return encode("Person", company.keys[f"Person.{who}"])
