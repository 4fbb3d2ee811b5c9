"""A whole Waymark of separate processes, started as a newcomer would, reached through its public doors only."""

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any, TypeVar
from uuid import UUID, uuid4

import httpx
import pytest

from deploy.local.installation import Installation
from deploy.local.keys import mint
from deploy.local.processes import free_ports

T = TypeVar("T")
READY_SECONDS = 300
(RECEIVER_PORT,) = free_ports(1)
"""Of this machine; where subscribers may listen."""


@dataclass
class Waymark:
    """A running installation and its public door."""

    home: Path
    made: Installation
    process: subprocess.Popen[bytes]

    @property
    def url(self) -> str:
        return self.made.url

    def command(self, *arguments: str, expect: int = 0) -> Any:
        """What the operator's command answers with --json."""
        done = subprocess.run(
            [sys.executable, "-m", "deploy.cli.main", *arguments, "--json"],
            env=_environment(self.home),
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == expect, done.stdout + done.stderr
        return json.loads(done.stdout)

    def bearer(
        self,
        subject: str,
        *,
        client: str | None = None,
        scopes: tuple[str, ...] = (),
        tenant: UUID | None = None,
    ) -> dict[str, str]:
        token = mint(
            self.made.keys,
            environment="dev",
            subject=subject,
            tenant_id=tenant or self.made.tenant_id,
            client_id=client,
            scopes=scopes,
        )
        return {"Authorization": f"Bearer {token}"}

    async def ask(self, caller: dict[str, str], query: str, **variables: Any) -> dict[str, Any]:
        """The data of a GraphQL request that must not have errors."""
        async with httpx.AsyncClient(trust_env=False, timeout=60) as client:
            answer = await client.post(
                f"{self.url}/graphql", json={"query": query, "variables": variables}, headers=caller
            )
        found = answer.json()
        assert "errors" not in found, found["errors"]
        data: dict[str, Any] = found["data"]
        return data

    async def put_in(
        self, kind: str, rows: list[dict[str, Any]], *scopes: str
    ) -> list[dict[str, Any]]:
        """Rows through a bulk door, as a machine client."""
        body = "\n".join(json.dumps(row) for row in rows)
        headers = self.bearer("hris", client="hris", scopes=scopes)
        async with httpx.AsyncClient(trust_env=False, timeout=60) as client:
            answer = await client.post(
                f"{self.url}/imports/{kind}",
                content=body,
                headers={**headers, "Content-Type": "application/x-ndjson"},
            )
        assert answer.status_code == 200, answer.text
        return [json.loads(line) for line in answer.text.splitlines()]


async def until(
    read: Callable[[], Awaitable[T]], *, holds: Callable[[T], bool], seconds: float = 120
) -> T:
    """The first answer that holds; what is told by events arrives a moment later."""
    deadline = monotonic() + seconds
    while not holds(found := await read()):
        assert monotonic() < deadline, f"still {found!r} after {seconds} s"
        await asyncio.sleep(0.05)
    return found


def _environment(home: Path) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "HOME": os.environ.get("HOME", "/"),
        "WAYMARK_HOME": str(home),
        "WAYMARK_PORT": str(free_ports(1)[0]),
        "GATEWAY_QUERY_SECONDS": "60",
        "GATEWAY_SERVICE_SECONDS": "60",
        "GATEWAY_WEBHOOK_PRIVATE": "true",
        "GATEWAY_WEBHOOK_PORTS": str(RECEIVER_PORT),
        "PYTHONDONTWRITEBYTECODE": "",
    }


def start(home: Path, *arguments: str) -> Waymark:
    """Starts an installation and waits for its line; what was printed is the reason when it does not come."""
    log = home.parent / f"{home.name}.out"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "deploy.cli.main", "up", *arguments],
            env=_environment(home),
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    deadline = monotonic() + READY_SECONDS
    while b"Waymark is ready: " not in log.read_bytes():
        assert process.poll() is None, log.read_text()
        assert monotonic() < deadline, log.read_text()
        _pause()
    return Waymark(home, Installation.read(home), process)


def stop(running: Waymark) -> None:
    running.process.send_signal(signal.SIGTERM)
    running.process.wait(timeout=120)


def _pause() -> None:
    from time import sleep

    sleep(0.1)


@pytest.fixture(scope="package")
def waymark(request: pytest.FixtureRequest) -> Iterator[Waymark]:
    """One empty installation for all end-to-end tests of a run; each works on people and names of its own.

    What it leaves is kept when a test has failed, for its logs.
    """
    home = Path("/tmp") / f"waymark-e2e-{uuid4().hex[:12]}" / "home"
    home.parent.mkdir()
    home.parent.chmod(0o755)
    running = start(home, "--no-seed")
    yield running
    stop(running)
    if not request.session.testsfailed:
        shutil.rmtree(home.parent)
