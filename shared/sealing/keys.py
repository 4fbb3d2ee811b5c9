"""A data key of each person, made at first need, kept wrapped, destroyed when the person is erased.

Sensitive text is sealed with it, so that whoever has the rows of a sealed table, in a dump or a backup of that table,
and even the service's own seal key, reads nothing once the person's key is gone.
"""

import os
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Column,
    DateTime,
    LargeBinary,
    MetaData,
    Select,
    Table,
    Uuid,
    func,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from shared import clock
from shared.door import Transaction
from shared.problems import Conflict
from shared.sealing.vault import KEY_BYTES, Unsealable, Vault

_HANDED_DOWN = "person_keys"


class KeyDestroyed(Conflict):
    """The person has been erased: nothing more is written about them."""


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
        tenant_id: UUID = session.info["tenant_id"]
        found = self._of(person_id)
        wrapped = await session.scalar(found)
        if wrapped is None:
            fresh = self._vault.seal(os.urandom(KEY_BYTES), bound_to=_holder(tenant_id, person_id))
            row = {"tenant_id": tenant_id, "person_id": person_id, "wrapped": fresh}
            await session.execute(insert(self.table).values(row).on_conflict_do_nothing())
            wrapped = await session.scalar(found)
        if wrapped is None:
            raise KeyDestroyed("This person has been erased.")
        key = self._unwrap(wrapped, tenant_id, person_id)
        return key.seal(text.encode(), bound_to=tenant_id.bytes + bound_to)

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

    def _of(self, person_id: UUID) -> Select[Any]:
        return select(self.table.c.wrapped).where(self.table.c.person_id == person_id)


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


def provide(keys: PersonKeys) -> Callable[[Transaction], Awaitable[None]]:
    """A dependency for a router: the transactions of its routes find the keys by `keys_of`."""

    async def provided(session: Transaction) -> None:
        session.info[_HANDED_DOWN] = keys

    return provided


def keys_of(session: AsyncSession) -> PersonKeys:
    keys: PersonKeys = session.info[_HANDED_DOWN]
    return keys


def _holder(tenant_id: UUID, person_id: UUID) -> bytes:
    return tenant_id.bytes + person_id.bytes
