"""Associations between skills, and migrations from framework to framework."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Double, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.profile.crosswalks.rules import AssociationType, MigrationState
from services.profile.tables import Base
from shared.db import TenantRow


class SkillAssociation(TenantRow, Base):
    """One relation of two skills, of the same framework or of two; `place` orders those of one origin."""

    __tablename__ = "crosswalks_association"
    __table_args__ = (
        UniqueConstraint("tenant_id", "origin_id", "destination_id", "type"),
        ForeignKeyConstraint(
            ["tenant_id", "origin_id"], ["skills_skill.tenant_id", "skills_skill.id"]
        ),
        ForeignKeyConstraint(
            ["tenant_id", "destination_id"], ["skills_skill.tenant_id", "skills_skill.id"]
        ),
        CheckConstraint("origin_id <> destination_id", name="relates_two"),
        CheckConstraint("confidence BETWEEN 0 AND 1", name="confidence_is_a_share"),
        Index(None, "tenant_id", "destination_id"),
    )

    origin_id: Mapped[UUID]
    destination_id: Mapped[UUID]
    type: Mapped[AssociationType]
    confidence: Mapped[float | None] = mapped_column(Double)
    place: Mapped[int | None]


class FrameworkMigration(TenantRow, Base):
    """Evidence on its way from one framework to another, as `mapping` ({originId, targetIds}) says from its start.

    `mapping` also has all `relations` ({skillId, type, turned}) of each skill to the new framework, for who listens.
    `report` is the preview as it was then; `copied` counts the assertions that were made.
    """

    __tablename__ = "crosswalks_migration"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "from_id"], ["skills_framework.tenant_id", "skills_framework.id"]
        ),
        ForeignKeyConstraint(
            ["tenant_id", "to_id"], ["skills_framework.tenant_id", "skills_framework.id"]
        ),
        Index(None, "tenant_id", "from_id"),
        Index(None, "tenant_id", "to_id"),
    )

    from_id: Mapped[UUID]
    to_id: Mapped[UUID]
    state: Mapped[MigrationState]
    carried_by: Mapped[list[str]]
    mapping: Mapped[list[dict[str, Any]]]
    report: Mapped[dict[str, Any]]
    copied: Mapped[int]
    started_by_id: Mapped[UUID | None]
    started_by_client: Mapped[str | None]
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
