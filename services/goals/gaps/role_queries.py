"""The gap between roles; whoever may read roles may read what lies between them."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.goals.gaps import between
from services.goals.gaps.queries import AnyRow
from services.goals.roles.queries import readable
from shared.problems import NotFound
from shared.tenancy import Principal


async def between_roles(
    session: AsyncSession, principal: Principal, *, from_role_id: UUID, to_role_id: UUID
) -> AnyRow:
    """Raises `NotFound`."""
    origin, target = between.role("origin", from_role_id), between.role("target", to_role_id)
    gap = between.summaries(between.pairs(origin, target))
    found = await session.execute(select(gap).where(readable(principal)))
    row = found.one_or_none()
    if row is None:
        raise NotFound
    return row


async def nearest(
    session: AsyncSession, principal: Principal, *, role_id: UUID, limit: int
) -> Sequence[AnyRow]:
    """What asks for nothing says nothing and is left out."""
    gap = between.summaries(between.pairs(between.role("origin", role_id)))
    rows = await session.execute(
        select(*(gap.c[name] for name in between.SUMMARY))
        .where(readable(principal), gap.c.required_count > 0)
        .order_by(gap.c.fit.desc(), gap.c.to_role_id)
        .limit(limit)
    )
    return rows.all()
