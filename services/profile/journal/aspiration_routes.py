"""The doors of one's own aspirations and insights."""

from uuid import UUID

from fastapi import Request, Response, status

from services.profile.journal import aspiring, commands, queries, understanding
from services.profile.journal.models import Aspiration, Insight
from services.profile.journal.schemas import (
    AspirationCreate,
    AspirationRead,
    AspirationUpdate,
    InsightCreate,
    InsightRead,
    Whose,
    Written,
)
from shared.door import Acting, ExpectedVersion, Transaction, etag, router
from shared.paging import Paging, link_next

routes = router("/journal", "journal")


@routes.get("/aspirations", response_model=list[AspirationRead])
async def list_aspirations(session: Transaction, principal: Acting) -> list[AspirationRead]:
    """Where you want to be."""
    return await queries.aspirations(session, principal)


@routes.post("/aspirations", response_model=Written, status_code=status.HTTP_201_CREATED)
async def set_aspiration(
    response: Response, session: Transaction, principal: Acting, new: AspirationCreate
) -> Aspiration:
    """A role or field that you want; others learn of it only if you opt in to matching."""
    entry = await aspiring.aspire(session, principal, new=new)
    response.headers["Location"] = f"/journal/aspirations/{entry.id}"
    etag(response, entry.version)
    return entry


@routes.get("/aspirations/{entry_id}", response_model=AspirationRead)
async def read_aspiration(
    response: Response, session: Transaction, principal: Acting, entry_id: UUID
) -> AspirationRead:
    """One of your aspirations."""
    found = await queries.one(
        session, principal, Aspiration, AspirationRead, entry_id=entry_id, text="field_text"
    )
    etag(response, found.version)
    return found


@routes.patch("/aspirations/{entry_id}", response_model=Written)
async def change_aspiration(
    response: Response,
    session: Transaction,
    principal: Acting,
    expected: ExpectedVersion,
    entry_id: UUID,
    changes: AspirationUpdate,
) -> Aspiration:
    """Changes the members that are sent; without the opt-in, those who were told forget it."""
    entry = await aspiring.change(
        session, principal, entry_id=entry_id, expected=expected, changes=changes
    )
    etag(response, entry.version)
    return entry


@routes.delete("/aspirations/{entry_id}", response_model=Whose)
async def withdraw_aspiration(session: Transaction, principal: Acting, entry_id: UUID) -> Whose:
    """Gone for good, for those who were told of it too."""
    person_id = await aspiring.withdraw(session, principal, entry_id=entry_id)
    return Whose(id=entry_id, person_id=person_id)


@routes.get("/insights", response_model=list[InsightRead])
async def list_insights(
    request: Request, response: Response, session: Transaction, principal: Acting, page: Paging
) -> list[InsightRead]:
    """What you have understood, in the order of writing."""
    found, after = await queries.insights(session, principal, page=page)
    link_next(request, response, after)
    return found


@routes.post("/insights", response_model=Written, status_code=status.HTTP_201_CREATED)
async def write_insight(
    response: Response, session: Transaction, principal: Acting, new: InsightCreate
) -> Insight:
    """Links what is known of you to what you have understood, perhaps to a skill."""
    entry = await understanding.understand(session, principal, new=new)
    response.headers["Location"] = f"/journal/insights/{entry.id}"
    return entry


@routes.get("/insights/{entry_id}", response_model=InsightRead)
async def read_insight(session: Transaction, principal: Acting, entry_id: UUID) -> InsightRead:
    """One of your insights."""
    return await queries.one(session, principal, Insight, InsightRead, entry_id=entry_id)


@routes.delete("/insights/{entry_id}", response_model=Whose)
async def remove_insight(session: Transaction, principal: Acting, entry_id: UUID) -> Whose:
    """Gone for good."""
    person_id = await commands.remove(session, principal, Insight, entry_id=entry_id)
    return Whose(id=entry_id, person_id=person_id)
