"""What runs here: written when it is ready, read by every other command of the operator."""

import json
import os
import signal
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Self
from uuid import UUID

from deploy.local.home import home_path, write_private
from deploy.local.problems import Refused
from deploy.local.processes import holder

FILE = "installation.json"
LOCK = "lock"
SERVICES = ("profile", "goals", "feedback", "gateway")
ROLES = ("api", "worker")
DATABASE_OF = {
    "profile": "profile",
    "goals": "goals",
    "feedback": "feedback",
    "gateway": "integrations",
}


class NoInstallation(Refused):
    """Nothing has been started from this WAYMARK_HOME."""


@dataclass(frozen=True, slots=True)
class Installation:
    """One running Waymark. `doors` maps `profile-api` … to the address of its health checks.

    `environment` holds every setting of every service, with the databases' owners: a file of it is private.
    """

    home: str
    url: str
    tenant_id: UUID
    pid: int
    doors: dict[str, str]
    pids: dict[str, int]
    environment: dict[str, str] = field(repr=False)

    @property
    def graphql_url(self) -> str:
        return f"{self.url}/graphql"

    @property
    def keys(self) -> Path:
        return Path(self.home) / "keys"

    def owner_urls(self) -> dict[str, str]:
        """The address of each database as its owner, for migrations."""
        return owner_urls(self.environment)

    def write(self) -> None:
        fields = asdict(self) | {"tenant_id": str(self.tenant_id)}
        write_private(Path(self.home) / FILE, json.dumps(fields, indent=2))

    @classmethod
    def read(cls, home: Path) -> Self:
        """Raises `NoInstallation`."""
        try:
            fields = json.loads((home / FILE).read_text())
        except FileNotFoundError:
            raise NoInstallation(
                f"Nothing was started in {home}. Run `waymark up`, or set WAYMARK_HOME to where it was."
            ) from None
        return cls(**(fields | {"tenant_id": UUID(fields["tenant_id"])}))


def owner_urls(environment: dict[str, str]) -> dict[str, str]:
    """From `PROFILE_DATABASE_OWNER_URL` and its like; a database without one is left out."""
    named = {
        name: environment.get(f"{name.upper()}_DATABASE_OWNER_URL") for name in DATABASE_OF.values()
    }
    return {name: url for name, url in named.items() if url}


def running_pid(home: Path) -> int | None:
    """The pid of the launcher that holds this home, if one does."""
    return holder(home / LOCK)


def running_installation() -> Installation:
    """The installation of this WAYMARK_HOME, which must run; raises `NoInstallation`."""
    home = home_path()
    made = Installation.read(home)
    if running_pid(home) is None:
        raise NoInstallation(f"Waymark does not run from {home}. Start it with `waymark up`.")
    return made


def ask_to_stop(home: Path) -> int | None:
    """Sends SIGTERM to the launcher of this home and returns its pid; None when there is none."""
    pid = running_pid(home)
    if pid is not None:
        os.kill(pid, signal.SIGTERM)
    return pid
