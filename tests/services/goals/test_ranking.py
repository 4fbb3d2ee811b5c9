"""The ranking: today and on a past day that of the whole gaps, by one statement, whoever asks."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from random import Random
from typing import Any
from urllib.parse import quote
from uuid import UUID

import pytest
from sqlalchemy import bindparam, event, text
from sqlalchemy.dialects.postgresql import JSONB

from services.goals.gaps import queries, ranking
from shared.ids import new_id
from shared.tenancy import Actor, Grant, Principal

LEVELS = [None, 0.1, 2.2, 2.3, 5.0]
COLUMNS = """(tenant_id, person_id, skill_id, level, mass, variance, as_of, half_life_months, rule, contributions,
    sequence, {more}) VALUES (:tenant, :person, :skill, :level, 0.7, 0.25, :day, 36, 'EVIDENCE_WEIGHTED', :trace,
    :sequence, {given})"""
TELL = text(
    "INSERT INTO people_skill_level_told "
    + COLUMNS.format(more="recorded_at", given="CAST(:day AS date)")
).bindparams(bindparam("trace", type_=JSONB))
COPY = text(
    "INSERT INTO people_skill_level " + COLUMNS.format(more="confidence", given="0.4")
).bindparams(bindparam("trace", type_=JSONB))


@contextmanager
def statements(world: Any) -> Iterator[list[str]]:
    """What is executed meanwhile."""
    engine = world.harness.service.database.engine.sync_engine
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


async def _company(world: Any, random: Random, today: date) -> UUID:
    """A role in two versions, twelve people of a manager who do it, levels told over two years."""
    skills = [new_id() for _ in range(7)]
    first, second = (
        {
            skill: (
                random.choice([0.1, 2.3, 5.0]),
                random.choice([1.0, random.uniform(1, 5)]),
                False,
            )
            for skill in random.sample(skills, 5)
        }
        for _ in range(2)
    )
    role: UUID = await world.role("any", first)
    await world.role("any", second)
    await world.person("seer", grants=[{"role": "HR_PARTNER", "orgUnitId": None}])
    team = [
        await world.person(f"p{n}", roleId=role, managerId=world.ids["manager"]) for n in range(12)
    ]
    async with world.harness.session() as session:
        for number, ago in ((1, 700), (2, 300)):
            day = datetime.combine(today - timedelta(days=ago), time(12), UTC)
            await session.execute(
                text("UPDATE roles_version SET valid_from = :at WHERE number = :number"),
                {"at": day, "number": number},
            )
        for person in team:
            for skill in random.sample(skills, random.choice([0, 3, 7])):
                await _tell(session, random, world.tenant_id, (person, skill), today)
    return role


async def _tell(
    session: Any, random: Random, tenant: UUID, pair: tuple[UUID, UUID], today: date
) -> None:
    """Estimates of a pair, sometimes two of one day; the newest of all is the copy, which may be all there is."""
    days = sorted(random.choices(range(0, 720, 90), k=random.randint(1, 4)), reverse=True)
    rows: list[dict[str, Any]] = [
        {
            "tenant": tenant,
            "person": pair[0],
            "skill": pair[1],
            "level": random.choice(LEVELS),
            "day": today - timedelta(days=ago),
            "trace": [],
            "sequence": sequence,
        }
        for sequence, ago in enumerate(days, start=1)
    ]
    if random.random() < 0.75:
        await session.execute(TELL, rows)
    await session.execute(COPY, rows[-1])


async def _ranked(world: Any, who: str, role: UUID, day: date, limit: int = 100) -> Any:
    path = f"/gaps/ranking?roleId={role}&asOf={day}&limit={limit}"
    answer = await world.call(who, "GET", path)
    assert answer.status_code == 200, answer.text
    return answer.json()


def _place(gap: dict[str, Any]) -> tuple[Any, ...]:
    unknown = gap["readiness"] is None
    return unknown, -(gap["readiness"] or 0.0), gap["unassessedShare"], gap["personId"]


@pytest.mark.parametrize("who", ["seer", "manager"])
@pytest.mark.parametrize("seed", range(3))
async def test_the_ranking_of_any_day_is_that_of_the_whole_gaps_in_order(
    world: Any, today: date, seed: int, who: str
):
    random = Random(seed)
    role = await _company(world, random, today)

    for ago in (0, 90, 299, 450, 699):
        day = today - timedelta(days=ago)
        ranked = await _ranked(world, who, role, day)
        gaps = []
        for each in ranked:
            path = f"/gaps?roleId={role}&personId={each['personId']}&asOf={day}"
            gap = (await world.call(who, "GET", path)).json()
            gaps.append({name: gap[name] for name in each})

        assert ranked == sorted(gaps, key=_place)
        assert len(ranked) == (22 if who == "seer" else 13)
        assert {each["roleVersion"] for each in ranked} == {2 if ago <= 300 else 1}
        assert await _ranked(world, who, role, day, limit=4) == ranked[:4]


async def test_a_day_on_which_the_role_was_not_there_ranks_nobody(world: Any, today: date):
    role = await _company(world, Random(1), today)

    assert await _ranked(world, "seer", role, today - timedelta(days=701)) == []


SHOWN = (
    "personId",
    "readiness",
    "readinessLow",
    "readinessHigh",
    "unassessedShare",
    "gapCount",
    "asOf",
)


@pytest.mark.parametrize("who", ["seer", "manager", "employee", "admin"])
async def test_the_view_ranks_as_the_door_does(world: Any, today: date, who: str):
    role = await _company(world, Random(5), today)
    day = today - timedelta(days=90)
    before = datetime.combine(today - timedelta(days=310), time(12), UTC)
    ask = {
        "by": "all",
        "shape": "list",
        "with": {"roleId": 0, "asOf": 1, "knownAt": 2, "first": 3},
        "select": [{"as": name, "field": name} for name in SHOWN],
    }
    for as_of, known_at, first in (
        (None, None, 100),
        (None, None, 5),
        (day, None, 100),
        (day, before, 100),
    ):
        path = f"/gaps/ranking?roleId={role}&limit={first}"
        path += f"&asOf={as_of}" if as_of else ""
        path += f"&knownAt={quote(known_at.isoformat())}" if known_at else ""
        door = (await world.call(who, "GET", path)).json()
        values = [str(role), as_of and str(as_of), known_at and known_at.isoformat(), first]

        (view,) = (await world.ask(who, "rankings", ask, values, [])).values()

        assert view == [{name: each[name] for name in SHOWN} for each in door]
        seen = {"seer": 22, "manager": 13, "employee": 1, "admin": 1}[who]
        assert len(view) == min(first, seen)


async def test_what_was_not_known_by_then_ranks_nobody(world: Any, today: date):
    role = await _company(world, Random(6), today)
    known_at = datetime.combine(today - timedelta(days=701), time(12), UTC)
    path = f"/gaps/ranking?roleId={role}&knownAt={quote(known_at.isoformat())}"

    assert (await world.call("seer", "GET", path)).json() == []


@pytest.mark.parametrize("ago", [0, 90])
@pytest.mark.parametrize("who", ["seer", "manager"])
async def test_one_statement_ranks_however_many(world: Any, today: date, who: str, ago: int):
    role = await _company(world, Random(2), today)
    day = today - timedelta(days=ago)

    with statements(world) as seen:
        await _ranked(world, who, role, day)

    assert len([each for each in seen if "people_skill_level" in each]) == 1


@pytest.mark.parametrize("ago", [0, 90])
async def test_levels_are_added_up_of_indexes_alone_by_several_processes_if_need_be(
    world: Any, today: date, ago: int
):
    """As the runtime role: no policy and no function keeps PostgreSQL from sharing the work of today out."""
    role = await _company(world, Random(3), today)
    seer = Principal(
        tenant_id=world.tenant_id,
        subject="seer",
        actor=Actor.PERSON,
        person_id=world.ids["seer"],
        scopes=frozenset(),
        grants=(Grant("HR_PARTNER", None),),
    )
    when = queries.When(today - timedelta(days=ago))
    seen = partial(queries.visible, seer)
    sums = ranking._sums(queries._role(role), seen, when.moment())
    compiled = sums.select().compile(world.harness.service.database.engine.sync_engine)
    values = tuple(compiled.params[name] for name in compiled.positiontup or ())

    async with world.harness.session() as session:
        await session.execute(text("SET LOCAL enable_seqscan = off"))
        await session.execute(text("SET LOCAL enable_bitmapscan = off"))
        await session.execute(text("SET LOCAL debug_parallel_query = on"))
        connection = await session.connection()
        rows = await connection.exec_driver_sql(f"EXPLAIN {compiled}", values)
        plan = "\n".join(row[0] for row in rows)

    assert re.search(r"Index Only Scan using \w+ on people_skill_level\b", plan)
    assert ago == 0 or "Index Only Scan Backward using ix_people_skill_level_told_skill_id" in plan
    assert ago or "Gather" in plan


async def test_what_cannot_be_ranked_in_time_is_refused_with_the_fix(
    world: Any, today: date, monkeypatch: pytest.MonkeyPatch
):
    role = await _company(world, Random(4), today)
    monkeypatch.setattr(queries, "EVERYBODY_SECONDS", 0.001)

    answer = await world.call("seer", "GET", f"/gaps/ranking?roleId={role}")

    assert answer.status_code == 422
    assert answer.json()["type"] == "urn:waymark:problem:takes-too-long"
    assert answer.json()["errors"] == [
        {"pointer": "query:roleId", "detail": queries.INSTEAD_OF_RANKING}
    ]
