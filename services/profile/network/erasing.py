"""A network when its owner, or somebody in it, is erased."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, or_
from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.network.models import Contact, Interaction, Introduction


async def erase(session: AsyncSession, person_id: UUID) -> int:
    """As `app.person` the person. Others' private contacts are not seen; the person stands there by an id that names
    nobody any more."""
    in_introduction = or_(
        Introduction.requester_id == person_id,
        Introduction.introducer_id == person_id,
        Introduction.target_id == person_id,
    )
    return (
        await _removed(session, Interaction, Interaction.owner_id == person_id)
        + await _removed(session, Contact, Contact.owner_id == person_id)
        + await _removed(session, Introduction, in_introduction)
    )


async def _removed(session: AsyncSession, model: Any, which: ColumnElement[bool]) -> int:
    removed = await session.execute(delete(model).where(which).returning(model.id))
    return len(removed.all())
