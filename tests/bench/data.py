"""The data of the benchmark, made inside PostgreSQL: always the same rows, as the services would have written them."""

import asyncio
from pathlib import Path
from time import monotonic
from urllib.parse import quote, urlsplit
from uuid import UUID

import asyncpg

from deploy.local.home import remembered
from deploy.local.installation import Installation
from deploy.local.postgres import SUPERUSER

SQL = Path(__file__).parent / "sql"
DATABASES = ("profile", "goals", "feedback")
HR_PARTNER = 0
"""Which of the subjects is HR partner of the whole company."""


async def generate(made: Installation, *, people: int) -> float:
    """Fills the three databases at the same time, as the cluster's superuser: it passes row-level security.

    Answers how many seconds that took.
    """
    begun = monotonic()
    await asyncio.gather(*(_fill(made, name, people) for name in DATABASES))
    return monotonic() - begun


async def subjects(made: Installation, *, people: int, count: int) -> list[str]:
    """Who signs in, spread evenly over everybody who has a manager."""
    step = max(1, (people - 1) // count)
    numbers = [2 + place * step for place in range(min(count, people - 1))]
    connection = await asyncpg.connect(superuser_url(made, "profile"))
    try:
        ids = [person_id(number) for number in numbers]
        rows = await connection.fetch(
            "SELECT subject FROM people_person WHERE id = ANY($1) ORDER BY id", ids
        )
    finally:
        await connection.close()
    return [row["subject"] for row in rows]


def person_id(number: int) -> UUID:
    """As `pg_temp.person` in sql/prelude.sql."""
    return UUID(f"01a20001-0000-7000-8000-{number:012x}")


def superuser_url(made: Installation, database: str) -> str:
    """The address of an embedded database as the cluster's superuser."""
    address = urlsplit(made.environment[f"{database.upper()}_DATABASE_URL"])
    word = remembered(Path(made.home), f"postgres.{SUPERUSER}", _unknown)
    return f"postgresql://{SUPERUSER}:{quote(word, safe='')}@127.0.0.1:{address.port}/{database}"


def _unknown() -> str:
    raise LookupError("the cluster has no superuser's password")


async def _fill(made: Installation, database: str, people: int) -> None:
    connection = await asyncpg.connect(superuser_url(made, database))
    try:
        for name in ("prelude", database):
            await connection.execute(_statements(name, made.tenant_id, people), timeout=3600 * 6)
        await connection.execute("VACUUM (ANALYZE, FREEZE)", timeout=3600)
    finally:
        await connection.close()


def _statements(name: str, tenant_id: UUID, people: int) -> str:
    text = (SQL / f"{name}.sql").read_text()
    return text.replace(":people", f"{people}::bigint").replace(":'tenant'", f"'{tenant_id}'::uuid")
