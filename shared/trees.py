"""Closure tables: every ancestor of every node, kept beside the parent column in the same transaction."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Column, Index, Integer, MetaData, Table, Uuid, text
from sqlalchemy.ext.asyncio import AsyncSession

DEEPEST = 100


def tree_table(name: str, metadata: MetaData) -> Table:
    """A closure table; each node is its own ancestor at depth 0. Ids may name nodes that are not there yet."""
    return Table(
        name,
        metadata,
        Column("tenant_id", Uuid, primary_key=True),
        Column("descendant_id", Uuid, primary_key=True),
        Column("ancestor_id", Uuid, primary_key=True),
        Column("depth", Integer, nullable=False),
        Index(f"ix_{name}_below", "tenant_id", "ancestor_id", "depth", "descendant_id"),
    )


async def lock(session: AsyncSession, tree: Table) -> None:
    """Serialises changes of one tenant's tree: two moves that are fine alone may close a circle together."""
    await session.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"),
        {"key": f"{tree.name}:{session.info['tenant_id']}"},
    )


async def circular(
    session: AsyncSession, nodes: Table, *, parent: str, changed: Sequence[UUID]
) -> set[UUID]:
    """Those of the changed nodes that stand among their own ancestors; `nodes` holds `id` and the parent column."""
    walk = text(
        f"""
        WITH RECURSIVE up(start_id, id) AS (
            SELECT id, {parent} FROM {nodes.name} WHERE id = ANY(:changed) AND {parent} IS NOT NULL
          UNION
            SELECT up.start_id, n.{parent} FROM up JOIN {nodes.name} n ON n.id = up.id
            WHERE n.{parent} IS NOT NULL AND up.id <> up.start_id)
        SELECT start_id FROM up WHERE id = start_id
        """
    )
    return set(await session.scalars(walk, {"changed": list(changed)}))


async def refresh(
    session: AsyncSession, tree: Table, nodes: Table, *, parent: str, changed: Sequence[UUID]
) -> None:
    """Rewrites the paths of the changed nodes and of everything below them, in three statements for any number.

    The parent column is already written and free of circles (see `circular`), and the tree is locked.
    """
    below = f"""
        SELECT DISTINCT descendant_id AS id FROM {tree.name} WHERE ancestor_id = ANY(:changed)
        UNION SELECT unnest(CAST(:changed AS uuid[]))"""
    moved = (await session.scalars(text(below), {"changed": list(changed)})).all()
    await session.execute(
        text(f"DELETE FROM {tree.name} WHERE descendant_id = ANY(:moved)"), {"moved": list(moved)}
    )
    walk = text(
        f"""
        WITH RECURSIVE up(descendant_id, ancestor_id, depth) AS (
            SELECT id, id, 0 FROM unnest(CAST(:moved AS uuid[])) AS id
          UNION ALL
            SELECT up.descendant_id, n.{parent}, up.depth + 1
            FROM up JOIN {nodes.name} n ON n.id = up.ancestor_id
            WHERE n.{parent} IS NOT NULL AND up.depth < {DEEPEST})
        INSERT INTO {tree.name} (tenant_id, descendant_id, ancestor_id, depth)
        SELECT :tenant, descendant_id, ancestor_id, depth FROM up
        """
    )
    await session.execute(walk, {"tenant": session.info["tenant_id"], "moved": list(moved)})
