"""What every test of a folder begins with: written once a run and for good, where each test undoes what it adds."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from datetime import date
from pathlib import Path
from typing import Generic, TypeVar

from deploy.local.postgres import EmbeddedPostgres
from shared import clock, telemetry
from shared.db import Database
from tests.conftest import Apps, Harness, at, in_transaction, twin

There = TypeVar("There")


class Ground(Generic[There]):
    """Databases of its own for some services, and what `found`, given their harnesses, has written there.

    Anew each day, for it may speak of today.
    """

    def __init__(
        self,
        apps: Apps,
        keys: Path,
        databases: dict[str, Database],
        found: Callable[..., Awaitable[There]],
    ) -> None:
        self._apps = apps
        self._keys = keys
        self._databases = databases
        self._found = found
        self._of_day: dict[date, There] = {}

    async def there(self) -> There:
        today = clock.today()
        if today not in self._of_day:
            async with AsyncExitStack() as stack:
                services = {
                    name: await stack.enter_async_context(
                        at(name, await self._apps(name), self._keys, database)
                    )
                    for name, database in self._databases.items()
                }
                self._of_day[today] = await self._found(**services)
        return self._of_day[today]

    async def in_transaction(self, name: str) -> AsyncIterator[Harness]:
        """A service on this ground, in a transaction that is rolled back."""
        await self.there()
        async for harness in in_transaction(name, self._apps, self._keys, self._databases[name]):
            yield harness


class Grounds:
    """All of a run."""

    def __init__(self, apps: Apps, keys: Path, cluster: EmbeddedPostgres) -> None:
        self._apps = apps
        self._keys = keys
        self._cluster = cluster
        self._databases: list[Database] = []

    def lay(
        self, whose: str, services: Sequence[str], found: Callable[..., Awaitable[There]]
    ) -> Ground[There]:
        databases = {name: self._connect(name, whose) for name in services}
        return Ground(self._apps, self._keys, databases, found)

    def _connect(self, name: str, whose: str) -> Database:
        url = self._cluster.url(twin(name, whose), f"{name}_app")
        database = Database.connect(url, application_name="tests")
        telemetry.observe_engine(database.engine, name)
        self._databases.append(database)
        return database

    async def close(self) -> None:
        for database in self._databases:
            await database.close()
