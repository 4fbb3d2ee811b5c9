"""Aspirations: where one wants to be. Others learn of it while one has opted in to matching, and no longer."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.journal import texts
from services.profile.journal.commands import mine, writer
from services.profile.journal.events import tell, tell_end
from services.profile.journal.models import Aspiration
from services.profile.journal.schemas import AspirationCreate, AspirationUpdate
from shared import clock
from shared.ids import new_id
from shared.problems import NotFound
from shared.tenancy import Principal


async def aspire(
    session: AsyncSession, principal: Principal, *, new: AspirationCreate
) -> Aspiration:
    """Raises `KeyDestroyed`."""
    person_id = await writer(session, principal)
    entry_id, now = new_id(), clock.now()
    text = new.field_text
    aspiration = Aspiration(
        id=entry_id,
        person_id=person_id,
        sealed=await texts.seal(session, person_id, entry_id, text) if text else None,
        told=False,
        declared_at=now,
        updated_at=now,
        **new.model_dump(exclude={"field_text"}),
    )
    session.add(aspiration)
    await tell(session, principal, aspiration, text)
    return aspiration


async def change(
    session: AsyncSession,
    principal: Principal,
    *,
    entry_id: UUID,
    expected: int,
    changes: AspirationUpdate,
) -> Aspiration:
    """Raises `NotFound`, `PreconditionFailed`."""
    aspiration = await mine(session, principal, Aspiration, entry_id, expected)
    opened = await texts.opener(session, aspiration.person_id)
    for name in changes.model_fields_set:
        setattr(aspiration, name, getattr(changes, name))
    aspiration.updated_at = clock.now()
    await tell(session, principal, aspiration, opened(aspiration.id, aspiration.sealed))
    return aspiration


async def withdraw(session: AsyncSession, principal: Principal, *, entry_id: UUID) -> UUID:
    """It is gone, for those who were told of it too; answers whose it was. Raises `NotFound`."""
    person_id = await writer(session, principal)
    found = select(Aspiration).where(Aspiration.id == entry_id, Aspiration.person_id == person_id)
    aspiration = await session.scalar(found.with_for_update())
    if aspiration is None:
        raise NotFound
    if aspiration.told:
        await tell_end(session, principal, aspiration, sequence=aspiration.version + 1)
    await session.delete(aspiration)
    await session.flush()
    return person_id
