"""WAYMARK_HOME: where one installation on this machine keeps its data, secrets, keys and logs."""

import json
import os
from collections.abc import Callable
from pathlib import Path

from deploy.local.problems import Refused

DEFAULT_HOME = ".waymark"


class HomeUnusable(Refused):
    """WAYMARK_HOME cannot be written."""


def home_path() -> Path:
    """The directory that WAYMARK_HOME names, absolute; it need not exist."""
    return Path(os.environ.get("WAYMARK_HOME") or DEFAULT_HOME).resolve()


def open_home(path: Path) -> Path:
    """Makes the directory when it is missing; raises `HomeUnusable`.

    Others may pass through it (mode 0711), because a database started by root runs as somebody else.
    """
    try:
        if not path.exists():
            path.mkdir(parents=True)
            path.chmod(0o711)
        for name in ("keys", "logs", "run"):
            (path / name).mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise HomeUnusable(
            f"WAYMARK_HOME {path} cannot be written ({error.strerror}). "
            "Start as its owner, or set WAYMARK_HOME to a directory of yours."
        ) from None
    return path


def write_private(path: Path, text: str) -> None:
    """Replaces the file in one step; only its owner can read it."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.new")
    draft.unlink(missing_ok=True)
    draft.touch(mode=0o600)
    with draft.open("w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def remembered(home: Path, name: str, make: Callable[[], str]) -> str:
    """The secret kept under `name` in secrets.json, made at its first use."""
    path = home / "secrets.json"
    secrets: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    if name not in secrets:
        secrets[name] = make()
        write_private(path, json.dumps(secrets, indent=2))
    return secrets[name]


def rotate(log: Path, *, keep: int = 3) -> Path:
    """Moves the log of the last start aside, keeping `keep` of them, and returns the path to write to."""
    for number in range(keep - 1, 0, -1):
        older = log.with_name(f"{log.name}.{number}")
        if older.exists():
            older.replace(log.with_name(f"{log.name}.{number + 1}"))
    if log.exists():
        log.replace(log.with_name(f"{log.name}.1"))
    return log


def last_line(log: Path) -> str:
    """The last line that says anything, for a message on the terminal."""
    if not log.exists():
        return ""
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - 4096))
        lines = file.read().decode(errors="replace").splitlines()
    telling = [line.strip(" |+-") for line in lines if line.strip(" |+-^~")]
    return telling[-1][:300] if telling else ""
