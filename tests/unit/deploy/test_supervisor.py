import asyncio
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from deploy.local.home import open_home
from deploy.local.supervisor import Child, Supervisor

SLEEPS = "import time; print('up', flush=True); time.sleep(600)"
DIES = "raise SystemExit('no luck today')"
STUBBORN = "import signal, time; signal.signal(15, signal.SIG_IGN); print('up', flush=True); time.sleep(600)"
PATIENCE_SECONDS = 60


def child(code: str) -> Child:
    return Child("tiny", (sys.executable, "-c", code), os.environ)


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not holds():
            await asyncio.sleep(0.01)


async def test_a_killed_child_is_restarted_and_that_is_said(home: Path) -> None:
    said: list[str] = []
    supervisor, stop = (
        Supervisor(open_home(home), say=said.append, first_pause=0.05),
        asyncio.Event(),
    )
    running = asyncio.create_task(supervisor.run([child(SLEEPS)], stop=stop))
    await until(lambda: "up" in _log(supervisor))
    first = supervisor.pids()["tiny"]

    os.kill(first, signal.SIGKILL)
    await until(lambda: supervisor.pids().get("tiny", first) != first)

    stop.set()
    await running
    assert said == ["tiny was killed by SIGKILL; again in 0.05 s. up"]


async def test_the_pause_grows_while_a_child_keeps_dying(home: Path) -> None:
    said: list[str] = []
    supervisor, stop = (
        Supervisor(open_home(home), say=said.append, first_pause=0.01),
        asyncio.Event(),
    )
    running = asyncio.create_task(supervisor.run([child(DIES)], stop=stop))

    await until(lambda: len(said) == 3)

    stop.set()
    await running
    assert said == [
        "tiny ended (1); again in 0.01 s. no luck today",
        "tiny ended (1); again in 0.02 s. no luck today",
        "tiny ended (1); again in 0.04 s. no luck today",
    ]


async def test_a_child_that_will_not_end_is_killed_after_the_grace(home: Path) -> None:
    supervisor = Supervisor(open_home(home), say=print, grace_seconds=0.2)
    stop = asyncio.Event()
    running = asyncio.create_task(supervisor.run([child(STUBBORN)], stop=stop))
    await until(lambda: "up" in _log(supervisor))

    stop.set()
    await asyncio.wait_for(running, PATIENCE_SECONDS)

    assert supervisor.pids() == {}
    assert list((home / "run").iterdir()) == []


async def test_what_a_killed_launcher_left_is_ended_first(home: Path) -> None:
    left = await asyncio.create_subprocess_exec(*child(SLEEPS).command)
    (open_home(home) / "run" / "tiny.pid").write_text(str(left.pid))
    supervisor, stop = Supervisor(home, say=print), asyncio.Event()
    running = asyncio.create_task(supervisor.run([child(SLEEPS)], stop=stop))

    await asyncio.wait_for(left.wait(), PATIENCE_SECONDS)

    stop.set()
    await running
    assert left.returncode == -signal.SIGTERM


def _log(supervisor: Supervisor) -> str:
    log = supervisor.log("tiny")
    return log.read_text() if log.exists() else ""
