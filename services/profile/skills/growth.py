"""Levels of a day that has passed, and what has become of them since."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.people.queries import among
from services.profile.policy import POLICY
from services.profile.rowsets import AnyRow
from services.profile.skills.estimates import frames_of
from services.profile.skills.estimation import ENGINE_VERSION, Estimate, Evidence, estimate
from services.profile.skills.history import Step, Word, words_on
from services.profile.skills.level_schemas import GrowthRead, PastLevelRead
from services.profile.skills.models import AssertionStep, SkillAssertion
from services.profile.skills.rules import DEFAULT_HALF_LIFE_MONTHS, AssertionSource
from services.profile.weights.queries import InForce, in_force
from shared import clock
from shared.problems import Invalid
from shared.tenancy import Principal


async def levels_on(
    session: AsyncSession,
    principal: Principal,
    *,
    person_id: UUID,
    valid_at: date,
    known_at: datetime | None = None,
) -> list[PastLevelRead]:
    """As of a day, by what was known at a moment, else by what is known now. Raises `NotFound`, `Invalid`.

    Weights and half-lives are those that were in force at that moment, for whatever day; a framework's rule is fixed.
    """
    now = clock.now()
    moment = known_at or now
    if valid_at > now.date():
        raise Invalid.field("query:validAt", "must not lie in the future")
    await POLICY.require(session, principal, "ESTIMATE", "READ", person_id)
    with_self = await POLICY.may(session, principal, "SELF_ASSERTION", "READ", person_id)
    words = await _words(session, person_id, moment, valid_at)
    frames = await frames_of(session, words, known_at=known_at)
    weights = await in_force(session, known_at=moment)
    found = []
    for skill_id in sorted(words):
        counted = words_on(words[skill_id], valid_at=valid_at, known_at=moment)
        if counted:
            level = _level(counted, frames[skill_id], weights, valid_at, with_self=with_self)
            names = {"person_id": person_id, "skill_id": skill_id, "known_at": moment}
            found.append(PastLevelRead.model_validate(level | names))
    return [each for each in found if each.level is not None or each.self_level is not None]


async def since(
    session: AsyncSession,
    principal: Principal,
    *,
    person_id: UUID,
    day: date,
    known_at: datetime | None,
) -> list[GrowthRead]:
    """From a day, e.g. a baseline's with the moment that it was taken at, to today. Raises `NotFound`, `Invalid`."""
    today = clock.today()
    before = await levels_on(
        session, principal, person_id=person_id, valid_at=day, known_at=known_at
    )
    now = await levels_on(session, principal, person_id=person_id, valid_at=today)
    old, new = ({each.skill_id: each for each in levels} for levels in (before, now))
    return [
        GrowthRead(skill_id=skill_id, before=old.get(skill_id), now=new.get(skill_id))
        for skill_id in sorted(old.keys() | new.keys())
    ]


def _level(
    counted: Sequence[Word], frame: AnyRow, weights: InForce, day: date, *, with_self: bool
) -> dict[str, object]:
    half_life = frame.half_life_months or DEFAULT_HALF_LIFE_MONTHS
    own = [word for word in counted if word.source is AssertionSource.SELF]
    result: Estimate = estimate(
        (
            Evidence(word.id, word.source, word.level, word.occurred_on)
            for word in counted
            if word.source is not AssertionSource.SELF
        ),
        rule=frame.rule,
        half_life_months=half_life,
        as_of=day,
        weights=weights.weights,
    )
    newest = max(own, key=lambda word: (word.occurred_on, word.id.bytes), default=None)
    return asdict(result) | {
        "self_level": newest.level if newest is not None and with_self else None,
        "as_of": day,
        "half_life_months": half_life,
        "rule": frame.rule,
        "engine_version": ENGINE_VERSION,
        "weights_version": weights.version,
    }


async def _words(
    session: AsyncSession, person_id: UUID, known_at: datetime, valid_at: date
) -> Mapping[UUID, list[Word]]:
    """All that had been said of the person by then, by skill."""
    rows = await session.execute(
        select(SkillAssertion.__table__).where(
            SkillAssertion.person_id == person_id,
            SkillAssertion.recorded_at <= known_at,
            SkillAssertion.occurred_on <= valid_at,
        )
    )
    said = rows.all()
    steps = await _steps(session, [row.id for row in said])
    words: dict[UUID, list[Word]] = defaultdict(list)
    for row in said:
        words[row.skill_id].append(
            Word(
                id=row.id,
                source=row.source,
                level=row.level,
                assessor=(row.assessor_id, row.assessor_group),
                own=row.author_id == row.person_id,
                occurred_on=row.occurred_on,
                expires_on=row.expires_on,
                recorded_at=row.recorded_at,
                state=row.state,
                steps=tuple(steps[row.id]),
            )
        )
    return words


async def _steps(session: AsyncSession, ids: Iterable[UUID]) -> Mapping[UUID, list[Step]]:
    rows = await session.execute(
        select(AssertionStep)
        .where(among(AssertionStep.assertion_id, ids))
        .order_by(AssertionStep.taken_at, AssertionStep.id)
    )
    steps: dict[UUID, list[Step]] = defaultdict(list)
    for (row,) in rows:
        steps[row.assertion_id].append(Step(row.from_state, row.to_state, row.taken_at))
    return steps
