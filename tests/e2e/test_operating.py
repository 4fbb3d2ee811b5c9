"""The operator's command on a running system: what failed is retried or dropped, what was sent is sent again."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest
from standardwebhooks import Webhook

from shared import clock
from shared.ids import new_id
from tests.e2e.conftest import RECEIVER_PORT, Waymark, until
from tests.services.integrations.receiving import Receiver

pytestmark = pytest.mark.slow

SCOPES = ("connections:write", "subscriptions:write", "people:write")


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    receiver = Receiver(RECEIVER_PORT)
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", RECEIVER_PORT)
    async with server:
        yield receiver


async def command(waymark: Waymark, *arguments: str, expect: int = 0) -> Any:
    """In a thread: what it asks the gateway to send comes to this loop."""
    return await asyncio.to_thread(waymark.command, *arguments, expect=expect)


async def made(waymark: Waymark, path: str, **wanted: Any) -> Any:
    headers = waymark.bearer("ops", client="ops", scopes=SCOPES)
    async with httpx.AsyncClient(base_url=waymark.url, trust_env=False, timeout=60) as client:
        answer = await client.post(path, json=wanted, headers=headers)
    assert answer.is_success, answer.text
    return answer.json()


async def failed_jobs(waymark: Waymark, number: int) -> list[str]:
    """Purges of profile that had all their attempts."""
    ids = [new_id() for _ in range(number)]
    connection = await asyncpg.connect(waymark.made.environment["PROFILE_DATABASE_URL"])
    for each in ids:
        await connection.execute(
            "INSERT INTO queue.job (id, tenant_id, name, arguments, attempts, failed_at, reason) "
            "VALUES ($1, $2, 'events.purge', '{}', 10, now(), 'ValueError')",
            each,
            waymark.made.tenant_id,
        )
    await connection.close()
    return [str(each) for each in ids]


async def test_failed_jobs_are_listed_retried_and_dropped(waymark: Waymark) -> None:
    again, dropped = await failed_jobs(waymark, 2)

    dead = await command(waymark, "jobs", "dead", "--service", "profile")
    assert {again, dropped} <= {job["id"] for job in dead}
    assert await command(waymark, "jobs", "retry", "profile", again) == {"jobs": [again]}
    assert await command(waymark, "jobs", "drop", "profile", dropped) == {"jobs": [dropped]}

    async def left() -> set[str]:
        return {job["id"] for job in await command(waymark, "jobs", "list")}

    await until(left, holds=lambda ids: not {again, dropped} & ids)
    refused = await command(waymark, "jobs", "drop", "profile", dropped, expect=1)
    assert dropped in str(refused)


async def test_a_subscriber_is_tested_and_sent_again_what_it_was_sent(waymark: Waymark) -> None:
    async with receiving() as receiver:
        subscription = await made(
            waymark,
            "/webhook-subscriptions",
            name=f"To {uuid4()}",
            url=receiver.url,
            eventTypes=["waymark.profile.org_unit.changed.v1"],
        )
        tested = await command(waymark, "webhooks", "test", subscription["id"])
        assert (tested["outcome"], tested["state"]) == ("DELIVERED", "ACTIVE")
        receiver.got.clear()
        began = clock.now()
        unit = {"system": "hris", "key": f"u-{uuid4()}", "name": "A unit", "type": "TEAM"}
        await waymark.put_in("org-units", [unit], "people:write")

        async def sent() -> list[str]:
            return [each.headers["webhook-id"] for each in receiver.posts]

        (first,) = await until(sent, holds=bool)
        shown = ("webhooks", "show", "--subscription", subscription["id"])

        async def delivered() -> list[Any]:
            return list(await command(waymark, *shown, "--state", "delivered"))

        (delivery,) = await until(delivered, holds=bool)
        again = ("webhooks", "redeliver", subscription["id"], delivery["id"])
        assert await command(waymark, *again) == {"deliveries": 1}
        await until(sent, holds=lambda ids: ids == [first] * 2)
        await until(delivered, holds=bool)
        since = ("--from", began.strftime("%Y-%m-%dT%H:%M:%S"))
        replayed = await command(waymark, "webhooks", "replay", subscription["id"], *since)
        assert replayed == {"deliveries": 1}
        assert await until(sent, holds=lambda ids: len(ids) == 3) == [first] * 3


async def test_a_rejected_delivery_is_shown_and_mapped_once_more(waymark: Waymark) -> None:
    connection = await made(waymark, "/connections", kind="LMS", name=f"lms-{uuid4()}")
    now, body = datetime.now(UTC), "[]"
    headers = {
        "content-type": "application/json",
        "webhook-id": "msg_1",
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(connection["secret"]).sign("msg_1", now, body),
    }
    async with httpx.AsyncClient(base_url=waymark.url, trust_env=False, timeout=60) as client:
        path = connection["webhookPath"]
        assert (await client.post(path, content=body, headers=headers)).status_code == 202
    shown = ("webhooks", "show", "--connection", connection["id"], "--state", "rejected")

    async def rejected() -> list[Any]:
        return list(await command(waymark, *shown))

    (delivery,) = await until(rejected, holds=bool)
    assert delivery["reason"] == "body: Input should be an object"
    replayed = await command(waymark, "webhooks", "replay", delivery["id"])
    assert (UUID(replayed["id"]), replayed["state"]) == (UUID(delivery["id"]), "RECEIVED")

    (once_more,) = await until(
        rejected, holds=lambda found: bool(found and found[0]["settledAt"] != delivery["settledAt"])
    )
    assert once_more["state"] == "REJECTED"
