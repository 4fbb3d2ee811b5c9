"""Keeping the copy: who has lost the last grant, or has left, leaves it. Rebuilt by `reset` and the stream."""

from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.gateway.integrations.people.models import GrantHolder
from services.gateway.integrations.registry import handlers
from shared.events import Incoming, Payload
from shared.tenancy import Principal


class GrantSnapshot(Payload):
    """A standing of the person, over one unit's subtree or over all."""

    role: str
    org_unit_id: UUID | None = None


class PersonSnapshot(Payload):
    """What the integrations read of a person."""

    person_id: UUID
    subject: str | None = None
    status: str
    grants: tuple[GrantSnapshot, ...] = ()


@handlers.on("waymark.profile.person.*.v1", group="people")
async def keep_grant_holder(
    session: AsyncSession, principal: Principal, event: Incoming[PersonSnapshot]
) -> None:
    told = event.payload
    if not told.grants or told.status == "TERMINATED":
        await session.execute(delete(GrantHolder).where(GrantHolder.id == told.person_id))
        return
    columns = {
        "subject": told.subject,
        "grants": [grant.model_dump(mode="json") for grant in told.grants],
    }
    statement = insert(GrantHolder).values(
        tenant_id=principal.tenant_id, id=told.person_id, **columns
    )
    await session.execute(
        statement.on_conflict_do_update(index_elements=["tenant_id", "id"], set_=columns)
    )


@handlers.rebuilt_after("people")
async def reset(session: AsyncSession) -> None:
    """Empties the tenant's copy, before the stream is replayed into it."""
    await session.execute(delete(GrantHolder))
