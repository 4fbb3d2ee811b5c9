"""Reading connections."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.gateway.integrations.connections.models import Connection, Secret
from services.gateway.integrations.connections.rules import Address
from services.gateway.integrations.policy import CONNECTION, POLICY
from services.gateway.integrations.sealing import Vault
from shared.paging import PageRequest, page_of
from shared.problems import NotFound
from shared.tenancy import Principal


async def get(
    session: AsyncSession, principal: Principal, address: str, *, action: str = "READ"
) -> Connection:
    """Raises `NotFound`, `Forbidden`. To change it, the row is locked."""
    await POLICY.require(session, principal, CONNECTION, action, None)
    wanted = Address.parse(address)
    found = select(Connection).where(
        Connection.tenant_id == wanted.tenant_id, Connection.id == wanted.connection_id
    )
    connection = await session.scalar(found if action == "READ" else found.with_for_update())
    if connection is None:
        raise NotFound
    return connection


async def page(
    session: AsyncSession, principal: Principal, page: PageRequest
) -> tuple[Sequence[Connection], UUID | None]:
    """Raises `NotFound` for who may see none."""
    await POLICY.require(session, principal, CONNECTION, "READ", None)
    return await page_of(session, select(Connection), key=Connection.id, page=page)


async def with_secrets(
    session: AsyncSession, vault: Vault, connection_id: UUID, *, now: datetime
) -> tuple[Connection | None, list[bytes]]:
    """For who has no token yet: the connection and its active secrets, newest first, in one statement."""
    active = or_(Secret.retires_at.is_(None), Secret.retires_at > now)
    found = (
        select(Connection, Secret)
        .join(Secret, Secret.connection_id == Connection.id)
        .where(Connection.id == connection_id, active)
        .order_by(Secret.id.desc())
    )
    rows = (await session.execute(found)).all()
    opened = [vault.open(row.Secret.sealed, bound_to=row.Secret.id.bytes) for row in rows]
    return (rows[0].Connection if rows else None), opened
