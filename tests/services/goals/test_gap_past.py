"""A gap of a past day: the levels as they had been told, the role as it had been published."""

import json
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import text

from services.goals.events import handlers
from services.goals.people.queries import forget_skills
from shared.events import inbox
from shared.events.facts import Envelope
from shared.ids import new_id
from tests.services.goals.recomputing import recomputed, told


@pytest.fixture
async def ready(world: Any, today: date) -> Any:
    """An employee of a role that was published a year ago and asked for more half a year ago."""
    skill = world.ids["skill"] = new_id()
    role = await world.role("developer", {skill: 2.5})
    await world.role("developer", {skill: 5.0})
    await world.person("employee", roleId=role)
    world.ids["role"] = role
    await _published(world, {1: today - timedelta(days=365), 2: today - timedelta(days=180)})
    return world


async def _published(world: Any, days: dict[int, date]) -> None:
    async with world.harness.session() as session:
        for number, day in days.items():
            await session.execute(
                text("UPDATE roles_version SET valid_from = :at WHERE number = :number"),
                {"at": datetime.combine(day, time(12), UTC), "number": number},
            )


async def _estimated(
    world: Any, day: date, level: float | None, *, sequence: int, told_on: date | None = None
) -> None:
    """A fact of that day, delivered as it was sent then."""
    estimate = world.ids.setdefault("estimate", new_id())
    payload = {
        "personId": world.ids["employee"],
        "skillId": world.ids["skill"],
        "level": level,
        "mass": 0.7,
        "variance": 0.25,
        "asOf": day.isoformat(),
        "halfLifeMonths": 36,
        "rule": "EVIDENCE_WEIGHTED",
        "contributions": [],
    }
    event = Envelope(
        id=new_id(),
        type="waymark.profile.skill_estimate.changed.v1",
        subject=str(estimate),
        sequence=sequence,
        occurred_at=datetime.combine(told_on or day, time(9), UTC),
        tenant_id=world.tenant_id,
        traceparent=None,
        body=json.dumps(payload, default=str).encode(),
    )
    async with world.harness.session() as session:
        await inbox.apply_batch(session, handlers.groups["skills"], world.tenant_id, [event])


async def _gap(world: Any, day: date, **more: str) -> Any:
    wanted = {"asOf": day.isoformat(), **more}
    response = await world.harness.client.get(
        "/gaps", params=wanted, headers=world.headers("employee")
    )
    return response.json() if response.status_code == 200 else response.status_code


async def test_each_day_has_the_level_and_the_role_of_then(ready: Any, today: date):
    for sequence, (ago, level) in enumerate([(300, 1.0), (200, 2.0), (100, 3.0)], start=1):
        await _estimated(ready, today - timedelta(days=ago), level, sequence=sequence)

    found = {ago: await _gap(ready, today - timedelta(days=ago)) for ago in (301, 300, 181, 180, 0)}

    assert {
        ago: (gap["roleVersion"], gap["items"][0]["required"], gap["items"][0]["asIs"])
        for ago, gap in found.items()
    } == {
        301: (1, 2.5, None),
        300: (1, 2.5, 1.0),
        181: (1, 2.5, 2.0),
        180: (2, 5.0, 2.0),
        0: (2, 5.0, 3.0),
    }
    for gap in found.values():
        assert told(gap) == recomputed(gap)


async def test_a_role_that_was_not_published_yet_has_no_gap(ready: Any, today: date):
    await _estimated(ready, today - timedelta(days=400), 1.0, sequence=1)

    assert await _gap(ready, today - timedelta(days=366)) == 404


async def test_a_level_that_was_taken_back_is_unknown_from_then_on(ready: Any, today: date):
    await _estimated(ready, today - timedelta(days=300), 1.0, sequence=1)
    await _estimated(ready, today - timedelta(days=200), None, sequence=2)

    before = await _gap(ready, today - timedelta(days=201))
    after = await _gap(ready, today - timedelta(days=200))

    assert (before["items"][0]["status"], after["items"][0]["status"]) == ("GAP", "UNASSESSED")


