"""The doors of erasures."""

from uuid import UUID

from fastapi import Response, status

from services.profile.erasure import commands, queries
from services.profile.erasure.schemas import ErasureCreate, ErasureRead
from shared.door import Acting, Transaction, router

orders = router("/people", "erasures")
routes = router("/erasures", "erasures")


@orders.post(
    "/{person_id}/erasure", response_model=ErasureRead, status_code=status.HTTP_202_ACCEPTED
)
async def erase_person(
    response: Response,
    session: Transaction,
    principal: Acting,
    person_id: UUID,
    wanted: ErasureCreate,
) -> ErasureRead:
    """Removes the person here at once and everywhere else soon, for good; again answers the first order."""
    erasure_id = await commands.order(session, principal, person_id=person_id, reason=wanted.reason)
    await session.flush()
    response.headers["Location"] = f"/erasures/{erasure_id}"
    return await queries.read(session, principal, erasure_id)


@routes.get("/{erasure_id}", response_model=ErasureRead)
async def read_erasure(session: Transaction, principal: Acting, erasure_id: UUID) -> ErasureRead:
    """How far an erasure is, with the receipts of the services."""
    return await queries.read(session, principal, erasure_id)
