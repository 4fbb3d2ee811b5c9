"""The copies that other services keep are the stream's: emptied and replayed, they are the same row for row."""

from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from tests.e2e.conftest import Waymark, until

pytestmark = pytest.mark.slow

COPIES: dict[str, dict[str, tuple[str, ...]]] = {
    "goals": {
        "people": (
            "people_person",
            "people_person_identifier",
            "people_org_unit",
            "people_person_tree",
            "people_org_unit_tree",
        ),
        "skills": ("people_skill", "people_skill_level", "people_skill_level_told"),
        "records": ("people_experience", "people_credential", "people_expertise"),
    },
    "feedback": {
        "people": ("people_person", "people_org_unit", "people_reporting", "people_unit_tree")
    },
}


PEOPLE = (("goals", "people_person"), ("feedback", "people_person"))


async def _rows(waymark: Waymark, database: str, table: str) -> list[tuple[Any, ...]]:
    """All rows of the tenant, as the runtime role sees them, in a fixed order."""
    connection = await asyncpg.connect(waymark.made.environment[f"{database.upper()}_DATABASE_URL"])
    try:
        async with connection.transaction():
            await connection.execute(
                "SELECT set_config('app.tenant', $1, true)", str(waymark.made.tenant_id)
            )
            rows = await connection.fetch(f"SELECT t.*::text AS row FROM {table} t ORDER BY 1")
        return [tuple(row) for row in rows]
    finally:
        await connection.close()


async def _told(waymark: Waymark) -> str:
    """People, a skill and an estimate of our own; the person's address."""
    report, boss = (f"{name}-{uuid4().hex[:8]}@example.org" for name in ("report", "boss"))
    unit = f"unit-{uuid4().hex[:8]}"
    await waymark.put_in(
        "org-units",
        [{"system": "hris", "key": unit, "name": "A unit", "type": "TEAM"}],
        "people:write",
    )
    rows = [
        {"system": "hris", "key": report, "displayName": "Report", "workEmail": report,
         "managerKey": boss, "orgUnitKey": unit},
        {"system": "hris", "key": boss, "displayName": "Boss", "workEmail": boss},
    ]  # fmt: skip
    await waymark.put_in("people", rows, "people:write")
    return report


async def test_every_copy_is_the_same_after_it_was_replayed(waymark: Waymark) -> None:
    report = await _told(waymark)
    me = waymark.bearer(report)
    await until(
        lambda: waymark.ask(
            me, "{ viewer { goals { totalCount } gap { readiness } } roles { totalCount } }"
        ),
        holds=lambda found: found["viewer"] is not None,
    )
    tables = [(d, t) for d, groups in COPIES.items() for ts in groups.values() for t in ts]
    before = await until(
        lambda: _all(waymark, tables),
        holds=lambda found: all(any(report in row[0] for row in found[t]) for t in PEOPLE),
    )

    rebuilt = {service: waymark.command("events", "replay", service) for service in COPIES}

    assert await _all(waymark, tables) == before
    assert rebuilt["goals"].keys() == COPIES["goals"].keys()
    assert rebuilt["goals"]["people"] > 0


async def _all(
    waymark: Waymark, tables: list[tuple[str, str]]
) -> dict[tuple[str, str], list[tuple[Any, ...]]]:
    return {(database, table): await _rows(waymark, database, table) for database, table in tables}
