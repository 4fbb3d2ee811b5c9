"""Keeps the cached estimates in step with the assertions, in the transaction of the change."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, fields
from datetime import date, datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, case, exists, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.reactions import jobs as profile_jobs
from services.profile.rowsets import AnyRow, insert_rows, rowset, update_rows
from services.profile.skills.estimation import ENGINE_VERSION, Evidence, estimate
from services.profile.skills.events import ContributionTold, EstimateChanged
from services.profile.skills.models import (
    PastHalfLife,
    Skill,
    SkillAssertion,
    SkillEstimate,
    SkillFramework,
)
from services.profile.skills.rules import (
    DEFAULT_HALF_LIFE_MONTHS,
    STANDING,
    AssertionSource,
    AssertionState,
)
from services.profile.weights.queries import InForce, in_force
from shared import clock, events, jobs
from shared.db import Database
from shared.ids import new_id
from shared.jobs import Job, NewJob
from shared.tenancy import Principal

Pair = tuple[UUID, UUID]
"""A person and a skill."""

STALE = "skills.estimates_stale"
MOST_AT_ONCE = 500


async def lock(session: AsyncSession, people: Iterable[UUID]) -> None:
    """What is said about these persons takes its turn, in one order for all so that nobody waits in a circle.

    The weights stay as they are until the commit: whoever changes them finds every estimate of the old ones.
    """
    tenant = session.info["tenant_id"]
    keys = sorted(f"skills:{tenant}:{person}" for person in set(people))
    await session.execute(
        text(
            "SELECT pg_advisory_xact_lock_shared(hashtextextended(:weights, 0)) UNION ALL "
            "SELECT pg_advisory_xact_lock(hashtextextended(key, 0)) "
            "FROM (SELECT unnest(CAST(:keys AS text[])) AS key) AS given"
        ),
        {"keys": keys, "weights": f"weights:{tenant}"},
    )


async def lock_weights(session: AsyncSession) -> None:
    """Waits for all who compute with the weights of now, and keeps further ones from it."""
    key = f"weights:{session.info['tenant_id']}"
    statement = text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))")
    await session.execute(statement, {"key": key})


async def refresh(
    session: AsyncSession, principal: Principal, pairs: Iterable[Pair], *, today: date
) -> None:
    """Recomputes these estimates in a fixed number of statements, stores and publishes those that changed.

    The persons are locked.
    """
    asked = sorted(set(pairs))
    if not asked:
        return
    frames = await frames_of(session, {skill_id for _, skill_id in asked})
    evidence = await _standing(session, asked)
    known = await _known(session, asked)
    weights = await in_force(session)
    new, changed, facts = [], [], []
    for pair in asked:
        before = known.get(pair)
        row = _computed(pair, frames[pair[1]], evidence.get(pair, []), weights, today)
        if before is None and (row["contributions"] or row["self_level"] is not None):
            new.append(row | {"id": new_id(), "sequence": 1})
            facts.append(_fact(new[-1], None))
        elif before is not None and _differs(before, row):
            changed.append(row | {"id": before.id, "sequence": before.sequence + 1})
            facts.append(_fact(changed[-1], before.level))
    await insert_rows(session, SkillEstimate, new)
    await update_rows(session, SkillEstimate, changed)
    await events.publish_many(session, principal, facts=facts)


async def frames_of(
    session: AsyncSession, skills: Iterable[UUID], *, known_at: datetime | None = None
) -> dict[UUID, AnyRow]:
    """Half-life and rule of each skill, as of now or of an earlier moment.

    The rule of a framework never changes once something may be said with it; half-lives do.
    """
    half_life = Skill.half_life_months if known_at is None else _half_life_at(known_at)
    rows = await session.execute(
        select(Skill.id, half_life.label("half_life_months"), SkillFramework.rule)
        .join(SkillFramework, SkillFramework.id == Skill.framework_id)
        .where(Skill.id.in_(list(skills)))
    )
    return {row.id: row for row in rows}


def _half_life_at(moment: datetime) -> ColumnElement[int | None]:
    """The one that ended first of those that ended later, else the one of now."""
    later = (PastHalfLife.skill_id == Skill.id, PastHalfLife.until > moment)
    ended = select(PastHalfLife.half_life_months).where(*later).order_by(PastHalfLife.until)
    then = ended.limit(1).correlate(Skill).scalar_subquery()
    changed = exists().where(*later).correlate(Skill)
    return case((changed, then), else_=Skill.half_life_months)


async def plan_half_lives(
    session: AsyncSession, principal: Principal, before: Mapping[UUID, int | None]
) -> None:
    """Half-lives change: keeps those of before, by skill, and computes the skills' estimates anew, soon."""
    ended = clock.now()
    past = [
        {"id": new_id(), "skill_id": skill, "half_life_months": months, "until": ended}
        for skill, months in before.items()
    ]
    await insert_rows(session, PastHalfLife, past)
    await plan_refresh(session, principal, before)


