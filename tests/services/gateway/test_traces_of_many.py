"""Generated words on generated people, through REST; then a reader of GraphQL and REST reckons every number anew."""

import random
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from services.gateway.types.ids import decode, encode
from services.profile.weights import commands as weighing
from shared import clock
from shared.ids import new_id
from shared.jobs import Job
from shared.tenancy import Principal
from tests.services.gateway.conftest import Graph
from tests.services.gateway.organisation import SCOPES, Company
from tests.services.gateway.reckoning import faults_of_level, same, standing
from tests.services.gateway.rows import STEPS
from tests.services.goals.recomputing import months_of, recomputed, told, told_months

PEOPLE = 6
RULES = ("EVIDENCE_WEIGHTED", "BEST", "LATEST")
HALF_LIVES = (6, 36)
LEVELS = (0.0, 1.25, 2.5, 3.75, 4.2, 5.0)
SAID_BY = (
    ("MANAGER", "lead"), ("SELF", "me"), ("PEER", "hr"), ("ASSESSMENT", "hr"), ("PROJECT", "me"),
    ("PROJECT", "lead"), ("COURSE", "machine"), ("CERTIFICATION", "machine"), ("IMPORT", "machine"),
)  # fmt: skip
COMMON = (
    "level", "selfLevel", "mass", "variance", "intervalLow", "intervalHigh", "confidence", "asOf",
    "halfLifeMonths", "rule", "weightsVersion", "contributions",
)  # fmt: skip
READ = """
  query($id: ID!) {
    sourceWeights(first: 5) { version weights { source weight } }
    person(id: $id) {
      skills(first: 20) {
        skill { id } level selfLevel intervalLow intervalHigh confidence mass variance asOf rule
        halfLifeMonths weightsVersion
        contributions { assertionId source level weight decay occurredOn shift levelWithout insteadId }
      }
      skillAssertions(first: 60) { id skill { id } level source state occurredOn expiresOn }
      gap {
        asOf readiness readinessLow readinessHigh unassessedShare
        items(first: 20) {
          skill { id } status asIs intervalLow intervalHigh confidence required gap weight mandatory
          blocker
          trace {
            half estimate { level mass variance asOf halfLifeMonths rule }
            decay { days factor mass } contributions { assertionId level }
          }
        }
        experienceGaps(first: 10) {
          type minMonths status months verifiedMonths missingMonths
          trace {
            wholeMonths days verifiedWholeMonths verifiedDays
            records { recordId startedOn endedOn verification }
          }
        }
      }
    }
  }"""
ROLE = {
    "catalogue": "t", "family": "Weaving", "track": None, "level": None, "code": "r", "title": "R",
    "experience": [
        {"type": "LEADERSHIP", "minMonths": 6, "minTeamSize": 3, "mandatory": True},
        {"type": "WORK", "minMonths": 60},
        {"type": "weaver", "minMonths": 1},
    ],
    "credentials": [],
}  # fmt: skip


