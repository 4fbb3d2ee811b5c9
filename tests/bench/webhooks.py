"""Webhooks that the deployed gateway accepts, next to what its database can do at all: bare commits of one row."""

import asyncio
import base64
import hashlib
import hmac
import json
import statistics
import time
from collections.abc import Awaitable, Callable
from itertools import count

import asyncpg
import httpx

from deploy.cli import tokens
from deploy.local.installation import Installation
from shared.ids import new_id

SENDERS = 16


async def accepted(made: Installation, *, seconds: float) -> dict[str, float]:
    """Accepted by the deployed gateway, next to bare commits of one row each by as many connections."""
    bare = await _bare_commits(made, seconds)
    bearer = {"Authorization": f"Bearer {tokens.client_token(made, ['connections:write'])}"}
    async with httpx.AsyncClient(base_url=made.url, trust_env=False, timeout=15) as client:
        answer = await client.post(
            "/connections", json={"kind": "LMS", "name": "bench"}, headers=bearer
        )
        connection = answer.raise_for_status().json()
    numbers, took = count(), list[float]()

    async def send(client: httpx.AsyncClient) -> None:
        headers, body = _signed(connection["secret"], next(numbers))
        begun = time.perf_counter()
        answer = await client.post(f"/webhooks/{connection['id']}", content=body, headers=headers)
        took.append(time.perf_counter() - begun)
        assert answer.status_code == 202, answer.text

    async def sender(until: float) -> None:
        limits = httpx.Limits(max_connections=1)
        async with httpx.AsyncClient(base_url=made.url, trust_env=False, limits=limits) as client:
            while time.monotonic() < until:
                await send(client)

    started = time.monotonic()
    await asyncio.gather(*(sender(started + seconds) for _ in range(SENDERS)))
    accepted = len(took) / (time.monotonic() - started)
    took.sort()
    return {
        "bare commits a second": bare,
        "webhooks accepted a second": accepted,
        "webhook, p50 ms": 1000 * statistics.median(took),
        "webhook, p99 ms": 1000 * took[int(len(took) * 0.99)],
        "bare commits / webhooks": bare / accepted,
    }


def _signed(secret: str, number: int) -> tuple[dict[str, str], bytes]:
    """As a Standard Webhooks sender does."""
    body = json.dumps(
        {
            "type": "learning.completed",
            "timestamp": "2026-01-01T00:00:00Z",
            "data": {
                "person": {"email": f"person-{number}@example.org"},
                "course": {"code": f"C-{number % 50}"},
                "completedAt": "2026-01-01T00:00:00Z",
            },
        }
    )
    message_id, sent_at = f"msg_{number}", int(time.time())
    key = base64.b64decode(secret.removeprefix("whsec_"))
    digest = hmac.new(key, f"{message_id}.{sent_at}.{body}".encode(), hashlib.sha256).digest()
    headers = {
        "content-type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": str(sent_at),
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
    }
    return headers, body.encode()


async def _bare_commits(made: Installation, seconds: float) -> float:
    owner = made.owner_urls()["integrations"]
    connections = [await asyncpg.connect(owner) for _ in range(SENDERS)]
    await connections[0].execute("CREATE TABLE bench_row (id uuid PRIMARY KEY, body text)")
    until, done = time.monotonic() + seconds, 0

    async def commit(write: Callable[..., Awaitable[str]]) -> None:
        nonlocal done
        while time.monotonic() < until:
            await write("INSERT INTO bench_row VALUES ($1, $2)", new_id(), "x" * 300)
            done += 1

    await asyncio.gather(*(commit(connection.execute) for connection in connections))
    await connections[0].execute("DROP TABLE bench_row")
    for connection in connections:
        await connection.close()
    return done / seconds
