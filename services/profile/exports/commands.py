"""Ordering an export of oneself, and fetching it."""

import base64
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.exports.models import Export
from services.profile.exports.schemas import ExportRead, ExportState, state_of
from services.profile.exports.writing import WRITE
from services.profile.people import queries as people
from services.profile.policy import POLICY
from services.profile.tables import PERSON_KEYS
from shared import clock, jobs, sealing
from shared.ids import new_id
from shared.problems import NotFound
from shared.tenancy import Principal


async def order(session: AsyncSession, principal: Principal, *, person_id: UUID) -> Export:
    """One that is being prepared is answered again. Raises `NotFound`."""
    await people.person(session, principal, person_id)
    await POLICY.require(session, principal, "EXPORT", "ORDER", person_id)
    open_one = select(Export).where(Export.person_id == person_id, Export.ready_at.is_(None))
    earlier = await session.scalar(open_one)
    if earlier is not None:
        return earlier
    export = Export(id=new_id(), person_id=person_id, ordered_at=clock.now())
    session.add(export)
    await session.flush()
    arguments = {"id": str(export.id), "person": str(person_id)}
    await jobs.enqueue(
        session, principal, name=WRITE, arguments=arguments, dedupe_key=str(person_id)
    )
    return export


async def find(session: AsyncSession, principal: Principal, export_id: UUID) -> Export:
    """One's own. Raises `NotFound`."""
    own = POLICY.visible(principal, "EXPORT", "ORDER", Export.person_id)
    wanted = select(Export).where(Export.id == export_id, own)
    found = await session.scalar(wanted, execution_options={"populate_existing": True})
    if found is None:
        raise NotFound
    return found


async def archive(session: AsyncSession, principal: Principal, export_id: UUID) -> bytes:
    """The ZIP. Raises `NotFound`, also before it is ready and after its term."""
    export = await find(session, principal, export_id)
    if shown(export).state is not ExportState.READY or export.archive is None:
        raise NotFound
    key = select(PERSON_KEYS.c.wrapped).where(PERSON_KEYS.c.person_id == export.person_id)
    opened = sealing.keys_of(session).open(
        await session.scalar(key),
        export.archive,
        tenant_id=export.tenant_id,
        person_id=export.person_id,
        bound_to=export.id.bytes,
    )
    if opened is None:
        raise NotFound
    return base64.b64decode(opened)


def shown(export: Export) -> ExportRead:
    now = clock.now()
    names = ("id", "ordered_at", "ready_at", "expires_at", "manifest")
    members = {name: getattr(export, name) for name in names}
    return ExportRead(state=state_of(export, now), **members)
