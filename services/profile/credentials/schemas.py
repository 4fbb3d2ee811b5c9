"""Credentials on the wire."""

from datetime import date, datetime
from typing import Self
from uuid import UUID

from pydantic import model_validator

from services.profile.credentials.rules import CredentialType, Verification
from services.profile.wording import Line, Uri
from shared.schemas import Input, Output


class CredentialCreate(Input):
    """What a person says that they have."""

    type: CredentialType
    name: Line
    issuer: Line | None = None
    issued_on: date | None = None
    expires_on: date | None = None
    credential_url: Uri | None = None

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.issued_on and self.expires_on and self.expires_on < self.issued_on:
            raise ValueError("expiresOn: must not lie before issuedOn")
        return self


class CredentialRead(Output):
    """A credential; `expiredOn` stands once it has run out, `system` names who told of it."""

    id: UUID
    person_id: UUID
    type: CredentialType
    source_type: str | None
    name: str
    issuer: str | None
    issued_on: date | None
    expires_on: date | None
    expired_on: date | None
    revoked_on: date | None
    credential_url: str | None
    verification: Verification
    system: str | None
    recorded_at: datetime
