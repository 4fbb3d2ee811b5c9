"""The doors of ratings that are asked for."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response, status

from services.profile.ratings import commands, queries
from services.profile.ratings.models import Rating
from services.profile.ratings.rules import RatingState
from services.profile.ratings.schemas import Answer, Declining, RatingCreate, RatingRead
from shared.door import Acting, Transaction, router
from shared.paging import Paging, link_next

routes = router("/ratings", "ratings")


@routes.get("", response_model=list[RatingRead])
async def list_ratings(
    request: Request,
    response: Response,
    session: Transaction,
    principal: Acting,
    page: Paging,
    person_id: Annotated[UUID | None, Query(alias="personId")] = None,
    rater_id: Annotated[UUID | None, Query(alias="raterId")] = None,
    state: RatingState | None = None,
) -> Sequence[Rating]:
    """What is asked of you, and what is asked about those whose skills you may read."""
    found, after = await queries.ratings(
        session, principal, person_id=person_id, rater_id=rater_id, state=state, page=page
    )
    link_next(request, response, after)
    return found


@routes.post("", response_model=RatingRead, status_code=status.HTTP_201_CREATED)
async def ask_rating(
    response: Response, session: Transaction, principal: Acting, new: RatingCreate
) -> Rating:
    """Asks a colleague to rate skills of yours, or of somebody whom you lead."""
    rating = await commands.ask(session, principal, new=new)
    response.headers["Location"] = f"/ratings/{rating.id}"
    return rating


@routes.get("/{rating_id}", response_model=RatingRead)
async def read_rating(session: Transaction, principal: Acting, rating_id: UUID) -> Rating:
    """One that you are asked for, or about somebody whose skills you may read."""
    return await queries.rating(session, principal, rating_id)


@routes.post("/{rating_id}/answer", response_model=RatingRead)
async def answer_rating(
    session: Transaction, principal: Acting, rating_id: UUID, given: Answer
) -> Rating:
    """Says how well the person masters the skills, under your name; the levels follow at once."""
    return await commands.answer(session, principal, rating_id=rating_id, given=given)


@routes.post("/{rating_id}/decline", response_model=RatingRead)
async def decline_rating(
    session: Transaction, principal: Acting, rating_id: UUID, why: Declining
) -> Rating:
    """Says that you would rather not."""
    return await commands.decline(session, principal, rating_id=rating_id, reason=why.reason)


@routes.post("/{rating_id}/cancel", response_model=RatingRead)
async def cancel_rating(session: Transaction, principal: Acting, rating_id: UUID) -> Rating:
    """Does not ask for it any more."""
    return await commands.cancel(session, principal, rating_id=rating_id)
