"""Reading connections."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.gateway.integrations.connections.models import Connection
from services.gateway.integrations.connections.rules import (
    Address,
    ConnectionState,
    Vendor,
    VerifierKind,
)
from services.gateway.integrations.connections.settings import ConnectionSettings
from services.gateway.integrations.policy import CONNECTION, POLICY
from services.gateway.integrations.sealing import Vault
from shared.db import Writer
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


@dataclass(frozen=True, slots=True)
class Door:
    """What accepting a delivery needs of its connection: secrets newest first."""

    tenant_id: UUID
    connection_id: UUID
    vendor: Vendor
    verifier: VerifierKind
    state: ConnectionState
    settings: ConnectionSettings
    secrets: Sequence[bytes]


async def door(connection: Writer, vault: Vault, address: Address, *, now: datetime) -> Door | None:
    """For who has no token yet: the connection and its active secrets, in one statement."""
    row = await connection.fetchrow(_DOOR, address.tenant_id, address.connection_id, now)
    if row is None:
        return None
    pairs = zip(row["secret_ids"], row["sealed"], strict=True)
    return Door(
        tenant_id=address.tenant_id,
        connection_id=address.connection_id,
        vendor=Vendor(row["vendor"]),
        verifier=VerifierKind(row["verifier"]),
        state=ConnectionState(row["state"]),
        settings=_parsed(row["settings"]),
        secrets=[vault.open(sealed, bound_to=secret_id.bytes) for secret_id, sealed in pairs],
    )


@lru_cache(maxsize=1024)
def _parsed(settings: str) -> ConnectionSettings:
    return ConnectionSettings.model_validate_json(settings)


_DOOR = """
    SELECT vendor, verifier, state, CAST(settings AS text) AS settings, secret_ids, sealed
    FROM connections_connection AS connection
    CROSS JOIN LATERAL (
        SELECT coalesce(array_agg(id ORDER BY id DESC), '{}') AS secret_ids,
               coalesce(array_agg(sealed ORDER BY id DESC), '{}') AS sealed
        FROM connections_secret
        WHERE tenant_id = connection.tenant_id AND connection_id = connection.id
          AND (retires_at IS NULL OR retires_at > $3)
    ) AS secret
    WHERE tenant_id = $1 AND id = $2
"""
