"""What the role that a service runs as can reach: rows of the tenant that is set, and nothing else."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module
from typing import Any

import asyncpg
import pytest

from deploy.local.postgres import SUPERUSER, EmbeddedPostgres
from deploy.local.provision import DATABASES
from shared.db import Database, PowerfulRole
from shared.ids import new_id
from tests.migrations.walls import ALONE, WALL

Connection = Any

MODELS = {
    "profile": "services.profile.models",
    "goals": "services.goals.models",
    "feedback": "services.feedback.models",
    "integrations": "services.gateway.integrations.models",
}

TENANT = str(new_id())
STRANGER = str(new_id())

QUEUE_COLUMNS = {
    "id": "uuid",
    "tenant_id": "uuid",
    "name": "text",
    "arguments": "jsonb",
    "dedupe_key": "text",
    "attempts": "integer",
    "due_at": "timestamp with time zone",
    "wanted_at": "timestamp with time zone",
    "holder": "uuid",
    "reason": "text",
    "failed_at": "timestamp with time zone",
}
"""Names, ids and times; `arguments` holds ids, and `reason` the name of what was raised."""

LITERALS = {
    "uuid": TENANT,
    "uuid[]": "{}",
    "date": "2026-01-02",
    "timestamp with time zone": "2026-01-02",
}
NAMED = {"purpose_lock": "GUIDANCE_ONLY"}
"""Where a constraint asks for one of its words."""
OTHERS = {
    "destination_id": "00000000-0000-4000-8000-000000000001",
    "rater_id": "00000000-0000-4000-8000-000000000001",
    "score_min": "0",
}
"""Of what must not be the same as something else in its row."""
OTHERS_OF = {"interpretations_confidant": {"author_id": OTHERS["rater_id"]}}
ALSO_FILLED = {
    "people_external_identifier": "person_id",
    "checkins_private_note": "sealed",
    "person_key": "wrapped",
    "journal_aspiration": "sealed",
    "assessments_result": "sealed",
    "network_contact": "name",
}


def tables_of(name: str) -> set[str]:
    return set(import_module(MODELS[name]).Base.metadata.tables)


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[Connection]:
    """One connection in a transaction that is rolled back."""
    connection = await asyncpg.connect(url)
    transaction = connection.transaction()
    await transaction.start()
    try:
        yield connection
    finally:
        await transaction.rollback()
        await connection.close()


@pytest.fixture(params=DATABASES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
async def superuser(cluster: EmbeddedPostgres, name: str) -> AsyncIterator[Connection]:
    async with connected(cluster.url(name)) as connection:
        yield connection


@pytest.fixture
async def runtime(cluster: EmbeddedPostgres, name: str) -> AsyncIterator[Connection]:
    async with connected(cluster.url(name, f"{name}_app")) as connection:
        yield connection


async def a_row(connection: Connection, table: str) -> str:
    """A statement that inserts `TENANT`'s row: the columns that must not be empty, each with a value of its type."""
    columns = await connection.fetch(
        """
        SELECT attname AS name, format_type(atttypid, atttypmod) AS type FROM pg_attribute
        WHERE attrelid = $1::text::regclass AND attnum > 0 AND (attnotnull OR attname = $2)
        """,
        table,
        ALSO_FILLED.get(table),
    )
    names = ", ".join(column["name"] for column in columns)
    usual = {column["name"]: LITERALS.get(column["type"], "1") for column in columns}
    others = NAMED | OTHERS | OTHERS_OF.get(table, {})
    values = ", ".join(f"'{others.get(name, value)}'" for name, value in usual.items())
    return f"INSERT INTO {table} ({names}) VALUES ({values})"


async def seen(connection: Connection, tables: set[str], **settings: str) -> dict[str, int]:
    """How many rows each table shows, with the settings `app.tenant` and `app.person` as given or empty."""
    for setting in ("tenant", "person"):
        await connection.execute(
            "SELECT set_config($1, $2, true)", f"app.{setting}", settings.get(setting, "")
        )
    return {table: len(await connection.fetch(f"SELECT * FROM {table}")) for table in tables}


async def test_every_table_is_walled_by_its_tenant(superuser: Connection, name: str) -> None:
    tables = await superuser.fetch(
        """
        SELECT relname, relrowsecurity, relforcerowsecurity FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'f', 'v', 'm')
          AND relname <> 'alembic_version'
        """
    )
    policies = await superuser.fetch(
        """
        SELECT tablename, policyname, permissive, roles::text, cmd, qual, with_check
        FROM pg_policies ORDER BY policyname DESC
        """
    )

    walls: dict[str, list[tuple[Any, ...]]] = {table: [] for table in tables_of(name)}
    for table, *policy in policies:
        walls[table].append(tuple(policy))

    assert {tuple(table) for table in tables} == {(table, True, True) for table in walls}
    alone = ALONE.get(name, {})
    assert walls == {table: [WALL, *alone.get(table, [])] for table in walls}


