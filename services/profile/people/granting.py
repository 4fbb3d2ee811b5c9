"""Standings inside Waymark: given and taken by administrators, never by the person themself."""

from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.people import events, standing
from services.profile.people.models import OrgUnit, Person, PersonGrant
from services.profile.people.problems import AlreadyGranted, GrantToOneself, UnknownOrgUnit
from services.profile.people.schemas import GrantCreate
from services.profile.policy import POLICY
from services.profile.rowsets import insert_rows
from shared import clock
from shared.ids import new_id
from shared.problems import Forbidden, NotFound
from shared.tenancy import Principal


async def grant(
    session: AsyncSession, principal: Principal, *, person_id: UUID, new: GrantCreate
) -> UUID:
    """Raises `NotFound`, `Forbidden`, `GrantToOneself`, `AlreadyGranted`, `UnknownOrgUnit`."""
    await _allow(session, principal, person_id)
    await standing.lock(session)
    unit_id = new.org_unit_id
    if unit_id and not await session.scalar(select(OrgUnit.id).where(OrgUnit.id == unit_id)):
        raise UnknownOrgUnit("/orgUnitId: there is no such unit")
    same = select(PersonGrant.id).where(
        PersonGrant.person_id == person_id,
        PersonGrant.role == new.role,
        PersonGrant.org_unit_id.is_not_distinct_from(unit_id),
    )
    if await session.scalar(same):
        raise AlreadyGranted("role: this person has it already for this unit.")
    row = {"id": new_id(), "person_id": person_id, **new.model_dump(), "granted_at": clock.now()}
    await insert_rows(session, PersonGrant, [row])
    await _settle(session, principal, person_id)
    grant_id: UUID = row["id"]
    return grant_id


async def revoke(
    session: AsyncSession, principal: Principal, *, person_id: UUID, grant_id: UUID
) -> None:
    """Raises `NotFound`, `Forbidden`, `GrantToOneself`."""
    await _allow(session, principal, person_id)
    await standing.lock(session)
    gone = await session.execute(
        delete(PersonGrant)
        .where(PersonGrant.id == grant_id, PersonGrant.person_id == person_id)
        .returning(PersonGrant.id)
    )
    if gone.first() is None:
        raise NotFound
    await _settle(session, principal, person_id)


async def _allow(session: AsyncSession, principal: Principal, person_id: UUID) -> None:
    if not await session.scalar(select(Person.id).where(Person.id == person_id)):
        raise NotFound
    if not await POLICY.may(session, principal, "GRANT", "WRITE", person_id):
        if await POLICY.may(session, principal, "PERSON", "READ_CARD", person_id):
            raise Forbidden("Grants need an administrator or the scope grants:write.")
        raise NotFound
    if principal.person_id == person_id:
        raise GrantToOneself("Ask another administrator.")


async def _settle(session: AsyncSession, principal: Principal, person_id: UUID) -> None:
    told = {person_id: [events.PersonUpdated]}
    await standing.settle(session, principal, told=told, today=clock.today())
