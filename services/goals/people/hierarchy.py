"""Reporting lines and units as closure tables, whatever order their events arrive in."""

from typing import Any, NamedTuple, cast
from uuid import UUID

from sqlalchemy import Table, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.goals.people.models import OrgUnit, Person
from shared import trees


class Nodes(NamedTuple):
    """A table of nodes: the parent that was told, and the parent that the tree is built on."""

    table: Table
    told: str
    used: str


PEOPLE = Nodes(cast(Table, Person.__table__), "manager_id", "reports_to_id")
UNITS = Nodes(cast(Table, OrgUnit.__table__), "parent_id", "below_id")


async def place(session: AsyncSession, tree: Table, nodes: Nodes, node_id: UUID) -> None:
    """Hangs a node below the parent that it was told; while that would close a circle it stands by itself.

    Each change may open such a circle, so the nodes that wait are tried again.
    """
    await trees.lock(session, tree)
    await _hang(session, tree, nodes, node_id)
    c = nodes.table.c
    waiting = await session.scalars(
        select(c.id).where(c[nodes.told].is_distinct_from(c[nodes.used]), c.id != node_id)
    )
    for waiting_id in waiting.all():
        await _hang(session, tree, nodes, waiting_id)


async def _hang(session: AsyncSession, tree: Table, nodes: Nodes, node_id: UUID) -> None:
    await _use(session, nodes, node_id, nodes.table.c[nodes.told])
    if await trees.circular(session, nodes.table, parent=nodes.used, changed=[node_id]):
        await _use(session, nodes, node_id, None)
    await trees.refresh(session, tree, nodes.table, parent=nodes.used, changed=[node_id])


async def _use(session: AsyncSession, nodes: Nodes, node_id: UUID, parent: Any) -> None:
    await session.execute(
        update(nodes.table).where(nodes.table.c.id == node_id).values({nodes.used: parent})
    )
