"""Credentials, one row each, whoever told of them."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.profile.credentials.rules import CredentialType, Verification
from services.profile.tables import Base
from shared.db import TenantRow


class Credential(TenantRow, Base):
    """A credential of one person. `system` and `source_key` are empty for what the person declares.

    `said_at` is when the source said what the row now holds; an older word only fills in what is not known.
    Each of `skills` is {skillId, level}: what the person says that it shows.
    `expired_on` stands once the end has been told of, which is on `expires_on` at the latest; `notice_days` how many
    days before it that was last announced, as long as that holds. `objection` is why nobody stands for it.
    """

    __tablename__ = "credentials_record"
    __table_args__ = (
        UniqueConstraint("tenant_id", "person_id", "system", "source_key"),
        ForeignKeyConstraint(
            ["tenant_id", "person_id"], ["people_person.tenant_id", "people_person.id"]
        ),
        Index(
            "ix_credentials_record_expiring",
            "tenant_id",
            "expires_on",
            postgresql_where=text("expired_on IS NULL AND verification <> 'REVOKED'"),
        ),
    )

    person_id: Mapped[UUID]
    type: Mapped[CredentialType]
    source_type: Mapped[str | None]
    name: Mapped[str]
    issuer: Mapped[str | None]
    issued_on: Mapped[date | None]
    expires_on: Mapped[date | None]
    expired_on: Mapped[date | None]
    revoked_on: Mapped[date | None]
    credential_url: Mapped[str | None]
    verification: Mapped[Verification]
    skills: Mapped[list[dict[str, Any]] | None] = mapped_column(JSONB(none_as_null=True))
    verified_by_id: Mapped[UUID | None]
    objection: Mapped[str | None]
    notice_days: Mapped[int | None]
    system: Mapped[str | None]
    source_key: Mapped[str | None]
    said_at: Mapped[datetime]
    recorded_at: Mapped[datetime] = mapped_column(server_default=func.now())
    sequence: Mapped[int] = mapped_column(default=0)
