"""One service's database: a pool as its runtime role, a tenant in every transaction, tables that carry it."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar, TypeAlias, cast
from uuid import UUID

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

from shared.bare import PLANNING, Bare, Connection
from shared.ids import new_id

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

Writer: TypeAlias = Connection
"""What `Database.writing` hands out."""

SET_TENANT = text("SELECT set_config('app.tenant', :tenant, true)")


_PATIENCE = text(
    "SELECT set_config('statement_timeout', CAST(:milliseconds AS text), true), "
    "set_config('work_mem', '64MB', true)"
)


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
        bare: Bare | None = None,
    ) -> None:
        self.engine = engine
        self._sessions = sessions
        self._bare = bare
        self._one_at_a_time = asyncio.Lock()  # where there is one connection, as in a test
        self.handed_down: dict[str, Any] = {}

    @classmethod
    def connect(
        cls, url: str, *, application_name: str, pool_size: int = 10, bare_size: int | None = None
    ) -> "Database":
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
                "server_settings": {"application_name": application_name, **PLANNING},
            },
        )
        bare = Bare(url, application_name=application_name, size=bare_size or pool_size)
        return cls(engine, async_sessionmaker(engine, expire_on_commit=False), bare)

    @asynccontextmanager
    async def transaction(self, tenant_id: UUID) -> AsyncIterator[AsyncSession]:
        """One transaction that sees and writes one tenant's rows; commits when the block ends well.

        What is `handed_down` lies in its `info`.
        """
        async with self._sessions() as session, session.begin():
            session.info.update(self.handed_down, tenant_id=tenant_id)
            await session.execute(SET_TENANT, {"tenant": str(tenant_id)})
            yield session

    async def value(self, statement: str, values: Sequence[Any]) -> Any:
        """The one value of a statement that sets its own tenant (`shared.guard`), on the bare driver."""
        if self._bare is not None:
            return await self._bare.value(statement, values)
        async with self._one_at_a_time, self._sessions() as session, session.begin():
            return await (await _driver(session)).fetchval(statement, *values)

    async def column(self, statement: str, values: Sequence[Any]) -> list[Any]:
        """The first value of each row of such a statement."""
        if self._bare is not None:
            return await self._bare.column(statement, values)
        async with self._one_at_a_time, self._sessions() as session, session.begin():
            return [row[0] for row in await (await _driver(session)).fetch(statement, *values)]

    async def patient_value(self, statement: str, values: Sequence[Any], *, seconds: float) -> Any:
        """As `value`, where it may take long: on a connection that no quick statement waits for.

        Raises asyncpg's `QueryCanceledError` when the time is over.
        """
        async with self._sessions() as session, session.begin():
            await be_patient(session, seconds=seconds)
            return await (await _driver(session)).fetchval(statement, *values)

    @asynccontextmanager
    async def writing(self, tenant_id: UUID) -> AsyncIterator[Writer]:
        """One tenant's transaction on the bare driver, for the hot path of deliveries; commits if the block ends well.

        Nothing of a session works in it: no rows as objects, no facts.
        """
        if self._bare is not None:
            async with self._bare.writing(tenant_id) as connection:
                yield connection
            return
        async with self.transaction(tenant_id) as session:
            yield await _driver(session)

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
        if self._bare is not None:
            await self._bare.close()
        await self.engine.dispose()


async def be_patient(session: AsyncSession, *, seconds: float) -> None:
    """For statements over a hundred thousand people: to the end of the transaction more time, and sums in memory.

    Less than a millisecond is one: zero would mean for ever.
    """
    await session.execute(_PATIENCE, {"milliseconds": str(max(1, int(seconds * 1000)))})


async def _driver(session: AsyncSession) -> Connection:
    raw = await (await session.connection()).get_raw_connection()
    return cast(Connection, raw.driver_connection)


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
