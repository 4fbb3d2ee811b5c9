"""Who is calling."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.gateway.integrations.people.models import GrantHolder
from shared.auth import Claims
from shared.tenancy import Actor, Grant, Principal


async def find_principal(session: AsyncSession, claims: Claims) -> Principal:
    """The caller; a person without a grant is nobody here."""
    if claims.client_id is not None:
        return Principal(claims.tenant_id, claims.subject, Actor.CLIENT, scopes=claims.scopes)
    found = select(GrantHolder).where(GrantHolder.subject == claims.subject)
    holder = await session.scalar(found.order_by(GrantHolder.id).limit(1))
    if holder is None:
        return Principal(claims.tenant_id, claims.subject, Actor.PERSON)
    grants = tuple(
        Grant(each["role"], UUID(each["org_unit_id"]) if each.get("org_unit_id") else None)
        for each in holder.grants
    )
    return Principal(
        claims.tenant_id, claims.subject, Actor.PERSON, person_id=holder.id, grants=grants
    )