async def _standing(session: AsyncSession, pairs: Sequence[Pair]) -> Mapping[Pair, list[AnyRow]]:
    """The assertions that count, and of the self series those that stand, by pair."""
    counts = SkillAssertion.state == AssertionState.CONFIRMED
    own = (SkillAssertion.source == AssertionSource.SELF) & SkillAssertion.state.in_(STANDING)
    given = _given(pairs)
    rows = await session.execute(
        select(
            SkillAssertion.id,
            SkillAssertion.person_id,
            SkillAssertion.skill_id,
            SkillAssertion.source,
            SkillAssertion.level,
            SkillAssertion.occurred_on,
        )
        .join(
            given,
            (given.c.person_id == SkillAssertion.person_id)
            & (given.c.skill_id == SkillAssertion.skill_id),
        )
        .where(or_(counts, own))
        .order_by(SkillAssertion.person_id, SkillAssertion.skill_id)
    )
    grouped = groupby(rows.all(), key=lambda row: (row.person_id, row.skill_id))
    return {pair: list(found) for pair, found in grouped}


async def _known(session: AsyncSession, pairs: Sequence[Pair]) -> dict[Pair, AnyRow]:
    given = _given(pairs)
    rows = await session.execute(
        select(SkillEstimate.__table__).join(
            given,
            (given.c.person_id == SkillEstimate.person_id)
            & (given.c.skill_id == SkillEstimate.skill_id),
        )
    )
    return {(row.person_id, row.skill_id): row for row in rows}


async def levels(
    session: AsyncSession, pairs: Sequence[Pair]
) -> dict[Pair, tuple[float | None, float | None]]:
    """The level and the own word of each, where there is an estimate."""
    known = await _known(session, pairs)
    return {pair: (row.level, row.self_level) for pair, row in known.items()}


def _given(pairs: Sequence[Pair]) -> Any:
    table = SkillEstimate.__table__
    rows = [{"person_id": person, "skill_id": skill} for person, skill in pairs]
    return rowset([table.c.person_id, table.c.skill_id], rows)


def _computed(
    pair: Pair, frame: AnyRow, rows: Sequence[AnyRow], weights: InForce, today: date
) -> dict[str, Any]:
    own = [row for row in rows if row.source is AssertionSource.SELF]
    evidence = [
        Evidence(row.id, row.source, row.level, row.occurred_on)
        for row in rows
        if row.source is not AssertionSource.SELF
    ]
    half_life = frame.half_life_months or DEFAULT_HALF_LIFE_MONTHS
    result = estimate(
        evidence,
        rule=frame.rule,
        half_life_months=half_life,
        as_of=today,
        weights=weights.weights,
    )
    newest = max(own, key=lambda row: (row.occurred_on, row.id.bytes), default=None)
    told = [ContributionTold(**asdict(each)) for each in result.contributions]
    numbers = {each.name: getattr(result, each.name) for each in fields(result)}
    return numbers | {
        "person_id": pair[0],
        "skill_id": pair[1],
        "self_level": newest.level if newest is not None else None,
        "as_of": today,
        "half_life_months": half_life,
        "rule": frame.rule,
        "engine_version": ENGINE_VERSION,
        "weights_version": weights.version,
        "contributions": [each.model_dump(mode="json", by_alias=True) for each in told],
    }


def _differs(before: AnyRow, row: Mapping[str, Any]) -> bool:
    """Whether more has changed than the day: what time does to mass and interval anybody can compute."""
    names = ("self_level", "half_life_months", "rule", "engine_version", "weights_version")
    same = all(getattr(before, name) == row[name] for name in names)
    ids = [
        [(each["assertionId"], each.get("insteadId")) for each in seen]
        for seen in (before.contributions, row["contributions"])
    ]
    return not same or ids[0] != ids[1]


def _fact(row: Mapping[str, Any], level_before: float | None) -> tuple[EstimateChanged, UUID, int]:
    left_out = {"id", "sequence"}
    members = {name: value for name, value in row.items() if name not in left_out}
    fact = EstimateChanged.model_validate(members | {"from": level_before})
    return fact, row["id"], row["sequence"]


async def plan_refresh(session: AsyncSession, principal: Principal, skills: Iterable[UUID]) -> None:
    """Half-life or rule changed: all estimates of these skills are computed anew, soon and in portions."""
    planned = [
        NewJob(STALE, arguments={"skill": str(skill)}, dedupe_key=str(skill))
        for skill in sorted(set(skills))
    ]
    await jobs.enqueue_many(session, principal, jobs=planned)


@profile_jobs.job(STALE, at_once=2, most_attempts=None)
async def refresh_skill(database: Database, principal: Principal, job: Job) -> None:
    """Recomputes all estimates of one skill, some hundred a transaction."""
    skill_id, last = UUID(job.arguments["skill"]), UUID(int=0)
    while True:
        async with database.transaction(principal.tenant_id) as session:
            rows = await session.scalars(
                select(SkillEstimate.person_id)
                .where(SkillEstimate.skill_id == skill_id, SkillEstimate.person_id > last)
                .order_by(SkillEstimate.person_id)
                .limit(MOST_AT_ONCE)
            )
            people = rows.all()
            await lock(session, people)
            pairs = [(person, skill_id) for person in people]
            await refresh(session, principal, pairs, today=clock.today())
        if len(people) < MOST_AT_ONCE:
            return
        last = people[-1]
