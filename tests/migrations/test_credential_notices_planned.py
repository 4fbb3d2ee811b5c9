"""What runs out already when notices come to be is announced too: a job for each tenant that has such a credential."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import asyncpg
from alembic import command

from deploy.local.postgres import EmbeddedPostgres
from shared import migrations

CREDENTIAL = """
    INSERT INTO credentials_record
        (tenant_id, id, person_id, type, name, verification, said_at, sequence, expires_on, expired_on)
    VALUES ($1, gen_random_uuid(), gen_random_uuid(), 'LICENCE', 'Pilot', 'VERIFIED', now(), 1,
            current_date + $2::int, CASE WHEN $2 < 0 THEN current_date END)
"""


def test_each_tenant_with_what_runs_out_gets_a_job_and_the_wall_stands(
    cluster: EmbeddedPostgres,
) -> None:
    url = asyncio.run(_database(cluster))
    config = migrations.configuration("profile", url)
    command.upgrade(config, "0015")
    expiring, ended = uuid4(), uuid4()
    asyncio.run(_fill(cluster, {expiring: (30, 400), ended: (-1,)}))

    command.upgrade(config, "head")

    jobs, forced = asyncio.run(_seen(cluster))
    assert jobs == [(expiring, "credentials.notice")]
    assert forced


async def _database(cluster: EmbeddedPostgres) -> str:
    connection = await asyncpg.connect(cluster.url("postgres"))
    try:
        await connection.execute("CREATE DATABASE profile_notices OWNER profile_owner")
    finally:
        await connection.close()
    return cluster.url("profile_notices", "profile_owner")


async def _fill(cluster: EmbeddedPostgres, ends: dict[UUID, tuple[int, ...]]) -> None:
    """Credentials of nobody in particular: the keys to persons are not asked."""
    connection = await asyncpg.connect(cluster.url("profile_notices"))
    try:
        await connection.execute("SET session_replication_role = replica")
        for tenant_id, days in ends.items():
            for day in days:
                await connection.execute(CREDENTIAL, tenant_id, day)
    finally:
        await connection.close()


async def _seen(cluster: EmbeddedPostgres) -> tuple[list[tuple[UUID, str]], Any]:
    connection = await asyncpg.connect(cluster.url("profile_notices"))
    try:
        rows = await connection.fetch("SELECT tenant_id, name FROM queue.job")
        forced = await connection.fetchval(
            "SELECT relforcerowsecurity FROM pg_class WHERE relname = 'credentials_record'"
        )
    finally:
        await connection.close()
    return [(row["tenant_id"], row["name"]) for row in rows], forced
