"""Bare connections for reading: the hot path of views, one statement a transaction."""

import asyncio
from collections.abc import Sequence
from typing import Any, TypeAlias

import asyncpg

PLACE_SECONDS = 3.0
CONNECT_SECONDS = 5.0
SERVER_SETTINGS = {
    "default_transaction_read_only": "on",
    "plan_cache_mode": "force_generic_plan",
    "jit": "off",
}

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


class Readers:
    """At most `size` connections, the last used first; a statement that finds its connection dead is sent once more.

    A statement brings its tenant along and is a transaction of its own: nothing is set for longer, so that there is
    nothing to reset (asyncpg's own reset costs a fifth of a small read) and no BEGIN and COMMIT. Plans are generic: the
    statements of views are specialised by their text, not by their values. None is too long to be kept prepared:
    asyncpg would prepare one of over 15 KiB anew each time, at more than the cost of all others of a dashboard.
    """

    def __init__(self, url: str, *, application_name: str, size: int) -> None:
        self._url = url
        self._settings = {"application_name": application_name, **SERVER_SETTINGS}
        self._idle: list[Connection] = []
        self._places = asyncio.Semaphore(size)

    async def value(self, statement: str, values: Sequence[Any]) -> Any:
        """The statement's only value. Raises `TimeoutError` when no connection becomes free in time."""
        if self._places.locked():
            async with asyncio.timeout(PLACE_SECONDS):
                await self._places.acquire()
        else:
            await self._places.acquire()
        try:
            return await self._value(statement, values)
        finally:
            self._places.release()

    async def _value(self, statement: str, values: Sequence[Any]) -> Any:
        while self._idle:
            connection = self._idle.pop()
            if connection.is_closed():
                continue
            try:
                return await self._ask(connection, statement, values)
            except (asyncpg.PostgresConnectionError, asyncpg.InterfaceError, OSError):
                if not connection.is_closed():
                    raise
        return await self._ask(await self._connect(), statement, values)

    async def _ask(self, connection: Connection, statement: str, values: Sequence[Any]) -> Any:
        whole = False
        try:
            found = await connection.fetchval(statement, *values)
            whole = True
            return found
        except (asyncpg.PostgresError, asyncpg.InterfaceError):
            whole = True
            raise
        finally:
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
