"""`python -m tests.bench.gaps`: gaps over everybody, next to the barest aggregate over the same rows.

Needs the folder of real data (WAYMARK_DATA): people are measured against an occupation of O*NET, every role of GDaD
against every other. Its own PostgreSQL runs unsynced in a folder that is thrown away, one tenant, row-level
security on.
"""

import argparse
import asyncio
import json
import os
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from time import perf_counter
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from deploy.importers import gdad, onet
from deploy.importers.rows import ReadOptions, Row
from deploy.local.postgres import EmbeddedPostgres
from deploy.local.provision import provision
from services.goals.gaps import between, queries, unit_queries
from services.goals.roles import commands as roles
from services.goals.roles.schemas import RoleCreate
from shared import migrations
from shared.bulk import Line
from shared.db import Database
from shared.ids import new_id
from shared.tenancy import Actor, Grant, Principal

SQL = Path(__file__).parent / "sql"
OCCUPATION = "15-1253.00"
RUNS = 3
AT_ONCE = 200
BARE = text(
    """
    SELECT level.person_id,
           1 - sum(need.importance * greatest(0, need.required_level - level.level))
               / sum(need.importance * need.required_level) AS readiness
    FROM people_skill_level AS level
    JOIN roles_requirement AS need ON need.skill_id = level.skill_id AND need.version_id = :version
    WHERE level.level IS NOT NULL
    GROUP BY level.person_id ORDER BY readiness DESC LIMIT 25
    """
)
Step = Callable[[AsyncSession], Awaitable[Any]]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.gaps", description=__doc__)
    parser.add_argument("--people", type=int, default=100_000, help="how many (default 100,000)")
    asked = parser.parse_args()
    folder = Path(os.environ.get("WAYMARK_DATA", ""))
    if not (folder / "onet").is_dir():
        sys.exit("Set WAYMARK_DATA to the folder that holds onet/ and gdad/.")
    with (
        tempfile.TemporaryDirectory(prefix="waymark-bench-") as home,
        EmbeddedPostgres(Path(home), durable=False) as cluster,
    ):
        asyncio.run(provision(cluster, ["goals"]))
        migrations.upgrade("goals", cluster.url("goals", "goals_owner"))
        asyncio.run(_bench(cluster, folder, asked.people))


async def _bench(cluster: EmbeddedPostgres, folder: Path, people: int) -> None:
    tenant = new_id()
    database = Database.connect(cluster.url("goals", "goals_app"), application_name="bench")
    principal = Principal(
        tenant_id=tenant,
        subject="bench",
        actor=Actor.PERSON,
        person_id=UUID("01a20001-0000-7000-8000-000000000001"),
        scopes=frozenset(),
        grants=(Grant("HR_PARTNER", None),),
    )
    try:
        profession = await _publish(database, tenant, gdad.read(folder / "gdad", ReadOptions()))
        occupations = await _publish(database, tenant, onet.read(folder / "onet", ReadOptions()))
        role = occupations[OCCUPATION]
        begun = perf_counter()
        await _fill(cluster, tenant, role, people)
        print(f"{people:,} people in {perf_counter() - begun:.0f} s", flush=True)
        found = {}
        for name, step in _steps(principal, role, list(profession.values())):
            found[name] = await _fastest(database, tenant, step)
            print(f"{name:32} {found[name] * 1000:10,.1f} ms", flush=True)
        print(json.dumps({"people": people, "seconds": found}))
    finally:
        await database.close()


def _steps(principal: Principal, role: UUID, profession: list[UUID]) -> Iterator[tuple[str, Step]]:
    first, unit = _id("0001", 17), _id("0002", 1)

    async def bare(session: AsyncSession) -> Any:
        version = text("SELECT version_id FROM roles_role WHERE id = :role")
        found = await session.scalar(version, {"role": role})
        return (await session.execute(BARE, {"version": found})).all()

    async def ranked(session: AsyncSession) -> Any:
        return await queries.ranking(session, principal, role_id=role, limit=25)

    async def one(session: AsyncSession) -> Any:
        return await queries.of_person(session, principal, person_id=first, role_id=None)

    async def pairs(session: AsyncSession) -> Any:
        gap = between.summaries(_among(profession))
        counted = select(func.count(), func.avg(gap.c.fit), func.sum(gap.c.missing))
        return (await session.execute(counted)).one()

    async def pairs_with_items(session: AsyncSession) -> Any:
        gap = between.summaries(_among(profession))
        return (await session.execute(select(gap.c.fit, gap.c["items"]))).all()

    async def heat(session: AsyncSession) -> Any:
        return await unit_queries.heat_map(session, principal, org_unit_id=unit)

    yield "bare aggregate over everybody", bare
    yield "ranking of everybody", ranked
    yield "gap of one", one
    yield "GDaD, every pair, figures", pairs
    yield "GDaD, every pair, every skill", pairs_with_items
    yield "heat map of the whole company", heat


def _among(profession: list[UUID]) -> Any:
    item = between.pairs()
    both = item.c.from_role_id.in_(profession), item.c.to_role_id.in_(profession)
    return select(item).where(*both).subquery("among")


async def _fastest(database: Database, tenant: UUID, step: Step) -> float:
    taken = []
    for _ in range(RUNS):
        async with database.transaction(tenant) as session:
            await session.execute(text("SET LOCAL statement_timeout = 0"))
            begun = perf_counter()
            await step(session)
            taken.append(perf_counter() - begun)
    return min(taken)


async def _publish(database: Database, tenant: UUID, rows: Any) -> dict[str, UUID]:
    """Publishes the roles of a source; their ids by code."""
    skills: dict[str, UUID] = {}
    wanted = []
    for row in rows:
        if not isinstance(row, Row) or row.kind != "roles":
            continue
        required = [
            {**each, "skillId": skills.setdefault(each["skillCode"], new_id())}
            for each in row.fields["requirements"]
        ]
        for each in required:
            del each["skillCode"]
        wanted.append(RoleCreate.model_validate({**row.fields, "requirements": required}))
    found: dict[str, UUID] = {}
    principal = Principal.system(tenant, "bench")
    for start in range(0, len(wanted), AT_ONCE):
        lines = [
            Line(number, row, row.code)
            for number, row in enumerate(wanted[start : start + AT_ONCE])
        ]
        async with database.transaction(tenant) as session:
            await session.execute(text("SET LOCAL statement_timeout = 0"))
            await roles.publish_lines(session, principal, lines)
        found |= {line.row.code: line.id for line in lines if line.id}
    return found


async def _fill(cluster: EmbeddedPostgres, tenant: UUID, role: UUID, people: int) -> None:
    connection = await asyncpg.connect(cluster.url("goals"))
    try:
        for name in ("prelude", "gaps"):
            statements = (SQL / f"{name}.sql").read_text()
            statements = statements.replace(":people", f"{people}::bigint")
            statements = statements.replace(":'tenant'", f"'{tenant}'::uuid")
            await connection.execute(statements.replace(":role", f"'{role}'::uuid"), timeout=3600)
        await connection.execute("VACUUM (ANALYZE, FREEZE)", timeout=3600)
    finally:
        await connection.close()


def _id(kind: str, number: int) -> UUID:
    """As `pg_temp.uuid_of` in sql/prelude.sql."""
    return UUID(f"01a2{kind}-0000-7000-8000-{number:012x}")


if __name__ == "__main__":
    main()
