"""Consents, one row each; a row is only ever closed."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped

from services.profile.consents.rules import ConsentRole, ConsentScope
from services.profile.tables import Base
from shared.db import TenantRow


class ConsentGrant(TenantRow, Base):
    """Without `grantee_id` it is given to everybody who works here, without `object_id` for everything in its scope."""

    __tablename__ = "consent_grant"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "subject_id"], ["people_person.tenant_id", "people_person.id"]
        ),
        ForeignKeyConstraint(
            ["tenant_id", "grantee_id"], ["people_person.tenant_id", "people_person.id"]
        ),
        Index("ix_consent_grant_subject", "tenant_id", "subject_id", "scope"),
        Index("ix_consent_grant_grantee", "tenant_id", "grantee_id"),
    )

    subject_id: Mapped[UUID]
    grantee_id: Mapped[UUID | None]
    scope: Mapped[ConsentScope]
    object_id: Mapped[UUID | None]
    role: Mapped[ConsentRole | None]
    purpose: Mapped[str]
    granted_at: Mapped[datetime]
    until: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
