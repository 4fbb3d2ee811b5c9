"""The copy's table."""

from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from services.gateway.integrations.tables import Base
from shared.db import TenantRow


class GrantHolder(TenantRow, Base):
    """A person who holds a grant, as profile last told; `id` is profile's."""

    __tablename__ = "people_grant_holder"

    subject: Mapped[str | None]
    grants: Mapped[list[dict[str, Any]]]

    __table_args__ = (Index(None, "tenant_id", "subject"),)
