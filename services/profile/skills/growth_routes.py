"""`/skills/growth.svg`: the growth of somebody as a picture, beside the door of the same as JSON."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated
from uuid import UUID

from fastapi import Query, Response
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.accesses.commands import noted
from services.profile.people.queries import among
from services.profile.skills import growth
from services.profile.skills.assertion_routes import KnownAt
from services.profile.skills.growth_picture import Growth, Known, SkillGrowth, small_multiples
from services.profile.skills.level_schemas import GrowthRead, PastLevelRead
from services.profile.skills.models import Skill
from shared import clock, files
from shared.door import Acting, Transaction, router
from shared.schemas import Day

routes = router("/skills", "skills")


@routes.get(
    "/growth.svg",
    response_class=Response,
    responses=files.documented(files.SVG, "Small plots with a text alternative."),
)
async def draw_growth(
    session: Transaction,
    principal: Acting,
    person_id: Annotated[UUID, Query(alias="personId")],
    since: Annotated[Day, Query(description="From this day on, e.g. a baseline's.")],
    known_at: KnownAt = None,
) -> Response:
    """How somebody's levels have changed, as the growth tells it to the same readers; a plot a skill, by name."""
    told = await growth.since(session, principal, person_id=person_id, day=since, known_at=known_at)
    await noted(session, principal, what="SKILL_LEVELS", people=[person_id] if told else [])
    names = await _names(session, told)
    skills = [_drawn(names.get(each.skill_id, f"Skill {each.skill_id}"), each) for each in told]
    shown = sorted((each for each in skills if each.levels), key=lambda each: each.name.casefold())
    return files.drawing(small_multiples(Growth(since, clock.today(), shown)))


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
