"""Alembic for four databases: one file of settings, one environment, row-level security on every table."""

import asyncio
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from alembic import command, context
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, pool, text
from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import create_async_engine

from shared.db import asyncpg_url

ROOT = Path(__file__).resolve().parent.parent / "migrations"
DATABASES = ("profile", "goals", "feedback", "integrations")
LOCK_KEY = 0x57_41_59_4D


def configuration(database_name: str, owner_url: str | None = None) -> Config:
    """Alembic's settings for one of `DATABASES`; the owner's address falls back to the environment's."""
    config = Config(ROOT / "alembic.ini", ini_section=database_name)
    config.attributes["owner_url"] = owner_url
    return config


def script_directory(database_name: str) -> ScriptDirectory:
    return ScriptDirectory.from_config(configuration(database_name))


def head(database_name: str) -> str | None:
    """The revision that this code expects."""
    return script_directory(database_name).get_current_head()


def upgrade(database_name: str, owner_url: str) -> None:
    """Brings one database to this code's revision, as its owner, in one transaction; blocking."""
    command.upgrade(configuration(database_name, owner_url), "head")


def check(database_name: str, owner_url: str) -> None:
    """Raises when tables in the code and in the migrations differ; blocking."""
    command.check(configuration(database_name, owner_url))


def run_environment(metadata: MetaData) -> None:
    """The whole of every `env.py`."""
    name = context.config.config_ini_section
    url = context.config.attributes.get("owner_url") or os.environ.get(
        f"{name.upper()}_DATABASE_OWNER_URL"
    )
    if not url:
        raise SystemExit(
            f"Set {name.upper()}_DATABASE_OWNER_URL to the address of the database's owner."
        )
    asyncio.run(_run(metadata, url, runtime_role(name)))


def runtime_role(database_name: str) -> str:
    """The role that the service runs as; the migrations grant it rows, never tables."""
    return os.environ.get(f"{database_name.upper()}_DATABASE_RUNTIME_ROLE", f"{database_name}_app")


async def _run(metadata: MetaData, url: str, role: str) -> None:
    engine = create_async_engine(asyncpg_url(url), poolclass=pool.NullPool)
    async with engine.connect() as connection:
        await connection.run_sync(_migrate, metadata, role)
        await connection.commit()
    await engine.dispose()


def _migrate(connection: Connection, metadata: MetaData, role: str) -> None:
    connection.execute(text("SET lock_timeout = '4s'"))
    connection.execute(text("SET statement_timeout = '5s'"))
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK_KEY})
    context.configure(
        connection=connection,
        target_metadata=metadata,
        compare_type=True,
        compare_server_default=True,
        runtime_role=role,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.execute(text(f'GRANT SELECT ON alembic_version TO "{role}"'))


def protect(op: Any, tables: Iterable[str]) -> None:
    """Row-level security, forced, on new tables, and the runtime role's right to their rows; `op` is alembic's."""
    role = op.get_context().opts["runtime_role"]
    for table in tables:
        op.execute(f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY')
        op.execute(f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY')
        op.execute(
            f'CREATE POLICY tenant_isolation ON "{table}" USING ({_OWN_TENANT}) WITH CHECK ({_OWN_TENANT})'
        )
        op.execute(f'GRANT SELECT, INSERT, UPDATE, DELETE ON "{table}" TO "{role}"')


_OWN_TENANT = "tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')::uuid)"
