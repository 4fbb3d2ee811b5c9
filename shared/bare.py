"""Bare connections of the driver, for the two hot paths: what views read, and what webhooks deliver."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any, TypeAlias
from uuid import UUID

import asyncpg

PLACE_SECONDS = 3.0
CONNECT_SECONDS = 5.0
PLANNING = {"random_page_cost": "1.1"}
"""A page out of turn costs what one in turn does: tables lie in memory or on solid state, not on the discs of
PostgreSQL's default of 4, by which it reads a skill of everybody rather than 22 skills of one person."""
SERVER_SETTINGS = {
    **PLANNING,
    "default_transaction_read_only": "on",
    "plan_cache_mode": "force_generic_plan",
    "jit": "off",
}

SHUTTING_DOWN = {"57P01", "57P02", "57P03"}

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
Read: TypeAlias = Callable[[Connection], Awaitable[Any]]


class Bare:
    """At most `size` connections, the last used first.

    Whoever uses one brings the tenant along for a transaction: nothing is set for longer, so that there is nothing to
    reset (asyncpg's own reset costs a fifth of a small read). Plans are generic: the statements of views are
    specialised by their text, not by their values. None is too long to be kept prepared: asyncpg would prepare one of
    over 15 KiB anew each time, at more than the cost of all others of a dashboard.
    """

    def __init__(self, url: str, *, application_name: str, size: int) -> None:
        self._url = url
        self._settings = {"application_name": application_name, **SERVER_SETTINGS}
        self._idle: list[Connection] = []
        self._places = asyncio.Semaphore(size)

    async def value(self, statement: str, values: Sequence[Any]) -> Any:
        """The only value of a statement that reads, in a transaction of its own.

        One that finds its connection dead is sent once more. Raises `TimeoutError` when no connection becomes free.
        """
        return await self._read(lambda connection: connection.fetchval(statement, *values))

    async def column(self, statement: str, values: Sequence[Any]) -> list[Any]:
        """The first value of each row; else as `value`."""
        rows = await self._read(lambda connection: connection.fetch(statement, *values))
        return [row[0] for row in rows]

    async def _read(self, read: Read) -> Any:
        await self._place()
        try:
            while self._idle:
                connection = self._idle.pop()
                if connection.is_closed():
                    continue
                try:
                    return await self._used(connection, read)
                except Exception as error:
                    if not _is_of_connection(error):
                        raise
            return await self._used(await self._connect(), read)
        finally:
            self._places.release()

    @asynccontextmanager
    async def writing(self, tenant_id: UUID) -> AsyncIterator[Connection]:
        """One tenant's transaction; commits if the block ends well. Raises `TimeoutError` like `value`."""
        await self._place()
        try:
            connection = self._living() or await self._connect()
            whole = False
            try:
                await connection.execute(
                    f"BEGIN READ WRITE; SELECT set_config('app.tenant', '{tenant_id}', true)"
                )
                yield connection
                await connection.execute("COMMIT")
                whole = True
            except Exception as error:
                if not _is_of_connection(error):
                    await connection.execute("ROLLBACK")
                    whole = True
                raise
            finally:
                self._give_back(connection, whole)
        finally:
            self._places.release()

    async def _place(self) -> None:
        if self._places.locked():
            async with asyncio.timeout(PLACE_SECONDS):
                await self._places.acquire()
        else:
            await self._places.acquire()

    async def _used(self, connection: Connection, read: Read) -> Any:
        whole = False
        try:
            found = await read(connection)
            whole = True
            return found
        except Exception as error:
            whole = not _is_of_connection(error)
            raise
        finally:
            self._give_back(connection, whole)

    def _living(self) -> "Connection | None":
        while self._idle:
            connection = self._idle.pop()
            if not connection.is_closed():
                return connection
        return None

    def _give_back(self, connection: Connection, whole: bool) -> None:
        """One whose exchange was broken off is not used again."""
        if whole:
            self._idle.append(connection)
        else:
            connection.terminate()

    async def _connect(self) -> Connection:
        return await asyncpg.connect(
            self._url,
            timeout=CONNECT_SECONDS,
            statement_cache_size=500,
            max_cacheable_statement_size=0,
            max_cached_statement_lifetime=0,
            server_settings=self._settings,
        )

    async def close(self) -> None:
        while self._idle:
            await self._idle.pop().close()


def _is_of_connection(error: Exception) -> bool:
    """Whether the connection has died or cannot be trusted, rather than that the statement was refused."""
    if isinstance(error, asyncpg.PostgresError):
        return str(error.sqlstate)[:2] == "08" or error.sqlstate in SHUTTING_DOWN
    if isinstance(error, ValueError):  # asyncpg's own refusal of a value that does not fit
        return False
    return isinstance(error, asyncpg.InterfaceError | asyncpg.InternalClientError | OSError)
