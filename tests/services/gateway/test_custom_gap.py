"""The gap against what somebody lists, as front ends meet it."""

from typing import Any

import pytest

from services.gateway.types.ids import encode
from tests.services.gateway.conftest import Graph
from tests.services.gateway.organisation import Company, found
from tests.services.goals.recomputing import recomputed, told

GAP = """
  query($whose: ID!, $wanted: WantedProfile!) {
    customGap(personId: $whose, wanted: $wanted) {
      targetType role { id } readiness readinessLow readinessHigh unassessedShare
      gapCount unassessedCount engineVersion asOf
      items {
        skill { id code } status asIs intervalLow intervalHigh confidence required gap weight
        mandatory blocker
        trace {
          half
          estimate { level mass variance asOf halfLifeMonths rule }
          decay { days factor mass }
          contributions { assertionId source level weight decay occurredOn }
        }
      }
      experienceGaps { type minMonths status months mandatory trace { matchedBy } }
      credentialGaps { name issuer status mandatory }
      blockers { kind name skill { code } }
      closers { skill { code } gap }
    }
  }"""


def wanted(company: Company, **levels: float) -> list[dict[str, Any]]:
    return [
        {"skillId": encode("Skill", company.keys[f"Skill.{code}"]), "requiredLevel": level}
        for code, level in levels.items()
    ]


async def ask(graph: Graph, company: Company, who: str, profile: dict[str, Any]) -> dict[str, Any]:
    dev = encode("Person", company.keys["Person.dev"])
    return await graph.ask(GAP, company.as_(who), whose=dev, wanted=profile)


async def test_a_list_is_measured_like_a_role_with_the_same_trace(graph: Graph) -> None:
    company = await found(graph)
    skills = wanted(company, c0=4.0, c1=3.0, c2=2.0, c3=1.0)
    skills[0] |= {"importance": 5, "mandatory": True}
    profile = {
        "requirements": skills,
        "experience": [{"type": "LEADERSHIP", "minMonths": 6, "mandatory": True}],
        "credentials": [{"name": "Loom"}],
    }

    gap = (await ask(graph, company, "dev", profile))["data"]["customGap"]

    keys = {encode("Skill", key): key for key in company.keys.values()}
    plain = {each["skillId"]: keys[each["skillId"]] for each in skills}
    asked = profile | {
        "requirements": [each | {"skillId": plain[each["skillId"]]} for each in skills],
        "include": ["EXPERIENCE", "CREDENTIALS", "CLOSERS"],
    }
    direct = await company.write(graph.goals, "dev", "/gaps", asked)
    assert (gap["targetType"], gap["role"]) == ("CUSTOM", None)
    assert [each["skill"]["code"] for each in gap["items"]] == ["c0", "c2", "c1", "c3"]
    assert [each["weight"] for each in gap["items"]] == [5.0, 3.0, 3.0, 3.0]
    for name in ("readiness", "readinessLow", "readinessHigh", "unassessedShare", "gapCount"):
        assert gap[name] == direct[name], name
    for shown, plainly in zip(gap["items"], direct["items"], strict=True):
        skill = shown.pop("skill")
        assert shown["trace"] is None or shown["trace"]["decay"] == plainly["trace"]["decay"]
        shown["skillId"] = keys[skill["id"]]
    assert told(gap) == recomputed(gap)
    assert [each["status"] for each in gap["experienceGaps"]] == ["MISSING"]
    assert gap["credentialGaps"][0]["status"] == direct["credentialGaps"][0]["status"] == "MISSING"
    assert [(each["kind"], each["name"]) for each in gap["blockers"] if each["name"]] == [
        ("EXPERIENCE", "LEADERSHIP")
    ]
    assert [each["skill"]["code"] for each in gap["closers"]] == ["c0", "c2", "c3"]


@pytest.mark.parametrize("who", ["lead", "peer", "chief"])
async def test_what_somebody_aims_at_is_not_for_who_leads_them_or_works_beside_them(
    graph: Graph, who: str
) -> None:
    company = await found(graph)
    profile = {"requirements": wanted(company, c0=4.0)}

    answer = await ask(graph, company, who, profile)
    theirs = await ask(graph, company, "partner", profile)

    assert answer == {"data": {"customGap": None}}
    assert theirs["data"]["customGap"]["targetType"] == "CUSTOM"


@pytest.mark.parametrize(
    ("mistake", "pointer"),
    [
        ({"requiredLevel": 5.5}, "/requirements/0/requiredLevel"),
        ({"importance": 0}, "/requirements/0/importance"),
    ],
)
async def test_a_mistake_is_named_where_it_stands(
    graph: Graph, mistake: dict[str, Any], pointer: str
) -> None:
    company = await found(graph)
    (skill,) = wanted(company, c0=4.0)

    answer = await ask(graph, company, "dev", {"requirements": [skill | mistake]})

    (error,) = answer["errors"]
    assert answer["data"] == {"customGap": None}
    assert (error["path"], error["extensions"]["code"]) == (["customGap"], "BAD_USER_INPUT")
    assert [each["pointer"] for each in error["extensions"]["problem"]["errors"]] == [pointer]


async def test_ids_of_another_kind_and_skills_named_twice_are_refused(graph: Graph) -> None:
    company = await found(graph)
    (skill,) = wanted(company, c0=4.0)
    role = encode("Role", company.keys["Role.weaver"])

    foreign = await ask(graph, company, "dev", {"requirements": [skill | {"skillId": role}]})
    twice = await ask(graph, company, "dev", {"requirements": [skill, skill]})
    none = await ask(graph, company, "dev", {"requirements": []})

    assert foreign["errors"][0]["message"].startswith("skillId is the id of a Role")
    for answer in (foreign, twice, none):
        assert answer["data"] == {"customGap": None}
        assert answer["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"
