"""`waymark migrate`: as a job before a rollout, or against the running installation."""

import asyncio
import os
from collections.abc import Mapping, Sequence

from deploy.cli.output import write_json
from deploy.local import revisions
from deploy.local.home import home_path
from deploy.local.installation import DATABASE_OF, Installation, NoInstallation, owner_urls
from deploy.local.problems import Refused


class OwnerUnknown(Refused):
    """A migration needs the database's owner."""


def migrate(names: Sequence[str], *, as_json: bool) -> None:
    """Raises `OwnerUnknown`, `MigrationFailed`."""
    urls = _chosen(names, owner_urls(effective_environment()))
    behind = asyncio.run(_migrate(urls))
    revision = {name: revisions.head(name) for name in urls}
    if as_json:
        write_json({"migrated": behind, "revisions": revision})
        return
    for name in urls:
        done = "migrated" if name in behind else "unchanged"
        print(f"{name}: {done}, at revision {revision[name] or 'none'}")


def effective_environment() -> dict[str, str]:
    """The settings of the installation here, if there is one; what the environment says goes first."""
    try:
        known = Installation.read(home_path()).environment
    except NoInstallation:
        known = {}
    return known | dict(os.environ)


def _chosen(names: Sequence[str], urls: Mapping[str, str]) -> dict[str, str]:
    wanted = list(names or (urls or DATABASE_OF.values()))
    unknown = [name for name in wanted if name not in DATABASE_OF.values()]
    if unknown:
        raise OwnerUnknown(f"{unknown[0]!r} is not one of {', '.join(DATABASE_OF.values())}.")
    for name in wanted:
        if name not in urls:
            raise OwnerUnknown(
                f"Set {name.upper()}_DATABASE_OWNER_URL to the address of its owner, or run `waymark up`."
            )
    return {name: urls[name] for name in wanted}


async def _migrate(urls: Mapping[str, str]) -> list[str]:
    behind = await revisions.behind(urls)
    await revisions.migrate({name: urls[name] for name in behind})
    return behind
