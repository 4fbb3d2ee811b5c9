"""Reading baselines: the person, their manager and HR, who may see the self-ratings that are in it."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.baselines.content import content_of
from services.profile.baselines.models import BaselineLevel, BaselineSnapshot
from services.profile.baselines.rules import canonical, content_hash
from services.profile.baselines.schemas import BaselineDetail, BaselineLevelRead, BaselineRead
from services.profile.people import queries as people
from services.profile.policy import POLICY
from shared.problems import NotFound
from shared.tenancy import Principal


async def of_person(
    session: AsyncSession, principal: Principal, *, person_id: UUID
) -> Sequence[BaselineSnapshot]:
    """The newest first. Raises `NotFound`."""
    await people.person(session, principal, person_id)
    await POLICY.require(session, principal, "BASELINE", "READ", person_id)
    rows = select(BaselineSnapshot).where(BaselineSnapshot.person_id == person_id)
    newest = rows.order_by(BaselineSnapshot.taken_at.desc(), BaselineSnapshot.id.desc())
    return (await session.scalars(newest)).all()


async def read(
    session: AsyncSession, principal: Principal, *, person_id: UUID, baseline_id: UUID
) -> BaselineDetail:
    """With its hash computed anew from what is stored. Raises `NotFound`."""
    snapshot = await taken(session, principal, person_id=person_id, baseline_id=baseline_id)
    levels = await _levels(session, snapshot)
    again = content_hash(canonical(content_of(snapshot, levels)))
    return BaselineDetail(
        **BaselineRead.model_validate(snapshot).model_dump(),
        verified=again == snapshot.content_hash,
        levels=[BaselineLevelRead.model_validate(dict(each)) for each in levels],
    )


async def content(
    session: AsyncSession, principal: Principal, *, person_id: UUID, baseline_id: UUID
) -> tuple[str, str]:
    """The canonical JSON, and the hash that it should have. Raises `NotFound`."""
    snapshot = await taken(session, principal, person_id=person_id, baseline_id=baseline_id)
    levels = await _levels(session, snapshot)
    return canonical(content_of(snapshot, levels)), snapshot.content_hash


async def taken(
    session: AsyncSession,
    principal: Principal,
    *,
    person_id: UUID,
    baseline_id: UUID | None = None,
) -> BaselineSnapshot:
    """That one, else the newest. Raises `NotFound`."""
    visible = POLICY.visible(principal, "BASELINE", "READ", BaselineSnapshot.person_id)
    rows = select(BaselineSnapshot).where(BaselineSnapshot.person_id == person_id, visible)
    if baseline_id is not None:
        rows = rows.where(BaselineSnapshot.id == baseline_id)
    newest = rows.order_by(BaselineSnapshot.taken_at.desc(), BaselineSnapshot.id.desc()).limit(1)
    found = await session.scalar(newest)
    if found is None:
        raise NotFound
    return found


async def _levels(session: AsyncSession, snapshot: BaselineSnapshot) -> list[Mapping[str, Any]]:
    rows = await session.execute(
        select(BaselineLevel.__table__)
        .where(BaselineLevel.snapshot_id == snapshot.id)
        .order_by(BaselineLevel.skill_id)
    )
    return [dict(row) for row in rows.mappings()]
