"""The gap of one with the names that a picture needs."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import any_, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.types import Uuid

from services.goals.gaps import queries
from services.goals.gaps.picture import DrawnGap, SkillGap
from services.goals.gaps.schemas import GapRead
from services.goals.people.models import Skill
from services.goals.roles.models import RoleVersion
from shared.tenancy import Principal


async def drawn(session: AsyncSession, principal: Principal, **asked: Any) -> DrawnGap:
    """What `queries.of_person` shows to that caller, and not more. Raises what it raises."""
    gap = GapRead.model_validate(await queries.of_person(session, principal, **asked))
    title = await session.scalar(
        select(RoleVersion.title).where(RoleVersion.id == gap.role_version_id)
    )
    names = await _names(session, (each.skill_id for each in gap.items))
    return DrawnGap(
        role=title or "a role",
        as_of=gap.as_of,
        readiness=gap.readiness,
        readiness_low=gap.readiness_low,
        readiness_high=gap.readiness_high,
        skills=[
            SkillGap(
                name=names.get(each.skill_id, f"Skill {each.skill_id}"),
                **each.model_dump(exclude={"trace"}),
            )
            for each in gap.items
        ],
    )


async def _names(session: AsyncSession, skills: Iterable[UUID]) -> Mapping[UUID, str]:
    """Of those that profile has told of."""
    wanted = bindparam("skills", list(skills), ARRAY(Uuid))
    found = await session.execute(select(Skill.id, Skill.statement).where(Skill.id == any_(wanted)))
    return {row.id: row.statement for row in found}
