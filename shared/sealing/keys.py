"""A data key of each person, made at first need, kept wrapped, destroyed when the person is erased.

Sensitive text is sealed with it, so that whoever has the rows of a sealed table, in a dump or a backup of that table,
and even the service's own seal key, reads nothing once the person's key is gone.
"""

import os
from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Column,
    DateTime,
    LargeBinary,
    MetaData,
    Table,
    Uuid,
    func,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from shared import clock
from shared.db import Database
from shared.problems import Conflict
from shared.sealing.vault import KEY_BYTES, Unsealable, Vault

_HANDED_DOWN = "person_keys"


class KeyDestroyed(Conflict):
    """The person has been erased: nothing more is written about them."""


class NoKeys(LookupError):
    """This service keeps no keys of persons: give its blueprint `person_keys`."""


def define_table(metadata: MetaData) -> Table:
    """`wrapped` is empty once the key is destroyed; the row stays, so that no new key is ever made for the person."""
    return Table(
        "person_key",
        metadata,
        Column("tenant_id", Uuid, primary_key=True),
        Column("person_id", Uuid, primary_key=True),
        Column("wrapped", LargeBinary),
        Column("made_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
        Column("destroyed_at", DateTime(timezone=True)),
        CheckConstraint("(wrapped IS NULL) = (destroyed_at IS NOT NULL)", name="is_kept_or_gone"),
    )


class PersonKeys:
    """The persons' keys of one service; the vault wraps them under a key of the settings."""

    def __init__(self, table: Table, vault: Vault) -> None:
        self.table = table
        self._vault = vault

    async def seal(
        self, session: AsyncSession, person_id: UUID, text: str, *, bound_to: bytes
    ) -> bytes:
        """`bound_to` is the row's identity. Makes the key at first need. Raises `KeyDestroyed`."""
        key = (await self.make(session, [person_id]))[person_id]
        return key.seal(text.encode(), bound_to=session.info["tenant_id"].bytes + bound_to)

    async def make(self, session: AsyncSession, person_ids: Collection[UUID]) -> dict[UUID, Vault]:
        """The keys of all of these persons, each made at first need. Raises `KeyDestroyed`."""
        tenant_id: UUID = session.info["tenant_id"]
        found = await self.of(session, person_ids)
        if missing := [each for each in person_ids if each not in found]:
            rows = [self._new(tenant_id, each) for each in sorted(missing)]
            await session.execute(insert(self.table).values(rows).on_conflict_do_nothing())
            found |= await self.of(session, missing)
        if len(found) < len(set(person_ids)):
            raise KeyDestroyed("This person has been erased.")
        return found

    async def of(self, session: AsyncSession, person_ids: Collection[UUID]) -> dict[UUID, Vault]:
        """The keys that there are. Raises `Unsealable` for one that another seal key wrapped."""
        if not person_ids:
            return {}
        kept = self.table.c.person_id.in_(person_ids), self.table.c.wrapped.is_not(None)
        rows = await session.execute(select(self.table).where(*kept))
        return {
            row.person_id: self._unwrap(row.wrapped, row.tenant_id, row.person_id) for row in rows
        }

    def open(
        self,
        wrapped: bytes | None,
        sealed: bytes,
        *,
        tenant_id: UUID,
        person_id: UUID,
        bound_to: bytes,
    ) -> str | None:
        """The text; None without the key, and for what was sealed for another row."""
        if wrapped is None:
            return None
        try:
            key = self._unwrap(wrapped, tenant_id, person_id)
            return key.open(sealed, bound_to=tenant_id.bytes + bound_to).decode()
        except Unsealable:
            return None

    def _unwrap(self, wrapped: bytes, tenant_id: UUID, person_id: UUID) -> Vault:
        return Vault([self._vault.open(wrapped, bound_to=_holder(tenant_id, person_id))])

    def _new(self, tenant_id: UUID, person_id: UUID) -> dict[str, Any]:
        fresh = self._vault.seal(os.urandom(KEY_BYTES), bound_to=_holder(tenant_id, person_id))
        return {"tenant_id": tenant_id, "person_id": person_id, "wrapped": fresh}


async def destroy(session: AsyncSession, table: Table, person_id: UUID) -> datetime:
    """When the key was destroyed, perhaps earlier; who had no key never gets one."""
    row = {
        "tenant_id": session.info["tenant_id"],
        "person_id": person_id,
        "wrapped": None,
        "destroyed_at": clock.now(),
    }
    await session.execute(insert(table).values(row).on_conflict_do_nothing())
    await session.execute(
        update(table)
        .where(table.c.person_id == person_id, table.c.wrapped.is_not(None))
        .values(wrapped=None, destroyed_at=clock.now())
    )
    at = select(table.c.destroyed_at).where(table.c.person_id == person_id)
    destroyed_at: datetime = (await session.execute(at)).scalar_one()
    return destroyed_at


def hand_down(database: Database, keys: PersonKeys) -> None:
    """Every transaction of the database finds the keys by `keys_of`: in requests, jobs and handlers."""
    database.handed_down[_HANDED_DOWN] = keys


def keys_of(session: AsyncSession) -> PersonKeys:
    """Raises `NoKeys`."""
    keys: PersonKeys | None = session.info.get(_HANDED_DOWN)
    if keys is None:
        raise NoKeys(NoKeys.__doc__)
    return keys


def _holder(tenant_id: UUID, person_id: UUID) -> bytes:
    return tenant_id.bytes + person_id.bytes
