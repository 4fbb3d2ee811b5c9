"""A receiver of webhooks on a real socket, and the integrations on committed tables with the jobs run by hand."""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import httpx
from sqlalchemy import text

from shared import clock
from shared.ids import new_id
from shared.jobs import Job

GOAL = "waymark.goals.goal.activated.v1"
RECORD = "waymark.goals.learning_record.completed.v1"
UNIT = "waymark.profile.org_unit.changed.v1"


@dataclass(frozen=True)
class Got:
    """One request as it came."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Receiver:
    """Answers with what stands next in `answers`, then 200: (status, headers) and, before it, seconds to wait.

    While `held` is not set no answer leaves, for as long as somebody waits for it.
    """

    port: int = 0
    got: list[Got] = field(default_factory=list)
    answers: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    wait: float = 0.0
    held: asyncio.Event | None = None
    at_once: int = 0
    most_at_once: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hooks?for=waymark"

    @property
    def posts(self) -> list[Got]:
        return [each for each in self.got if each.method == "POST"]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            self.got.append(await _read(reader))
            if self.wait:
                await asyncio.sleep(self.wait)
            if self.held:
                await _first(self.held.wait(), reader.read(1))
            status, headers = self.answers.pop(0) if self.answers else (200, {})
            lines = [f"HTTP/1.1 {status} Said", "Content-Length: 0", "Connection: close"]
            lines += [f"{name}: {value}" for name, value in headers.items()]
            writer.write("\r\n".join([*lines, "", ""]).encode())
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            self.at_once -= 1
            writer.close()


async def _first(*coming: Coroutine[Any, Any, Any]) -> None:
    """Waits until one of them has come."""
    tasks = [asyncio.create_task(each) for each in coming]
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _read(reader: asyncio.StreamReader) -> Got:
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    first, *lines = head.split("\r\n")[:-2]
    headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
    method, path, _ = first.split(" ")
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Got(method, path, headers, body)


@asynccontextmanager
async def receiving(
    *, host: str = "127.0.0.1", tls: ssl.SSLContext | None = None
) -> AsyncIterator[Receiver]:
    receiver = Receiver()
    server = await asyncio.start_server(receiver.serve, host, 0, ssl=tls)
    receiver.port = server.sockets[0].getsockname()[1]
    try:
        yield receiver
    finally:
        server.close()
        await server.wait_closed()


@dataclass
class Outbound:
    """The integrations as an administrator of webhooks uses them; `tick` does what the worker does."""

    harness: Any

    async def call(self, method: str, path: str, **further: Any) -> httpx.Response:
        headers = further.pop("headers", {})
        scopes = further.pop("scopes", ("subscriptions:write",))
        tenant = further.pop("tenant", None)
        client: httpx.AsyncClient = self.harness.client
        return await client.request(
            method,
            f"/webhook-subscriptions{path}",
            headers=self.harness.integration(*scopes, tenant=tenant) | headers,
            **further,
        )

    async def subscribe(self, url: str, *patterns: str, active: bool = True, **further: Any) -> Any:
        wanted = {"name": f"To {new_id()}", "url": url, "eventTypes": patterns or [GOAL]}
        answer = await self.call("POST", "", json=wanted | {"mostAtOnce": 1} | further)
        assert answer.status_code == 201, answer.text
        made = answer.json()
        if active:
            tested = await self.call("POST", f"/{made['id']}/test")
            assert tested.json()["state"] == "ACTIVE", tested.text
        return made

    async def read(self, subscription: Any) -> Any:
        return (await self.call("GET", f"/{subscription['id']}")).json()

    async def deliveries(self, subscription: Any) -> list[Any]:
        answer = await self.call("GET", f"/{subscription['id']}/deliveries")
        return list(answer.json())

    async def attempts(self, subscription: Any, delivery: Any) -> list[Any]:
        answer = await self.call("GET", f"/{subscription['id']}/deliveries/{delivery['id']}")
        return list(answer.json()["attempts"])

    async def say(self, event_type: str = GOAL, **further: Any) -> UUID:
        """A fact of some service arrives; answers its id."""
        event_id: UUID = further.pop("event_id", None) or new_id()
        subject = further.pop("subject", None) or new_id()
        payload = further.pop("payload", {"goalId": str(subject), "title": "Speak Finnish"})
        await self.harness.deliver(
            event_type,
            subject=subject,
            sequence=further.pop("sequence", 7),
            payload=payload,
            event_id=event_id,
            **further,
        )
        return event_id

    async def tick(self, *, tenant: UUID | None = None) -> int:
        """Runs the jobs that are due, and those that they lead to; answers how many."""
        service = self.harness.service
        lanes = service.blueprint.jobs.lanes
        tenant_id = tenant or self.harness.tenant_id
        ran = 0
        for name in ("outbound.wake", "outbound.send"):
            for arguments in await self._take(name, tenant_id):
                job = Job(new_id(), name, tenant_id, arguments, 1)
                await lanes[name].work(service.database, [job])
                ran += 1
        return ran

    async def hurry(self) -> None:
        """Whatever waits is due now."""
        async with self.harness.session() as session:
            await session.execute(
                text("UPDATE outbound_delivery SET due_at = :now, claimed_until = NULL"),
                {"now": clock.now()},
            )
            await session.execute(
                text("UPDATE queue.job SET due_at = now() WHERE tenant_id = :tenant"),
                {"tenant": self.harness.tenant_id},
            )

    async def waiting(self) -> list[float]:
        """In how many seconds each send job of the tenant is due."""
        async with self.harness.session() as session:
            found = await session.execute(
                text(
                    "SELECT extract(epoch FROM due_at - now())::float FROM queue.job "
                    "WHERE name = 'outbound.send' AND tenant_id = :tenant ORDER BY 1"
                ),
                {"tenant": self.harness.tenant_id},
            )
            return list(found.scalars())

    async def planned(self, name: str) -> int:
        """How many jobs of that name the tenant has."""
        async with self.harness.session() as session:
            found = await session.scalar(
                text("SELECT count(*) FROM queue.job WHERE name = :name AND tenant_id = :tenant"),
                {"name": name, "tenant": self.harness.tenant_id},
            )
            return int(found)

    async def _take(self, name: str, tenant_id: UUID) -> list[dict[str, Any]]:
        async with self.harness.session() as session:
            found = await session.execute(
                text(
                    "DELETE FROM queue.job WHERE name = :name AND tenant_id = :tenant "
                    "AND due_at <= now() RETURNING arguments"
                ),
                {"name": name, "tenant": tenant_id},
            )
            return list(found.scalars())
