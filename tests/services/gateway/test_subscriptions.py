"""Subscriptions as server-sent events: told by facts, decided by the services for each answer."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from nats.aio.client import Client

from deploy.local.keys import mint
from services.gateway.graph import sse, subscriptions
from shared.events.live import MOST_WAITING, Live
from shared.ids import new_id
from tests.chassis.conftest import Broker
from tests.services.gateway.conftest import Graph
from tests.services.gateway.subscribing import (
    PATIENCE_SECONDS,
    Stream,
    Told,
    hearing,
    listening,
    running,
    serving,
    small,
)

GOALS = "subscription($person: ID!) { goalChanged(personId: $person) { title state } }"
GAP = "subscription($person: ID!) { gapChanged(personId: $person) { gapCount unassessedCount } }"


@dataclass
class Place:
    """Everything that a subscription takes."""

    told: Told
    broker: Broker
    port: int
    subscriptions: subscriptions.Subscriptions

    @asynccontextmanager
    async def stream(
        self, query: str, caller: dict[str, str], **variables: Any
    ) -> AsyncIterator[Stream]:
        headers = {**caller, "Accept": "text/event-stream"}
        async with (
            httpx.AsyncClient(base_url=f"http://127.0.0.1:{self.port}", trust_env=False) as client,
            client.stream(
                "POST", "/graphql", json={"query": query, "variables": variables}, headers=headers
            ) as answer,
        ):
            yield Stream(answer, answer.aiter_text())

    @asynccontextmanager
    async def watching(self, query: str, who: str) -> AsyncIterator[Stream]:
        """As somebody, with the first comment read: facts from now on are heard."""
        caller, dev = self.told.company.as_(who), self.told.id("Person", "dev")
        async with self.stream(query, caller, person=dev) as stream:
            assert await stream.event() == ":"
            yield stream


@pytest.fixture
async def place(graph: Graph, tmp_path: Path) -> AsyncIterator[Place]:
    async with (
        running(tmp_path) as broker,
        hearing(graph, broker) as heard,
        serving(graph) as port,
        small(graph, broker) as told,
    ):
        yield Place(told, broker, port, heard)


async def test_a_changed_goal_is_told_to_who_may_see_it(place: Place) -> None:
    async with place.watching(GOALS, "dev") as own, place.watching(GOALS, "other") as stranger:
        await place.told.goal("dev", "Weave", visibility="PRIVATE")
        await place.told.goal("dev", "Spin", visibility="PRIVATE")
        await place.told.relay()

        told = [await own.next() for _ in range(2)]
        silent = await stranger.is_silent()

    assert own.answer.headers["content-type"] == "text/event-stream; charset=utf-8"
    goals = [one["data"]["goalChanged"] for one in told]
    assert goals == [{"title": title, "state": "ACTIVE"} for title in ("Weave", "Spin")]
    assert silent


async def test_goals_of_somebody_else_and_of_another_tenant_wake_nobody(place: Place) -> None:
    async with place.watching(GOALS, "dev") as stream:
        await place.told.goal("other", "Not dev's")
        await place.told.relay()

        assert await stream.is_silent()


async def test_a_gap_is_told_when_it_comes_out_differently(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subscriptions, "SETTLING_SECONDS", (0.0, *[0.2] * 300))
    async with place.watching(GAP, "dev") as stream:
        await _until_read(place)
        await place.told.assess(5.0)
        await place.told.relay()
        await asyncio.sleep(0.3)
        await place.told.copy()

        told = await stream.next()
        await place.told.relay()

        assert told == {"data": {"gapChanged": {"gapCount": 0, "unassessedCount": 0}}}
        assert await stream.is_silent()


async def _until_read(place: Place) -> None:
    """Until the gap as it is has been read, with which later ones are compared."""
    goals = place.told.company.graph.services["goals"]
    while not any("gaps" in call for call in goals.calls):
        await asyncio.sleep(0.01)
    async with goals.one_connection:
        return


async def test_the_stream_ends_with_the_token(place: Place) -> None:
    harness = place.told.company.graph.profile
    token = mint(
        harness.keys,
        environment="test",
        subject="dev@example.org",
        tenant_id=harness.tenant_id,
        lifetime=timedelta(seconds=1),
    )
    caller = {"Authorization": f"Bearer {token}"}

    async with place.stream(GOALS, caller, person=place.told.id("Person", "dev")) as stream:
        events = [await stream.event(), await stream.event()]

    assert events == [":", "event: complete\ndata:"]


async def test_a_silent_stream_beats(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sse, "HEARTBEAT_SECONDS", 0.05)

    async with place.watching(GOALS, "dev") as stream:
        assert [await stream.event() for _ in range(3)] == [":"] * 3


async def test_a_query_is_a_stream_of_one(place: Place) -> None:
    async with place.stream("{ viewer { displayName } }", place.told.company.as_("dev")) as stream:
        events = [await stream.event() for _ in range(3)]

    assert events == [
        ":",
        'event: next\ndata: {"data":{"viewer":{"displayName":"Dev"}}}',
        "event: complete\ndata:",
    ]


async def test_errors_of_a_document_come_as_an_event_and_others_as_a_status(place: Place) -> None:
    caller = place.told.company.as_("dev")

    async with place.stream("subscription { nothing }", caller) as stream:
        await stream.event()
        told = await stream.next()
        assert await stream.event() == "event: complete\ndata:"
    async with place.stream(GOALS, {}, person="x") as refused:
        assert refused.answer.status_code == 401
    async with place.stream(GOALS, caller, person="x") as stream:
        await stream.event()
        wrong = await stream.next()

    assert told["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
    assert wrong["errors"][0]["message"] == (
        "personId is not an id of Waymark: use an `id` as a query answered it."
    )


async def test_a_subscription_is_not_answered_as_json(place: Place) -> None:
    client = place.told.company.graph.client

    answer = await client.post(
        "/graphql",
        json={"query": GOALS, "variables": {"person": place.told.id("Person", "dev")}},
        headers={**place.told.company.as_("dev"), "Accept": "application/json"},
    )

    assert answer.status_code == 406


async def test_nothing_is_subscribed_to_while_the_broker_is_away(place: Place) -> None:
    place.broker.kill()

    async with place.stream(
        GOALS, place.told.company.as_("dev"), person=place.told.id("Person", "dev")
    ) as stream:
        await stream.answer.aread()

    assert stream.answer.status_code == 503
    assert stream.answer.json()["errors"][0]["extensions"]["code"] == "SERVICE_UNAVAILABLE"


async def test_one_caller_leaves_room_for_others(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subscriptions, "MOST_OF_ONE", 1)
    dev, lead = (place.told.company.as_(each) for each in ("dev", "lead"))
    person = place.told.id("Person", "dev")

    async with place.watching(GOALS, "dev"):
        async with place.stream(GOALS, dev, person=person) as refused:
            await refused.answer.aread()
        async with place.stream(GOALS, lead, person=person) as other:
            assert other.answer.status_code == 200

    assert refused.answer.status_code == 429
    assert refused.answer.json()["errors"][0]["extensions"]["code"] == "TOO_MANY_SUBSCRIPTIONS"


async def test_a_connection_that_closes_leaves_nothing_behind(place: Place) -> None:
    async with place.watching(GOALS, "dev"):
        assert place.subscriptions._open.total() == 1

    await listening(place.subscriptions, 0)
    async with asyncio.timeout(PATIENCE_SECONDS):
        while place.subscriptions._open:
            await asyncio.sleep(0.01)
    assert place.subscriptions.live._channels == {}


async def test_what_was_told_while_the_broker_was_away_is_told_after(tmp_path: Path) -> None:
    async with running(tmp_path) as broker:
        live, tenant_id = Live(broker.url, name="test"), new_id()
        sender = await _sender(broker, tenant_id)
        async with live.listen(["waymark.goals.goal.*.v1"], tenant_id, lambda *_: True) as listener:
            await live._lost()
            await sender(1)
            await live._back()

            async with asyncio.timeout(PATIENCE_SECONDS):
                event = await listener.next()

        assert event.subject == "1"
        await live.close()
        await sender.client.close()


async def test_who_does_not_listen_is_told_the_newest_of_each_subject(tmp_path: Path) -> None:
    async with running(tmp_path) as broker:
        live, tenant_id = Live(broker.url, name="test"), new_id()
        sender = await _sender(broker, tenant_id)
        async with live.listen(["waymark.goals.goal.*.v1"], tenant_id, lambda *_: True) as listener:
            for number in (*range(MOST_WAITING + 1), MOST_WAITING):
                await sender(number)
            while listener.dropped == 0:
                await asyncio.sleep(0.01)
            first = await listener.next()

        assert (first.subject, listener.dropped) == ("1", 1)
        await live.close()
        await sender.client.close()


@dataclass
class _Sender:
    client: Client
    tenant_id: Any

    async def __call__(self, subject: int) -> None:
        event = {
            "ce-id": str(new_id()),
            "ce-type": "waymark.goals.goal.changed.v1",
            "ce-subject": str(subject),
            "ce-time": "2026-01-01T00:00:00+00:00",
            "ce-tenant": str(self.tenant_id),
        }
        subject_name = f"waymark.goals.goal.changed.v1.{self.tenant_id}"
        await self.client.jetstream().publish(subject_name, b"{}", headers=event)


async def _sender(broker: Broker, tenant_id: Any) -> _Sender:
    import nats

    client = await nats.connect(broker.url)
    await client.jetstream().add_stream(name="WAYMARK_GOALS", subjects=["waymark.goals.>"])
    return _Sender(client, tenant_id)
