"""The real services behind the gateway, in process, each in the test's own transaction."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI

from deploy.local.postgres import EmbeddedPostgres
from shared import telemetry
from shared.db import Database
from shared.http import Answer, CallFailed
from shared.ids import new_id
from tests.conftest import Apps, Harness, at, in_transaction, twin


@dataclass
class InProcess:
    """Stands where a client of a service stands; notes calls and their terms, and fails when it is told to."""

    app: FastAPI
    calls: list[str] = field(default_factory=list)
    terms: dict[str, float | None] = field(default_factory=dict)
    away: bool = False
    one_connection: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def call(
        self,
        method: bytes,
        path: bytes,
        *,
        headers: bytes,
        body: bytes = b"",
        idempotent: bool,
        within: float | None = None,
    ) -> Answer:
        views = b" ".join(body.split(b"\n")[::4]) if path == b"/views" else b""
        self.calls.append(b" ".join((path, views)).decode().strip())
        self.terms[self.calls[-1]] = within
        if self.away:
            raise CallFailed("away")
        transport = httpx.ASGITransport(app=self.app, raise_app_exceptions=False)
        async with (
            self.one_connection,
            httpx.AsyncClient(transport=transport, base_url="http://service") as client,
        ):
            lines = [line.split(": ", 1) for line in headers.decode("latin-1").splitlines()]
            answer = await client.request(
                method.decode(), path.decode(), content=body, headers=dict(lines)
            )
        fields = [f"{name}: {value}" for name, value in answer.headers.items()]
        head = "\r\n".join([f"HTTP/1.1 {answer.status_code}", *fields]).encode("latin-1")
        return Answer(answer.status_code, head, answer.content)

    async def close(self) -> None:
        return


@dataclass(frozen=True)
class Founded:
    """The databases in which the company of `organisation.py` lives, and what it has under which key."""

    databases: dict[str, Database]
    tenant_id: UUID
    keys: dict[str, str]
    read: dict[str, int]


@dataclass
class Graph:
    """The whole of Waymark in one process."""

    client: httpx.AsyncClient
    profile: Harness
    goals: Harness
    feedback: Harness
    integrations: Harness
    services: dict[str, InProcess]
    founded: Founded

    def enter(self, tenant_id: UUID) -> None:
        """From here on all that names no tenant is this one's."""
        for harness in (self.profile, self.goals, self.feedback, self.integrations):
            harness.tenant_id = tenant_id

    async def ask(self, query: str, caller: dict[str, str], **variables: Any) -> dict[str, Any]:
        """The JSON of one GraphQL request."""
        for service in self.services.values():
            service.calls.clear()
        answer = await self.client.post(
            "/graphql", json={"query": query, "variables": variables}, headers=caller
        )
        found: dict[str, Any] = answer.json()
        return found

    def calls(self) -> list[str]:
        return [call for service in self.services.values() for call in service.calls]


@pytest.fixture(scope="session")
async def founded(apps: Apps, keys: Path, cluster: EmbeddedPostgres) -> AsyncIterator[Founded]:
    """Once a run: to found a company takes longer than what most tests do with it."""
    from tests.services.gateway.organisation import establish

    databases = {
        name: Database.connect(cluster.url(twin(name), f"{name}_app"), application_name="test")
        for name in ("profile", "goals", "feedback")
    }
    for name, database in databases.items():
        telemetry.observe_engine(database.engine, name)
    async with AsyncExitStack() as stack:
        harnesses = {
            name: await stack.enter_async_context(at(name, await apps(name), keys, database))
            for name, database in databases.items()
        }
        company = await establish(SimpleNamespace(**harnesses), new_id())
    yield Founded(databases, company.tenant_id, company.keys, company.read)
    for database in databases.values():
        await database.close()


@pytest.fixture
async def profile(apps: Apps, keys: Path, founded: Founded) -> AsyncIterator[Harness]:
    async for harness in in_transaction("profile", apps, keys, founded.databases["profile"]):
        yield harness


@pytest.fixture
async def goals(apps: Apps, keys: Path, founded: Founded) -> AsyncIterator[Harness]:
    async for harness in in_transaction("goals", apps, keys, founded.databases["goals"]):
        yield harness


@pytest.fixture
async def feedback(apps: Apps, keys: Path, founded: Founded) -> AsyncIterator[Harness]:
    async for harness in in_transaction("feedback", apps, keys, founded.databases["feedback"]):
        yield harness


@pytest.fixture
async def graph(
    profile: Harness, goals: Harness, feedback: Harness, integrations: Harness, founded: Founded
) -> AsyncIterator[Graph]:
    services = {
        name: InProcess(harness.app)
        for name, harness in (("profile", profile), ("goals", goals), ("feedback", feedback))
    }
    clients = integrations.app.state.clients
    before = dict(clients)
    clients.update(services)
    made = Graph(integrations.client, profile, goals, feedback, integrations, services, founded)
    made.enter(profile.tenant_id)
    yield made
    clients.update(before)
