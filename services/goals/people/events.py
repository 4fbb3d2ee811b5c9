"""Profile's facts as this service reads them, and what each does to the copy."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BeforeValidator, Field
from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.goals.events import handlers
from services.goals.people import hierarchy, levels
from services.goals.people.models import (
    OrgUnit,
    Person,
    PersonIdentifier,
    Skill,
    SkillLevel,
    org_unit_tree,
    person_tree,
)
from shared.events import Incoming, Payload
from shared.tenancy import Principal

EMAIL = "email"


def _day(value: object) -> object:
    """An instant's day; profile may tell either."""
    if isinstance(value, datetime):
        return value.date()
    return value[:10] if isinstance(value, str) else value


def _text(value: object) -> object:
    return str(value) if isinstance(value, int | float) else value


Day = Annotated[date, BeforeValidator(_day)]


class PersonGrant(Payload):
    """A standing in Waymark, over one subtree or all."""

    role: str
    org_unit_id: UUID | None = None


class ExternalId(Payload):
    """What another system calls the person."""

    system: str
    type: str = "ID"
    value: str


class PersonSnapshot(Payload):
    """What every fact about a person or an assignment carries."""

    person_id: UUID
    subject: str | None = None
    display_name: str
    preferred_name: str | None = None
    work_email: str | None = None
    status: str
    manager_id: UUID | None = None
    org_unit_id: UUID | None = None
    role_id: UUID | None = None
    role_title: str | None = None
    level: Annotated[str | None, BeforeValidator(_text)] = None
    assignment_since: Day | None = None
    grants: list[PersonGrant] = Field(default_factory=list)
    external_ids: list[ExternalId] = Field(default_factory=list)


class OrgUnitSnapshot(Payload):
    """A unit and its place."""

    org_unit_id: UUID
    name: str
    type: str | None = None
    parent_id: UUID | None = None
    leader_id: UUID | None = None


class SkillSnapshot(Payload):
    """A skill of a published framework."""

    skill_id: UUID
    framework_id: UUID | None = None
    framework_key: str | None = None
    code: str
    statement: str
    type: str | None = None
    parent_id: UUID | None = None
    half_life_months: float | None = None


class EstimateSnapshot(Payload):
    """An estimate with the evidence that it was made of."""

    person_id: UUID
    skill_id: UUID
    level: float | None = None
    mass: float = 0.0
    variance: float | None = None
    interval_low: float | None = None
    interval_high: float | None = None
    confidence: float = 0.0
    self_level: float | None = None
    as_of: Day
    half_life_months: float | None = None
    rule: str | None = None
    contributions: list[dict[str, Any]] = Field(default_factory=list)


@handlers.on(
    "waymark.profile.person.*.v1",
    "waymark.profile.assignment.*.v1",
    "waymark.profile.manager.changed.v1",
    group="people",
)
async def copy_person(
    session: AsyncSession, _principal: Principal, event: Incoming[PersonSnapshot]
) -> None:
    told = event.payload
    person = await session.get(Person, (event.tenant_id, told.person_id))
    moved = person is None or person.manager_id != told.manager_id
    if person is None:
        person = Person(tenant_id=event.tenant_id, id=told.person_id)
        session.add(person)
    for name, value in told.model_dump(mode="json", include={"grants", "external_ids"}).items():
        setattr(person, name, value)
    for name, value in told.model_dump(exclude={"person_id", "grants", "external_ids"}).items():
        setattr(person, name, value)
    person.sequence = event.sequence or 0
    await session.flush()
    await _copy_identifiers(session, event.tenant_id, told)
    if moved:
        await hierarchy.place(session, person_tree, hierarchy.PEOPLE, person.id)


async def _copy_identifiers(session: AsyncSession, tenant_id: UUID, told: PersonSnapshot) -> None:
    names = {(each.system, each.type, each.value) for each in told.external_ids}
    if told.work_email:
        names.add((EMAIL, "WORK", told.work_email.lower()))
    await session.execute(
        delete(PersonIdentifier).where(PersonIdentifier.person_id == told.person_id)
    )
    if names:
        identity = {"tenant_id": tenant_id, "person_id": told.person_id}
        rows = [
            {**identity, "system": system, "type": kind, "value": value}
            for system, kind, value in sorted(names)
        ]
        await session.execute(insert(PersonIdentifier).values(rows))


@handlers.on("waymark.profile.org_unit.changed.v1", group="people")
async def copy_org_unit(
    session: AsyncSession, _principal: Principal, event: Incoming[OrgUnitSnapshot]
) -> None:
    told = event.payload
    unit = await session.get(OrgUnit, (event.tenant_id, told.org_unit_id))
    moved = unit is None or unit.parent_id != told.parent_id
    if unit is None:
        unit = OrgUnit(tenant_id=event.tenant_id, id=told.org_unit_id)
        session.add(unit)
    for name, value in told.model_dump(exclude={"org_unit_id"}).items():
        setattr(unit, name, value)
    unit.sequence = event.sequence or 0
    await session.flush()
    if moved:
        await hierarchy.place(session, org_unit_tree, hierarchy.UNITS, unit.id)


@handlers.on("waymark.profile.skill.changed.v1", group="skills")
async def copy_skill(
    session: AsyncSession, _principal: Principal, event: Incoming[SkillSnapshot]
) -> None:
    told = event.payload.model_dump(exclude={"skill_id"})
    row = {"tenant_id": event.tenant_id, "id": event.payload.skill_id}
    fresh = {**told, "sequence": event.sequence or 0}
    await session.execute(
        insert(Skill).values(**row, **fresh).on_conflict_do_update(index_elements=row, set_=fresh)
    )


@handlers.on("waymark.profile.skill_estimate.changed.v1", group="skills")
async def copy_estimate(
    session: AsyncSession, _principal: Principal, event: Incoming[EstimateSnapshot]
) -> None:
    told = event.payload.model_dump()
    row = {
        "tenant_id": event.tenant_id,
        "person_id": told.pop("person_id"),
        "skill_id": told.pop("skill_id"),
    }
    fresh = {**told, "sequence": event.sequence or 0}
    await session.execute(
        insert(SkillLevel)
        .values(**row, **fresh)
        .on_conflict_do_update(index_elements=row, set_=fresh)
    )
    await levels.keep(session, row, fresh, recorded_at=event.occurred_at)
