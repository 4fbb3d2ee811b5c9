"""Growth as front ends meet it: the door's own figures, for the door's own readers."""

from datetime import timedelta
from typing import Any

import pytest

from services.gateway.types.ids import encode
from shared import clock
from tests.services.gateway.conftest import Graph
from tests.services.gateway.organisation import Company, found
from tests.unit.profile.trace_reader import recomputed

GROWTH = """
  query($whose: ID!, $since: Date, $known: DateTime, $baseline: ID) {
    person(id: $whose) {
      displayName
      growth(since: $since, knownAt: $known, baselineId: $baseline) {
        since knownAt until baseline { id cycle }
        skills {
          skill { id code }
          change certain
          before { ...level }
          now { ...level }
        }
      }
    }
  }
  fragment level on PastLevel {
    level selfLevel intervalLow intervalHigh confidence mass variance asOf halfLifeMonths rule
    weightsVersion
    contributions {
      assertionId source level weight decay occurredOn shift levelWithout insteadId
    }
  }"""


async def ask(graph: Graph, company: Company, who: str, **given: Any) -> dict[str, Any]:
    whose = encode("Person", company.keys["Person.dev"])
    return await graph.ask(GROWTH, company.as_(who), whose=whose, **given)


async def grown(graph: Graph, company: Company, who: str, **given: Any) -> dict[str, Any]:
    answer = await ask(graph, company, who, **given)
    assert "errors" not in answer, answer
    found: dict[str, Any] = answer["data"]["person"]["growth"]
    return found


async def door(graph: Graph, company: Company, who: str, **given: Any) -> Any:
    answer = await graph.profile.client.get(
        "/skills/growth",
        params={"personId": company.keys["Person.dev"], **given},
        headers=company.as_(who),
    )
    return answer.json()


def as_at_the_door(company: Company, growth: dict[str, Any], direct: Any) -> None:
    """The same skills with the very same figures; only the moment of asking differs."""
    keys = {encode("Skill", key): key for key in company.keys.values()}
    told = {each["skillId"]: each for each in direct}
    assert {keys[each["skill"]["id"]] for each in growth["skills"]} == set(told)
    for each in growth["skills"]:
        plain = told[keys[each["skill"]["id"]]]
        assert (each["change"], each["certain"]) == (plain["change"], plain["certain"])
        for side in ("before", "now"):
            shown, known = each[side], plain[side]
            assert (shown is None) == (known is None)
            if shown is not None:
                assert shown == {name: known[name] for name in shown}


@pytest.fixture
async def company(graph: Graph) -> Company:
    """`dev` was at 1 in c3 some time ago, had a baseline taken, and is at 4 now."""
    company = await found(graph)
    ago = clock.today() - timedelta(days=200)
    await said(company, "partner", "ASSESSMENT", 1.0, occurredOn=str(ago))
    path = f"/people/{company.keys['Person.dev']}/baselines"
    taken = await company.write(graph.profile, "dev", path, {"cycle": "first"})
    company.keys["Baseline.first"] = taken["id"]
    await said(company, "partner", "ASSESSMENT", 4.0)
    await said(company, "dev", "SELF", 5.0)
    return company


async def said(company: Company, who: str, source: str, level: float, **more: Any) -> None:
    keys = company.keys
    body = {"personId": keys["Person.dev"], "skillId": keys["Skill.c3"], "level": level}
    body |= {"source": source, "evidence": [{"kind": "TESTIMONY", "title": "Seen"}], **more}
    await company.write(company.graph.profile, who, "/skills/assertions", body)


