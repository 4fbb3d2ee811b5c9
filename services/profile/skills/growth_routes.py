"""`/skills/growth`: the growth of somebody, and the same as a picture, for the same readers."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Response
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.accesses.commands import noted
from services.profile.baselines import queries as baselines
from services.profile.people.queries import among
from services.profile.skills import growth
from services.profile.skills.assertion_routes import KnownAt
from services.profile.skills.growth import Start
from services.profile.skills.growth_picture import Growth, Known, SkillGrowth, small_multiples
from services.profile.skills.level_schemas import GrowthRead, PastLevelRead
from services.profile.skills.models import Skill
from shared import clock, files
from shared.door import Acting, Transaction, router
from shared.problems import Invalid, NotFound
from shared.schemas import Day

routes = router("/skills", "skills")


@dataclass(frozen=True, slots=True)
class Told:
    """Somebody's growth, and from which day on."""

    since: date
    skills: Sequence[GrowthRead]


async def _told(
    session: Transaction,
    principal: Acting,
    person_id: Annotated[UUID | None, Query(alias="personId")] = None,
    since: Annotated[Day | None, Query(description="From this day on.")] = None,
    baseline_id: Annotated[
        UUID | None,
        Query(alias="baselineId", description="From this baseline on, else from the newest one."),
    ] = None,
    known_at: KnownAt = None,
) -> Told:
    """Raises `NotFound`, `Invalid`."""
    if since is not None and baseline_id is not None:
        raise Invalid.field("query:baselineId", "name a baseline or a day, not both")
    if since is None and known_at is not None:
        raise Invalid.field("query:knownAt", "goes with since: a baseline has its own moment")
    if (whose := person_id or principal.person_id) is None:
        raise NotFound
    start = Start(since, known_at) if since else None
    if start is None:
        start = await _of_baseline(session, principal, whose, baseline_id)
    found = await growth.since(session, principal, person_id=whose, start=start)
    await noted(session, principal, what="SKILL_LEVELS", people=[whose] if found else [])
    return Told(start.day, found)


async def _of_baseline(
    session: Transaction, principal: Acting, whose: UUID, baseline_id: UUID | None
) -> Start:
    """Raises `NotFound`, and of oneself without any baseline `Invalid`."""
    try:
        taken = await baselines.taken(session, principal, person_id=whose, baseline_id=baseline_id)
    except NotFound:
        if whose != principal.person_id or baseline_id is not None:
            raise
        raise Invalid.field("query:since", "name a day, or capture a baseline first") from None
    return Start(taken.as_of, taken.taken_at)


Grown = Annotated[Told, Depends(_told)]


@routes.get("/growth", response_model=list[GrowthRead])
async def list_growth(told: Grown) -> Sequence[GrowthRead]:
    """How one's own or somebody's levels have changed from a day or a baseline to today, skill by skill."""
    return told.skills


@routes.get(
    "/growth.svg",
    response_class=Response,
    responses=files.documented(files.SVG, "Small plots with a text alternative."),
)
async def draw_growth(session: Transaction, told: Grown) -> Response:
    """The same as a picture that can be read without colour: a plot a skill, by name."""
    names = await _names(session, told.skills)
    skills = [
        _drawn(names.get(each.skill_id, f"Skill {each.skill_id}"), each) for each in told.skills
    ]
    shown = sorted((each for each in skills if each.levels), key=lambda each: each.name.casefold())
    return files.drawing(small_multiples(Growth(told.since, clock.today(), shown)))


def _drawn(name: str, told: GrowthRead) -> SkillGrowth:
    levels = (known for each in (told.before, told.now) for known in _known(each))
    return SkillGrowth(name, list(levels))


def _known(told: PastLevelRead | None) -> Iterator[Known]:
    """Nothing where somebody has but their own word."""
    if told is None or told.level is None:
        return
    if told.interval_low is not None and told.interval_high is not None:
        yield Known(told.as_of, told.level, told.interval_low, told.interval_high)


async def _names(session: AsyncSession, told: Sequence[GrowthRead]) -> Mapping[UUID, str]:
    found = await session.execute(
        select(Skill.id, Skill.statement).where(among(Skill.id, [each.skill_id for each in told]))
    )
    return {row.id: row.statement for row in found}
