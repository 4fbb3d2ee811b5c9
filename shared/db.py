"""One service's database: a pool as its runtime role, a tenant in every transaction, tables that carry it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar, TypeAlias, cast
from uuid import UUID

import asyncpg
from sqlalchemy import (
    Date,
    DateTime,
    Enum,
    MetaData,
    Numeric,
    Text,
    Uuid,
    event,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.orm.unitofwork import UOWTransaction

from shared.ids import new_id
from shared.problems import Problem

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

Reader: TypeAlias = (
    "asyncpg.Connection[asyncpg.Record] | asyncpg.pool.PoolConnectionProxy[asyncpg.Record]"
)

Writer: TypeAlias = Reader

SET_TENANT = text("SELECT set_config('app.tenant', :tenant, true)")


class PowerfulRole(Exception):
    """The database role could read past row-level security; a service does not start as such a role."""


def new_metadata() -> MetaData:
    """A service's own metadata: four services in one process share no table registry."""
    return MetaData(naming_convention=NAMING)


class TableBase(DeclarativeBase):
    """What the tables of every service have in common; a service derives its own `Base` with its metadata."""

    __abstract__ = True
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        UUID: Uuid(),
        datetime: DateTime(timezone=True),
        date: Date(),
        str: Text(),
        Decimal: Numeric(),
        StrEnum: Enum(
            StrEnum,
            native_enum=False,
            length=40,
            values_callable=lambda members: [member.value for member in members],
        ),
        dict[str, Any]: JSONB(),
        list[dict[str, Any]]: JSONB(),
        list[str]: JSONB(),
    }


class TenantRow:
    """The key of every table: the tenant first, so that no unique or foreign key can leak across tenants."""

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-2)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id, sort_order=-1)


@event.listens_for(Session, "before_flush")
def _stamp_tenant(session: Session, _context: UOWTransaction, _instances: Any) -> None:
    tenant_id: UUID | None = session.info.get("tenant_id")
    if tenant_id is None:
        return
    for row in session.new:
        if isinstance(row, TenantRow) and getattr(row, "tenant_id", None) is None:
            row.tenant_id = tenant_id


class Database:
    """A pool of connections to one service's database, handed out one tenant's transaction at a time."""

    def __init__(
        self,
        engine: AsyncEngine,
        sessions: async_sessionmaker[AsyncSession],
        readers: "Readers | None" = None,
    ) -> None:
        self.engine = engine
        self._sessions = sessions
        self._readers = readers

    @classmethod
    def connect(cls, url: str, *, application_name: str, pool_size: int = 10) -> "Database":
        """`url` is a plain `postgresql://` address; no connection is opened before the first transaction."""
        engine = create_async_engine(
            asyncpg_url(url),
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=3,
            pool_pre_ping=True,
            hide_parameters=True,
            connect_args={
                "timeout": 5,
                "server_settings": {
                    "application_name": application_name,
                },
            },
        )
        readers = Readers(url, application_name=application_name, pool_size=pool_size)
        return cls(engine, async_sessionmaker(engine, expire_on_commit=False), readers)

    @asynccontextmanager
    async def transaction(self, tenant_id: UUID) -> AsyncIterator[AsyncSession]:
        """One transaction that sees and writes one tenant's rows; commits when the block ends well."""
        async with self._sessions() as session, session.begin():
            session.info["tenant_id"] = tenant_id
            await session.execute(SET_TENANT, {"tenant": str(tenant_id)})
            yield session

    @asynccontextmanager
    async def reading(self, tenant_id: UUID) -> AsyncIterator[Reader]:
        """A read-only transaction of one tenant on the bare driver, for the hot path of views."""
        if self._readers is not None:
            async with self._readers.transaction(tenant_id) as connection:
                yield connection
            return
        async with self.transaction(tenant_id) as session:
            raw = await (await session.connection()).get_raw_connection()
            yield cast(Reader, raw.driver_connection)

    @asynccontextmanager
    async def writing(self, tenant_id: UUID) -> AsyncIterator[Writer]:
        """One tenant's transaction on the bare driver, for the hot path of deliveries; commits if the block ends well.

        Nothing of a session works in it: no rows as objects, no facts.
        """
        if self._readers is not None:
            async with self._readers.transaction(tenant_id, writing=True) as connection:
                yield connection
            return
        async with self.transaction(tenant_id) as session:
            raw = await (await session.connection()).get_raw_connection()
            yield cast(Writer, raw.driver_connection)

    async def refuse_powerful_role(self) -> None:
        """Raises `PowerfulRole` when the runtime role is a superuser, bypasses row-level security or owns a table."""
        async with self.engine.connect() as connection:
            row = (await connection.execute(_ROLE_POWERS)).one()
        if row.powerful or row.owns_tables:
            raise PowerfulRole(
                f"Role {row.name!r} is a superuser, has BYPASSRLS or owns tables. "
                "Point DATABASE_URL at the runtime role and keep the owner for migrations."
            )

    async def close(self) -> None:
        if self._readers is not None:
            await self._readers.close()
        await self.engine.dispose()


