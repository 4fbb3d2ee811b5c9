"""The databases of the services, each with an owner for migrations and a runtime role without powers."""

import asyncio
from collections.abc import Iterable

import asyncpg

from deploy.local.postgres import EmbeddedPostgres, PostgresFailed

DATABASES = ("profile", "goals", "feedback", "integrations")


async def provision(cluster: EmbeddedPostgres, databases: Iterable[str] = DATABASES) -> None:
    """Makes what is missing, so that it may run at every start; raises `PostgresFailed` on a foreign cluster."""
    names = list(databases)
    connection = await asyncpg.connect(cluster.url("postgres"))
    try:
        await _refuse_foreign(connection, cluster)
        for name in names:
            await _role(connection, f"{name}_owner", cluster.password(f"{name}_owner"))
            await _role(connection, f"{name}_app", cluster.password(f"{name}_app"))
            if not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", name):
                await connection.execute(f"CREATE DATABASE {name} OWNER {name}_owner")
    finally:
        await connection.close()
    await asyncio.gather(*(_grant(cluster, name) for name in names))


async def _refuse_foreign(
    connection: "asyncpg.Connection[asyncpg.Record]", cluster: EmbeddedPostgres
) -> None:
    directory = await connection.fetchval("SHOW data_directory")
    if directory != str(cluster.directory):
        raise PostgresFailed(f"Port {cluster.port} answers for {directory}, a cluster of others.")


async def _role(connection: "asyncpg.Connection[asyncpg.Record]", name: str, password: str) -> None:
    """The password is letters, digits, `-` and `_`: DDL takes no parameters."""
    powers = "LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE"
    known = await connection.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", name)
    verb = "ALTER" if known else "CREATE"
    await connection.execute(f"{verb} ROLE {name} {powers} PASSWORD '{password}'")


async def _grant(cluster: EmbeddedPostgres, name: str) -> None:
    app = f"{name}_app"
    connection = await asyncpg.connect(cluster.url(name))
    try:
        await connection.execute(
            f"""
            REVOKE ALL ON DATABASE {name} FROM PUBLIC;
            GRANT CONNECT ON DATABASE {name} TO {app};
            ALTER ROLE {app} IN DATABASE {name} SET statement_timeout = '3s';
            ALTER ROLE {app} IN DATABASE {name} SET idle_in_transaction_session_timeout = '30s';
            REVOKE CREATE ON SCHEMA public FROM PUBLIC;
            GRANT USAGE ON SCHEMA public TO {app};
            """
        )
    finally:
        await connection.close()
