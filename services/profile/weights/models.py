"""The versions of the weights."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped

from services.profile.tables import Base
from shared.db import TenantRow


class SourceWeights(TenantRow, Base):
    """One version, whole: {source, weight} for every source. Rows are only added; the highest version is in force.

    Before the first row the built-in weights are, which are called version 0.
    """

    __tablename__ = "weights_version"
    __table_args__ = (
        UniqueConstraint("tenant_id", "version"),
        CheckConstraint("version > 0", name="counts_from_one"),
    )

    version: Mapped[int]
    weights: Mapped[list[dict[str, Any]]]
    reason: Mapped[str]
    changed_by_id: Mapped[UUID | None]
    changed_at: Mapped[datetime]
