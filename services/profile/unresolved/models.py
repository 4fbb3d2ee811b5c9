"""One row for each thing that was told and cannot be done yet."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.profile.tables import Base
from services.profile.unresolved.rules import Awaited, Kind, Reason
from shared.db import TenantRow


class Unresolved(TenantRow, Base):
    """A fact, or the `part` of it that cannot be done yet; a newer fact of the subject replaces it.

    It never expires. `waiting_since` is when it began to wait, whatever replaced it since.
    """

    __tablename__ = "unresolved_entry"

    kind: Mapped[Kind]
    subject: Mapped[str]
    part: Mapped[str]
    reason: Mapped[Reason]
    awaited: Mapped[Awaited | None]
    system: Mapped[str | None]
    value: Mapped[str | None]
    email: Mapped[str | None]
    blocked_by: Mapped[UUID | None]
    said_at: Mapped[datetime]
    waiting_since: Mapped[datetime]
    event_id: Mapped[UUID]
    fact: Mapped[dict[str, Any]] = mapped_column()

    __table_args__ = (
        UniqueConstraint("tenant_id", "kind", "subject", "part"),
        Index("ix_unresolved_entry_value", "tenant_id", "value"),
        Index("ix_unresolved_entry_email", "tenant_id", "email"),
        Index("ix_unresolved_entry_blocked_by", "tenant_id", "blocked_by"),
        Index("ix_unresolved_entry_reason", "tenant_id", "reason"),
    )
