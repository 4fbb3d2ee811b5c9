"""Every revision goes up and comes down again, and what they make is what the code's tables say."""

import asyncio

import asyncpg
import pytest
from alembic import command

from deploy.local import revisions
from deploy.local.postgres import EmbeddedPostgres
from deploy.local.provision import DATABASES
from shared import migrations
from tests.migrations.catalogue import Facts, facts

pytestmark = pytest.mark.parametrize("name", DATABASES)


def empty_database(cluster: EmbeddedPostgres, name: str) -> str:
    """The owner's address of a database beside the one of that name, with nothing in it."""

    async def create() -> None:
        connection = await asyncpg.connect(cluster.url("postgres"))
        try:
            await connection.execute(f"CREATE DATABASE {name}_steps OWNER {name}_owner")
        finally:
            await connection.close()

    asyncio.run(create())
    return cluster.url(f"{name}_steps", f"{name}_owner")


def schema(url: str) -> Facts:
    return asyncio.run(facts(url))


def test_the_migrations_make_the_tables_of_the_code(cluster: EmbeddedPostgres, name: str) -> None:
    migrations.check(name, cluster.url(name, f"{name}_owner"))


def test_every_revision_undoes_what_it_did(cluster: EmbeddedPostgres, name: str) -> None:
    url = empty_database(cluster, name)
    config = migrations.configuration(name, url)
    steps = len(list(migrations.script_directory(name).walk_revisions()))

    upwards = [schema(url)]
    for _ in range(steps):
        command.upgrade(config, "+1")
        upwards.append(schema(url))
    whole = upwards[-1]
    downwards = [whole]
    for _ in range(steps):
        command.downgrade(config, "-1")
        downwards.append(schema(url))
    command.upgrade(config, "head")
    again = schema(url)
    command.downgrade(config, "base")

    assert len(set(map(frozenset, upwards))) == steps + 1
    assert downwards == upwards[::-1]
    assert again == whole
    assert whole == schema(cluster.url(name, f"{name}_owner"))
    assert schema(url) == upwards[0]


def test_the_revisions_are_one_line_to_the_head(name: str) -> None:
    directory = migrations.script_directory(name)

    line = [script.revision for script in directory.walk_revisions()]

    assert directory.get_heads() == [line[0]]
    assert line[-1] == "0001"
    assert len(line) == len({script.down_revision for script in directory.walk_revisions()})
    assert revisions.head(name) == migrations.head(name) == line[0]
