"""The integrations behind their own door, and a connection that signs as an LMS does."""

import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy import text
from standardwebhooks import Webhook

from services.gateway.integrations.parts import parts
from services.gateway.integrations.sealing import Vault
from services.gateway.integrations.webhooks.publishing import settle
from shared import clock
from shared.addresses import AddressRules
from shared.app import build
from shared.ids import new_id
from shared.jobs import Job
from shared.outward import Outward
from shared.service import Blueprint
from shared.settings import ServiceSettings, settings_config
from shared.tenancy import Principal
from tests.services.integrations.receiving import Outbound, Receiver, receiving

SEAL_KEY = SecretStr(base64.b64encode(bytes(range(32))).decode())
COMPLETED: dict[str, Any] = {
    "type": "learning.completed",
    "timestamp": "2026-11-20T09:00:00Z",
    "data": {
        "person": {"system": "hris", "value": "4711"},
        "course": {"provider": "acme", "code": "SQL-2"},
        "completedAt": "2026-11-20T08:55:00Z",
        "score": 91.5,
    },
}


class Settings(ServiceSettings):
    """What every service has."""

    model_config = settings_config("INTEGRATIONS_")


@pytest.fixture(scope="session")
async def apps(settings_of: Any) -> AsyncIterator[Callable[[str], Awaitable[FastAPI]]]:
    """The integrations alone, without the GraphQL side that they know nothing of."""
    mounted = parts(seal_key=SEAL_KEY, outward=Outward(AddressRules(private=True)))
    blueprint = Blueprint(
        name="gateway",
        title="Integrations",
        database_name=mounted.database_name,
        metadata=mounted.metadata,
        callers=mounted.callers,
        routers=mounted.routers,
        facts=mounted.facts,
        handlers=mounted.handlers,
        jobs=mounted.jobs,
    )
    app = build(blueprint, settings_of(Settings, "integrations"))
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(app.router.lifespan_context(app))

        async def app_of(_database: str) -> FastAPI:
            return app

        yield app_of


@dataclass
class Lms:
    """A connection as the system at its other end knows it."""

    harness: Any
    id: str
    secret: str

    def headers(
        self,
        body: bytes,
        *,
        message_id: str = "msg_1",
        age: timedelta = timedelta(0),
        secret: str | None = None,
    ) -> dict[str, str]:
        """Signed by the reference library, not by our own code."""
        sent_at = datetime.now(UTC) - age
        signature = Webhook(secret or self.secret).sign(message_id, sent_at, body.decode())
        return {
            "content-type": "application/json",
            "webhook-id": message_id,
            "webhook-timestamp": str(int(sent_at.timestamp())),
            "webhook-signature": signature,
        }

    async def send(self, content: Any = COMPLETED, **further: Any) -> httpx.Response:
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        return await self.post(body, self.headers(body, **further))

    async def post(
        self, body: bytes, headers: dict[str, str], *, to: str | None = None
    ) -> httpx.Response:
        client: httpx.AsyncClient = self.harness.client
        return await client.post(f"/webhooks/{to or self.id}", content=body, headers=headers)

    async def deliveries(self) -> list[dict[str, Any]]:
        answer = await self.harness.client.get(
            "/webhook-deliveries", headers=self.harness.integration("connections:read")
        )
        return list(answer.json())

    async def work(self, *, attempt: int = 1, vault: Vault | None = None) -> int:
        """Runs the jobs that accepted deliveries have stored, or tries them with another vault; answers how many."""
        async with self.harness.session() as session:
            found = await session.execute(
                text("DELETE FROM queue.job WHERE name = 'webhooks.map' RETURNING arguments")
            )
            arguments = list(found.scalars())
        tenant_id, service = self.harness.tenant_id, self.harness.service
        held = [Job(new_id(), "webhooks.map", tenant_id, each, attempt) for each in arguments]
        if held and vault is None:
            await service.blueprint.jobs.lanes["webhooks.map"].work(service.database, held)
        elif held and vault is not None:
            principal = Principal.system(tenant_id, "integrations.webhooks.map")
            await settle(service.database, principal, vault, held)
        return len(held)


@pytest.fixture
async def lms(integrations: Any) -> Lms:
    answer = await integrations.client.post(
        "/connections",
        json={"name": "Our LMS", "kind": "LMS"},
        headers=integrations.integration("connections:write"),
    )
    assert answer.status_code == 201, answer.text
    return Lms(integrations, answer.json()["id"], answer.json()["secret"])


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as listening:
        yield listening


@pytest.fixture
def outbound(integrations: Any) -> Outbound:
    return Outbound(integrations)


@pytest.fixture
def now() -> datetime:
    return clock.now()


def signed(lms, body, message_id="msg_1"):
    """For bytes that the reference library cannot sign."""
    headers = lms.headers(b"")
    content = f"{message_id}.{headers['webhook-timestamp']}.".encode() + body
    key = base64.b64decode(lms.secret.removeprefix("whsec_"))
    digest = hmac.digest(key, content, hashlib.sha256)
    headers["webhook-signature"] = "v1," + base64.b64encode(digest).decode()
    headers["webhook-id"] = message_id
    return headers
