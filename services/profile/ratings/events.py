"""What ratings tell the other services: who is asked by whom, never a level or a word."""

from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.ratings.models import Rating
from services.profile.ratings.rules import RatingState
from shared import events
from shared.events import Fact
from shared.tenancy import Principal


class RatingFact(Fact):
    """The rating as it is after the change."""

    rating_id: UUID
    person_id: UUID
    rater_id: UUID
    asked_by_id: UUID
    state: RatingState
    due_on: date
    skill_ids: list[UUID]


class RatingAsked(RatingFact, type="waymark.profile.rating.asked.v1"):
    """Somebody is asked to rate skills of a colleague."""


class RatingAnswered(RatingFact, type="waymark.profile.rating.answered.v1"):
    """They have said what they can say."""


class RatingDeclined(RatingFact, type="waymark.profile.rating.declined.v1"):
    """They would rather not."""


class RatingCancelled(RatingFact, type="waymark.profile.rating.cancelled.v1"):
    """It is not asked for any more."""


class RatingExpired(RatingFact, type="waymark.profile.rating.expired.v1"):
    """Its last day has passed without an answer."""


FACTS: tuple[type[Fact], ...] = (
    RatingAsked,
    RatingAnswered,
    RatingDeclined,
    RatingCancelled,
    RatingExpired,
)
OF_STATE: dict[RatingState, type[RatingFact]] = {
    RatingState.OPEN: RatingAsked,
    RatingState.ANSWERED: RatingAnswered,
    RatingState.DECLINED: RatingDeclined,
    RatingState.CANCELLED: RatingCancelled,
    RatingState.EXPIRED: RatingExpired,
}


async def tell(session: AsyncSession, principal: Principal, rating: Rating) -> None:
    """Publishes the fact of the state that the rating is in."""
    await session.flush()
    fact = OF_STATE[rating.state](
        rating_id=rating.id,
        person_id=rating.person_id,
        rater_id=rating.rater_id,
        asked_by_id=rating.asked_by_id,
        state=rating.state,
        due_on=rating.due_on,
        skill_ids=[UUID(item["skillId"]) for item in rating.items],
    )
    await events.publish(session, principal, fact, subject=rating.id, sequence=rating.sequence)
