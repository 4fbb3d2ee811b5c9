"""The doors of credentials."""

from collections.abc import Sequence
from uuid import UUID

from fastapi import Response, status

from services.profile.accesses.commands import noted
from services.profile.credentials import commands, queries, verifying
from services.profile.credentials.models import Credential
from services.profile.credentials.schemas import (
    CredentialCreate,
    CredentialObjection,
    CredentialRead,
    CredentialVerification,
    CredentialWithdrawal,
)
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


@routes.post("/{person_id}/credentials/{credential_id}/verify", response_model=CredentialRead)
async def verify_credential(
    session: Transaction,
    principal: Acting,
    person_id: UUID,
    credential_id: UUID,
    word: CredentialVerification,
) -> Credential:
    """Stands for what a report, or somebody in one's units, has earned; the skills that it shows become evidence."""
    return await verifying.verify(
        session, principal, person_id=person_id, credential_id=credential_id, word=word
    )


@routes.post("/{person_id}/credentials/{credential_id}/object", response_model=CredentialRead)
async def object_to_credential(
    session: Transaction,
    principal: Acting,
    person_id: UUID,
    credential_id: UUID,
    objection: CredentialObjection,
) -> Credential:
    """Does not stand for what a report, or somebody in one's units, says to have, or no longer."""
    return await verifying.object_to(
        session,
        principal,
        person_id=person_id,
        credential_id=credential_id,
        reason=objection.reason,
    )


@routes.delete("/{person_id}/credentials/{credential_id}", response_model=CredentialWithdrawal)
async def withdraw_credential(
    session: Transaction, principal: Acting, person_id: UUID, credential_id: UUID
) -> CredentialWithdrawal:
    """Takes back what you have said that you have; what a system has told of stays."""
    await commands.withdraw(session, principal, person_id=person_id, credential_id=credential_id)
    return CredentialWithdrawal(id=credential_id, person_id=person_id)
