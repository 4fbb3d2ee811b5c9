"""The heat map of a unit, for who leads it and for HR."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.goals.gaps import heat_map as heat
from services.goals.gaps.queries import OVER_EVERYBODY
from services.goals.people.models import OrgUnit
from services.goals.policy import POLICY
from shared.problems import NotFound
from shared.tenancy import Principal


async def heat_map(
    session: AsyncSession, principal: Principal, *, org_unit_id: UUID
) -> dict[str, Any]:
    """Raises `NotFound`, also for who may not see it."""
    await session.execute(OVER_EVERYBODY)
    unit = OrgUnit.__table__.alias("unit")
    found = await session.execute(
        select(heat.skills(unit.c).label("skills")).where(
            unit.c.id == org_unit_id, POLICY.visible(principal, "HEAT_MAP", "READ", unit.c.id)
        )
    )
    row = found.one_or_none()
    if row is None:
        raise NotFound
    return {"org_unit_id": org_unit_id, "k": heat.K, "skills": row.skills}