class World:
    """One tenant: `lead` leads everybody, `hr` and `admin` are what they are called."""

    def __init__(self, graph: Graph) -> None:
        self.graph, self.dice = graph, random.Random(20261122)
        self.company = Company(graph, graph.profile.tenant_id)
        self.skills: list[str] = []

    async def send(
        self, who: str, method: str, path: str, body: Any = None, *, version: int = 1
    ) -> Any:
        """What is answered; only what the states of things forbid is refused."""
        machine = who == "machine"
        headers = self.company.client(*SCOPES) if machine else self.company.as_(who)
        headers |= {"If-Match": f'"{version}"'}
        answer = await self.graph.profile.client.request(method, path, json=body, headers=headers)
        assert answer.status_code < 300 or answer.status_code in (403, 409), answer.text
        return answer.json()

    def day(self, most: int) -> date:
        return clock.today() - timedelta(days=self.dice.randrange(most))

    async def found(self) -> None:
        company, profile = self.company, self.graph.profile
        scale = {"name": "Four", "levels": STEPS}
        common = {"source": "LOCAL", "version": "1", "publish": True, "scale": scale}
        frameworks = [{"key": rule, "title": rule, "rule": rule} | common for rule in RULES]
        await company.put_in(profile, "frameworks", frameworks)
        skills = [
            {"frameworkKey": rule, "code": f"{rule}{half_life}", "statement": f"{rule} {half_life}"}
            | {"type": "TECHNICAL", "halfLifeMonths": half_life, "alignments": []}
            for rule in RULES
            for half_life in HALF_LIVES
        ]
        await company.put_in(profile, "skills", skills, "Skill")
        self.skills = [company.keys[name] for name in company.named("Skill")]
        await self._staff()

    async def _staff(self) -> None:
        company, profile = self.company, self.graph.profile
        required = [
            {"skillId": skill, "requiredLevel": 1 + n % 5, "importance": 1 + n % 5}
            | {"mandatory": n % 2 == 0}
            for n, skill in enumerate(self.skills)
        ]
        await company.put_in(self.graph.goals, "roles", [ROLE | {"requirements": required}], "Role")
        managers = {"lead": None, "hr": "lead", "admin": "lead"}
        managers |= {f"p{n}": "lead" for n in range(PEOPLE)}
        people = [
            {"system": "h", "key": key, "managerKey": above, "displayName": key}
            | {"workEmail": f"{key}@example.org", "subject": f"{key}@example.org"}
            | {"hireDate": "2015-01-01", "roleId": company.keys["Role.r"]}
            for key, above in managers.items()
        ]
        await company.put_in(profile, "people", people, "Person")
        grants = {"hr": "HR_PARTNER", "admin": "ADMIN"}
        rows = [{"system": "h", "key": key, "role": role} for key, role in grants.items()]
        await company.put_in(profile, "grants", rows)

    async def say(self, who: str) -> None:
        """Some words of several sources, of which some are confirmed, rejected or taken back."""
        dice = self.dice
        for _ in range(dice.randrange(6, 14)):
            source, by = dice.choice(SAID_BY)
            by, day = (who if by == "me" else by), self.day(2500)
            ends = day + timedelta(days=dice.randrange(1, 3000))
            body = {
                "personId": self.company.keys[f"Person.{who}"], "source": source,
                "skillId": dice.choice(self.skills), "level": dice.choice(LEVELS),
                "occurredOn": day.isoformat(), "evidence": [{"kind": "TESTIMONY", "title": "Seen"}],
                "expiresOn": ends.isoformat() if dice.random() < 0.25 else None,
            }  # fmt: skip
            made = await self.send(by, "POST", "/skills/assertions", body)
            step = dice.choice(("confirm", "reject", "retract", None, None))
            if step is not None:
                decides = by if step == "retract" else dice.choice(("lead", "hr"))
                path = f"/skills/assertions/{made['id']}/{step}"
                await self.send(decides, "POST", path, {"reason": "So."})

    async def live(self, who: str) -> None:
        """Experience, of which some is verified and then proves skills."""
        dice, path = self.dice, f"/people/{self.company.keys[f'Person.{who}']}/experience"
        for _ in range(3):
            first = self.day(4000)
            last = first + timedelta(days=dice.randrange(900))
            body = {
                "type": dice.choice(("EMPLOYMENT", "PART_TIME", "VOLUNTEER")),
                "title": dice.choice(("Weaver", "Dyer")), "startedOn": first.isoformat(),
                "endedOn": last.isoformat() if last <= clock.today() else None,
                "teamSizeLed": dice.choice((None, 2, 8)),
                "skills": [{"skillId": dice.choice(self.skills), "level": 2.5}],
            }  # fmt: skip
            made = await self.send(who, "POST", path, body)
            if dice.random() < 0.5:
                await self.send("lead", "POST", f"{path}/{made['id']}/verify", {})

    async def faults(self) -> list[str]:
        found: list[str] = []
        for n in range(PEOPLE):
            who = f"p{n}"
            person, viewer = self.company.keys[f"Person.{who}"], self.company.as_(who)
            answer = await self.graph.ask(READ, viewer, id=encode("Person", person))
            assert "errors" not in answer, answer["errors"]
            levels = await self.send(who, "GET", f"/skills/levels?personId={person}&limit=50")
            of_one = [*_of_levels(answer["data"], levels), *_of_gap(answer["data"]["person"])]
            found += [f"{who}: {each}" for each in of_one]
        return found


def _of_levels(shown: Any, rest: Any) -> Iterator[str]:
    weights = {
        each["version"]: {one["source"]: one["weight"] for one in each["weights"]}
        for each in shown["sourceWeights"]
    }
    words: dict[str, list[Any]] = defaultdict(list)
    today = clock.today().isoformat()
    for each in shown["person"]["skillAssertions"]:
        words[each["skill"]["id"]].append(each | {"id": decode(each["id"])[1]})
    by_rest = {encode("Skill", each["skillId"]): each for each in rest}
    for level in shown["person"]["skills"]:
        skill = level["skill"]["id"]
        stand = standing(words[skill], today=today)
        yield from faults_of_level(level, stand, weights[level["weightsVersion"]])
        yield from (
            f"{name}: REST says {by_rest[skill][name]}, the graph {level[name]}"
            for name in COMMON
            if by_rest[skill][name] != level[name]
        )
    heard = {skill for skill, said in words.items() if standing(said, today=today)}
    if missing := heard - {each["skill"]["id"] for each in shown["person"]["skills"]}:
        yield f"skills: {missing} are missing"


def _of_gap(person: Any) -> Iterator[str]:
    gap = person["gap"]
    items = [each | {"skillId": decode(each["skill"]["id"])[1]} for each in gap["items"]]
    if told(gap | {"items": items}) != recomputed(gap | {"items": items}):
        yield "gap: its trace says something else"
    levels = {each["skill"]["id"]: each["level"] for each in person["skills"]}
    for item in gap["items"]:
        if not same(item["asIs"], levels.get(item["skill"]["id"])):
            yield f"asIs: {item['asIs']} is not the level"
    for each in gap["experienceGaps"]:
        if told_months(each) != months_of(each, gap["asOf"]):
            yield f"months: {told_months(each)}"


@pytest.fixture
async def world(graph: Graph) -> World:
    made = World(graph)
    await made.found()
    for n in range(PEOPLE):
        await made.say(f"p{n}")
        await made.live(f"p{n}")
        await made.company.tell()
    return made


async def test_a_reader_reckons_every_level_shift_and_gap_under_old_and_new_weights(
    world: World,
) -> None:
    before = await world.faults()
    weights = [{"source": "MANAGER", "weight": 0.35}, {"source": "COURSE", "weight": 0}]
    await world.send("admin", "PUT", "/weights", {"weights": weights, "reason": "Try."}, version=0)
    profile = world.graph.profile
    job = Job(new_id(), weighing.REWEIGH, profile.tenant_id, {}, 1)
    system = Principal.system(profile.tenant_id, "test")
    await weighing.reweigh(profile.service.database, system, job)
    await world.company.tell()

    after = await world.faults()

    assert (before, after) == ([], [])
