"""An embedded PostgreSQL: one cluster under WAYMARK_HOME that lives as long as its launcher."""

import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import IO, Self
from urllib.parse import quote

from deploy.local.binaries import SHARED_BY_ROOT, Programs, find_programs
from deploy.local.home import last_line, open_home, remembered, rotate
from deploy.local.problems import Refused
from deploy.local.processes import (
    AlreadyRunning,
    die_with_parent,
    end,
    free_ports,
    lock,
    read_pid,
    runs,
)

SUPERUSER = "waymark"
ATTEMPTS = 3
START_SECONDS = 30.0
STOP_SECONDS = 10.0
UNSYNCED = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


class PostgresFailed(Refused):
    """The embedded PostgreSQL did not start."""


class EmbeddedPostgres:
    """A cluster on a free port of 127.0.0.1; `durable=False` syncs nothing and erases it at the end, for tests."""

    def __init__(self, home: Path, *, durable: bool = True) -> None:
        self.home = open_home(home.resolve())
        self.durable = durable
        self.port = 0
        self.log = self.home / "logs" / "postgres.log"
        self.directory = Path()
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

    def url(self, database: str, role: str = SUPERUSER) -> str:
        """The address of a database as that role; the role's password is made when it is first asked for."""
        word = quote(self.password(role), safe="")
        return f"postgresql://{role}:{word}@127.0.0.1:{self.port}/{database}"

    def password(self, role: str) -> str:
        return remembered(self.home, f"postgres.{role}", lambda: secrets.token_urlsafe(24))

    def start(self) -> None:
        """Makes the cluster if need be, ends what a killed launcher left of it, starts it and waits until it is ready.

        Raises `PostgresFailed`, `PostgresUnusable`. Call it in the main thread: the cluster ends with its thread.
        """
        programs = find_programs()
        self.directory = _directory(self.home, programs, durable=self.durable)
        try:
            self._lock = lock(self.directory.with_name(f"{self.directory.name}.lock"))
        except AlreadyRunning as holder:
            raise PostgresFailed(f"{self.directory} is in use by {holder}.") from None
        if (self.directory / "PG_VERSION").exists():
            self._refuse_other_version(programs)
        else:
            self._make(programs)
        for attempt in range(1, ATTEMPTS + 1):
            self._end_orphan()
            self._launch(programs)
            if self._wait_until_ready():
                return
            self._terminate(signal.SIGQUIT)
            time.sleep(0.5 * attempt)
        self.stop()
        raise PostgresFailed(f"PostgreSQL did not start: {last_line(self.log)} (log: {self.log})")

    def stop(self) -> None:
        """Ends the cluster after a checkpoint; a cluster that is not durable is erased."""
        self._terminate(signal.SIGINT if self.durable else signal.SIGQUIT)
        if self._lock is None:
            return
        if not self.durable:
            place = self.directory.parent
            shutil.rmtree(self.directory if place == self.home else place, ignore_errors=True)
        self._lock.close()
        self._lock = None

    def _make(self, programs: Programs) -> None:
        draft = self.directory.with_name(f"{self.directory.name}.new")
        shutil.rmtree(draft, ignore_errors=True)
        _own(draft, programs)
        word = draft.with_name(f"{draft.name}.password")
        word.touch(mode=0o600)
        word.write_text(self.password(SUPERUSER))
        if programs.run_as["user"] is not None:
            os.chown(word, programs.run_as["user"], -1)
        try:
            _initdb(programs, draft, word)
        finally:
            word.unlink()
        if self.directory.exists():
            self.directory.rmdir()
        draft.replace(self.directory)

    def _refuse_other_version(self, programs: Programs) -> None:
        version = int((self.directory / "PG_VERSION").read_text())
        if version != programs.version:
            raise PostgresFailed(
                f"{self.directory} was made by PostgreSQL {version}, found here is {programs.version}. "
                f"Point WAYMARK_PG_BIN at PostgreSQL {version}, or move the directory away to begin anew."
            )

    def _launch(self, programs: Programs) -> None:
        (self.port,) = free_ports(1, claimed=True)
        options = [
            f"port={self.port}",
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "max_connections=200",
            "shared_buffers=128MB",
            "jit=off",
            *(() if self.durable else UNSYNCED),
        ]
        flags = [word for option in options for word in ("-c", option)]
        with rotate(self.log).open("ab") as log:
            self._child = subprocess.Popen(
                [programs.directory / "postgres", "-D", self.directory, *flags],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=die_with_parent(signal.SIGINT if self.durable else signal.SIGQUIT),  # noqa: PLW1509
                **programs.run_as,
            )

    def _wait_until_ready(self) -> bool:
        """Ready is what PostgreSQL writes into our own data directory: no other cluster can answer for ours."""
        assert self._child
        deadline = time.monotonic() + START_SECONDS
        while self._child.poll() is None and time.monotonic() < deadline:
            words = _read_lines(self.directory / "postmaster.pid")
            if len(words) > 7 and words[0] == str(self.pid) and words[7].strip() == "ready":
                return words[3] == str(self.port)
            time.sleep(0.01)
        return False

    def _end_orphan(self) -> None:
        """Nobody but us holds the lock, so a postmaster in this directory has lost its launcher."""
        pid_file = self.directory / "postmaster.pid"
        pid = read_pid(pid_file)
        if pid is None:
            return
        end(pid, str(self.directory), first=signal.SIGINT, seconds=STOP_SECONDS)
        if not runs(pid, str(self.directory)):
            pid_file.unlink(missing_ok=True)

    def _terminate(self, number: signal.Signals) -> None:
        if self._child is None:
            return
        for last in (number, signal.SIGQUIT, signal.SIGKILL):
            if self._child.poll() is None:
                self._child.send_signal(last)
                try:
                    self._child.wait(STOP_SECONDS)
                except subprocess.TimeoutExpired:
                    continue
        self._child = None


