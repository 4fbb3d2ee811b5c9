"""Credentials on the wire."""

from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator

from services.profile.credentials.rules import CredentialType, Verification
from services.profile.wording import Line, Paragraph, Uri
from shared.schemas import Input, Output


class SkillShown(Input):
    """A skill that a credential shows, and perhaps how well (0 to 5)."""

    skill_id: UUID
    level: Annotated[float, Field(ge=0, le=5, allow_inf_nan=False)] | None = None


class CredentialVerification(Input):
    """Who verifies may say how well skills are shown, in place of what the person claims."""

    skills: list[SkillShown] = Field(default=[], max_length=50)


class CredentialObjection(Input):
    """Why nobody stands for it; the person reads it."""

    reason: Paragraph


class CredentialCreate(Input):
    """What a person says that they have."""

    type: CredentialType
    name: Line
    issuer: Line | None = None
    issued_on: date | None = None
    expires_on: date | None = None
    credential_url: Uri | None = None
    skills: list[SkillShown] = Field(default=[], max_length=50)

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.issued_on and self.expires_on and self.expires_on < self.issued_on:
            raise ValueError("expiresOn: must not lie before issuedOn")
        return self


class CredentialRead(Output):
    """A credential; `expiredOn` stands once it has run out, `system` is who told of it, `objection` why it is NONE."""

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
    skills: list[SkillShown] | None
    verified_by_id: UUID | None
    objection: str | None
    system: str | None
    recorded_at: datetime


class CredentialWithdrawal(Output):
    """What is gone, and whose it was."""

    id: UUID
    person_id: UUID
