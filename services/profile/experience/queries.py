"""Reading experience: the person all of it, managers and HR what is not private."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.experience.models import Experience, ExperienceRevision
from services.profile.experience.rules import Visibility
from services.profile.people import queries as people
from services.profile.policy import POLICY
from shared.problems import NotFound
from shared.tenancy import Principal


def readable(principal: Principal, row: Any) -> ColumnElement[bool]:
    """For anything with a record's columns. What was withdrawn only its person finds."""
    own = POLICY.visible(principal, "EXPERIENCE", "READ_PRIVATE", row.person_id)
    others = POLICY.visible(principal, "EXPERIENCE", "READ", row.person_id, object_id=row.id)
    shared = and_(row.visibility == Visibility.MANAGEMENT, row.withdrawn_at.is_(None))
    return or_(own, and_(shared, others))


async def of_person(
    session: AsyncSession, principal: Principal, *, person_id: UUID
) -> Sequence[Experience]:
    """The newest first, without those that were withdrawn. Raises `NotFound`."""
    await people.person(session, principal, person_id)
    await POLICY.require(session, principal, "EXPERIENCE", "READ", person_id)
    rows = (
        select(Experience)
        .where(Experience.person_id == person_id, Experience.withdrawn_at.is_(None))
        .where(readable(principal, Experience))
        .order_by(Experience.started_on.desc(), Experience.id.desc())
    )
    return (await session.scalars(rows)).all()


async def record(
    session: AsyncSession,
    principal: Principal,
    *,
    person_id: UUID,
    record_id: UUID,
    to_change: bool = False,
) -> Experience:
    """Raises `NotFound`, also for what is not yours to see. `to_change` locks the row until the commit."""
    rows = select(Experience).where(Experience.id == record_id, Experience.person_id == person_id)
    rows = rows.where(readable(principal, Experience))
    found = await session.scalar(rows.with_for_update() if to_change else rows)
    if found is None:
        raise NotFound
    return found


async def history(
    session: AsyncSession, principal: Principal, *, person_id: UUID, record_id: UUID
) -> Sequence[ExperienceRevision]:
    """Every state of the record, oldest first; to others not those that were private. Raises `NotFound`."""
    found = await record(session, principal, person_id=person_id, record_id=record_id)
    rows = select(ExperienceRevision).where(ExperienceRevision.record_id == found.id)
    if principal.person_id != person_id:
        shown = ExperienceRevision.said["visibility"].astext == Visibility.MANAGEMENT
        rows = rows.where(shown)
    return (await session.scalars(rows.order_by(ExperienceRevision.version))).all()
