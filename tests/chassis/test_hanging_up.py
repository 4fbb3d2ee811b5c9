"""A broker that goes away in the moment in which its client ends."""

from typing import Any

import nats
import pytest
from nats.aio.client import Client

from shared.events.hanging_up import hang_up
from tests.chassis.conftest import Broker


async def test_a_connection_that_just_broke_ends_without_an_error(broker: Broker) -> None:
    clients = [await nats.connect(broker.url, allow_reconnect=False) for _ in range(2)]
    for client in clients:
        await client.publish("written.a.moment.ago", b"-")
        _break(client)

    with pytest.raises(ConnectionResetError):
        await clients[0].close()
    await hang_up(clients[1])

    assert all(client.is_closed for client in clients)


def _break(client: Client) -> None:
    """As the operating system does when the other end is killed."""
    connection: Any = client._transport
    connection._io_writer.transport.abort()
