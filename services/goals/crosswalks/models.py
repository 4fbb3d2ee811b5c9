"""Replaced frameworks as profile told of them, and what became of each requirement."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.goals.crosswalks.rules import CrosswalkState, Outcome
from services.goals.tables import Base
from shared.db import TenantRow


class Crosswalk(TenantRow, Base):
    """A migration of profile's, by its id; `told` are the parts of its mapping that have arrived."""

    __tablename__ = "crosswalks_crosswalk"

    from_id: Mapped[UUID]
    from_key: Mapped[str]
    to_id: Mapped[UUID]
    to_key: Mapped[str]
    parts: Mapped[int]
    told: Mapped[list[int]] = mapped_column(JSONB)
    state: Mapped[CrosswalkState]
    told_at: Mapped[datetime]
    applied_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_crosswalks_crosswalk_from_id", "tenant_id", "from_id"),)


class CrosswalkSkill(Base):
    """A skill of the replaced framework; each of `relations` is {skillId, type, turned}."""

    __tablename__ = "crosswalks_skill"

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    crosswalk_id: Mapped[UUID] = mapped_column(primary_key=True)
    skill_id: Mapped[UUID] = mapped_column(primary_key=True)
    relations: Mapped[list[dict[str, Any]]]

    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "crosswalk_id"],
            ["crosswalks_crosswalk.tenant_id", "crosswalks_crosswalk.id"],
        ),
    )


class MovedRequirement(TenantRow, Base):
    """What became of a role's requirement: decided once, on `from_version`; `to_version` has it moved."""

    __tablename__ = "crosswalks_requirement"

    crosswalk_id: Mapped[UUID]
    role_id: Mapped[UUID]
    skill_id: Mapped[UUID]
    outcome: Mapped[Outcome]
    target_id: Mapped[UUID | None]
    from_version: Mapped[int]
    to_version: Mapped[int | None]
    decided_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("tenant_id", "crosswalk_id", "role_id", "skill_id"),
        ForeignKeyConstraint(
            ["tenant_id", "crosswalk_id", "skill_id"],
            [
                "crosswalks_skill.tenant_id",
                "crosswalks_skill.crosswalk_id",
                "crosswalks_skill.skill_id",
            ],
        ),
        ForeignKeyConstraint(["tenant_id", "role_id"], ["roles_role.tenant_id", "roles_role.id"]),
        Index("ix_crosswalks_requirement_role_id", "tenant_id", "role_id"),
    )
