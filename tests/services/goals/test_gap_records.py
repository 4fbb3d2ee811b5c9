"""Experience and credentials that a role asks for: what counts, how long, and what is missing."""

from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import text

from services.goals.events import handlers
from services.goals.people.record_events import forget_records
from shared.ids import new_id
from tests.services.goals.recomputing import months_of, told_months

PATH = "/gaps?include=EXPERIENCE&include=CREDENTIALS"
SMALL_TEAM = {
    "type": "LEADERSHIP",
    "minMonths": 6,
    "minTeamSize": 3,
    "text": "Has led a small team",
    "mandatory": True,
}


async def done(world: Any, who: str, started: str, ended: str | None = None, **facts: Any) -> Any:
    """A record of somebody's experience as profile tells it; its id."""
    record = facts.pop("record", None) or new_id()
    payload = {
        "recordId": record,
        "personId": world.ids[who],
        "type": "EMPLOYMENT",
        "title": "Lead engineer",
        "organisation": "Lighthouse Ltd",
        "startedOn": started,
        "endedOn": ended,
        "hoursPerWeek": 40,
        "teamSizeLed": 4,
        "skillIds": [str(new_id())],
        "verification": "VERIFIED",
        "withdrawn": False,
        **facts,
    }
    kind = "withdrawn" if payload["withdrawn"] else "recorded"
    await world.tell(f"waymark.profile.experience.{kind}.v1", record, payload)
    return record


async def earned(world: Any, who: str, **facts: Any) -> Any:
    credential = facts.pop("credential", None) or new_id()
    payload = {
        "credentialId": credential,
        "personId": world.ids[who],
        "type": "CERTIFICATION",
        "name": "PMP",
        "issuer": "PMI",
        "issuedOn": "2024-01-01",
        "expiresOn": None,
        "expiredOn": None,
        "revokedOn": None,
        "credentialUrl": None,
        "verification": "VERIFIED",
        **facts,
    }
    await world.tell("waymark.profile.credential.added.v1", credential, payload)
    return credential


async def asks(world: Any, *experience: Any, credentials: Any = ()) -> None:
    role = await world.role("lead", {}, experience=list(experience), credentials=list(credentials))
    await world.person("employee", roleId=role)


async def experience_of(world: Any, path: str = PATH) -> Any:
    """The one experience gap of the employee's, recomputed from what it says."""
    gap = (await world.call("employee", "GET", path)).json()
    (found,) = gap["experienceGaps"]
    assert told_months(found) == months_of(found, gap["asOf"])
    return found


async def test_half_a_year_with_a_small_team_is_met_to_the_day(world: Any):
    await asks(world, SMALL_TEAM)
    await done(world, "employee", "2025-01-01", "2025-06-30")

    found = await experience_of(world)

    assert (found["status"], found["months"], found["missingMonths"]) == ("MET", 6.0, 0.0)
    assert (found["text"], found["mandatory"]) == ("Has led a small team", True)
    assert [each["title"] for each in found["trace"]["records"]] == ["Lead engineer"]


async def test_a_day_less_is_partly(world: Any):
    await asks(world, SMALL_TEAM)
    await done(world, "employee", "2025-01-01", "2025-06-29")

    found = await experience_of(world)

    # 5 months and 29 days
    assert (found["status"], found["months"]) == ("PARTLY", 5.952772074)
    assert found["missingMonths"] == 0.047227926


async def test_days_that_records_share_count_once(world: Any):
    await asks(world, SMALL_TEAM)
    await done(world, "employee", "2025-01-01", "2025-03-31")
    await done(world, "employee", "2025-03-01", "2025-04-30", type="PROJECT")
    await done(world, "employee", "2025-05-01", "2025-05-31", hoursPerWeek=4)

    found = await experience_of(world)

    assert (found["months"], found["trace"]["days"]) == (5.0, 0)
    assert len(found["trace"]["records"]) == 3


@pytest.mark.parametrize(
    ("facts", "status"),
    [
        ({"teamSizeLed": 2}, "MISSING"),
        ({"teamSizeLed": None}, "MISSING"),
        ({"verification": "DECLARED"}, "UNVERIFIED"),
        ({"verification": "NONE"}, "MISSING"),
        ({"type": "EDUCATION"}, "MISSING"),
        ({"type": "VOLUNTEER"}, "MET"),
    ],
)
async def test_what_counts_as_leading(world: Any, facts: dict[str, Any], status: str):
    await asks(world, SMALL_TEAM)
    await done(world, "employee", "2024-01-01", "2024-12-31", **facts)

    found = await experience_of(world)

    assert found["status"] == status


@pytest.mark.parametrize(
    ("kind", "matched", "months"),
    [
        ("EMPLOYMENT", "TYPE", 24.0),
        ("part-time", "TYPE", 12.0),
        ("Project", "TYPE", 12.0),
        ("work", "WORK", 36.0),
        ("engineer", "TITLE", 36.0),
        ("gardening", "TITLE", 0.0),
    ],
)
async def test_what_kind_of_experience_a_word_means(
    world: Any, kind: str, matched: str, months: float
):
    await asks(world, {"type": kind, "minMonths": 60})
    await done(world, "employee", "2020-01-01", "2020-12-31")
    await done(world, "employee", "2021-01-01", "2021-12-31", type="PART_TIME")
    await done(world, "employee", "2022-01-01", "2022-12-31", type="PROJECT")
    await done(world, "employee", "2023-01-01", "2023-12-31", type="EDUCATION", title="Studies")

    found = await experience_of(world)

    assert (found["trace"]["matchedBy"], found["months"]) == (matched, months)


