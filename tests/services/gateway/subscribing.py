"""A gateway that listens on a port, a broker, and a small company whose facts are relayed to it as they are told."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import nats
import uvicorn
from nats.aio.client import Client
from sqlalchemy import text

from services.gateway.graph.subscriptions import Subscriptions
from shared.events.facts import Envelope
from shared.events.live import Live
from tests.chassis.conftest import Broker
from tests.services.gateway.conftest import Graph
from tests.services.gateway.naming import global_id
from tests.services.gateway.organisation import Company
from tests.services.gateway.test_tasks import SMART

HRIS = {"system": "hris"}
PATIENCE_SECONDS = 60.0
SILENCE = 0.5
"""Seconds without an answer that pass for none to come."""
SCALE = {"name": "Five", "levels": [{"ordinal": 1, "label": "Knows", "value": 5}]}


@dataclass
class Stream:
    """What comes over one connection as server-sent events."""

    answer: httpx.Response
    texts: AsyncIterator[str]
    rest: str = ""

    async def event(self, *, within: float = PATIENCE_SECONDS) -> str:
        """The next event or comment, as it was sent."""
        async with asyncio.timeout(within):
            while "\n\n" not in self.rest:
                self.rest += await anext(self.texts)
        event, self.rest = self.rest.split("\n\n", 1)
        return event

    async def next(self) -> Any:
        """The next answer."""
        while (event := await self.event()) == ":":
            pass
        assert event.startswith("event: next\ndata: "), event
        return json.loads(event.removeprefix("event: next\ndata: "))

    async def is_silent(self) -> bool:
        with suppress(TimeoutError):
            while await self.event(within=SILENCE) == ":":
                pass
            return False
        return True


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def serving(graph: Graph) -> AsyncIterator[int]:
    """The gateway's port."""
    app = graph.client._transport.app  # type: ignore[attr-defined]
    config = uvicorn.Config(
        app, port=0, ws="websockets-sansio", lifespan="off", log_config=None, access_log=False
    )
    server = _Server(config)
    task = asyncio.create_task(server.serve())
    while not server.started and not task.done():
        await asyncio.sleep(0.01)
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        await asyncio.wait_for(task, PATIENCE_SECONDS)


@asynccontextmanager
async def hearing(graph: Graph, broker: Broker) -> AsyncIterator[Subscriptions]:
    """The gateway's subscriptions, fed by this broker."""
    routes = graph.client._transport.app.router.routes  # type: ignore[attr-defined]
    route = next(each for each in routes if getattr(each, "name", "") == "graphql-ws")
    subscriptions: Subscriptions = route.app.subscriptions
    before, subscriptions.live = subscriptions.live, Live(broker.url, name="test")
    try:
        yield subscriptions
    finally:
        await subscriptions.live.close()
        subscriptions.live = before


async def listening(subscriptions: Subscriptions, number: int) -> None:
    """Waits until so many hear of all the facts that they asked for."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while await _listeners(subscriptions.live) != number:
            await asyncio.sleep(0.01)


async def _listeners(live: Live) -> int:
    async with live._lock:
        return len({one for channel in live._channels.values() for one in channel.listeners})


@dataclass
class Told:
    """A company whose services' facts go to the broker when `relay` is called."""

    company: Company
    broker: Client
    sent: dict[str, int] = field(default_factory=dict)

    def id(self, noun: str, name: str) -> str:
        return global_id(noun, self.company.keys[f"{noun}.{name}"])

    async def relay(self) -> None:
        graph = self.company.graph
        services = {"profile": graph.profile, "goals": graph.goals, "feedback": graph.feedback}
        for name, harness in services.items():
            async with (
                graph.services[name].one_connection,
                harness.session(self.company.tenant_id) as session,
            ):
                found = await session.execute(text("SELECT * FROM outbox_event ORDER BY id"))
                rows = found.mappings().all()
            for row in rows[self.sent.get(name, 0) :]:
                event = _envelope(dict(row))
                await self.broker.publish(event.broker_subject, event.body, headers=event.headers())
            self.sent[name] = len(rows)
        await self.broker.flush()

    async def goal(self, who: str, title: str, **further: Any) -> None:
        """A goal that becomes active: its only fact."""
        goals = self.company.graph.goals
        wanted = {"title": title, "smart": SMART, **further}
        written = await self.company.write(goals, who, "/goals", wanted)
        await self.company.write(goals, who, f"/goals/{written['id']}/activate")

    async def assess(self, level: float) -> None:
        """What lead says of dev's craft; goals hears of it by `copy`."""
        graph, keys = self.company.graph, self.company.keys
        body: dict[str, Any] = {"personId": keys["Person.dev"], "skillId": keys["Skill.craft"]}
        body |= {"source": "MANAGER", "level": level}
        answer = await graph.profile.client.post(
            "/skills/assertions", json=body, headers=self.company.as_("lead")
        )
        assert answer.is_success, answer.text

    async def copy(self) -> None:
        """Between the reads of the gateway: a service has one connection in a test."""
        async with self.company.graph.services["goals"].one_connection:
            await self.company.tell()


def _envelope(row: dict[str, Any]) -> Envelope:
    occurred_at: datetime = row["occurred_at"]
    return Envelope(
        id=row["id"],
        type=row["type"],
        subject=row["subject"],
        sequence=row["sequence"],
        occurred_at=occurred_at,
        tenant_id=row["tenant_id"],
        traceparent=None,
        body=json.dumps(row["payload"]).encode(),
    )


@asynccontextmanager
async def small(graph: Graph, broker: Broker) -> AsyncIterator[Told]:
    """`lead` leads `dev`, whose role asks for a craft; `other` has nothing to do with either."""
    company = Company(graph, graph.profile.tenant_id)
    people = [
        {**HRIS, "key": name, "displayName": name.title(), "subject": f"{name}@example.org"}
        for name in ("lead", "dev", "other")
    ]
    people[1]["managerKey"] = "lead"
    await company.put_in(graph.profile, "people", people, "Person")
    framework = {"key": "house", "title": "House", "source": "LOCAL", "version": "1"}
    await company.put_in(
        graph.profile, "frameworks", [{**framework, "publish": True, "scale": SCALE}]
    )
    skill = {"frameworkKey": "house", "code": "craft", "statement": "Craft", "type": "TECHNICAL"}
    await company.put_in(graph.profile, "skills", [{**skill, "alignments": []}], "Skill")
    asked = {"skillId": company.keys["Skill.craft"], "requiredLevel": 4, "importance": 3}
    role: dict[str, Any] = {
        "catalogue": "test",
        "family": "Weaving",
        "code": "weaver",
        "title": "Weaver",
    }
    role |= {"level": 1, "track": None, "requirements": [{**asked, "mandatory": True}]}
    await company.put_in(graph.goals, "roles", [role], "Role")
    people[1]["roleId"] = company.keys["Role.weaver"]
    await company.put_in(graph.profile, "people", people)
    client = await nats.connect(broker.url)
    told = Told(company, client)
    try:
        await told.relay()
        yield told
    finally:
        await client.close()


@asynccontextmanager
async def running(directory: Path) -> AsyncIterator[Broker]:
    """A broker of one's own."""
    broker = Broker(directory)
    broker.start()
    try:
        yield broker
    finally:
        broker.kill()
