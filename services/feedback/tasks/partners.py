"""Whom nobody leads, HR looks after: what would be a manager's to do is for the partners of the nearest unit."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, text, true
from sqlalchemy.ext.asyncio import AsyncSession

from services.feedback.people.models import Person
from services.feedback.tasks.models import Task, Waiting
from services.feedback.tasks.rules import FOR_MANAGERS

NEAREST = text(
    """
    WITH covering AS (
        SELECT partner.id, coalesce(tree.depth, 2147483647) AS depth
        FROM people_person AS person
        JOIN people_person AS partner ON partner.tenant_id = person.tenant_id AND partner.id <> person.id
        CROSS JOIN LATERAL jsonb_array_elements(partner.grants) AS held
        LEFT JOIN people_unit_tree AS tree ON tree.tenant_id = person.tenant_id
            AND tree.descendant_id = person.org_unit_id AND tree.ancestor_id = (held ->> 'org_unit_id')::uuid
        WHERE person.id = :person AND partner.status <> 'TERMINATED'
            AND partner.grants @> '[{"role": "HR_PARTNER"}]'::jsonb AND held ->> 'role' = 'HR_PARTNER'
            AND (held ->> 'org_unit_id' IS NULL OR tree.ancestor_id IS NOT NULL))
    SELECT DISTINCT id FROM covering WHERE depth = (SELECT min(depth) FROM covering) ORDER BY id
    """
)
"""A grant over everything is the farthest."""


async def nearest(session: AsyncSession, person_id: UUID) -> Sequence[UUID]:
    """Who looks after somebody, never themself."""
    return (await session.scalars(NEAREST, {"person": person_id})).all()


def unled() -> tuple[ColumnElement[bool], ...]:
    """What waits for the manager of somebody who has none."""
    return (
        Waiting.turn_of.is_(None),
        Waiting.person_id == Person.id,
        Person.placed_under.is_(None),
    )


def may_change(person_id: UUID, *, is_partner: bool) -> ColumnElement[bool]:
    """Whether what was told of somebody, who is a partner or perhaps was, may change who has what waits for one."""
    has_some = exists().where(
        Task.person_id == person_id, Task.kind.in_(FOR_MANAGERS), Task.closed_at.is_(None)
    )
    return and_(exists().where(*unled()), true() if is_partner else has_some)
