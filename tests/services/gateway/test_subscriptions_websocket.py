"""Subscriptions over WebSocket, in the protocol's own words (graphql-transport-ws)."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from deploy.local.keys import mint
from services.gateway.graph.subscriptions import Subscriptions
from services.gateway.graph.websocket import MOST_OPERATIONS
from tests.services.gateway.conftest import Graph
from tests.services.gateway.subscribing import (
    PATIENCE_SECONDS,
    Told,
    hearing,
    listening,
    running,
    serving,
    small,
)

PROTOCOL = "graphql-transport-ws"
GOALS = "subscription($person: ID!) { goalChanged(personId: $person) { title state } }"
TASKS = """
  subscription($person: ID!) { taskAdded(personId: $person) { kind dueOn checkIn { state } } }"""


@dataclass
class Socket:
    """A connection that speaks JSON."""

    socket: ClientConnection

    async def say(self, **message: Any) -> None:
        await self.socket.send(json.dumps(message))

    async def hear(self) -> Any:
        async with asyncio.timeout(PATIENCE_SECONDS):
            return json.loads(await self.socket.recv())

    async def closed(self) -> tuple[int, str]:
        """The code and the reason of the close that comes next."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            with pytest.raises(ConnectionClosed) as closed:
                await self.socket.recv()
        assert closed.value.rcvd is not None
        return closed.value.rcvd.code, closed.value.rcvd.reason


@dataclass
class Door:
    """The gateway's port, and who may come in."""

    told: Told
    port: int
    subscriptions: Subscriptions

    @asynccontextmanager
    async def socket(self, *protocols: str, origin: Any = None) -> AsyncIterator[Socket]:
        offered: Any = protocols or (PROTOCOL,)
        url = f"ws://127.0.0.1:{self.port}/graphql"
        async with connect(url, subprotocols=offered, proxy=None, origin=origin) as socket:
            yield Socket(socket)

    @asynccontextmanager
    async def entered(self, who: str = "dev") -> AsyncIterator[Socket]:
        async with self.socket() as socket:
            await socket.say(type="connection_init", payload=self.told.company.as_(who))
            assert await socket.hear() == {"type": "connection_ack"}
            yield socket

    def goals(self) -> dict[str, Any]:
        """The payload of a subscription to dev's goals."""
        return {"query": GOALS, "variables": {"person": self.told.id("Person", "dev")}}


@pytest.fixture
async def door(graph: Graph, tmp_path: Path) -> AsyncIterator[Door]:
    async with (
        running(tmp_path) as broker,
        hearing(graph, broker) as heard,
        serving(graph) as port,
        small(graph, broker) as told,
    ):
        yield Door(told, port, heard)


async def test_goals_are_told_until_the_client_has_enough(door: Door) -> None:
    async with door.entered() as socket:
        await socket.say(type="subscribe", id="1", payload=door.goals())
        await listening(door.subscriptions, 1)
        await door.told.goal("dev", "Weave")
        await door.told.relay()

        told = await socket.hear()
        await socket.say(type="complete", id="1")
        await listening(door.subscriptions, 0)
        await door.told.goal("dev", "Spin")
        await door.told.relay()
        await socket.say(type="ping", payload={"still": "here"})
        silent = await socket.hear()

    assert told == {
        "type": "next",
        "id": "1",
        "payload": {"data": {"goalChanged": {"title": "Weave", "state": "ACTIVE"}}},
    }
    assert silent == {"type": "pong", "payload": {"still": "here"}}


async def test_a_task_is_told_to_whose_it_is_and_to_nobody_else(door: Door) -> None:
    feedback = door.told.company.graph.feedback
    async with door.entered("dev") as own, door.entered("lead") as manager:
        for socket in (own, manager):
            await socket.say(type="subscribe", id="1", payload={**door.goals(), "query": TASKS})
        await listening(door.subscriptions, 2)
        planned = {"scheduledFor": "2031-03-04T10:00:00Z"}
        await door.told.company.write(feedback, "dev", "/checkins", planned)
        await door.told.relay()

        told = await own.hear()
        for socket in (own, manager):
            await _pong(socket)

    task = {"kind": "PREPARE_CHECK_IN", "dueOn": "2031-03-04", "checkIn": {"state": "SCHEDULED"}}
    assert told == {"type": "next", "id": "1", "payload": {"data": {"taskAdded": task}}}


async def _pong(socket: Socket) -> None:
    """Time for what was said before to be done."""
    await asyncio.sleep(0.2)
    await socket.say(type="ping")
    assert await socket.hear() == {"type": "pong"}


async def test_queries_are_answered_once_and_their_id_is_free_again(door: Door) -> None:
    async with door.entered() as socket:
        for _ in range(2):
            await socket.say(
                type="subscribe", id="q", payload={"query": "{ viewer { displayName } }"}
            )
            assert await socket.hear() == {
                "type": "next",
                "id": "q",
                "payload": {"data": {"viewer": {"displayName": "Dev"}}},
            }
            assert await socket.hear() == {"type": "complete", "id": "q"}


