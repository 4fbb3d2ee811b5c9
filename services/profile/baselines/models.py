"""A baseline and the levels that it holds. The runtime role may not change either (see the migration)."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Double, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.profile.tables import Base
from shared.db import TenantRow


class BaselineSnapshot(TenantRow, Base):
    """All that was known of the person's skills on `as_of`; `content_hash` is the SHA-256 of its canonical JSON."""

    __tablename__ = "baselines_snapshot"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "person_id"], ["people_person.tenant_id", "people_person.id"]
        ),
        UniqueConstraint("tenant_id", "person_id", "cycle"),
        Index(None, "tenant_id", "person_id", "taken_at"),
    )

    person_id: Mapped[UUID]
    cycle: Mapped[str | None]
    taken_at: Mapped[datetime]
    as_of: Mapped[date]
    engine_version: Mapped[str]
    skill_count: Mapped[int]
    content_hash: Mapped[str]


class BaselineLevel(Base):
    """One skill of a baseline; a null level was unassessed, `self_level` is what the person said of themself."""

    __tablename__ = "baselines_level"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "snapshot_id"], ["baselines_snapshot.tenant_id", "baselines_snapshot.id"]
        ),
        ForeignKeyConstraint(
            ["tenant_id", "skill_id"], ["skills_skill.tenant_id", "skills_skill.id"]
        ),
        Index(None, "tenant_id", "skill_id"),
    )

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    snapshot_id: Mapped[UUID] = mapped_column(primary_key=True)
    skill_id: Mapped[UUID] = mapped_column(primary_key=True)
    level: Mapped[float | None] = mapped_column(Double)
    mass: Mapped[float] = mapped_column(Double)
    variance: Mapped[float | None] = mapped_column(Double)
    interval_low: Mapped[float | None] = mapped_column(Double)
    interval_high: Mapped[float | None] = mapped_column(Double)
    self_level: Mapped[float | None] = mapped_column(Double)
