"""The bare connections of the hot paths: a tenant for one statement, and connections that die."""

import asyncio

import asyncpg
import pytest
from sqlalchemy import Text, literal, select

from shared.bare import Bare
from shared.guard import TENANT, within_tenant
from shared.ids import new_id
from shared.views.statements import spelled
from tests.chassis import listener
from tests.chassis.conftest import Place

NAMES = select(
    select(listener.COPY.c.name).order_by(listener.COPY.c.name).limit(1).scalar_subquery()
)  # fmt: skip


async def name_as(place: Place, tenant: object) -> str | None:
    """The first name that a statement sees as a tenant."""
    statement = spelled(within_tenant(NAMES))
    found: str | None = await place.database.value(
        statement.text, statement.values({TENANT: str(tenant)})
    )
    return found


async def put(place: Place, tenant: object, name: str) -> None:
    await place.admin.execute(
        "INSERT INTO person_copy (tenant_id, id, name, effects) VALUES ($1, $2, $3, 1)",
        tenant,
        new_id(),
        name,
    )


async def test_a_statement_sees_its_own_tenant_and_leaves_nothing_behind(place: Place) -> None:
    other = new_id()
    await put(place, place.tenant_id, "Ada")
    await put(place, other, "Bob")

    seen = [await name_as(place, tenant) for tenant in (place.tenant_id, other, new_id())]
    without = await place.database.value("SELECT count(*) FROM person_copy", [])
    setting = await place.database.value("SELECT current_setting('app.tenant', true)", [])

    assert seen == ["Ada", "Bob", None]
    assert without == 0
    assert setting == ""


async def test_a_reading_connection_refuses_to_write(place: Place) -> None:
    with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
        await place.database.value("DELETE FROM person_copy RETURNING 1", [])


async def test_a_transaction_that_fails_leaves_nothing_and_its_connection_is_used_again(
    place: Place,
) -> None:
    insert = "INSERT INTO person_copy (tenant_id, id, name, effects) VALUES ($1, $2, 'Eve', 1)"

    async def write(times: int) -> None:
        async with place.database.writing(place.tenant_id) as connection:
            for _ in range(times):
                await connection.execute(insert, place.tenant_id, place.tenant_id)

    with pytest.raises(asyncpg.UniqueViolationError):
        await write(2)
    await write(1)

    assert await place.rows("SELECT name FROM person_copy") == [("Eve",)]
    assert await backends(place, "test") == 1


async def test_connections_that_died_are_replaced_within_the_same_call(place: Place) -> None:
    bare = Bare(place.url, application_name="dying", size=3)
    await asyncio.gather(*(bare.value("SELECT pg_sleep(0.05)::text", []) for _ in range(3)))
    assert await backends(place, "dying") == 3

    await place.admin.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'dying'"
    )
    found = await asyncio.gather(*(bare.value("SELECT 'here'", []) for _ in range(5)))

    assert found == ["here"] * 5
    await bare.close()


async def test_a_cancelled_statement_does_not_answer_the_next_one(place: Place) -> None:
    bare = Bare(place.url, application_name="cancelled", size=1)
    running = asyncio.ensure_future(bare.value("SELECT pg_sleep(60)::text", []))
    asleep = "wait_event = 'PgSleep' AND application_name = 'cancelled'"
    await place.until(f"SELECT count(*) FROM pg_stat_activity WHERE {asleep}", 1)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running

    assert await bare.value("SELECT 'next'", []) == "next"
    await bare.close()


async def test_a_statement_of_any_length_is_prepared_once(place: Place) -> None:
    bare = Bare(place.url, application_name="long", size=1)
    long = spelled(select(literal("x" * 40_000, Text))).text

    for _ in range(3):
        assert len(await bare.value(long, [])) == 40_000
    prepared = "SELECT count(*) FROM pg_prepared_statements WHERE length(statement) > 40000"

    assert await bare.value(prepared, []) == 1
    await bare.close()


async def backends(place: Place, name: str) -> int:
    query = (
        "SELECT count(*) FROM pg_stat_activity "
        "WHERE datname = current_database() AND application_name = $1 AND state = 'idle'"
    )
    found: int = await place.value(query, name)
    return found
