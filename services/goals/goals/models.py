"""Goals, their milestones, the log of their progress, and the tenant's policy about them."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ForeignKeyConstraint, Index, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from services.goals.goals.rules import (
    AmountType,
    GoalState,
    Health,
    Horizon,
    Kind,
    MilestoneState,
    Source,
    Visibility,
)
from services.goals.tables import Base
from shared.db import TenantRow


class Goal(TenantRow, Base):
    """One person's goal. `current_value` is the measure's, or the share 0-1 itself when there is no measure."""

    __tablename__ = "goals_goal"

    person_id: Mapped[UUID]
    title: Mapped[str]
    description: Mapped[str | None]
    kind: Mapped[Kind]
    horizon: Mapped[Horizon]
    specific: Mapped[str | None]
    metric: Mapped[str | None]
    unit: Mapped[str | None]
    amount_type: Mapped[AmountType | None]
    start_value: Mapped[float]
    target_value: Mapped[float | None]
    current_value: Mapped[float]
    rationale: Mapped[str | None]
    effort_hours: Mapped[float | None]
    budget_amount: Mapped[float | None]
    budget_currency: Mapped[str | None]
    why: Mapped[str | None]
    alignment: Mapped[list[dict[str, Any]]]
    start_on: Mapped[date | None]
    due_on: Mapped[date | None]
    smart_verdict: Mapped[dict[str, Any]]
    weight: Mapped[float]
    priority: Mapped[int]
    visibility: Mapped[Visibility]
    parent_goal_id: Mapped[UUID | None]
    learning_resource_id: Mapped[UUID | None]
    skill_id: Mapped[UUID | None]
    blockers: Mapped[list[str]]
    progress: Mapped[float]
    confidence: Mapped[float | None]
    state: Mapped[GoalState]
    health: Mapped[Health]
    proposed_by: Mapped[UUID | None]
    activated_by: Mapped[UUID | None]
    activated_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    rating: Mapped[int | None]
    evidence: Mapped[list[str]]
    closing_note: Mapped[str | None]
    last_update_at: Mapped[datetime]
    created_by: Mapped[UUID | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "parent_goal_id"], ["goals_goal.tenant_id", "goals_goal.id"]
        ),
        Index("ix_goals_goal_person_id", "tenant_id", "person_id", "id"),
        Index("ix_goals_goal_parent_goal_id", "tenant_id", "parent_goal_id"),
        Index(
            "ix_goals_goal_learning_resource_id", "tenant_id", "learning_resource_id", "person_id"
        ),
    )


class GoalMilestone(TenantRow, Base):
    """A step on the way to a goal; it changes together with its goal's version."""

    __tablename__ = "goals_milestone"

    goal_id: Mapped[UUID]
    title: Mapped[str]
    due_on: Mapped[date | None]
    weight: Mapped[float]
    depends_on: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    state: Mapped[MilestoneState]
    learning_resource_id: Mapped[UUID | None]
    skill_id: Mapped[UUID | None]
    evidence_ids: Mapped[list[str]]
    completed_at: Mapped[datetime | None]
    completed_source: Mapped[Source | None]
    created_at: Mapped[datetime]

    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "goal_id"], ["goals_goal.tenant_id", "goals_goal.id"]),
        Index("ix_goals_milestone_goal_id", "tenant_id", "goal_id", "id"),
        Index("ix_goals_milestone_learning_resource_id", "tenant_id", "learning_resource_id"),
    )


class GoalUpdate(TenantRow, Base):
    """One entry of a goal's log: what was reported, by whom or which system."""

    __tablename__ = "goals_update"

    goal_id: Mapped[UUID]
    at: Mapped[datetime]
    value: Mapped[float | None]
    progress: Mapped[float]
    note: Mapped[str | None]
    source: Mapped[Source]
    reported_by: Mapped[UUID | None]
    milestone_id: Mapped[UUID | None]

    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "goal_id"], ["goals_goal.tenant_id", "goals_goal.id"]),
        Index("ix_goals_update_goal_id", "tenant_id", "goal_id", "id"),
    )


class GoalPolicy(Base):
    """What a tenant allows: without a row, owners activate their own goals."""

    __tablename__ = "goals_policy"

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    self_activation: Mapped[bool]
    version: Mapped[int]
