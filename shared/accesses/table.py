"""One row for each reader, person, kind of data and right on a day; looking again counts."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import (
    Column,
    ColumnElement,
    Date,
    DateTime,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    cast,
    column,
    func,
    literal,
    not_,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.base import ReadOnlyColumnCollection

from shared import clock
from shared.accesses import keeping
from shared.ids import new_id
from shared.tenancy import Actor, Principal

KEY = ("tenant_id", "subject_id", "day", "reader", "what", "via")
MOST_ROWS = 5_000

Given: TypeAlias = ReadOnlyColumnCollection[str, Any]
Reading: TypeAlias = tuple[str, str, str, date]
"""Who reads (a person's id, or the name of a machine client), whose data, which, on which day."""


def define_table(metadata: MetaData) -> Table:
    """`reader_id` is empty for machine clients; `via` is the right by which the data were open to the reader."""
    return Table(
        "access_log_entry",
        metadata,
        Column("tenant_id", Uuid, primary_key=True),
        Column("id", Uuid, primary_key=True),
        Column("subject_id", Uuid, nullable=False),
        Column("day", Date, nullable=False),
        Column("reader", Text, nullable=False),
        Column("reader_id", Uuid),
        Column("what", Text, nullable=False),
        Column("via", Text, nullable=False),
        Column("times", Integer, nullable=False),
        Column("first_at", DateTime(timezone=True), nullable=False),
        Column("last_at", DateTime(timezone=True), nullable=False),
        UniqueConstraint(*KEY),
    )


@dataclass(frozen=True, slots=True)
class Accesses:
    """A service's log; `via` says, for given `reader`, `reader_id`, `subject_id` and `what`, by which right it was.

    Of whom is `erased` nothing is noted any more, whoever had looked just before. `planned` remembers the purges.
    """

    table: Table
    via: Callable[[Given], ColumnElement[str]]
    erased: Callable[[Given], ColumnElement[bool]]
    planned: dict[UUID, date] = field(default_factory=dict, compare=False)


@dataclass(slots=True)
class Seen:
    """How often, and when first and last."""

    times: int
    first_at: datetime
    last_at: datetime


def reader_of(principal: Principal) -> str:
    return str(principal.person_id) if principal.person_id else principal.subject


async def note(
    session: AsyncSession,
    principal: Principal,
    accesses: Accesses,
    *,
    what: str,
    people: Iterable[UUID],
) -> None:
    """Notes in the transaction of the reading itself, one statement for everybody but the reader."""
    now = clock.now()
    readings = {
        (reader_of(principal), str(person), what, now.date()): Seen(1, now, now)
        for person in people
        if person != principal.person_id
    }
    if principal.actor is not Actor.SYSTEM:
        await write(session, accesses, readings)


async def write(session: AsyncSession, accesses: Accesses, readings: dict[Reading, Seen]) -> None:
    """Always in the same order, so that two writers wait for each other and never in a circle."""
    rows = [_row(reading, seen) for reading, seen in sorted(readings.items())]
    for at in range(0, len(rows), MOST_ROWS):
        await session.execute(_upsert(session, accesses, rows[at : at + MOST_ROWS]))
    if rows:
        await keeping.plan(session, accesses.planned)


def _row(reading: Reading, seen: Seen) -> dict[str, Any]:
    reader, subject, what, day = reading
    return {
        "id": new_id(),
        "subject_id": subject,
        "day": day,
        "reader": reader,
        "reader_id": reader if _is_id(reader) else None,
        "what": what,
        "times": seen.times,
        "first_at": seen.first_at,
        "last_at": seen.last_at,
    }


def _is_id(reader: str) -> bool:
    try:
        UUID(reader)
    except ValueError:
        return False
    return True


def _upsert(session: AsyncSession, accesses: Accesses, rows: list[dict[str, Any]]) -> Any:
    table = accesses.table
    names = list(rows[0])
    wire = cast(literal(json.dumps(rows, default=str), Text()), JSONB)
    given = (
        func.jsonb_to_recordset(wire)
        .table_valued(*(column(name, table.c[name].type) for name in names), name="given")
        .render_derived(with_types=True)
    )
    tenant = literal(session.info["tenant_id"], Uuid)
    values = select(tenant, *(given.c[name] for name in names), accesses.via(given.c)).where(
        not_(accesses.erased(given.c))
    )
    new = insert(table).from_select(["tenant_id", *names, "via"], values)
    return new.on_conflict_do_update(
        index_elements=KEY,
        set_={
            "times": table.c.times + new.excluded.times,
            "first_at": func.least(table.c.first_at, new.excluded.first_at),
            "last_at": func.greatest(table.c.last_at, new.excluded.last_at),
        },
    )
