"""Goals on the wire."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, computed_field, model_validator

from services.goals.goals.rules import (
    AmountType,
    GoalState,
    Health,
    Horizon,
    Kind,
    MilestoneState,
    Outcome,
    Source,
    Visibility,
)
from shared.schemas import Input, Output

Title = Annotated[str, Field(min_length=1, max_length=300)]
Text = Annotated[str, Field(max_length=10_000)]
Amount = Annotated[float, Field(ge=-1e12, le=1e12, allow_inf_nan=False)]
Weight = Annotated[float, Field(gt=0, le=1000, allow_inf_nan=False)]
Currency = Annotated[str, Field(pattern="^[A-Z]{3}$")]
Evidence = Annotated[
    list[Annotated[str, Field(min_length=1, max_length=2000)]], Field(max_length=50)
]


class MeasureInput(Input):
    """What is counted, from where to where."""

    metric: Title
    unit: Annotated[str, Field(max_length=50)] | None = None
    amount_type: AmountType
    start: Amount = 0.0
    target: Amount
    current: Amount | None = None


class Budget(Input):
    """Money set aside."""

    amount: Annotated[float, Field(ge=0, le=1e12)]
    currency: Currency


class Achievable(Input):
    """Why it can be done, and what it takes."""

    rationale: Text | None = None
    effort_hours: Annotated[float, Field(ge=0, le=100_000)] | None = None
    budget: Budget | None = None


class Alignment(Input):
    """What a goal serves: an objective, an aspiration, a gap."""

    kind: Annotated[str, Field(min_length=1, max_length=40)]
    ref: Annotated[str, Field(min_length=1, max_length=200)]


class Relevant(Input):
    """What it is good for."""

    why: Text | None = None
    alignment: list[Alignment] = Field(default_factory=list, max_length=20)


class TimeBound(Input):
    """From when until when."""

    start_date: date | None = None
    due_date: date | None = None


class Smart(Input):
    """The five letters; what is left out stays as it is when a goal is changed."""

    specific: Text | None = None
    measure: MeasureInput | None = None
    achievable: Achievable = Achievable()
    relevant: Relevant = Relevant()
    time_bound: TimeBound = TimeBound()


class GoalFields(Input):
    """What creating and changing have in common."""

    description: Text | None = None
    kind: Kind = Kind.DEVELOPMENT
    horizon: Horizon = Horizon.SHORT
    smart: Smart = Smart()
    weight: Weight = 1.0
    priority: Annotated[int, Field(ge=1, le=10)] = 5
    visibility: Visibility = Visibility.MANAGER
    parent_goal_id: UUID | None = None
    learning_resource_id: UUID | None = None
    skill_id: UUID | None = None
    blockers: list[Title] = Field(default_factory=list, max_length=50)


class GoalCreate(GoalFields):
    """A goal for oneself, or for a direct report."""

    person_id: UUID | None = None
    title: Title


class GoalChange(GoalFields):
    """Only the members that are sent change; `smart` member by member."""

    title: Title = ""

    @model_validator(mode="after")
    def _nothing_emptied(self) -> "GoalChange":
        needed = {
            "title",
            "kind",
            "horizon",
            "weight",
            "priority",
            "visibility",
            "smart",
            "blockers",
        }
        for name in sorted(needed & self.model_fields_set):
            if getattr(self, name) is None:
                raise ValueError(f"{name}: cannot be empty")
        return self


class GoalProgress(Input):
    """How far it is: the measure's value, or the share 0-1 when the goal has no measure."""

    value: Amount | None = None
    note: Text | None = None
    health: Health | None = None
    confidence: Annotated[float, Field(ge=0, le=1)] | None = None


class GoalClose(Input):
    """The outcome with its evidence or a rating 1-5."""

    outcome: Outcome
    rating: Annotated[int, Field(ge=1, le=5)] | None = None
    evidence: Evidence = Field(default_factory=list)
    note: Text | None = None

    @model_validator(mode="after")
    def _evidence_or_rating(self) -> "GoalClose":
        if self.rating is None and not self.evidence:
            raise ValueError("evidence: name what shows the outcome, or give a rating")
        return self


class GoalReason(Input):
    """Why a goal is cancelled."""

    reason: Annotated[str, Field(min_length=1, max_length=2000)]


class MilestoneCreate(Input):
    """A step with its weight; it waits for the milestones that it depends on."""

    title: Title
    due_on: date | None = Field(default=None, alias="dueDate")
    weight: Weight = 1.0
    depends_on: list[UUID] = Field(default_factory=list, max_length=50)
    learning_resource_id: UUID | None = None
    skill_id: UUID | None = None


class MilestoneChange(Input):
    """Only the members that are sent change; a later due date reopens a missed milestone."""

    title: Title | None = None
    due_on: date | None = Field(default=None, alias="dueDate")
    weight: Weight | None = None
    depends_on: Annotated[list[UUID], Field(max_length=50)] | None = None


class MilestoneComplete(Input):
    """What shows that it is done."""

    evidence_ids: Evidence = Field(default_factory=list)


class MilestoneRead(Output):
    """A milestone."""

    id: UUID
    goal_id: UUID
    title: str
    due_on: date | None = Field(alias="dueDate")
    weight: float
    depends_on: list[UUID]
    state: MilestoneState
    learning_resource_id: UUID | None
    skill_id: UUID | None
    evidence_ids: list[str]
    completed_at: datetime | None
    completed_source: Source | None


class GoalUpdateRead(Output):
    """An entry of a goal's log."""

    id: UUID
    at: datetime
    value: float | None
    progress: float
    note: str | None
    source: Source
    reported_by: UUID | None
    milestone_id: UUID | None


class GoalRead(Output):
    """A goal with its verdict; the SMART fields lie flat."""

    id: UUID
    person_id: UUID
    title: str
    description: str | None
    kind: Kind
    horizon: Horizon
    specific: str | None
    metric: str | None
    unit: str | None
    amount_type: AmountType | None
    start_value: float
    target_value: float | None
    current_value: float
    rationale: str | None
    effort_hours: float | None
    budget_amount: float | None
    budget_currency: str | None
    why: str | None
    alignment: list[dict[str, Any]]
    start_on: date | None = Field(alias="startDate")
    due_on: date | None = Field(alias="dueDate")
    smart_verdict: dict[str, Any]
    weight: float
    priority: int
    visibility: Visibility
    parent_goal_id: UUID | None
    learning_resource_id: UUID | None
    skill_id: UUID | None
    blockers: list[str]
    progress: float
    confidence: float | None
    state: GoalState
    health: Health
    rating: int | None
    evidence: list[str]
    closing_note: str | None
    last_update_at: datetime
    proposed_by: UUID | None
    activated_at: datetime | None
    closed_at: datetime | None
    created_at: datetime
    updated_at: datetime
    version: int

    @computed_field  # type: ignore[prop-decorator]
    @property
    def suggests_closing(self) -> bool:
        """Reaching the target suggests to close a goal; it never closes by itself."""
        return self.state is GoalState.ACTIVE and self.progress >= 1.0


class GoalDetail(GoalRead):
    """A goal with its milestones and its log."""

    milestones: Sequence[MilestoneRead]
    updates: Sequence[GoalUpdateRead]


class GoalPolicyFields(Input):
    """Whether owners may activate their goals without anybody's approval."""

    self_activation: bool


class GoalPolicyRead(Output):
    """The tenant's policy about goals."""

    self_activation: bool
    version: int
