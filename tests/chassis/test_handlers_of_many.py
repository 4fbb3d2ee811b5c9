"""A handler of many gets what follows each other at once, and never out of the order of its group."""

from collections.abc import Sequence
from typing import Any, cast

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from shared import clock
from shared.events import Handlers, Incoming, Payload
from shared.events.broker import Broker as Connection
from shared.events.facts import Envelope
from shared.events.handlers import Group
from shared.events.pull import BrokerAway
from shared.ids import new_id
from shared.tenancy import Principal
from tests.chassis.conftest import Broker

NAMED, MOVED = "waymark.profile.skill.named.v1", "waymark.profile.skill.moved.v1"
NOWHERE = cast(AsyncSession, None)
TENANT = new_id()


class Name(Payload):
    """All that these handlers read."""

    name: str


def envelope(event_type: str, name: str) -> Envelope:
    return Envelope(
        id=new_id(),
        type=event_type,
        subject=name,
        sequence=1,
        occurred_at=clock.now(),
        tenant_id=TENANT,
        traceparent=None,
        body=f'{{"name": "{name}"}}'.encode(),
    )


def group_that_notes(calls: list[str], *, also_singly: bool = False) -> Group:
    handlers = Handlers("goals")

    @handlers.on(NAMED, group="skills")
    async def many(_session: Any, _principal: Principal, events: Sequence[Incoming[Name]]) -> None:
        calls.append("many " + "".join(each.payload.name for each in events))

    @handlers.on(MOVED, group="skills")
    async def one(_session: Any, _principal: Principal, event: Incoming[Name]) -> None:
        calls.append(f"one {event.payload.name}")

    if also_singly:
        handlers.on(NAMED, group="skills")(one)
    return handlers.groups["skills"]


async def test_events_that_follow_each_other_go_into_one_call_in_their_order() -> None:
    calls: list[str] = []
    told = [(NAMED, "a"), (NAMED, "b"), (MOVED, "c"), (MOVED, "d"), (NAMED, "e")]

    await group_that_notes(calls).apply(NOWHERE, [envelope(*each) for each in told])

    assert calls == ["many ab", "one c", "one d", "many e"]


async def test_beside_a_handler_of_one_a_handler_of_many_gets_one_at_a_time() -> None:
    calls: list[str] = []
    group = group_that_notes(calls, also_singly=True)

    await group.apply(NOWHERE, [envelope(NAMED, each) for each in "ab"])

    assert calls == ["many a", "one a", "many b", "one b"]


async def test_what_no_stream_takes_is_not_taken_for_stored(broker: Broker) -> None:
    connection = await Connection.connect(broker.url, name="test")
    try:
        with pytest.raises(BrokerAway, match="503"):
            await connection.send([envelope(NAMED, "a")])
        await connection.declare_stream("profile", replicas=1)
        await connection.send([envelope(NAMED, each) for each in "abc"])
        stored = [
            event
            async for batch in connection.replay("profile", filters=[f"{NAMED}.*"])
            for event in batch
        ]
    finally:
        await connection.close()

    assert [each.subject for each in stored] == ["a", "b", "c"]
