"""Hears that a framework was replaced; once its whole mapping is here the roles follow, by a job."""

from collections.abc import Sequence
from uuid import UUID

from pydantic import Field
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.goals.crosswalks import repointing
from services.goals.crosswalks.models import Crosswalk, CrosswalkSkill
from services.goals.crosswalks.rules import CrosswalkState
from services.goals.events import handlers
from shared.events import Incoming, Payload
from shared.tenancy import Principal


class RelationTold(Payload):
    """A skill of the new framework, and how the old one stands to it."""

    skill_id: UUID
    type: str
    turned: bool = False


class SkillTold(Payload):
    """A skill of the old framework."""

    skill_id: UUID
    relations: Sequence[RelationTold] = Field(default_factory=list)


class MigrationTold(Payload):
    """One part of a mapping."""

    migration_id: UUID
    from_id: UUID
    from_key: str
    to_id: UUID
    to_key: str
    part: int
    parts: int
    skills: Sequence[SkillTold]


@handlers.on("waymark.profile.framework_migration.finished.v1", group="crosswalks", every=True)
async def take_mapping(
    session: AsyncSession, principal: Principal, event: Incoming[MigrationTold]
) -> None:
    """Parts may come in any order, and again."""
    told = event.payload
    key = {"tenant_id": event.tenant_id, "id": told.migration_id}
    names = ("from_id", "from_key", "to_id", "to_key", "parts")
    row = {**key, **{name: getattr(told, name) for name in names}, "told_at": event.occurred_at}
    new = insert(Crosswalk).values(**row, told=[], state=CrosswalkState.WAITING)
    await session.execute(new.on_conflict_do_nothing())
    locked = select(Crosswalk).where(Crosswalk.id == told.migration_id).with_for_update()
    crosswalk = (await session.scalars(locked)).one()
    if told.part in crosswalk.told:
        return
    await _keep(session, event.tenant_id, told)
    crosswalk.told = sorted([*crosswalk.told, told.part])
    if len(crosswalk.told) == crosswalk.parts:
        await repointing.begin(session, principal, crosswalk)


async def _keep(session: AsyncSession, tenant_id: UUID, told: MigrationTold) -> None:
    rows = [
        {
            "tenant_id": tenant_id,
            "crosswalk_id": told.migration_id,
            "skill_id": each.skill_id,
            "relations": [one.model_dump(mode="json", by_alias=True) for one in each.relations],
        }
        for each in told.skills
    ]
    if rows:
        await session.execute(insert(CrosswalkSkill).on_conflict_do_nothing(), rows)
