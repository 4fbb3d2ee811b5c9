"""The heat map of a unit, for who leads it and for HR."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.goals.gaps import heat_map as heat
from services.goals.gaps.queries import over_everybody
from services.goals.policy import POLICY
from shared.problems import NotFound
from shared.tenancy import Principal


async def heat_map(
    session: AsyncSession,
    principal: Principal,
    *,
    org_unit_id: UUID,
    skill_ids: Sequence[UUID] | None = None,
) -> dict[str, Any]:
    """Of all skills or of some. Raises `NotFound`, also for who may not see it, and `TakesTooLong`."""
    unit = heat.units(None if skill_ids is None else literal(list(skill_ids), ARRAY(Uuid)))
    wanted = select(heat.skills(unit.c).label("skills")).where(
        unit.c.id == org_unit_id, POLICY.visible(principal, "HEAT_MAP", "READ", unit.c.id)
    )
    found = await over_everybody(session, wanted, "query:skillId", heat.INSTEAD)
    row = found.one_or_none()
    if row is None:
        raise NotFound
    return {"org_unit_id": org_unit_id, "k": heat.K, "skills": row.skills}
