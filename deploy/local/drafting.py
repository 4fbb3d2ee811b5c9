"""`make migration`: drafts a migration from the difference between the code's tables and those of a fresh database."""

import asyncio
import sys
import tempfile
from pathlib import Path

from deploy.local.installation import DATABASE_OF
from deploy.local.postgres import EmbeddedPostgres
from deploy.local.problems import Refused
from deploy.local.provision import provision


def draft(service: str, title: str) -> None:
    """Leaves a file in migrations/DATABASE/versions to read before it is committed."""
    from alembic import command

    from shared.migrations import configuration, upgrade

    database = DATABASE_OF.get(service, service)
    if database not in DATABASE_OF.values():
        raise Refused(f"service={service} is not one of {', '.join(DATABASE_OF)}.")
    with (
        tempfile.TemporaryDirectory(prefix="waymark-") as home,
        EmbeddedPostgres(Path(home), durable=False) as cluster,
    ):
        asyncio.run(provision(cluster, [database]))
        url = cluster.url(database, f"{database}_owner")
        upgrade(database, url)
        command.revision(configuration(database, url), message=title, autogenerate=True)


if __name__ == "__main__":
    try:
        draft(sys.argv[1], sys.argv[2])
    except Refused as refusal:
        raise SystemExit(str(refusal)) from None
