"""Accepting on real connections: one message that comes many times at once is stored once."""

import asyncio
import base64
from datetime import UTC, datetime
from typing import Any, cast

import pytest
from pydantic import SecretStr
from sqlalchemy import text
from standardwebhooks import Webhook

from services.gateway.integrations.connections import commands as connections
from services.gateway.integrations.connections.rules import Address, spelled
from services.gateway.integrations.connections.schemas import ConnectionCreate
from services.gateway.integrations.sealing import Vault
from services.gateway.integrations.webhooks import commands
from services.gateway.integrations.webhooks.verifying import Presented, SignatureWrong
from shared.db import Database
from shared.ids import new_id
from shared.settings import Environment
from shared.tenancy import Actor, Principal

BODY = b'{"type":"learning.completed"}'
VAULT = Vault.from_setting(SecretStr(base64.b64encode(bytes(32)).decode()))
SCOPES = frozenset({"connections:write"})


@pytest.fixture
async def database(cluster: Any) -> Any:
    url = cluster.url("integrations", "integrations_app")
    connected = Database.connect(url, application_name="at-once", pool_size=8)
    yield connected
    await connected.close()


@pytest.fixture
async def sender(database: Any) -> Any:
    """A connection of a tenant of its own, whose traces are removed afterwards: nothing is rolled back here."""
    tenant_id = new_id()
    caller = Principal(tenant_id, "hris", Actor.CLIENT, scopes=SCOPES)
    wanted = ConnectionCreate.model_validate({"name": "Acme", "kind": "LMS"})
    async with database.transaction(tenant_id) as session:
        connection, secret = await connections.create(
            session, caller, VAULT, wanted=wanted, environment=Environment.TEST
        )
    yield Address(tenant_id, connection.id), spelled(cast(bytes, secret))
    async with database.transaction(tenant_id) as session:
        for table in ("webhooks_delivery", "connections_connection"):
            await session.execute(text(f"DELETE FROM {table}"))
        await session.execute(
            text("DELETE FROM queue.job WHERE tenant_id = :tenant"), {"tenant": tenant_id}
        )


def presented(secret: str, message_id: str) -> Presented:
    sent_at = datetime.now(UTC)
    headers = {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(sent_at.timestamp())),
        "webhook-signature": Webhook(secret).sign(message_id, sent_at, BODY.decode()),
    }
    return Presented(headers, "", BODY)


async def accept(database: Any, address: Address, delivery: Presented) -> Any:
    async with database.writing(address.tenant_id) as connection:
        return await commands.accept(
            connection,
            VAULT,
            address=address,
            presented=delivery,
            tokens=cast(Any, None),
            outward=cast(Any, None),
        )


async def counted(database: Any, address: Address) -> tuple[int, int]:
    async with database.transaction(address.tenant_id) as session:
        deliveries = await session.scalar(text("SELECT count(*) FROM webhooks_delivery"))
        jobs = await session.scalar(
            text("SELECT count(*) FROM queue.job WHERE tenant_id = :tenant"),
            {"tenant": address.tenant_id},
        )
    return deliveries, jobs


async def test_a_message_that_comes_many_times_at_once_is_one_delivery(database, sender):
    address, secret = sender
    delivery = presented(secret, "msg_1")

    receipts = await asyncio.gather(*(accept(database, address, delivery) for _ in range(24)))

    assert len({receipt.id for receipt in receipts}) == 1
    assert await counted(database, address) == (1, 1)


async def test_what_is_refused_leaves_nothing_and_the_connection_goes_on(database, sender):
    address, secret = sender
    wrong = presented("whsec_" + base64.b64encode(bytes(32)).decode(), "msg_1")

    for _ in range(20):
        with pytest.raises(SignatureWrong):
            await accept(database, address, wrong)
    assert await counted(database, address) == (0, 0)

    await accept(database, address, presented(secret, "msg_1"))
    assert await counted(database, address) == (1, 1)
