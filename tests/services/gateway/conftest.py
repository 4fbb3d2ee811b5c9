"""The real services behind the gateway, in process, each in the test's own transaction."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI

from shared.http import Answer, CallFailed
from shared.ids import new_id
from tests.conftest import Harness
from tests.grounds import Ground, Grounds


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
    """What the company of `organisation.py` has under which key."""

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
def ground(grounds: Grounds) -> Ground[Founded]:
    """The company's: to found it takes longer than what most tests do with it."""
    from tests.services.gateway.organisation import establish

    async def found(**services: Harness) -> Founded:
        made = await establish(SimpleNamespace(**services), new_id())
        return Founded(made.tenant_id, made.keys, made.read)

    return grounds.lay("company", ["profile", "goals", "feedback"], found)


@pytest.fixture
async def profile(ground: Ground[Founded]) -> AsyncIterator[Harness]:
    async for harness in ground.in_transaction("profile"):
        yield harness


@pytest.fixture
async def goals(ground: Ground[Founded]) -> AsyncIterator[Harness]:
    async for harness in ground.in_transaction("goals"):
        yield harness


@pytest.fixture
async def feedback(ground: Ground[Founded]) -> AsyncIterator[Harness]:
    async for harness in ground.in_transaction("feedback"):
        yield harness


@pytest.fixture
async def graph(
    profile: Harness,
    goals: Harness,
    feedback: Harness,
    integrations: Harness,
    ground: Ground[Founded],
) -> AsyncIterator[Graph]:
    services = {
        name: InProcess(harness.app)
        for name, harness in (("profile", profile), ("goals", goals), ("feedback", feedback))
    }
    clients = integrations.app.state.clients
    before = dict(clients)
    clients.update(services)
    made = Graph(
        integrations.client, profile, goals, feedback, integrations, services, await ground.there()
    )
    made.enter(profile.tenant_id)
    yield made
    clients.update(before)
