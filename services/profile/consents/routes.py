"""The doors of consents."""

from collections.abc import Sequence
from uuid import UUID

from fastapi import Response, status

from services.profile.consents import commands, queries
from services.profile.consents.models import ConsentGrant
from services.profile.consents.schemas import ConsentCreate, ConsentRead
from shared.door import Acting, Transaction, router

of_people = router("/people", "consents")
routes = router("/consents", "consents")


@of_people.get("/{person_id}/consents", response_model=list[ConsentRead])
async def list_consents(
    session: Transaction, principal: Acting, person_id: UUID
) -> Sequence[ConsentGrant]:
    """What you have let others see, the newest first; what has ended or was taken back stays."""
    return await queries.of_person(session, principal, person_id=person_id)


@of_people.get("/{person_id}/received-consents", response_model=list[ConsentRead])
async def list_received_consents(
    session: Transaction, principal: Acting, person_id: UUID
) -> Sequence[ConsentGrant]:
    """What others let you see by name, while it holds."""
    return await queries.received_by(session, principal, person_id=person_id)


@of_people.post(
    "/{person_id}/consents",
    response_model=ConsentRead,
    status_code=status.HTTP_201_CREATED,
    responses={200: {"model": ConsentRead, "description": "The same is given already."}},
)
async def grant_consent(
    response: Response,
    session: Transaction,
    principal: Acting,
    person_id: UUID,
    new: ConsentCreate,
) -> ConsentGrant:
    """Lets somebody, or everybody here, see something of you; other terms for the same replace those before."""
    consent, is_new = await commands.grant(session, principal, person_id=person_id, new=new)
    response.headers["Location"] = f"/consents/{consent.id}"
    if not is_new:
        response.status_code = status.HTTP_200_OK
    return consent


@routes.get("/{consent_id}", response_model=ConsentRead)
async def read_consent(session: Transaction, principal: Acting, consent_id: UUID) -> ConsentGrant:
    """One that you have given, or that lets you in by name."""
    return await queries.consent(session, principal, consent_id)


@routes.post("/{consent_id}/revoke", response_model=ConsentRead)
async def revoke_consent(session: Transaction, principal: Acting, consent_id: UUID) -> ConsentGrant:
    """Takes it back at once; again changes nothing."""
    return await commands.revoke(session, principal, consent_id=consent_id)
