"""Exports, one row each. A restrictive row-level policy asks that `app.person` is whom it is about."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from services.profile.tables import Base
from shared.db import TenantRow


class Export(TenantRow, Base):
    """`archive` is sealed with the person's key and goes when the term is over."""

    __tablename__ = "exports_export"
    __table_args__ = (Index(None, "tenant_id", "person_id"),)

    person_id: Mapped[UUID]
    ordered_at: Mapped[datetime]
    ready_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    manifest: Mapped[dict[str, Any] | None]
    archive: Mapped[bytes | None] = mapped_column(LargeBinary)
