"""The doors of contacts and interactions; nobody but their owner comes through."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response, status

from services.profile.network import commands, queries
from services.profile.network.schemas import (
    ContactCreate,
    ContactRead,
    ContactUpdate,
    InteractionCreate,
    InteractionRead,
    InteractionUpdate,
)
from shared.door import Acting, ExpectedVersion, Transaction, etag, router
from shared.schemas import Day

routes = router("/network", "network")


@routes.get("/contacts", response_model=list[ContactRead])
async def list_contacts(session: Transaction, principal: Acting) -> list[ContactRead]:
    """Whom you know, the newest first."""
    return await queries.contacts(session, principal)


@routes.post("/contacts", response_model=ContactRead, status_code=status.HTTP_201_CREATED)
async def add_contact(
    response: Response, session: Transaction, principal: Acting, new: ContactCreate
) -> ContactRead:
    """Somebody whom you know."""
    row = await commands.add_contact(session, principal, new=new)
    response.headers["Location"] = f"/network/contacts/{row.id}"
    etag(response, row.version)
    return await queries.shown_contact(session, row)


@routes.get("/contacts/{contact_id}", response_model=ContactRead)
async def read_contact(
    response: Response, session: Transaction, principal: Acting, contact_id: UUID
) -> ContactRead:
    """One contact."""
    row = await queries.contact(session, principal, contact_id)
    etag(response, row.version)
    return await queries.shown_contact(session, row)


@routes.patch("/contacts/{contact_id}", response_model=ContactRead)
async def update_contact(
    response: Response,
    session: Transaction,
    principal: Acting,
    contact_id: UUID,
    expected_version: ExpectedVersion,
    change: ContactUpdate,
) -> ContactRead:
    """What is not given stays."""
    row = await commands.update_contact(
        session,
        principal,
        contact_id=contact_id,
        expected_version=expected_version,
        change=change,
    )
    etag(response, row.version)
    return await queries.shown_contact(session, row)


@routes.delete("/contacts/{contact_id}", status_code=status.HTTP_204_NO_CONTENT)
async def remove_contact(session: Transaction, principal: Acting, contact_id: UUID) -> None:
    """And what you noted of talks with them."""
    await commands.remove_contact(session, principal, contact_id=contact_id)


@routes.post(
    "/contacts/{contact_id}/interactions",
    response_model=InteractionRead,
    status_code=status.HTTP_201_CREATED,
)
async def record_interaction(
    response: Response,
    session: Transaction,
    principal: Acting,
    contact_id: UUID,
    new: InteractionCreate,
) -> InteractionRead:
    """A talk, held or planned."""
    row = await commands.record_interaction(session, principal, contact_id=contact_id, new=new)
    response.headers["Location"] = f"/network/interactions/{row.id}"
    etag(response, row.version)
    return await queries.shown_interaction(session, row)


@routes.get("/interactions", response_model=list[InteractionRead])
async def list_interactions(
    session: Transaction,
    principal: Acting,
    contact_id: Annotated[UUID | None, Query(alias="contactId")] = None,
    follow_up_by: Annotated[Day | None, Query(alias="followUpBy")] = None,
) -> list[InteractionRead]:
    """Your talks, the latest first; with `followUpBy` those that you wanted to follow up by then."""
    return await queries.interactions(
        session, principal, contact_id=contact_id, follow_up_by=follow_up_by
    )


@routes.get("/interactions/{interaction_id}", response_model=InteractionRead)
async def read_interaction(
    response: Response, session: Transaction, principal: Acting, interaction_id: UUID
) -> InteractionRead:
    """One talk."""
    row = await queries.interaction(session, principal, interaction_id)
    etag(response, row.version)
    return await queries.shown_interaction(session, row)


@routes.patch("/interactions/{interaction_id}", response_model=InteractionRead)
async def update_interaction(
    response: Response,
    session: Transaction,
    principal: Acting,
    interaction_id: UUID,
    expected_version: ExpectedVersion,
    change: InteractionUpdate,
) -> InteractionRead:
    """What is not given stays."""
    row = await commands.update_interaction(
        session,
        principal,
        interaction_id=interaction_id,
        expected_version=expected_version,
        change=change,
    )
    etag(response, row.version)
    return await queries.shown_interaction(session, row)


@routes.delete("/interactions/{interaction_id}", status_code=status.HTTP_204_NO_CONTENT)
async def remove_interaction(session: Transaction, principal: Acting, interaction_id: UUID) -> None:
    """For good."""
    await commands.remove_interaction(session, principal, interaction_id=interaction_id)
