"""Giving a consent, and taking it back at once."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.consents import queries
from services.profile.consents.events import tell
from services.profile.consents.models import ConsentGrant
from services.profile.consents.rules import PURPOSE_LOCKED
from services.profile.consents.schemas import ConsentCreate
from services.profile.people import queries as people
from services.profile.people.models import Person, PersonGrant
from services.profile.people.rules import WITH_ACCESS
from services.profile.policy import POLICY
from shared import clock
from shared.ids import new_id
from shared.problems import Forbidden, Invalid
from shared.tenancy import Actor, Grant, Principal


async def grant(
    session: AsyncSession, principal: Principal, *, person_id: UUID, new: ConsentCreate
) -> tuple[ConsentGrant, bool]:
    """The consent, and whether it is new: the same terms again answer the one that holds, other terms replace it.

    Raises `NotFound`, `Forbidden`, `Invalid`.
    """
    await people.person(session, principal, person_id)
    await POLICY.require(session, principal, "CONSENT", "GRANT", person_id)
    await _check(session, principal, person_id, new)
    terms: dict[str, Any] = new.model_dump()
    for earlier in await _holding(session, person_id, new):
        if all(getattr(earlier, name) == value for name, value in terms.items()):
            return earlier, False
        await _close(session, principal, earlier)
    consent = ConsentGrant(id=new_id(), subject_id=person_id, granted_at=clock.now(), **terms)
    session.add(consent)
    await tell(session, principal, consent)
    return consent, True


async def revoke(session: AsyncSession, principal: Principal, *, consent_id: UUID) -> ConsentGrant:
    """From this transaction on nobody is let in by it; again changes nothing. Raises `NotFound`, `Forbidden`."""
    consent = await queries.consent(session, principal, consent_id, locked=True)
    if consent.subject_id != principal.person_id:
        raise Forbidden("Only who has given a consent can take it back.")
    if consent.revoked_at is None:
        await _close(session, principal, consent)
    return consent


async def _close(session: AsyncSession, principal: Principal, consent: ConsentGrant) -> None:
    consent.revoked_at = clock.now()
    await tell(session, principal, consent)


async def _holding(
    session: AsyncSession, person_id: UUID, new: ConsentCreate
) -> list[ConsentGrant]:
    """What is given to the same for the same; the person's consents take turns from here on."""
    lock = select(Person.id).where(Person.id == person_id).with_for_update(key_share=True)
    await session.execute(lock)
    given = select(ConsentGrant).where(
        ConsentGrant.subject_id == person_id,
        ConsentGrant.scope == new.scope,
        ConsentGrant.grantee_id.is_not_distinct_from(new.grantee_id),
        ConsentGrant.object_id.is_not_distinct_from(new.object_id),
        ConsentGrant.revoked_at.is_(None),
    )
    return list(await session.scalars(given.order_by(ConsentGrant.id)))


async def _check(
    session: AsyncSession, principal: Principal, person_id: UUID, new: ConsentCreate
) -> None:
    if new.until is not None and new.until <= clock.now():
        raise Invalid.field("/until", "must lie in the future")
    if new.grantee_id is None:
        return
    if new.grantee_id == person_id:
        raise Invalid.field("/granteeId", "name somebody else: what is yours you see anyway")
    works = select(Person.id).where(Person.id == new.grantee_id, Person.status.in_(WITH_ACCESS))
    if await session.scalar(works) is None:
        raise Invalid.field("/granteeId", "nobody who works here has this id")
    if new.scope in PURPOSE_LOCKED and await _leads(session, principal, new.grantee_id, person_id):
        raise Invalid.field(
            "/granteeId", "name somebody who neither leads you nor is your HR partner"
        )


async def _leads(
    session: AsyncSession, principal: Principal, grantee_id: UUID, person_id: UUID
) -> bool:
    """Whether what is under the purpose lock is closed to them, whatever the person says."""
    held = await session.scalars(select(PersonGrant).where(PersonGrant.person_id == grantee_id))
    grantee = Principal(
        principal.tenant_id,
        str(grantee_id),
        Actor.PERSON,
        person_id=grantee_id,
        grants=tuple(Grant(each.role, each.org_unit_id) for each in held),
    )
    return await POLICY.may(session, grantee, "PURPOSE_LOCKED", "LEAD", person_id)