async def test_verified_and_declared_months_are_told_apart(world: Any):
    await asks(world, SMALL_TEAM)
    await done(world, "employee", "2025-01-01", "2025-03-31")
    await done(world, "employee", "2025-03-15", "2025-07-14", verification="DECLARED")

    found = await experience_of(world)

    assert (found["status"], found["verifiedMonths"]) == ("UNVERIFIED", 3.0)
    assert (found["trace"]["wholeMonths"], found["trace"]["days"]) == (6, 14)


async def test_what_goes_on_counts_up_to_the_day_of_the_gap(world: Any, today: date):
    await asks(world, SMALL_TEAM)
    await done(world, "employee", today.replace(year=today.year - 1).isoformat())
    later = (today + timedelta(days=400)).isoformat()

    now = await experience_of(world)
    then = await experience_of(world, f"{PATH}&asOf={later}")

    assert now["trace"]["wholeMonths"] == 12
    assert then["trace"]["wholeMonths"] == 25


async def test_a_withdrawn_record_is_forgotten(world: Any):
    await asks(world, SMALL_TEAM)
    record = await done(world, "employee", "2024-01-01", "2024-12-31")
    await done(world, "employee", "2024-01-01", "2024-12-31", record=record, withdrawn=True)

    found = await experience_of(world)

    assert (found["status"], found["trace"]["records"]) == ("MISSING", [])


@pytest.mark.parametrize("seed", range(10))
async def test_generated_experience_recomputes_from_its_trace_alone(
    world: Any, today: date, seed: int
):
    random = Random(seed)
    words = ["EMPLOYMENT", "WORK", "LEADERSHIP", "PROJECT", "engineer", "VOLUNTEER"]
    await asks(
        world,
        *(
            {"type": word, "minMonths": random.randrange(60)}
            | ({"minTeamSize": 3} if random.random() < 0.5 else {})
            for word in words
        ),
    )
    for _ in range(25):
        started = today - timedelta(days=random.randrange(3000))
        ended = started + timedelta(days=random.choice([0, 27, 30, 31, random.randrange(700)]))
        await done(
            world,
            "employee",
            started.isoformat(),
            random.choice([None, ended.isoformat()]),
            type=random.choice(["EMPLOYMENT", "PART_TIME", "PROJECT", "VOLUNTEER", "EDUCATION"]),
            teamSizeLed=random.choice([None, 0, 1, 3, 8]),
            verification=random.choice(["DECLARED", "VERIFIED", "NONE"]),
        )
    day = today - timedelta(days=random.randrange(-900, 0))

    gap = (await world.call("employee", "GET", f"{PATH}&asOf={day}")).json()

    assert len(gap["experienceGaps"]) == len(words)
    for each in gap["experienceGaps"]:
        assert told_months(each) == months_of(each, gap["asOf"])


async def test_what_is_not_included_is_not_answered(world: Any):
    await asks(world, SMALL_TEAM)

    gap = (await world.call("employee", "GET", "/gaps")).json()

    assert (gap["experienceGaps"], gap["credentialGaps"], gap["closers"]) == (None, None, None)


async def test_a_custom_profile_may_ask_for_experience_and_credentials(world: Any):
    await done(world, "employee", "2025-01-01", "2025-06-30")
    asked = {
        "requirements": [{"skillId": str(new_id()), "requiredLevel": 2}],
        "experience": [SMALL_TEAM],
        "credentials": [{"name": "PMP"}],
        "include": ["EXPERIENCE", "CREDENTIALS"],
    }

    gap = (await world.call("employee", "POST", "/gaps", asked)).json()

    assert [each["status"] for each in gap["experienceGaps"]] == ["MET"]
    assert [each["status"] for each in gap["credentialGaps"]] == ["MISSING"]


async def test_records_of_an_erased_person_are_gone(world: Any):
    await done(world, "employee", "2025-01-01")
    await earned(world, "employee")
    await world.estimate("employee", new_id(), 2.0)
    kept = await done(world, "colleague", "2025-01-01")

    await world.harness.deliver(
        "waymark.profile.erasure.ordered.v1",
        subject=world.ids["employee"],
        sequence=1_000,
        payload={
            "erasureId": str(new_id()),
            "person": {"personId": str(world.ids["employee"]), "texts": [], "identifiers": []},
        },
    )

    async with world.harness.session() as session:
        found = [
            (await session.execute(text(f"SELECT id FROM {table}"))).scalars().all()
            for table in ("people_experience", "people_credential")
        ]
        levels = (await session.execute(text("SELECT 1 FROM people_skill_level_told"))).all()
    assert (found, levels) == ([[kept], []], [])


def test_the_copy_of_records_can_be_made_anew():
    assert handlers.resets["records"] is forget_records
    assert {each.pattern for each in handlers.groups["records"].handlers} == {
        "waymark.profile.experience.*.v1",
        "waymark.profile.credential.*.v1",
        "waymark.profile.consent.*.v1",
    }
