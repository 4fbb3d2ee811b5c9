"""Whom, which unit and which role another system means: by its own identifier first, then by the work e-mail."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.people import naming, standing
from services.profile.people.models import ExternalIdentifier, Person, RoleCode, org_tree
from services.profile.people.rules import WORKER
from services.profile.people.told import PersonReference
from services.profile.rowsets import AnyRow, AnySelect
from services.profile.unresolved.rules import Awaited, Obstacle, Reason
from shared import trees


@dataclass(frozen=True, slots=True)
class Match:
    """The person's whole row, or why there is none; `attach`: found by e-mail, the identifier is to be added."""

    person: AnyRow | None = None
    obstacle: Obstacle | None = None
    attach: bool = False


async def lock(session: AsyncSession) -> None:
    """Units, then people: whoever keeps something for want of another does it under both."""
    await trees.lock(session, org_tree)
    await standing.lock(session)


async def find(session: AsyncSession, system: str, reference: PersonReference) -> Match:
    """An e-mail whose person this system calls otherwise is ambiguous: nobody is taken for somebody else."""
    key, email = reference.external_id, reference.email and reference.email.lower()
    unknown = Obstacle(Reason.UNKNOWN_PERSON, Awaited.PERSON, system, key, email)
    called = await _called(session, system, key) if key else []
    if len(called) == 1:
        return Match(called[0])
    if called:
        return Match(obstacle=replace(unknown, reason=Reason.AMBIGUOUS_PERSON))
    if not email:
        return Match(obstacle=unknown)
    row = (await session.execute(_people().where(Person.work_email == email))).one_or_none()
    if row is None:
        return Match(obstacle=unknown)
    if key and await _called_otherwise(session, system, row.id):
        ambiguous = replace(unknown, reason=Reason.AMBIGUOUS_PERSON, blocked_by=row.id)
        return Match(obstacle=ambiguous)
    return Match(row, attach=bool(key))


async def unit(session: AsyncSession, system: str, key: str) -> UUID | Obstacle:
    found = await naming.units_called(session, [(system, key)])
    return found.get((system, key)) or Obstacle(
        Reason.UNKNOWN_ORG_UNIT, Awaited.ORG_UNIT, system, key
    )


async def role(session: AsyncSession, system: str, code: str) -> RoleCode | Obstacle:
    """The published role of that code; of several catalogues the one that is named like the system."""
    rows = (await session.scalars(select(RoleCode).where(RoleCode.code == code))).all()
    found = [each for each in rows if each.catalogue == system] or rows
    if len(found) == 1:
        return found[0]
    reason = Reason.AMBIGUOUS_ROLE if found else Reason.UNKNOWN_ROLE
    return Obstacle(reason, Awaited.ROLE, system, code)


async def by_id(session: AsyncSession, person_id: UUID) -> AnyRow:
    row: AnyRow = (await session.execute(_people().where(Person.id == person_id))).one()
    return row


def _people() -> AnySelect:
    return select(Person.__table__)


async def _called(session: AsyncSession, system: str, key: str) -> Sequence[AnyRow]:
    """Whatever type of identifier it is: a badge's number too, if the system names nobody else so."""
    names = select(ExternalIdentifier.person_id).where(
        ExternalIdentifier.system == system, ExternalIdentifier.value == key
    )
    return (await session.execute(_people().where(Person.id.in_(names)).limit(2))).all()


async def _called_otherwise(session: AsyncSession, system: str, person_id: UUID) -> bool:
    name = select(ExternalIdentifier.id).where(
        ExternalIdentifier.person_id == person_id,
        ExternalIdentifier.system == system,
        ExternalIdentifier.type == WORKER,
    )
    return await session.scalar(name.limit(1)) is not None
