"""The settings of every process, made from what the launcher has started or was given."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from deploy.local.installation import DATABASE_OF, ROLES, SERVICES
from deploy.local.problems import Refused
from deploy.local.processes import free_ports
from deploy.local.supervisor import Child

OWN_DATABASES = tuple(f"{name.upper()}_DATABASE_URL" for name in DATABASE_OF.values())
DROPPED = frozenset({"PYTHONDONTWRITEBYTECODE"})


class SettingMissing(Refused):
    """The environment names some of the databases, but not all."""


def given_databases(environment: Mapping[str, str]) -> dict[str, str]:
    """The databases that the environment names: all four with their owners, or none. Raises `SettingMissing`."""
    missing = [name for name in OWN_DATABASES if not environment.get(name)]
    if len(missing) == len(OWN_DATABASES):
        return {}
    if missing:
        raise SettingMissing(
            f"Set {' and '.join(missing)} too, or none of the four for the embedded PostgreSQL."
        )
    owners = [name.replace("_URL", "_OWNER_URL") for name in OWN_DATABASES]
    return {name: environment[name] for name in (*OWN_DATABASES, *owners) if environment.get(name)}


def doors(gateway_port: int) -> dict[str, str]:
    """An address for each of the eight processes: the API's own, the worker's beside its metrics."""
    ports = free_ports(2 * len(SERVICES) - 1, claimed=True)
    addresses = {}
    for name in SERVICES:
        api = gateway_port if name == "gateway" else ports.pop()
        addresses[f"{name}-api"] = f"http://127.0.0.1:{api}"
        addresses[f"{name}-worker"] = f"http://127.0.0.1:{ports.pop()}"
    return addresses


def service_settings(addresses: Mapping[str, str]) -> dict[str, str]:
    """Where each service listens and where the gateway finds the others."""
    settings = {}
    for name in SERVICES:
        prefix, address = name.upper(), addresses[f"{name}-api"]
        settings[f"{prefix}_HOST"] = "127.0.0.1"
        settings[f"{prefix}_PORT"] = address.rpartition(":")[2]
        if name != "gateway":
            settings[f"GATEWAY_{prefix}_URL"] = address
            settings[f"{prefix}_VIEW_POOL_SIZE"] = _of_cores(f"{prefix}_VIEW_POOL_SIZE", least=2)
    settings["GATEWAY_CALLS_ALIKE"] = _of_cores("GATEWAY_CALLS_ALIKE", least=1, share=2)
    return settings


def _of_cores(name: str, *, least: int, share: int = 1) -> str:
    """As it is set, or by the cores, of which PostgreSQL and everything else here have the same."""
    return os.environ.get(name) or str(max(least, (os.cpu_count() or 1) // share))


def children(home: Path, settings: Mapping[str, str], addresses: Mapping[str, str]) -> list[Child]:
    """An API and a worker per service; each gets its own database's runtime role and nobody else's."""
    made = []
    for name in SERVICES:
        for role in ROLES:
            mine = _settings_of(name, settings) | _metrics(name, role, addresses)
            command = (sys.executable, "-X", f"waymark={home}", "-m", f"services.{name}", role)
            made.append(Child(f"{name}-{role}", command, mine))
    return made


def _metrics(name: str, role: str, addresses: Mapping[str, str]) -> dict[str, str]:
    port = (
        addresses[f"{name}-worker"].rpartition(":")[2]
        if role == "worker"
        else str(*free_ports(1, claimed=True))
    )
    return {f"{name.upper()}_METRICS_PORT": port}


def _settings_of(name: str, settings: Mapping[str, str]) -> dict[str, str]:
    own = f"{DATABASE_OF[name].upper()}_DATABASE_URL"
    inherited = {key: text for key, text in os.environ.items() if key not in DROPPED}
    return {
        key: text
        for key, text in (inherited | dict(settings)).items()
        if "_DATABASE_" not in key or key == own
    }
