"""Levels of a day that has passed, and what has become of them since."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.people.queries import among
from services.profile.policy import POLICY
from services.profile.skills import past
from services.profile.skills.estimates import frames_of
from services.profile.skills.history import Step, Word
from services.profile.skills.level_schemas import GrowthRead, PastLevelRead
from services.profile.skills.models import AssertionStep, SkillAssertion
from services.profile.skills.past import Frame, Moment, Said
from services.profile.weights.queries import in_force
from shared import clock
from shared.problems import Invalid
from shared.tenancy import Principal


@dataclass(frozen=True, slots=True)
class Start:
    """A day to look back to, by what was known at a moment, else by what is known now."""

    day: date
    known_at: datetime | None = None


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
    frames = {
        skill_id: Frame(row.half_life_months, row.rule)
        for skill_id, row in (await frames_of(session, words, known_at=known_at)).items()
    }
    weights = await in_force(session, known_at=moment)
    said = Said(person_id, words, with_self)
    return past.levels(said, Moment(valid_at, moment, weights.version, weights.weights, frames))


async def since(
    session: AsyncSession, principal: Principal, *, person_id: UUID, start: Start
) -> list[GrowthRead]:
    """From a day to today. Raises `NotFound`, `Invalid`."""
    before = await levels_on(
        session, principal, person_id=person_id, valid_at=start.day, known_at=start.known_at
    )
    today = clock.today()
    now = await levels_on(session, principal, person_id=person_id, valid_at=today)
    return past.growth(before, now)


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
