"""What every child of the launcher needs: a free port, an end together with its parent, and to be found again."""

import ctypes
import fcntl
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

from deploy.local.problems import Refused

PR_SET_PDEATHSIG = 1
OUR_PORTS = range(15_000, 32_000)


class AlreadyRunning(Refused):
    """Another live process holds the lock."""


_claims: dict[int, socket.socket] = {}


def free_ports(count: int, *, claimed: bool = False) -> list[int]:
    """Ports on 127.0.0.1 that nobody listens on, all different.

    Below the range from which the system takes the ports of outgoing connections: one of those could take a port
    between its choice here and its use by a child. `claimed` ones are nobody else's who claims, until `release_ports`.
    """
    found: list[int] = []
    for port in random.sample(OUR_PORTS, len(OUR_PORTS)):
        if len(found) == count:
            break
        if _is_free(port) and (not claimed or _claim(port)):
            found.append(port)
    return found


def first_free_port(wanted: int, *, claimed: bool = False) -> int:
    """`wanted`, or the next port above it that is free on 127.0.0.1."""
    for port in range(wanted, min(wanted + 100, 65536)):
        if _is_free(port) and (not claimed or _claim(port)):
            return port
    raise OSError(f"No free port from {wanted} on. Set WAYMARK_PORT to another one.")


def release_ports() -> None:
    """Whoever comes next may claim what this process has claimed."""
    while _claims:
        _claims.popitem()[1].close()


def _claim(port: int) -> bool:
    """Two launchers that start at once find the same ports free, for their children listen only later.

    On Linux the claim is a name that the kernel frees with this process, of the same network namespace as the port.
    Elsewhere there is none, and the launcher notices by who answers at the port.
    """
    if sys.platform != "linux":
        return True
    holder = socket.socket(socket.AF_UNIX)
    try:
        holder.bind(f"\0waymark.port.{port}")
    except OSError:
        holder.close()
        return False
    _claims[port] = holder
    return True


def _is_free(port: int) -> bool:
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True


def die_with_parent(last_signal: signal.Signals) -> Callable[[], None] | None:
    """A `preexec_fn`: Linux sends `last_signal` to the child when the thread that started it ends, even by kill -9.

    Start such children from the main thread. Elsewhere than on Linux the next start ends what was left.
    """
    if not sys.platform.startswith("linux"):
        return None
    prctl, parent = ctypes.CDLL(None).prctl, os.getpid()

    def bind() -> None:
        prctl(PR_SET_PDEATHSIG, int(last_signal), 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return bind


def runs(pid: int, marker: str) -> bool:
    """Whether `pid` is alive and its command line holds `marker`, so that a recycled pid is never taken for ours."""
    return marker in _command_of(pid)


def _command_of(pid: int) -> str:
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes()
    except FileNotFoundError:
        if Path("/proc/self").exists():
            return ""
        listed = subprocess.run(
            ["ps", "-o", "command=", "-p", str(pid)], capture_output=True, check=False
        )
        return listed.stdout.decode(errors="replace")
    return words.replace(b"\0", b" ").decode(errors="replace")


def end(pid: int, marker: str, *, first: signal.Signals, seconds: float) -> None:
    """Ends the process, if it is still ours: `first`, and SIGKILL after `seconds`."""
    for number in (first, signal.SIGKILL):
        if not runs(pid, marker):
            return
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            return
        deadline = time.monotonic() + seconds
        while runs(pid, marker) and time.monotonic() < deadline:
            time.sleep(0.02)


def lock(path: Path) -> IO[str]:
    """Holds `path` until the file is closed or this process ends in whatever way; raises `AlreadyRunning`."""
    held = path.open("a+")
    for _ in range(5):
        if _take(held):
            held.truncate(0)
            held.write(str(os.getpid()))
            held.flush()
            return held
        time.sleep(0.05)
    held.close()
    raise AlreadyRunning(f"process {read_pid(path)}")


def holder(path: Path) -> int | None:
    """The pid of the process that holds the lock, if one does."""
    if not path.exists():
        return None
    with path.open() as file:
        return None if _take(file) else read_pid(path)


def _take(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def read_pid(path: Path) -> int | None:
    """The pid on the first line of a pid file, if there is one."""
    try:
        return int(path.read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return None
