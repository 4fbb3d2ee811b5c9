"""What this slice does when HR systems tell of people and units, and when goals publishes a role."""

from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.people import leaving, placing, standing, unit_telling, upserting
from services.profile.people.models import RoleCode
from services.profile.people.told import EmploymentTold, PersonTold, TerminationTold, UnitTold
from services.profile.reactions import handlers
from services.profile.unresolved import waking
from services.profile.unresolved.commands import T, Word
from shared.events import Incoming, Payload
from shared.tenancy import Principal


@handlers.on("waymark.integrations.person.upserted.v1", group="hris")
async def on_person(
    session: AsyncSession, principal: Principal, event: Incoming[PersonTold]
) -> None:
    await upserting.apply(session, principal, _word(event))


@handlers.on("waymark.integrations.person.terminated.v1", group="hris")
async def on_termination(
    session: AsyncSession, principal: Principal, event: Incoming[TerminationTold]
) -> None:
    await leaving.apply(session, principal, _word(event))


@handlers.on("waymark.integrations.employment.changed.v1", group="hris")
async def on_employment(
    session: AsyncSession, principal: Principal, event: Incoming[EmploymentTold]
) -> None:
    await placing.apply(session, principal, _word(event))


@handlers.on("waymark.integrations.org_unit.changed.v1", group="hris")
async def on_unit(session: AsyncSession, principal: Principal, event: Incoming[UnitTold]) -> None:
    await unit_telling.apply(session, principal, _word(event))


class RolePublished(Payload):
    """What is read of a role: how HR systems name it."""

    role_id: UUID
    catalogue: str
    code: str
    title: str


@handlers.on("waymark.goals.role.published.v1", group="roles")
async def on_role(
    session: AsyncSession, principal: Principal, event: Incoming[RolePublished]
) -> None:
    """Copies it and wakes the jobs that have waited for its code."""
    await standing.lock(session)
    told = event.payload
    fresh = {"catalogue": told.catalogue, "code": told.code, "title": told.title}
    key = {"tenant_id": event.tenant_id, "id": told.role_id}
    await session.execute(
        insert(RoleCode)
        .values(**key, **fresh)
        .on_conflict_do_update(index_elements=list(key), set_=fresh)
    )
    await waking.role_published(session, principal, told.code)


@handlers.rebuilt_after("roles")
async def forget_roles(session: AsyncSession) -> None:
    """Empties the tenant's copy, before its events are replayed."""
    await session.execute(delete(RoleCode))


def _word(event: Incoming[T]) -> Word[T]:
    return Word(event.subject, event.id, event.payload)
