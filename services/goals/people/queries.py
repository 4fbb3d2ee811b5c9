"""Who is who, from this service's own copy."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Text, bindparam, delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.goals.events import handlers
from services.goals.people.events import EMAIL
from services.goals.people.models import (
    TERMINATED,
    OrgUnit,
    Person,
    PersonIdentifier,
    Skill,
    SkillLevel,
    org_unit_tree,
    person_tree,
)
from services.goals.people.records import ToldLevel
from shared.callers import Callers

CALLERS = Callers(
    select(Person.id, Person.grants)
    .where(
        Person.subject == bindparam("subject", type_=Text, required=False),
        Person.status != TERMINATED,
    )
    .order_by(Person.id)
)
"""Who calls, in this service's own copy."""


async def known(session: AsyncSession, person_id: UUID) -> bool:
    return await session.scalar(select(Person.id).where(Person.id == person_id)) is not None


async def called(
    session: AsyncSession, *, system: str | None, external_id: str | None, email: str | None
) -> UUID | None:
    """The one person with that identifier or work e-mail, else None.

    An identifier of the same system counts first; one of another system only when it names a single person.
    """
    if external_id is not None:
        rows = await _named(session, external_id)
        same = {person for person, found_in in rows if found_in == system}
        people = same or {person for person, found_in in rows if found_in != EMAIL}
        if len(people) == 1:
            return people.pop()
    if email is not None:
        people = {
            person for person, found_in in await _named(session, email.lower()) if found_in == EMAIL
        }
        if len(people) == 1:
            return people.pop()
    return None


async def _named(session: AsyncSession, value: str) -> Sequence[tuple[UUID, str]]:
    rows = await session.execute(
        select(PersonIdentifier.person_id, PersonIdentifier.system).where(
            PersonIdentifier.value == value
        )
    )
    return [(row.person_id, row.system) for row in rows]


async def names_of(session: AsyncSession, person_id: UUID) -> Sequence[str]:
    """All identifiers of a person, the work e-mail in lower case among them."""
    return (
        await session.scalars(
            select(PersonIdentifier.value).where(PersonIdentifier.person_id == person_id)
        )
    ).all()


@handlers.rebuilt_after("people")
async def forget_people(session: AsyncSession) -> None:
    """Empties the tenant's copy of people and units, before their events are replayed."""
    for table in (person_tree, org_unit_tree, PersonIdentifier, Person, OrgUnit):
        await session.execute(delete(table))


@handlers.rebuilt_after("skills")
async def forget_skills(session: AsyncSession) -> None:
    """Empties the tenant's copy of skills and levels, before their events are replayed."""
    for table in (ToldLevel, SkillLevel, Skill):
        await session.execute(delete(table))
