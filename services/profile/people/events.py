"""What people and their organisation tell the other services; each fact carries the whole person or unit."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel
from sqlalchemy import Subquery, any_, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.types import Uuid

from services.profile.people.models import ExternalIdentifier, OrgUnit, Person, PersonGrant
from services.profile.people.rules import GrantRole, OrgUnitType, PersonStatus
from services.profile.rowsets import AnySelect
from services.profile.unresolved import waking
from shared import events
from shared.events import Fact
from shared.tenancy import Principal


class _Part(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, frozen=True)


class GrantTold(_Part):
    """A standing of the person."""

    role: GrantRole
    org_unit_id: UUID | None


class ExternalIdTold(_Part):
    """A name of the person in another system."""

    system: str
    type: str
    value: str


class PersonFact(Fact):
    """The person as they are after the change."""

    person_id: UUID
    subject: str | None
    display_name: str
    preferred_name: str | None
    work_email: str | None
    status: PersonStatus
    manager_id: UUID | None
    org_unit_id: UUID | None
    role_id: UUID | None
    role_title: str | None
    level: str | None
    assignment_since: date | None
    grants: list[GrantTold]
    external_ids: list[ExternalIdTold]


class PersonRegistered(PersonFact, type="waymark.profile.person.registered.v1"):
    """Somebody is known here now, perhaps only by the name that another system has for them (PENDING)."""


class PersonUpdated(PersonFact, type="waymark.profile.person.updated.v1"):
    """Names, addresses, grants or names in other systems changed."""


class PersonTerminated(PersonFact, type="waymark.profile.person.terminated.v1"):
    """Somebody does not work here any more."""


class PersonReactivated(PersonFact, type="waymark.profile.person.reactivated.v1"):
    """Somebody works here again."""


class AssignmentStarted(PersonFact, type="waymark.profile.assignment.started.v1"):
    """Somebody without a position has one."""


class AssignmentChanged(PersonFact, type="waymark.profile.assignment.changed.v1"):
    """Another position, or a corrected one, is in force."""


class AssignmentEnded(PersonFact, type="waymark.profile.assignment.ended.v1"):
    """No position is in force any more; the person keeps the last one, but for the manager."""


class ManagerChanged(PersonFact, type="waymark.profile.manager.changed.v1"):
    """Somebody reports to another manager, or to nobody."""


class OrgUnitChanged(Fact, type="waymark.profile.org_unit.changed.v1"):
    """A unit is new, or it changed."""

    org_unit_id: UUID
    name: str
    type: OrgUnitType
    parent_id: UUID | None
    leader_id: UUID | None


FACTS: tuple[type[Fact], ...] = (
    PersonRegistered,
    PersonUpdated,
    PersonTerminated,
    PersonReactivated,
    AssignmentStarted,
    AssignmentChanged,
    AssignmentEnded,
    ManagerChanged,
    OrgUnitChanged,
)


async def tell(
    session: AsyncSession,
    principal: Principal,
    told: Mapping[UUID, Iterable[type[PersonFact]]],
) -> None:
    """Publishes the facts of these persons as they stand now, and wakes what has waited for them."""
    if not told:
        return
    facts: list[tuple[Fact, UUID, int]] = []
    for row in (await session.execute(_snapshots(list(told)))).mappings():
        members: dict[str, Any] = dict(row)
        sequence = members.pop("sequence")
        person_id: UUID = members["person_id"]
        facts += [(kind.model_validate(members), person_id, sequence) for kind in told[person_id]]
    await events.publish_many(session, principal, facts=facts)
    moved = any(ManagerChanged in kinds for kinds in told.values())
    await waking.people_changed(session, principal, list(told), moved=moved)


async def tell_units(session: AsyncSession, principal: Principal, units: Iterable[UUID]) -> None:
    """Publishes these units as they stand now."""
    chosen = literal(list(units), ARRAY(Uuid))
    rows = await session.execute(
        select(
            OrgUnit.id,
            OrgUnit.name,
            OrgUnit.type,
            OrgUnit.parent_id,
            OrgUnit.leader_id,
            OrgUnit.sequence,
        ).where(OrgUnit.id == any_(chosen))
    )
    facts = [
        (
            OrgUnitChanged(
                org_unit_id=row.id,
                name=row.name,
                type=row.type,
                parent_id=row.parent_id,
                leader_id=row.leader_id,
            ),
            row.id,
            row.sequence,
        )
        for row in rows
    ]
    await events.publish_many(session, principal, facts=facts)
    await waking.units_changed(session, principal, [unit_id for _, unit_id, _ in facts])


def _snapshots(ids: list[UUID]) -> AnySelect:
    """One row a person; grants and names are gathered for all at once, not person by person."""
    grants = _gathered(
        PersonGrant.person_id, ids, role=PersonGrant.role, orgUnitId=PersonGrant.org_unit_id
    )
    names = _gathered(
        ExternalIdentifier.person_id,
        ids,
        system=ExternalIdentifier.system,
        type=ExternalIdentifier.type,
        value=ExternalIdentifier.value,
    )
    empty = func.jsonb_build_array()
    return (
        select(
            Person.id.label("person_id"),
            Person.subject,
            Person.display_name,
            Person.preferred_name,
            Person.work_email,
            Person.status,
            Person.manager_id,
            Person.org_unit_id,
            Person.role_id,
            Person.role_title,
            Person.level,
            Person.assignment_since,
            Person.sequence,
            func.coalesce(grants.c.parts, empty).label("grants"),
            func.coalesce(names.c.parts, empty).label("external_ids"),
        )
        .outerjoin(grants, grants.c.person_id == Person.id)
        .outerjoin(names, names.c.person_id == Person.id)
        .where(Person.id == any_(literal(ids, ARRAY(Uuid))))
    )


def _gathered(person_id: Any, ids: list[UUID], **members: Any) -> Subquery:
    named = [part for name, value in members.items() for part in (name, value)]
    return (
        select(person_id, func.jsonb_agg(func.jsonb_build_object(*named)).label("parts"))
        .where(person_id == any_(literal(ids, ARRAY(Uuid))))
        .group_by(person_id)
        .subquery()
    )