async def test_without_a_tenant_no_row_of_any_table_is_read(
    superuser: Connection, name: str
) -> None:
    tables = tables_of(name)
    await superuser.execute("SET LOCAL session_replication_role = replica")
    for table in tables:
        await superuser.execute(await a_row(superuser, table))

    await superuser.execute(f"SET LOCAL ROLE {name}_app")
    of_nobody = await seen(superuser, tables)
    of_a_stranger = await seen(superuser, tables, tenant=STRANGER, person=TENANT)
    own = await seen(superuser, tables, tenant=TENANT, person=TENANT)

    assert of_nobody == of_a_stranger == dict.fromkeys(tables, 0)
    assert own == dict.fromkeys(tables, 1)


@pytest.mark.parametrize("tenant", ["", STRANGER], ids=["without a tenant", "another tenant"])
async def test_no_row_is_written_for_another_tenant(
    runtime: Connection, name: str, tenant: str
) -> None:
    await runtime.execute("SELECT set_config('app.tenant', $1, true)", tenant)

    for table in tables_of(name):
        statement = await a_row(runtime, table)
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
            async with runtime.transaction():
                await runtime.execute(statement)


async def test_the_runtime_role_has_no_powers_and_owns_nothing(
    superuser: Connection, name: str
) -> None:
    powers = await superuser.fetchrow(
        """
        SELECT rolsuper, rolbypassrls, rolcreatedb, rolcreaterole, rolreplication,
               EXISTS (SELECT FROM pg_auth_members WHERE member = r.oid),
               EXISTS (SELECT FROM pg_shdepend WHERE refobjid = r.oid AND deptype = 'o')
        FROM pg_roles r WHERE rolname = $1
        """,
        f"{name}_app",
    )

    assert tuple(powers) == (False,) * 7


async def test_the_runtime_role_enters_its_own_database_only(
    superuser: Connection, name: str
) -> None:
    doors = await superuser.fetch(
        "SELECT d FROM unnest($1::text[]) d WHERE has_database_privilege($2, d, 'CONNECT')",
        list(DATABASES),
        f"{name}_app",
    )

    assert [door["d"] for door in doors] == [name]


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE public.mine (id uuid)",
        "CREATE TABLE queue.mine (id uuid)",
        "CREATE TEMPORARY TABLE mine (id uuid)",
        "CREATE SCHEMA mine",
        "ALTER TABLE outbox_event DISABLE ROW LEVEL SECURITY",
        "DROP POLICY tenant_isolation ON outbox_event",
        "TRUNCATE outbox_event",
    ],
)
async def test_the_runtime_role_makes_and_changes_no_table(
    runtime: Connection, statement: str
) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await runtime.execute(statement)


async def test_beyond_its_tables_the_runtime_role_reads_only_the_queue(
    superuser: Connection, name: str
) -> None:
    readable = await superuser.fetch(
        """
        SELECT n.nspname || '.' || c.relname AS name
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
          AND has_schema_privilege($1, n.oid, 'USAGE') AND has_any_column_privilege($1, c.oid, 'SELECT')
        """,
        f"{name}_app",
    )
    columns = await superuser.fetch(
        """
        SELECT table_name, column_name, data_type FROM information_schema.columns
        WHERE table_schema = 'queue'
        """
    )

    assert {row["name"] for row in readable} == {
        *(f"public.{table}" for table in tables_of(name)),
        "public.alembic_version",
        "queue.job",
    }
    assert {tuple(column) for column in columns} == {
        ("job", column, kind) for column, kind in QUEUE_COLUMNS.items()
    }


@pytest.mark.parametrize("powerful", ["owner", "superuser"])
async def test_a_service_refuses_to_run_as_a_powerful_role(
    cluster: EmbeddedPostgres, name: str, powerful: str
) -> None:
    role = {"owner": f"{name}_owner", "superuser": SUPERUSER}[powerful]
    database = Database.connect(cluster.url(name, role), application_name="tests", pool_size=1)

    with pytest.raises(PowerfulRole, match=repr(role)):
        await database.refuse_powerful_role()
    await database.close()


async def test_a_service_runs_as_its_runtime_role(cluster: EmbeddedPostgres, name: str) -> None:
    url = cluster.url(name, f"{name}_app")
    database = Database.connect(url, application_name="tests", pool_size=1)

    await database.refuse_powerful_role()
    await database.close()