async def test_growth_begins_with_a_baseline(graph: Graph, company: Company) -> None:
    baseline = encode("Baseline", company.keys["Baseline.first"])

    growth = await grown(graph, company, "dev", baseline=baseline)
    newest = await grown(graph, company, "dev")

    direct = await door(graph, company, "dev", baselineId=company.keys["Baseline.first"])
    as_at_the_door(company, growth, direct)
    assert newest == growth
    assert growth["baseline"] == {"id": baseline, "cycle": "first"}
    assert (growth["since"], growth["until"]) == (str(clock.today()), str(clock.today()))
    first = growth["skills"][0]
    assert (first["skill"]["code"], first["change"]) == ("c3", 3.0)
    assert (first["before"]["selfLevel"], first["now"]["selfLevel"]) == (None, 5.0)
    kept = await company.write(
        graph.profile,
        "dev",
        f"/people/{company.keys['Person.dev']}/baselines/{company.keys['Baseline.first']}",
        method="GET",
    )
    levels = {each["skillId"]: each for each in kept["levels"]}
    for each in direct:
        if each["before"] is not None:
            for name in ("level", "mass", "variance", "intervalLow", "intervalHigh", "selfLevel"):
                assert each["before"][name] == levels[each["skillId"]][name]


async def test_growth_from_a_day_recomputes_from_its_traces(graph: Graph, company: Company) -> None:
    day = str(clock.today() - timedelta(days=100))

    growth = await grown(graph, company, "lead", since=day)

    as_at_the_door(company, growth, await door(graph, company, "lead", since=day))
    assert (growth["since"], growth["baseline"]) == (day, None)
    levels = [each[side] for each in growth["skills"] for side in ("before", "now") if each[side]]
    assert len(levels) > 3
    for level in levels:
        if level["contributions"]:
            for name, value in recomputed(level["contributions"]).items():
                assert level[name] == pytest.approx(value, abs=1e-12)


async def test_what_was_known_then_knows_nothing_of_what_was_said_later(
    graph: Graph, company: Company
) -> None:
    day, before = str(clock.today()), "2020-01-01T00:00:00Z"

    growth = await grown(graph, company, "dev", since=day, known=before)

    assert {each["before"] is None for each in growth["skills"]} == {True}
    as_at_the_door(company, growth, await door(graph, company, "dev", since=day, knownAt=before))


async def test_who_leads_from_further_off_sees_neither_ones_own_word_nor_the_baselines(
    graph: Graph, company: Company
) -> None:
    baseline = encode("Baseline", company.keys["Baseline.first"])
    day = str(clock.today())

    growth = await grown(graph, company, "chief", since=day)
    from_baseline = await ask(graph, company, "chief", baseline=baseline)

    assert growth["skills"]
    sides = [each[side] for each in growth["skills"] for side in ("before", "now")]
    assert {each["selfLevel"] for each in sides if each} == {None}
    assert from_baseline["data"]["person"]["growth"] is None
    direct = await door(graph, company, "chief", baselineId=company.keys["Baseline.first"])
    assert direct["type"] == "urn:waymark:problem:not-found"


async def test_a_colleague_sees_nothing_of_it(graph: Graph, company: Company) -> None:
    for given in ({}, {"since": str(clock.today())}):
        answer = await ask(graph, company, "peer", **given)

        assert answer == {"data": {"person": {"displayName": "Dev", "growth": None}}}


async def test_another_persons_baseline_is_nothing_to_begin_with(
    graph: Graph, company: Company
) -> None:
    path = f"/people/{company.keys['Person.peer']}/baselines"
    theirs = await company.write(graph.profile, "peer", path, {})

    for who in ("dev", "lead"):
        answer = await ask(graph, company, who, baseline=encode("Baseline", theirs["id"]))
        assert answer["data"]["person"]["growth"] is None


async def test_a_mistake_costs_the_growth_alone(graph: Graph, company: Company) -> None:
    baseline = encode("Baseline", company.keys["Baseline.first"])
    day = str(clock.today())

    both = await ask(graph, company, "dev", since=day, baseline=baseline)
    loose = await ask(graph, company, "dev", known="2026-01-01T00:00:00Z")
    future = await ask(graph, company, "dev", since=str(clock.today() + timedelta(days=1)))

    for answer, pointer in ((both, "/baselineId"), (loose, "/knownAt")):
        (error,) = answer["errors"]
        assert answer["data"] == {"person": {"displayName": "Dev", "growth": None}}
        assert error["path"] == ["person", "growth"]
        assert error["extensions"]["code"] == "BAD_USER_INPUT"
        assert error["extensions"]["problem"]["errors"][0]["pointer"] == pointer
    assert future["data"]["person"]["growth"] is None