class Readers:
    """Bare connections, mostly for reading: one round trip to begin with the tenant set, one to end, none to reset.

    Nothing session-wide is ever set on them, so there is nothing to reset (asyncpg's own reset costs a fifth of a small
    read). Plans are generic: the statements of views are specialised by their text, not by their values.
    """

    def __init__(self, url: str, *, application_name: str, pool_size: int) -> None:
        self._url = url
        self._application_name = application_name
        self._size = pool_size
        self._pool: asyncpg.Pool[asyncpg.Record] | None = None
        self._opening = asyncio.Lock()

    @asynccontextmanager
    async def transaction(self, tenant_id: UUID, *, writing: bool = False) -> AsyncIterator[Reader]:
        mode = "READ WRITE" if writing else "READ ONLY"
        pool = self._pool or await self._open()
        async with pool.acquire(timeout=3) as connection:
            await connection.execute(
                f"BEGIN {mode}; SELECT set_config('app.tenant', '{tenant_id}', true)"
            )
            try:
                yield connection
            except (asyncpg.PostgresError, Problem):
                await connection.execute("ROLLBACK")
                raise
            except BaseException:
                connection.terminate()
                raise
            await connection.execute("COMMIT")

    async def _open(self) -> "asyncpg.Pool[asyncpg.Record]":
        async with self._opening:
            if self._pool is None:
                self._pool = await asyncpg.create_pool(
                    self._url,
                    min_size=0,
                    max_size=self._size,
                    timeout=5,
                    statement_cache_size=500,
                    max_cached_statement_lifetime=0,
                    reset=_nothing_to_reset,
                    server_settings={
                        "application_name": self._application_name,
                        "plan_cache_mode": "force_generic_plan",
                        "jit": "off",
                    },
                )
            return self._pool

    async def close(self) -> None:
        if self._pool is not None:
            await self._pool.close()


async def _nothing_to_reset(_connection: object) -> None:
    return


def asyncpg_url(url: str) -> str:
    """The same address with SQLAlchemy's asyncpg driver named in it."""
    scheme, separator, rest = url.partition("://")
    if not separator or scheme.split("+")[0] not in {"postgresql", "postgres"}:
        raise ValueError("A database address starts with postgresql://")
    return f"postgresql+asyncpg://{rest}"


_ROLE_POWERS = text(
    """
    SELECT rolname AS name, rolsuper OR rolbypassrls AS powerful,
           EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                   WHERE c.relkind IN ('r', 'p') AND n.nspname = 'public'
                     AND pg_has_role(current_user, c.relowner, 'MEMBER')) AS owns_tables
    FROM pg_roles WHERE rolname = current_user
    """
)
