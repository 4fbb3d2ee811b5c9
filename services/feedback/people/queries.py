"""Who is calling."""

from uuid import UUID

from sqlalchemy import Text, cast, func, literal, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from services.feedback.people.models import Person
from shared.auth import Claims
from shared.tenancy import Actor, Grant, Principal


async def find_principal(session: AsyncSession, claims: Claims) -> Principal:
    """The caller in feedback's own copy; a subject that it does not know is nobody and sees nothing.

    The same statement sets `app.person` for the rest of the transaction: private manager notes have a row-level policy
    of their own that reads it, so that whatever a query forgets, a note shows itself to its author only.
    """
    if claims.client_id is not None:
        return Principal(claims.tenant_id, claims.subject, Actor.CLIENT, scopes=claims.scopes)
    person = select(Person.id, Person.grants).where(Person.subject == claims.subject)
    known = person.order_by(Person.id).limit(1).subquery()
    acting = func.set_config("app.person", func.coalesce(cast(known.c.id, Text), ""), True)
    nobody = select(literal(1).label("one")).subquery()
    found = select(known.c.id, known.c.grants, acting).select_from(nobody.outerjoin(known, true()))
    row = (await session.execute(found)).one()
    if row.id is None:
        return Principal(claims.tenant_id, claims.subject, Actor.PERSON)
    grants = tuple(Grant(each["role"], _unit(each.get("org_unit_id"))) for each in row.grants)
    return Principal(
        claims.tenant_id, claims.subject, Actor.PERSON, person_id=row.id, grants=grants
    )


def _unit(text: str | None) -> UUID | None:
    return UUID(text) if text else None
