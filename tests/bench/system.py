"""A whole Waymark of separate processes in a home that is thrown away; what runs in it can be paused."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from deploy.local.home import last_line
from deploy.local.installation import FILE, Installation
from deploy.local.processes import die_with_parent, free_ports
from deploy.local.up import Start, up
from tests.bench.cpu import children

READY_SECONDS = 120.0
STOP_SECONDS = 60.0


class NotStarted(Exception):
    """The system did not come up; what it printed follows."""


@dataclass(frozen=True, slots=True)
class System:
    """A running installation and how long it took from nothing, cluster and migrations included."""

    made: Installation
    first_start_seconds: float

    @property
    def home(self) -> Path:
        return Path(self.made.home)

    @property
    def postmaster(self) -> int:
        """The pid of PostgreSQL's first process; its children are the backends."""
        return next(_children_named(self.made.pid, "postgres"))

    @contextmanager
    def without_workers(self) -> Iterator[None]:
        """Stops the workers' clocks for a while, so that their polling is not counted."""
        workers = [pid for name, pid in self.made.pids.items() if name.endswith("-worker")]
        for pid in workers:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in workers:
                os.kill(pid, signal.SIGCONT)


@contextmanager
def running() -> Iterator[System]:
    """Started, ready and empty; stopped and erased at the end, in whatever way that comes."""
    home = Path(tempfile.mkdtemp(prefix="waymark-bench-"))
    home.chmod(0o755)
    try:
        with _launched(home) as system:
            yield system
    finally:
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def _launched(home: Path) -> Iterator[System]:
    log = home / "launcher.log"
    started = time.monotonic()
    with log.open("wb") as out:
        launcher = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.system", str(home)],
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=die_with_parent(signal.SIGTERM),  # noqa: PLW1509
        )
    try:
        _wait_until_ready(launcher, home, log, started)
        yield System(Installation.read(home), time.monotonic() - started)
    finally:
        launcher.send_signal(signal.SIGTERM)
        try:
            launcher.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            launcher.kill()


def _wait_until_ready(
    launcher: "subprocess.Popen[bytes]", home: Path, log: Path, started: float
) -> None:
    while b"Waymark is ready" not in log.read_bytes():
        if launcher.poll() is not None or time.monotonic() > started + READY_SECONDS:
            raise NotStarted(log.read_text() or last_line(log))
        time.sleep(0.05)
    assert (home / FILE).exists()


def _children_named(parent: int, name: str) -> Iterator[int]:
    for pid in children(parent):
        if Path(f"/proc/{pid}/comm").read_text().strip() == name:
            yield pid


if __name__ == "__main__":
    asyncio.run(up(Start(home=Path(sys.argv[1]), port=free_ports(1)[0], durable=False)))