async def test_what_was_told_later_was_not_known(ready: Any, today: date):
    """The estimate for a day was told a week after it."""
    day = today - timedelta(days=100)
    await _estimated(ready, day - timedelta(days=50), 1.0, sequence=1)
    await _estimated(ready, day, 4.0, sequence=2, told_on=day + timedelta(days=7))
    week = datetime.combine(day + timedelta(days=7), time(9), UTC)

    now = await _gap(ready, day)
    then = await _gap(ready, day, knownAt=(week - timedelta(seconds=1)).isoformat())
    since = await _gap(ready, day, knownAt=week.isoformat())

    assert [gap["items"][0]["asIs"] for gap in (now, then, since)] == [4.0, 1.0, 4.0]
    assert (now["knownAt"], then["knownAt"] is None) == (None, False)
    assert told(then) == recomputed(then)


async def test_a_role_published_later_was_not_known(ready: Any, today: date):
    moment = datetime.combine(today - timedelta(days=200), time(0), UTC).isoformat()

    gap = await _gap(ready, today, knownAt=moment)

    assert gap["roleVersion"] == 1


async def test_the_view_says_the_same_of_a_past_day(ready: Any, today: date):
    for sequence, (ago, level) in enumerate([(300, 1.0), (100, 3.0)], start=1):
        await _estimated(ready, today - timedelta(days=ago), level, sequence=sequence)
    fields = ("readiness", "readinessLow", "readinessHigh", "unassessedShare", "roleVersion")
    ask = {
        "by": "person",
        "with": {"asOf": 0, "knownAt": 1},
        "select": [{"as": name, "field": name} for name in fields],
    }
    day = today - timedelta(days=150)
    keys = [ready.ids["employee"]]

    door = await _gap(ready, day)
    view = await ready.ask("employee", "gaps", ask, [day.isoformat(), None], keys)

    assert view[str(keys[0])] == {name: door[name] for name in fields}


async def test_only_what_may_still_be_asked_for_is_kept(ready: Any, today: date):
    """The newest of before the limit stays: it is the level of the days after it."""
    for sequence, ago in enumerate((3000, 2000, 1200, 50, 0), start=1):
        await _estimated(ready, today - timedelta(days=ago), 1.0, sequence=sequence)

    async with ready.harness.session() as session:
        days = (await session.execute(text("SELECT as_of FROM people_skill_level_told"))).scalars()
        kept = sorted((today - day).days for day in days)

    assert kept == [0, 50, 1200]


@pytest.mark.parametrize("seed", range(6))
async def test_any_day_recomputes_and_is_the_estimate_told_last_for_it(
    ready: Any, today: date, seed: int
):
    random = Random(seed)
    days = sorted(random.sample(range(1, 360), 12), reverse=True)
    levels = {ago: random.choice([None, random.uniform(0, 5)]) for ago in days}
    for sequence, ago in enumerate(days, start=1):
        await _estimated(ready, today - timedelta(days=ago), levels[ago], sequence=sequence)

    for ago in random.sample(range(1, 364), 10):
        gap = await _gap(ready, today - timedelta(days=ago))
        told_before = [each for each in days if each >= ago]
        expected = levels[min(told_before)] if told_before else None
        assert told(gap) == recomputed(gap)
        assert gap["items"][0]["asIs"] == (
            None if expected is None else round(expected * 1e9) / 1e9
        )


async def test_the_levels_told_are_forgotten_and_made_anew_with_the_others(ready: Any, today: date):
    for sequence in (1, 2):
        await _estimated(ready, today - timedelta(days=9 - sequence), 2.0, sequence=sequence)
    select = text("SELECT t.*::text FROM people_skill_level_told AS t ORDER BY 1")
    async with ready.harness.session() as session:
        before = (await session.execute(select)).all()
        await inbox.forget(session, handlers.groups["skills"], ready.tenant_id)
        await forget_skills(session)
        assert (await session.execute(select)).all() == []
    for sequence in (1, 2):
        await _estimated(ready, today - timedelta(days=9 - sequence), 2.0, sequence=sequence)

    async with ready.harness.session() as session:
        assert (await session.execute(select)).all() == before
