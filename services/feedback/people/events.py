"""Keeping the copy: profile's snapshots come in, the newest wins. Rebuilt by `reset` and the stream."""

from typing import Any
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.feedback.people import placing
from services.feedback.people.models import REPORTING, UNIT_TREE, OrgUnit, Person
from services.feedback.registry import handlers
from shared.events import Incoming, Payload
from shared.tenancy import Principal

PERSON_EVENTS = (
    "waymark.profile.person.*.v1",
    "waymark.profile.assignment.*.v1",
    "waymark.profile.manager.changed.v1",
)


class GrantSnapshot(Payload):
    """A standing of the person, over one unit's subtree or over all."""

    role: str
    org_unit_id: UUID | None = None


class PersonSnapshot(Payload):
    """What feedback reads of a person."""

    person_id: UUID
    subject: str | None = None
    display_name: str
    status: str
    manager_id: UUID | None = None
    org_unit_id: UUID | None = None
    grants: tuple[GrantSnapshot, ...] = ()


class OrgUnitSnapshot(Payload):
    """What feedback reads of an organisation unit."""

    org_unit_id: UUID
    name: str
    parent_id: UUID | None = None
    leader_id: UUID | None = None


@handlers.on(*PERSON_EVENTS, group="people")
async def keep_person(
    session: AsyncSession, principal: Principal, event: Incoming[PersonSnapshot]
) -> None:
    told = event.payload
    columns = {
        "subject": told.subject,
        "display_name": told.display_name,
        "status": told.status,
        "manager_id": told.manager_id,
        "org_unit_id": told.org_unit_id,
        "grants": [grant.model_dump(mode="json") for grant in told.grants],
    }
    await _upsert(session, Person, principal.tenant_id, told.person_id, columns)
    await placing.place_person(session, told.person_id)


@handlers.on("waymark.profile.org_unit.changed.v1", group="people")
async def keep_org_unit(
    session: AsyncSession, principal: Principal, event: Incoming[OrgUnitSnapshot]
) -> None:
    told = event.payload
    columns = {"name": told.name, "parent_id": told.parent_id, "leader_id": told.leader_id}
    await _upsert(session, OrgUnit, principal.tenant_id, told.org_unit_id, columns)
    await placing.place_unit(session, told.org_unit_id)


@handlers.rebuilt_after("people")
async def reset(session: AsyncSession) -> None:
    """Empties the tenant's copy, before the stream is replayed into it."""
    for table in (REPORTING, UNIT_TREE, Person, OrgUnit):
        await session.execute(delete(table))


async def _upsert(
    session: AsyncSession,
    model: type[Person] | type[OrgUnit],
    tenant_id: UUID,
    row_id: UUID,
    columns: dict[str, Any],
) -> None:
    statement = insert(model).values(tenant_id=tenant_id, id=row_id, **columns)
    await session.execute(
        statement.on_conflict_do_update(index_elements=["tenant_id", "id"], set_=columns)
    )
