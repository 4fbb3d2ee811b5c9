"""One embedded PostgreSQL a run, each service behind its own door, every test in a transaction that is rolled back."""

import asyncio
import base64
import json
import os
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from deploy.local.keys import AUDIENCE, ISSUER, ensure_keys, mint
from deploy.local.postgres import EmbeddedPostgres
from deploy.local.provision import DATABASES, provision
from shared import clock, migrations
from shared.db import Database
from shared.events.facts import Envelope
from shared.events.inbox import apply_batch
from shared.ids import new_id
from tests.scheduling import pytest_collection_modifyitems, pytest_xdist_make_scheduler
from tests.steadiness import pytest_runtest_setup

__all__ = ["pytest_collection_modifyitems", "pytest_runtest_setup", "pytest_xdist_make_scheduler"]
ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of real data, for the tests that read the official files."""
    folder = Path(os.environ.get("WAYMARK_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"no real data at {folder}: set WAYMARK_DATA to a folder that has it")
    return folder


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    """An unsynced cluster with the four databases at this code's revision."""
    with EmbeddedPostgres(tmp_path_factory.mktemp("postgres"), durable=False) as running:
        asyncio.run(provision(running))
        for name in DATABASES:
            migrations.upgrade(name, running.url(name, f"{name}_owner"))
        asyncio.run(_multiply(running))
        yield running


TWINS = ("company", "own")
"""For the company of the gateway's tests, and for what the tests of one service begin with: see `grounds.py`."""


def twin(database: str, whose: str) -> str:
    """The name of a copy of a service's database in which no other tests are."""
    return f"{database}_of_{whose}"


async def _multiply(running: EmbeddedPostgres) -> None:
    """Makes the twins of the migrated databases; in all of them a statement has time, however busy the machine is."""
    server = await asyncpg.connect(running.url("postgres"))
    for name in DATABASES:
        twins = [twin(name, whose) for whose in TWINS]
        for database in twins:
            await server.execute(f"CREATE DATABASE {database} TEMPLATE {name} OWNER {name}_owner")
        for database in (name, *twins):
            for limit in ("statement_timeout", "idle_in_transaction_session_timeout"):
                setting = f"IN DATABASE {database} SET {limit} = '5min'"
                await server.execute(f"ALTER ROLE {name}_app {setting}")
    await server.close()


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("keys")
    ensure_keys(directory, environment="test")
    return directory


@pytest.fixture(scope="session")
def settings_of(cluster: EmbeddedPostgres, keys: Path) -> Any:
    """Builds a settings class for one of the four databases; no broker is reached in a service test."""

    def build(settings_class: Any, database: str, **further: Any) -> Any:
        return settings_class(
            env="test",
            nats_url="nats://127.0.0.1:1",
            auth_jwks=str(keys / "jwks.json"),
            auth_issuer=ISSUER,
            auth_audience=AUDIENCE,
            database_url=cluster.url(database, f"{database}_app"),
            metrics_port=0,
            access_log_seconds=3600,
            **further,
        )

    return build


@dataclass
class Harness:
    """One service in process: its door, its database in a transaction of the test, its side of events."""

    app: FastAPI
    client: httpx.AsyncClient
    keys: Path
    tenant_id: UUID = field(default_factory=new_id)

    @property
    def service(self) -> Any:
        return self.app.state.service

    def token(
        self,
        subject: str,
        *,
        client: str | None = None,
        scopes: tuple[str, ...] = (),
        tenant: UUID | None = None,
    ) -> dict[str, str]:
        """The headers of a caller."""
        token = mint(
            self.keys,
            environment="test",
            subject=subject,
            tenant_id=tenant or self.tenant_id,
            client_id=client,
            scopes=scopes,
        )
        return {"Authorization": f"Bearer {token}"}

    def integration(self, *scopes: str, tenant: UUID | None = None) -> dict[str, str]:
        """The headers of a machine client with these scopes."""
        return self.token("hris", client="hris", scopes=scopes, tenant=tenant)

    def session(self, tenant: UUID | None = None) -> AbstractAsyncContextManager[AsyncSession]:
        database: Database = self.service.database
        return database.transaction(tenant or self.tenant_id)

    async def deliver(
        self,
        event_type: str,
        *,
        subject: str | UUID,
        sequence: int | None,
        payload: dict[str, Any],
        tenant: UUID | None = None,
        event_id: UUID | None = None,
    ) -> None:
        """What the worker does with an event of another service."""
        tenant_id = tenant or self.tenant_id
        event = Envelope(
            id=event_id or new_id(),
            type=event_type,
            subject=str(subject),
            sequence=sequence,
            occurred_at=clock.now(),
            tenant_id=tenant_id,
            traceparent=None,
            body=json.dumps(payload, default=str).encode(),
        )
        handlers = self.service.blueprint.handlers
        groups = [
            g for g in handlers.groups.values() if any(h.takes(event_type) for h in g.handlers)
        ]
        assert groups, f"nobody here listens to {event_type}"
        for group in groups:
            async with self.session(tenant_id) as session:
                await apply_batch(session, group, tenant_id, [event])

    async def published(self, event_type: str | None = None) -> list[dict[str, Any]]:
        """The facts in the outbox, oldest first: type, subject, sequence and data."""
        async with self.session() as session:
            rows = await session.execute(text("SELECT * FROM outbox_event ORDER BY id"))
            found = [dict(row) for row in rows.mappings()]
        return [row for row in found if event_type in (None, row["type"])]


