"""The doors of introductions."""

from uuid import UUID

from fastapi import Response, status

from services.profile.network import introducing
from services.profile.network.schemas import IntroductionCreate, IntroductionRead
from shared.door import Acting, Transaction, router

routes = router("/network/introductions", "network")


@routes.get("", response_model=list[IntroductionRead])
async def list_introductions(session: Transaction, principal: Acting) -> list[IntroductionRead]:
    """Those that you asked for, that you are asked for, and by which somebody would like to meet you."""
    return await introducing.of_principal(session, principal)


@routes.post("", response_model=IntroductionRead, status_code=status.HTTP_201_CREATED)
async def ask_introduction(
    response: Response, session: Transaction, principal: Acting, new: IntroductionCreate
) -> IntroductionRead:
    """Asks somebody to introduce you to somebody else, who hears of it only if the first says yes."""
    row = await introducing.ask(session, principal, new=new)
    response.headers["Location"] = f"/network/introductions/{row.id}"
    return await introducing.shown(session, principal, row)


@routes.get("/{introduction_id}", response_model=IntroductionRead)
async def read_introduction(
    session: Transaction, principal: Acting, introduction_id: UUID
) -> IntroductionRead:
    """One in which you have a part."""
    row = await introducing.find(session, principal, introduction_id)
    return await introducing.shown(session, principal, row)


@routes.post("/{introduction_id}/accept", response_model=IntroductionRead)
async def accept_introduction(
    session: Transaction, principal: Acting, introduction_id: UUID
) -> IntroductionRead:
    """The yes of who introduces, then of who is to be met; with both, the two see each other's e-mail."""
    row = await introducing.answer(session, principal, introduction_id=introduction_id, yes=True)
    return await introducing.shown(session, principal, row)


@routes.post("/{introduction_id}/decline", response_model=IntroductionRead)
async def decline_introduction(
    session: Transaction, principal: Acting, introduction_id: UUID
) -> IntroductionRead:
    """A no, which nobody is told of."""
    row = await introducing.answer(session, principal, introduction_id=introduction_id, yes=False)
    return await introducing.shown(session, principal, row)
