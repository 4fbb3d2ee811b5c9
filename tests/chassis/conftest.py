"""A database with the chassis's tables, a broker that can be stopped, workers as processes."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from deploy.local.nats import find_server
from deploy.local.postgres import EmbeddedPostgres
from deploy.local.processes import free_ports
from deploy.local.provision import provision
from shared import jobs
from shared.db import Database, asyncpg_url
from shared.ids import new_id
from shared.tenancy import Principal
from tests.chassis import listener

PATIENCE_SECONDS = 60.0
"""What may take so long on a machine with other things to do does not fail for it: only what never comes fails."""
PROTECTED = (
    "outbox_event",
    "inbox_event",
    "inbox_sequence",
    "inbox_dead_letter",
    "idempotency_key",
    "person_copy",
    "person_key",
)


@dataclass
class Place:
    """One test's database, with the addresses for processes and a connection that sees all tenants."""

    database: Database
    url: str
    admin: "asyncpg.Connection[asyncpg.Record]"
    tenant_id: UUID = field(default_factory=new_id)
    _asking: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def principal(self) -> Principal:
        return Principal.system(self.tenant_id, "test")

    async def value(self, query: str, *parameters: Any) -> Any:
        async with self._asking:
            return await self.admin.fetchval(query, *parameters)

    async def rows(self, query: str, *parameters: Any) -> list[tuple[Any, ...]]:
        async with self._asking:
            return [tuple(row) for row in await self.admin.fetch(query, *parameters)]

    async def until(self, query: str, expected: Any) -> None:
        """Waits until the query gives the value, and fails with the last one that it gave."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while (found := await self.value(query)) != expected and time.monotonic() < deadline:
            await asyncio.sleep(0.02)
        assert found == expected, query


@pytest.fixture(scope="session")
def chassis_cluster(cluster: EmbeddedPostgres) -> EmbeddedPostgres:
    """With a template database that has the chassis's tables, made as its owner."""
    asyncio.run(provision(cluster, ["chassis"]))
    asyncio.run(_install(cluster.url("chassis", "chassis_owner")))
    return cluster


async def _install(owner_url: str) -> None:
    engine = create_async_engine(asyncpg_url(owner_url))
    async with engine.begin() as connection:
        await connection.run_sync(listener.METADATA.create_all)
        for table in listener.METADATA.tables:
            await connection.execute(
                text(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO chassis_app")
            )
        for statement in jobs.install_sql("chassis_app"):
            await connection.execute(text(statement))
        for table in PROTECTED:
            await connection.execute(text(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"))
            await connection.execute(text(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY"))
            await connection.execute(
                text(
                    f"CREATE POLICY own ON {table} USING (tenant_id = "
                    "(SELECT nullif(current_setting('app.tenant', true), '')::uuid))"
                )
            )
    await engine.dispose()


@pytest.fixture
async def place(chassis_cluster: EmbeddedPostgres) -> AsyncIterator[Place]:
    name = f"chassis_{new_id().hex}"
    server = await asyncpg.connect(chassis_cluster.url("postgres"))
    await server.execute(f"CREATE DATABASE {name} TEMPLATE chassis OWNER chassis_owner")
    url = chassis_cluster.url(name, "chassis_app")
    database = Database.connect(url, application_name="test")
    admin = await asyncpg.connect(chassis_cluster.url(name))
    yield Place(database, url, admin)
    await admin.close()
    await database.close()
    await server.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await server.close()


class Broker:
    """A NATS server on one port and one directory, whatever it goes through."""

    def __init__(self, directory: Path) -> None:
        (self.port,) = free_ports(1)
        self.url = f"nats://127.0.0.1:{self.port}"
        self._command = [str(find_server()), "-a", "127.0.0.1", "-p", str(self.port), "-js"]
        self._directory = directory
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._process = subprocess.Popen(
            [*self._command, "-sd", str(self._directory), "-l", str(self._directory / "log")]
        )
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
                time.sleep(0.01)
        raise AssertionError("NATS did not start")

    def kill(self) -> None:
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    running = Broker(tmp_path)
    running.start()
    yield running
    running.kill()


class Worker:
    """`listener.py` as a process of its own."""

    def __init__(self, place: Place, broker: Broker, **environment: str) -> None:
        settings = {"LISTENER_DATABASE_URL": place.url, "NATS_URL": broker.url, **environment}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.chassis.listener"], env={**os.environ, **settings}
        )

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def terminate(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE_SECONDS)


StartWorker = Callable[..., Worker]


@pytest.fixture
def start_worker(place: Place, broker: Broker) -> Iterator[StartWorker]:
    started: list[Worker] = []

    def start(**environment: str) -> Worker:
        started.append(Worker(place, broker, **environment))
        return started[-1]

    yield start
    for worker in started:
        worker.kill()
