"""Consents on the wire."""

from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic import AwareDatetime, model_validator

from services.profile.consents.rules import ConsentRole, ConsentScope, obstacle
from services.profile.wording import Paragraph
from shared.schemas import Input, Output


class ConsentCreate(Input):
    """What you let others see of you, and what for; without `granteeId` everybody who works here."""

    scope: ConsentScope
    grantee_id: UUID | None = None
    object_id: UUID | None = None
    role: ConsentRole | None = None
    purpose: Paragraph
    until: AwareDatetime | None = None

    @model_validator(mode="after")
    def _can_be_given(self) -> Self:
        found = obstacle(
            self.scope, grantee_id=self.grantee_id, role=self.role, object_id=self.object_id
        )
        if found:
            raise ValueError(": ".join(found))
        return self


class ConsentRead(Output):
    """A consent; it holds until `until` or until `revokedAt`, whichever comes first."""

    id: UUID
    subject_id: UUID
    grantee_id: UUID | None
    scope: ConsentScope
    object_id: UUID | None
    role: ConsentRole | None
    purpose: str
    granted_at: datetime
    until: datetime | None
    revoked_at: datetime | None
