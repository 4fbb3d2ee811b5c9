"""Families are made when a role first names them."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.goals.roles.models import RoleFamily
from shared.ids import new_id
from shared.tenancy import Principal


async def ids_of_families(
    session: AsyncSession, principal: Principal, named: Iterable[tuple[str, str]]
) -> Mapping[tuple[str, str], UUID]:
    """(catalogue, name) → id, each made if need be."""
    wanted = sorted(named)
    rows = [
        {"tenant_id": principal.tenant_id, "id": new_id(), "catalogue": catalogue, "name": name}
        for catalogue, name in wanted
    ]
    await session.execute(insert(RoleFamily).values(rows).on_conflict_do_nothing())
    found = await session.execute(
        select(RoleFamily.catalogue, RoleFamily.name, RoleFamily.id).where(
            tuple_(RoleFamily.catalogue, RoleFamily.name).in_(wanted)
        )
    )
    return {(row.catalogue, row.name): row.id for row in found}