def _directory(home: Path, programs: Programs, *, durable: bool) -> Path:
    """Under the home; elsewhere only when the account that PostgreSQL runs as cannot reach that."""
    inside = home / "postgres"
    if (inside / "PG_VERSION").exists() or programs.run_as["user"] is None or _open_to_all(home):
        return inside
    if not durable:
        outside = Path(tempfile.mkdtemp(prefix="waymark-"))
    else:
        outside = SHARED_BY_ROOT / remembered(home, "postgres_place", lambda: secrets.token_hex(6))
        outside.mkdir(parents=True, exist_ok=True)
        SHARED_BY_ROOT.chmod(0o755)
    outside.chmod(0o755)
    return outside / "postgres"


def _open_to_all(path: Path) -> bool:
    return all(folder.stat().st_mode & 0o001 for folder in (path, *path.parents))


def _own(directory: Path, programs: Programs) -> None:
    directory.mkdir(mode=0o700)
    if programs.run_as["user"] is not None:
        os.chown(directory, programs.run_as["user"], programs.run_as["group"] or -1)


def _initdb(programs: Programs, directory: Path, password_file: Path) -> None:
    """The builtin provider sorts and folds the same way on every machine; before PostgreSQL 17 the C library does."""
    locale = (
        ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        if programs.version >= 17
        else ["--locale=C.UTF-8"]
    )
    access = ["--auth=scram-sha-256", f"--username={SUPERUSER}", f"--pwfile={password_file}"]
    told = subprocess.run(
        [
            programs.directory / "initdb",
            *("--no-sync", "--no-instructions", "--encoding=UTF8"),
            *locale,
            *access,
            *("-D", str(directory)),
        ],
        capture_output=True,
        text=True,
        check=False,
        **programs.run_as,
    )
    if told.returncode:
        raise PostgresFailed(f"initdb failed: {told.stderr.strip()}")


def _read_lines(path: Path) -> list[str]:
    try:
        return path.read_text().split("\n")
    except FileNotFoundError:
        return []
