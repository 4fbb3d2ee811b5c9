"""Whether a resource is known, for whoever links to one."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.goals.learning.models import LearningResource
from shared.problems import Invalid


async def require_known(session: AsyncSession, resource_id: UUID | None) -> None:
    """Raises `Invalid` for a link to a resource that is not in the catalogue."""
    if resource_id is None:
        return
    known = await session.scalar(
        select(LearningResource.id).where(LearningResource.id == resource_id)
    )
    if known is None:
        raise Invalid.field("/learningResourceId", "name a resource of the catalogue")
