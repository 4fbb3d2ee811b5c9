import os
import signal
from pathlib import Path

import nats
import pytest

from deploy.local.nats import EmbeddedNats


async def stored(url: str) -> int:
    client = await nats.connect(url)
    try:
        stream = await client.jetstream().stream_info("FACTS")
        return stream.state.messages
    finally:
        await client.close()


async def keep_one(url: str) -> None:
    client = await nats.connect(url)
    streams = client.jetstream()
    await streams.add_stream(name="FACTS", subjects=["facts.>"])
    await streams.publish("facts.one", b"1")
    await client.close()


async def test_messages_survive_a_kill_of_the_server(home: Path) -> None:
    server = EmbeddedNats(home)
    server.start()
    await keep_one(server.url)
    os.kill(server.pid, signal.SIGKILL)
    server.stop()

    with EmbeddedNats(home) as again:
        assert await stored(again.url) == 1


async def test_an_orphaned_server_is_ended_by_the_next_start(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deploy.local.nats.die_with_parent", lambda number: None)
    orphan = EmbeddedNats(home)
    orphan.start()
    await keep_one(orphan.url)
    assert orphan._lock
    assert orphan._child
    orphan._lock.close()

    with EmbeddedNats(home) as server:
        orphan._child.wait(5)
        assert await stored(server.url) == 1


async def test_nobody_connects_without_the_password(home: Path) -> None:
    async def ignore(_: Exception) -> None:
        return None

    with EmbeddedNats(home) as server, pytest.raises(nats.errors.Error, match="Authorization"):
        await nats.connect(
            f"nats://127.0.0.1:{server.port}",
            allow_reconnect=False,
            max_reconnect_attempts=0,
            error_cb=ignore,
        )
