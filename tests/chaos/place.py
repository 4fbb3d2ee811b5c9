"""A whole Waymark in a home that is thrown away, with a proxy of ours before each server, and hands to break it."""

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from deploy.local import probe
from deploy.local.home import last_line
from deploy.local.installation import DATABASE_OF, Installation
from deploy.local.processes import die_with_parent, free_ports, read_pid, runs
from tests.chaos.proxy import HOST, Proxy

READY_SECONDS = 150.0
BACK_SECONDS = 30.0
ANSWER_SECONDS = 90.0


class NotStarted(Exception):
    """The system did not come up; what it printed follows."""


@dataclass(slots=True)
class Servers:
    """PostgreSQL and NATS in a process of their own; `told` is what it said last."""

    process: asyncio.subprocess.Process
    told: dict[str, str | int] = field(default_factory=dict)

    async def hear(self) -> None:
        assert self.process.stdout
        line = await asyncio.wait_for(self.process.stdout.readline(), ANSWER_SECONDS)
        if not line:
            raise NotStarted("PostgreSQL or NATS did not start; its log is above.")
        self.told = json.loads(line)

    async def order(self, command: str) -> None:
        assert self.process.stdin
        self.process.stdin.write(f"{command}\n".encode())
        await self.hear()

    def port(self, server: str) -> int:
        return int(self.told[f"{server}_port"])

    def superuser(self, database: str) -> str:
        """The database past row-level security and past the proxy, where it listens now."""
        return str(self.told[database])


@dataclass(slots=True)
class Place:
    """What runs. `doors` are the proxies that senders go through, by service."""

    home: Path
    servers: Servers
    made: Installation
    proxies: dict[str, Proxy]

    def door(self, service: str) -> str:
        return f"http://{HOST}:{self.proxies[f'{service}-door'].port}"

    async def kill(self, name: str) -> bool:
        """kill -9, once it has come back from the last time; False when it has not."""
        deadline = time.monotonic() + BACK_SECONDS
        while time.monotonic() < deadline:
            pid = read_pid(self.home / "run" / f"{name}.pid")
            lives = pid and await probe.status(f"{self.made.doors[name]}/livez") == 200
            if pid and lives and runs(pid, f"waymark={self.home}"):
                os.kill(pid, signal.SIGKILL)
                return True
            await asyncio.sleep(0.1)
        return False

    async def unready(self) -> list[str]:
        return await probe.unready(self.made.doors)


@asynccontextmanager
async def running(*, proxied: bool, settings: dict[str, str]) -> AsyncIterator[Place]:
    """Started, ready and empty; ended and erased afterwards. Without proxies it runs on its servers directly."""
    home = Path(tempfile.mkdtemp(prefix="waymark-chaos-"))
    home.chmod(0o755)
    try:
        async with AsyncExitStack() as parts:
            servers = Servers(await _servers(home, parts))
            await servers.hear()
            proxies = await _proxies(servers, parts) if proxied else {}
            made = await _launched(home, parts, _environment(servers, proxies) | settings)
            for name in ("gateway", "goals", "profile") if proxied else ():
                port = urlsplit(made.doors[f"{name}-api"]).port or 0
                door = Proxy(f"{name}-door", lambda port=port: port)  # type: ignore[misc]
                proxies[door.name] = await parts.enter_async_context(door)
            yield Place(home, servers, made, proxies)
    finally:
        shutil.rmtree(home, ignore_errors=True)


async def _servers(home: Path, parts: AsyncExitStack) -> asyncio.subprocess.Process:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.chaos.servers", str(home)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        start_new_session=True,
        preexec_fn=die_with_parent(signal.SIGKILL),
    )

    async def end() -> None:
        """The end of its input is its signal to end."""
        assert process.stdin
        process.stdin.close()
        try:
            await asyncio.wait_for(process.wait(), 30)
        except TimeoutError:
            process.kill()

    parts.push_async_callback(end)
    return process


async def _proxies(servers: Servers, parts: AsyncExitStack) -> dict[str, Proxy]:
    made = [Proxy("nats", lambda: servers.port("nats"))]
    made += [Proxy(name, lambda: servers.port("postgres")) for name in DATABASE_OF.values()]
    return {each.name: await parts.enter_async_context(each) for each in made}


def _environment(servers: Servers, proxies: dict[str, Proxy]) -> dict[str, str]:
    """The addresses of the servers, as the eight processes are told them."""
    told = servers.told

    def through(name: str, url: str) -> str:
        address = urlsplit(url)
        port = proxies[name].port if name in proxies else address.port
        return address._replace(netloc=f"{address.netloc.rpartition(':')[0]}:{port}").geturl()

    settings = {"NATS_URL": through("nats", str(told["nats_url"]))}
    for name in DATABASE_OF.values():
        settings[f"{name.upper()}_DATABASE_URL"] = through(name, str(told[f"{name}_app"]))
        settings[f"{name.upper()}_DATABASE_OWNER_URL"] = through(name, str(told[f"{name}_owner"]))
    return settings


async def _launched(home: Path, parts: AsyncExitStack, settings: dict[str, str]) -> Installation:
    log = home / "launcher.log"
    command = [sys.executable, "-m", "tests.chaos.launcher", str(home), str(*free_ports(1))]
    with log.open("wb") as out:
        launcher = await asyncio.create_subprocess_exec(
            *command,
            env=os.environ | settings,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=die_with_parent(signal.SIGTERM),
        )

    async def end() -> None:
        if launcher.returncode is None:
            launcher.terminate()
        try:
            await asyncio.wait_for(launcher.wait(), 60)
        except TimeoutError:
            launcher.kill()

    parts.push_async_callback(end)
    deadline = time.monotonic() + READY_SECONDS
    while b"Waymark is ready" not in log.read_bytes():
        if launcher.returncode is not None or time.monotonic() > deadline:
            raise NotStarted(log.read_text() or last_line(log))
        await asyncio.sleep(0.1)
    return Installation.read(home)
