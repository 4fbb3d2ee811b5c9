"""Which databases are behind this code, found without loading Alembic, and the migrations that bring them up."""

import asyncio
import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path

import asyncpg

from deploy.local.problems import Refused

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"
REVISION = re.compile(r"^revision\b[^=\n]*=\s*[\"'](\w+)[\"']", re.MULTILINE)
DOWN_REVISION = re.compile(r"^down_revision\b[^=\n]*=\s*[\"'](\w+)[\"']", re.MULTILINE)


class MigrationFailed(Refused):
    """A database was not brought to this code's revision."""


def head(database: str) -> str | None:
    """The revision that this code expects: the one that no other follows. None without any migration."""
    scripts = [path.read_text() for path in (MIGRATIONS / database / "versions").glob("*.py")]
    known = {match for script in scripts for match in REVISION.findall(script)}
    followed = {match for script in scripts for match in DOWN_REVISION.findall(script)}
    return next(iter(known - followed), None)


async def recorded(url: str) -> str | None:
    """The revision that the database stands at; None when it has never been migrated."""
    connection = await asyncpg.connect(url, timeout=5)
    try:
        if await connection.fetchval("SELECT to_regclass('public.alembic_version')") is None:
            return None
        revision: str | None = await connection.fetchval("SELECT version_num FROM alembic_version")
        return revision
    finally:
        await connection.close()


async def behind(owner_urls: Mapping[str, str]) -> list[str]:
    """The databases whose recorded revision differs from this code's."""
    found = await asyncio.gather(*(recorded(url) for url in owner_urls.values()))
    return [
        name for name, revision in zip(owner_urls, found, strict=True) if revision != head(name)
    ]


async def migrate(owner_urls: Mapping[str, str]) -> None:
    """Upgrades the databases side by side, each in a process of its own; raises `MigrationFailed`."""
    await asyncio.gather(*(_upgrade(name, url) for name, url in owner_urls.items()))


async def _upgrade(name: str, url: str) -> None:
    running = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "deploy.local.revisions", name),
        env=os.environ | {f"{name.upper()}_DATABASE_OWNER_URL": url},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await running.communicate()
    if running.returncode:
        lines = output.decode(errors="replace").strip().splitlines()
        raise MigrationFailed(f"Database {name} was not migrated: " + "\n".join(lines[-5:]))


def _main() -> None:
    from shared.migrations import upgrade

    name = sys.argv[1]
    upgrade(name, os.environ[f"{name.upper()}_DATABASE_OWNER_URL"])


if __name__ == "__main__":
    _main()