@asynccontextmanager
async def at(name: str, app: FastAPI, keys: Path, database: Database) -> AsyncIterator[Harness]:
    """The service with this for its database; what it remembers of that, in memory, goes with it."""
    service = app.state.service
    own, service.database = service.database, database
    database.handed_down = own.handed_down
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=f"http://{name}") as client:
        yield Harness(app, client, keys)
    service.database = own
    service.purges_planned.clear()
    if service.access_log is not None:
        service.access_log._waiting.clear()
        service.blueprint.accesses.planned.clear()


Apps = Callable[[str], Awaitable[FastAPI]]
QUERY_SECONDS = 300
"""That a query may take, however busy the machine is."""
SECRETS: dict[str, dict[str, str]] = defaultdict(
    dict,
    profile={"seal_key": base64.b64encode(b"w" * 32).decode()},
    feedback={"seal_key": base64.b64encode(b"p" * 32).decode()},
    integrations={
        "seal_key": base64.b64encode(b"k" * 32).decode(),
        "cursor_secret": "a secret of the tests",
        "query_seconds": str(QUERY_SECONDS),
    },
)
MODULES = {
    "profile": "profile",
    "goals": "goals",
    "feedback": "feedback",
    "integrations": "gateway",
}


@pytest.fixture(scope="session")
async def apps(settings_of: Any) -> AsyncIterator[Apps]:
    """The application that owns a database, made once a run and with its lifespan entered."""
    made: dict[str, FastAPI] = {}
    async with AsyncExitStack() as stack:

        async def app_of(database: str) -> FastAPI:
            if database not in made:
                module = import_module(f"services.{MODULES[database]}.app")
                app = module.create_app(settings_of(module.SETTINGS, database, **SECRETS[database]))
                made[database] = app
                await stack.enter_async_context(app.router.lifespan_context(app))
            return made[database]

        yield app_of


async def in_transaction(
    name: str, apps: Apps, keys: Path, database: Database | None = None
) -> AsyncIterator[Harness]:
    """The service in a transaction that is rolled back, in its own database or in another."""
    app = await apps(name)
    engine = (database or app.state.service.database).engine
    async with engine.connect() as connection:
        transaction = await connection.begin()
        sessions = async_sessionmaker(
            bind=connection, expire_on_commit=False, join_transaction_mode="create_savepoint"
        )
        async with at(name, app, keys, Database(engine, sessions)) as harness:
            yield harness
        await transaction.rollback()


@pytest.fixture(scope="session")
async def grounds(apps: Apps, keys: Path, cluster: EmbeddedPostgres) -> AsyncIterator[Any]:
    """Lays what the tests of a folder begin with."""
    from tests.grounds import Grounds

    laid = Grounds(apps, keys, cluster)
    yield laid
    await laid.close()


@pytest.fixture
async def profile(apps: Apps, keys: Path) -> AsyncIterator[Harness]:
    async for harness in in_transaction("profile", apps, keys):
        yield harness


@pytest.fixture
async def goals(apps: Apps, keys: Path) -> AsyncIterator[Harness]:
    async for harness in in_transaction("goals", apps, keys):
        yield harness


@pytest.fixture
async def feedback(apps: Apps, keys: Path) -> AsyncIterator[Harness]:
    async for harness in in_transaction("feedback", apps, keys):
        yield harness


@pytest.fixture
async def integrations(apps: Apps, keys: Path) -> AsyncIterator[Harness]:
    async for harness in in_transaction("integrations", apps, keys):
        yield harness
