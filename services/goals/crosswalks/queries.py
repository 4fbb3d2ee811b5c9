"""Reading what became of requirements: for HR, administrators and who imports roles."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, distinct, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.goals.crosswalks.models import Crosswalk, CrosswalkSkill, MovedRequirement
from services.goals.crosswalks.rules import Outcome
from services.goals.crosswalks.schemas import CrosswalkRead, OutcomeCount
from services.goals.policy import POLICY
from shared.paging import PageRequest, page_of
from shared.policy import me
from shared.problems import Forbidden, NotFound
from shared.tenancy import Principal


def readable(principal: Principal) -> ColumnElement[bool]:
    """They are about nobody, so the rule needs no person's column."""
    return POLICY.visible(principal, "CROSSWALK", "READ", me(principal))


async def listed(
    session: AsyncSession, principal: Principal, *, page: PageRequest
) -> tuple[Sequence[Crosswalk], UUID | None]:
    """Raises `Forbidden`."""
    await _allow(session, principal)
    return await page_of(session, select(Crosswalk), key=Crosswalk.id, page=page)


async def get_one(
    session: AsyncSession, principal: Principal, crosswalk_id: UUID
) -> Mapping[str, Any]:
    """With its counts. Raises `Forbidden`, `NotFound`."""
    await _allow(session, principal)
    found = await session.get(Crosswalk, (principal.tenant_id, crosswalk_id))
    if found is None:
        raise NotFound
    counted = await session.execute(
        select(
            MovedRequirement.outcome,
            func.count().label("requirements"),
            func.count(distinct(MovedRequirement.role_id)).label("roles"),
        )
        .where(MovedRequirement.crosswalk_id == crosswalk_id)
        .group_by(MovedRequirement.outcome)
        .order_by(MovedRequirement.outcome)
    )
    counts = [OutcomeCount.model_validate(row) for row in counted]
    return CrosswalkRead.model_validate(found).model_dump() | {"counts": counts}


async def requirements(
    session: AsyncSession,
    principal: Principal,
    *,
    crosswalk_id: UUID,
    outcome: Outcome | None,
    page: PageRequest,
) -> tuple[list[Mapping[str, Any]], UUID | None]:
    """Each with the relations of its skill, for who decides. Raises `Forbidden`, `NotFound`."""
    await get_one(session, principal, crosswalk_id)
    rows: Select[MovedRequirement] = select(MovedRequirement).where(
        MovedRequirement.crosswalk_id == crosswalk_id
    )
    if outcome is not None:
        rows = rows.where(MovedRequirement.outcome == outcome)
    found, after = await page_of(session, rows, key=MovedRequirement.id, page=page)
    related = await session.execute(
        select(CrosswalkSkill.skill_id, CrosswalkSkill.relations).where(
            CrosswalkSkill.crosswalk_id == crosswalk_id,
            CrosswalkSkill.skill_id.in_([each.skill_id for each in found]),
        )
    )
    relations = {row.skill_id: row.relations for row in related}
    names = [column.key for column in MovedRequirement.__table__.columns]
    return [
        {name: getattr(each, name) for name in names} | {"relations": relations[each.skill_id]}
        for each in found
    ], after


async def _allow(session: AsyncSession, principal: Principal) -> None:
    if not await POLICY.may(session, principal, "CROSSWALK", "READ", None):
        raise Forbidden("What replaced frameworks do to roles is shown to HR and administrators.")
