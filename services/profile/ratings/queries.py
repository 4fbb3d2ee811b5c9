"""Reading ratings: for the person, who may read what is said about them, and the rater."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.policy import POLICY
from services.profile.ratings.models import Rating
from services.profile.ratings.rules import RatingState
from shared.paging import PageRequest, page_of
from shared.policy import me
from shared.problems import NotFound
from shared.tenancy import Principal
from shared.views import Columns


def readable(principal: Principal, row: Columns | type[Rating]) -> ColumnElement[bool]:
    """What is asked of oneself shows the skills that are asked for, and nothing else of the person."""
    about = POLICY.visible(principal, "RATING", "READ", row.person_id)
    return or_(about, row.rater_id == me(principal)) if principal.person_id else about


async def rating(
    session: AsyncSession, principal: Principal, rating_id: UUID, *, locked: bool = False
) -> Rating:
    """Raises `NotFound`."""
    found = select(Rating).where(Rating.id == rating_id, readable(principal, Rating))
    if locked:
        found = found.with_for_update().execution_options(populate_existing=True)
    row = await session.scalar(found)
    if row is None:
        raise NotFound
    return row


async def ratings(
    session: AsyncSession,
    principal: Principal,
    *,
    person_id: UUID | None,
    rater_id: UUID | None,
    state: RatingState | None,
    page: PageRequest,
) -> tuple[Sequence[Rating], UUID | None]:
    """Those that the principal may read, in the order of asking."""
    rows = select(Rating).where(readable(principal, Rating))
    for column, wanted in (
        (Rating.person_id, person_id),
        (Rating.rater_id, rater_id),
        (Rating.state, state),
    ):
        if wanted is not None:
            rows = rows.where(column == wanted)
    return await page_of(session, rows, key=Rating.id, page=page)