async def test_an_operation_that_cannot_be_run_has_errors_and_harms_no_other(door: Door) -> None:
    async with door.entered() as socket:
        await socket.say(type="subscribe", id="good", payload=door.goals())
        await socket.say(type="subscribe", id="bad", payload={"query": "{ nothing }"})
        refused = await socket.hear()
        await listening(door.subscriptions, 1)
        await door.told.goal("dev", "Weave")
        await door.told.relay()
        told = await socket.hear()

    assert (refused["type"], refused["id"]) == ("error", "bad")
    assert refused["payload"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
    assert told["id"] == "good"


async def test_a_connection_runs_a_bounded_number_of_operations(door: Door) -> None:
    async with door.entered() as socket:
        for number in range(MOST_OPERATIONS + 1):
            await socket.say(type="subscribe", id=str(number), payload=door.goals())

        refused = await socket.hear()

    assert (refused["type"], refused["id"]) == ("error", str(MOST_OPERATIONS))
    assert refused["payload"][0]["extensions"]["code"] == "TOO_MANY_SUBSCRIPTIONS"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "[]",
        "{}",
        '{"type": 1}',
        '{"type": "nonsense"}',
        '{"type": "subscribe"}',
        '{"type": "subscribe", "id": ""}',
        '{"type": "subscribe", "id": "x", "payload": ' + '{"a":' * 100 + "1" + "}" * 101,
    ],
)
async def test_what_is_no_message_closes_with_4400(door: Door, text: str) -> None:
    async with door.entered() as socket:
        await socket.socket.send(text)

        assert await socket.closed() == (4400, "Invalid message received")


async def test_to_subscribe_before_the_token_closes_with_4401(door: Door) -> None:
    async with door.socket() as socket:
        await socket.say(type="ping")
        assert await socket.hear() == {"type": "pong"}
        await socket.say(type="subscribe", id="1", payload=door.goals())

        assert await socket.closed() == (4401, "Unauthorized")


async def test_a_bad_token_closes_with_4403(door: Door) -> None:
    for payload in (None, {}, {"Authorization": "Bearer nonsense"}):
        async with door.socket() as socket:
            await socket.say(type="connection_init", payload=payload)

            assert (await socket.closed())[0] == 4403


async def test_a_token_that_expires_closes_with_4403(door: Door) -> None:
    harness = door.told.company.graph.profile
    token = mint(
        harness.keys,
        environment="test",
        subject="dev@example.org",
        tenant_id=harness.tenant_id,
        lifetime=timedelta(seconds=1),
    )
    async with door.socket() as socket:
        await socket.say(type="connection_init", payload={"Authorization": f"Bearer {token}"})
        assert await socket.hear() == {"type": "connection_ack"}
        with suppress(ConnectionClosed):
            await socket.say(type="subscribe", id="1", payload=door.goals())

        assert await socket.closed() == (4403, "The token has expired")


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "null", "http://127.0.0.1", "https://hr.example.org.evil.example"],
)
async def test_a_page_of_another_origin_is_refused_before_it_has_said_anything(
    door: Door, monkeypatch: pytest.MonkeyPatch, origin: str
) -> None:
    allow(door, monkeypatch, "https://hr.example.org")

    with pytest.raises(InvalidStatus) as refused:
        async with door.socket(origin=origin):
            pass

    assert refused.value.response.status_code == 403


async def test_pages_of_named_origins_and_of_the_gateways_own_may_come(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    allow(door, monkeypatch, "https://hr.example.org")

    for origin in ("https://hr.example.org", f"http://127.0.0.1:{door.port}", None):
        async with door.socket(origin=origin) as socket:
            await socket.say(type="connection_init", payload=door.told.company.as_("dev"))
            assert await socket.hear() == {"type": "connection_ack"}


def allow(door: Door, monkeypatch: pytest.MonkeyPatch, *origins: str) -> None:
    app: Any = door.told.company.graph.client._transport
    routes = app.app.router.routes
    route = next(each for each in routes if getattr(each, "name", "") == "graphql-ws")
    monkeypatch.setattr(route, "app", replace(route.app, origins=origins))


async def test_another_protocol_closes_with_4406(door: Door) -> None:
    async with door.socket("graphql-ws") as socket:
        assert (await socket.closed())[0] == 4406


async def test_who_says_nothing_is_closed_with_4408(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.gateway.graph.websocket.INIT_SECONDS", 0.1)

    async with door.socket() as socket:
        assert await socket.closed() == (4408, "Connection initialisation timeout")


async def test_an_id_that_is_taken_closes_with_4409(door: Door) -> None:
    async with door.entered() as socket:
        for _ in range(2):
            await socket.say(type="subscribe", id="1", payload=door.goals())

        assert await socket.closed() == (4409, "Subscriber for 1 already exists")


async def test_a_second_init_closes_with_4429(door: Door) -> None:
    async with door.entered() as socket:
        await socket.say(type="connection_init")

        assert await socket.closed() == (4429, "Too many initialisation requests")
