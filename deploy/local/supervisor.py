"""Keeps the services' processes running: restarts what dies, ends all of them together."""

import asyncio
import os
import signal
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.local.home import last_line, rotate
from deploy.local.processes import die_with_parent, end, read_pid

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 8.0
STEADY_SECONDS = 30.0
GRACE_SECONDS = 25.0


@dataclass(frozen=True, slots=True)
class Child:
    """One process; `environment` is all that it gets, and its command line says which installation it belongs to."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]


class Supervisor:
    """Runs children until it is told to stop; their output goes to `logs/NAME.log`, their pids to `run/NAME.pid`."""

    def __init__(
        self,
        home: Path,
        *,
        say: Callable[[str], None],
        grace_seconds: float = GRACE_SECONDS,
        first_pause: float = FIRST_PAUSE,
    ) -> None:
        self._home = home
        self._say = say
        self._grace = grace_seconds
        self._first_pause = first_pause
        self._running: dict[str, asyncio.subprocess.Process] = {}
        self._hurry = asyncio.Event()

    def pids(self) -> dict[str, int]:
        """The children that run now."""
        return {name: child.pid for name, child in self._running.items()}

    def log(self, name: str) -> Path:
        return self._home / "logs" / f"{name}.log"

    def hurry(self) -> None:
        """Ends the grace of children that are being stopped."""
        self._hurry.set()

    async def run(self, children: Sequence[Child], *, stop: asyncio.Event) -> None:
        """Starts all at once and returns when all have ended after `stop`."""
        async with asyncio.TaskGroup() as group:
            for child in children:
                self._end_leftover(child)
                rotate(self.log(child.name))
                group.create_task(self._keep(child, stop))

    async def _keep(self, child: Child, stop: asyncio.Event) -> None:
        pause, loop = self._first_pause, asyncio.get_running_loop()
        while not stop.is_set():
            started = loop.time()
            running = await self._start(child)
            try:
                await _first(running.wait(), stop.wait())
            finally:
                if stop.is_set() or running.returncode is None:
                    await self._stop(running)
                self._forget(child)
            if stop.is_set():
                return
            if loop.time() - started > STEADY_SECONDS:
                pause = self._first_pause
            self._say(self._obituary(child.name, running.returncode, pause))
            await _first(asyncio.sleep(pause), stop.wait())
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _start(self, child: Child) -> asyncio.subprocess.Process:
        with self.log(child.name).open("ab") as log:
            running = await asyncio.create_subprocess_exec(
                *child.command,
                env=dict(child.environment),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=die_with_parent(signal.SIGKILL),
            )
        self._running[child.name] = running
        self._pid_file(child).write_text(str(running.pid))
        return running

    async def _stop(self, running: asyncio.subprocess.Process) -> None:
        """SIGTERM, and SIGKILL after the grace; the group too, so that no grandchild stays."""
        if running.returncode is None:
            running.terminate()
            await _first(running.wait(), self._hurry.wait(), asyncio.sleep(self._grace))
        if running.returncode is None:
            os.killpg(running.pid, signal.SIGKILL)
            await running.wait()

    def _forget(self, child: Child) -> None:
        self._running.pop(child.name, None)
        self._pid_file(child).unlink(missing_ok=True)

    def _obituary(self, name: str, code: int | None, pause: float) -> str:
        how = (
            f"was killed by {signal.Signals(-code).name}"
            if code and code < 0
            else f"ended ({code})"
        )
        return f"{name} {how}; again in {pause:g} s. {last_line(self.log(name))}".rstrip()

    def _end_leftover(self, child: Child) -> None:
        """A launcher that was killed may have left it where the system does not end children with their parent."""
        pid = read_pid(self._pid_file(child))
        if pid is not None:
            end(pid, " ".join(child.command), first=signal.SIGTERM, seconds=self._grace)

    def _pid_file(self, child: Child) -> Path:
        return self._home / "run" / f"{child.name}.pid"


async def _first(*awaitables: Coroutine[Any, Any, object]) -> None:
    """Until the first of them ends; the others are cancelled."""
    tasks = [asyncio.ensure_future(awaitable) for awaitable in awaitables]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
