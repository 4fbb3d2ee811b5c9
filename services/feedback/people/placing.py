"""Keeping the trees free of circles while snapshots arrive one by one.

Profile never holds a circle, but two moves told one after the other may form one in between. Who closes it waits
outside the tree, without manager-based access, until the next event resolves it.
"""

from uuid import UUID

from sqlalchemy import ColumnElement, Table, exists, literal, select, union, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.feedback.people.models import REPORTING, UNIT_TREE, OrgUnit, Person
from shared import trees

PERSONS: Table = Person.metadata.tables[Person.__tablename__]
UNITS: Table = OrgUnit.metadata.tables[OrgUnit.__tablename__]


async def place_person(session: AsyncSession, person_id: UUID) -> None:
    await _place(session, PERSONS, REPORTING, PERSONS.c.manager_id, person_id)


async def place_unit(session: AsyncSession, unit_id: UUID) -> None:
    await _place(session, UNITS, UNIT_TREE, UNITS.c.parent_id, unit_id)


async def _place(
    session: AsyncSession, nodes: Table, tree: Table, told: ColumnElement[UUID], node_id: UUID
) -> None:
    misplaced = await _misplaced(session, nodes, tree, told, node_id)
    if not misplaced:
        return
    await trees.lock(session, tree)
    here = nodes.c.id.in_(misplaced)
    await session.execute(update(nodes).where(here).values(placed_under=told))
    circle = await trees.circular(session, nodes, parent="placed_under", changed=misplaced)
    if circle:
        waiting = nodes.c.id.in_(circle)
        await session.execute(update(nodes).where(waiting).values(placed_under=None))
    await trees.refresh(session, tree, nodes, parent="placed_under", changed=misplaced)


async def _misplaced(
    session: AsyncSession, nodes: Table, tree: Table, told: ColumnElement[UUID], node_id: UUID
) -> list[UUID]:
    """All whose place is not what was told, and the node itself when the tree does not know it yet."""
    moved = select(nodes.c.id).where(told.is_distinct_from(nodes.c.placed_under))
    known = exists().where(tree.c.descendant_id == node_id, tree.c.depth == 0)
    new = select(literal(node_id)).where(~known)
    return list(await session.scalars(union(moved, new)))
