"""An erasure and its receipts. They name nobody once it is completed: the person's id leads to nothing any more."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.profile.tables import Base
from shared.db import TenantRow


class Erasure(TenantRow, Base):
    """`named` is what the services must look for; it goes when all have."""

    __tablename__ = "erasure_request"
    __table_args__ = (UniqueConstraint("tenant_id", "person_id"),)

    person_id: Mapped[UUID]
    reason: Mapped[str]
    ordered_by: Mapped[str]
    received_at: Mapped[datetime]
    completed_at: Mapped[datetime | None]
    named: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))


class ErasureReceipt(TenantRow, Base):
    """What a service removed, and when it destroyed the person's key if it had any."""

    __tablename__ = "erasure_receipt"
    __table_args__ = (
        UniqueConstraint("tenant_id", "erasure_id", "service"),
        ForeignKeyConstraint(
            ["tenant_id", "erasure_id"], ["erasure_request.tenant_id", "erasure_request.id"]
        ),
    )

    erasure_id: Mapped[UUID]
    service: Mapped[str]
    rows: Mapped[int]
    events: Mapped[int]
    key_destroyed_at: Mapped[datetime | None]
    given_at: Mapped[datetime]
