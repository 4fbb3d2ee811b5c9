"""Many rows in one statement: they travel as one JSON parameter and come out typed like the table's columns."""

import json
from collections.abc import Sequence
from typing import Any, TypeAlias

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    Table,
    Text,
    cast,
    column,
    func,
    insert,
    literal,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.sql.selectable import TableValuedAlias

Rows = Sequence[dict[str, Any]]
AnyRow: TypeAlias = Row[*tuple[Any, ...]]
AnySelect: TypeAlias = Select[*tuple[Any, ...]]


def rowset(columns: Sequence[ColumnElement[Any]], rows: Rows) -> TableValuedAlias:
    """The rows as something to select from or join with; each row's members bear the columns' names."""
    wire = cast(literal(json.dumps(list(rows), default=str), Text()), JSONB)
    declared = [column(each.name, each.type) for each in columns]
    return (
        func.jsonb_to_recordset(wire)
        .table_valued(*declared, name="given")
        .render_derived(with_types=True)
    )


async def insert_rows(session: AsyncSession, model: type[DeclarativeBase], rows: Rows) -> None:
    """One INSERT of any number of rows that all have the same members; the tenant is the session's."""
    if not rows:
        return
    table = _table(model)
    names = [name for name in rows[0] if name != "tenant_id"]
    given = rowset([table.c[name] for name in names], rows)
    tenant = literal(session.info["tenant_id"], table.c.tenant_id.type)
    await session.execute(
        insert(table).from_select(
            ["tenant_id", *names],
            select(tenant, *(given.c[name] for name in names)),
            include_defaults=False,
        )
    )


async def update_rows(session: AsyncSession, model: type[DeclarativeBase], rows: Rows) -> None:
    """One UPDATE of any number of rows by `id`; all have the same members."""
    if not rows:
        return
    table = _table(model)
    names = [name for name in rows[0] if name != "id"]
    given = rowset([table.c[name] for name in ("id", *names)], rows)
    await session.execute(
        update(table)
        .where(table.c.tenant_id == session.info["tenant_id"], table.c.id == given.c.id)
        .values({name: given.c[name] for name in names})
    )


def _table(model: type[DeclarativeBase]) -> Table:
    table = model.__table__
    assert isinstance(table, Table)
    return table
