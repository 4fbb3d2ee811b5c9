"""The doors of credentials."""

from collections.abc import Sequence
from uuid import UUID

from fastapi import Response, status

from services.profile.accesses.commands import noted
from services.profile.credentials import commands, queries
from services.profile.credentials.models import Credential
from services.profile.credentials.schemas import CredentialCreate, CredentialRead
from shared.door import Acting, Transaction, router

routes = router("/people", "credentials")


@routes.get("/{person_id}/credentials", response_model=list[CredentialRead])
async def list_credentials(
    session: Transaction, principal: Acting, person_id: UUID
) -> Sequence[Credential]:
    """What the person has earned, the newest first; what has run out or was taken back stays."""
    found = await queries.of_person(session, principal, person_id=person_id)
    await noted(session, principal, what="CREDENTIALS", people={each.person_id for each in found})
    return found


@routes.post(
    "/{person_id}/credentials", response_model=CredentialRead, status_code=status.HTTP_201_CREATED
)
async def declare_credential(
    response: Response,
    session: Transaction,
    principal: Acting,
    person_id: UUID,
    new: CredentialCreate,
) -> Credential:
    """Something that you say you have."""
    credential = await commands.declare(session, principal, person_id=person_id, new=new)
    response.headers["Location"] = f"/people/{person_id}/credentials"
    return credential
