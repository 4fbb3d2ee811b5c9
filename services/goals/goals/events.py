"""What others hear of goals: each fact carries the goal whole, so that the newest one is enough."""

from datetime import date
from uuid import UUID

from services.goals.goals.models import Goal, GoalMilestone
from services.goals.goals.rules import GoalState, Health, Kind, Source, Visibility
from shared.events import Fact


class GoalFact(Fact):
    """A goal as it is after the change. Who reads of a PRIVATE goal must show it to its owner alone.

    `proposed_by` is who proposed it, its owner or their manager; null when it was activated without that.
    """

    goal_id: UUID
    person_id: UUID
    title: str
    kind: Kind
    state: GoalState
    health: Health
    progress: float
    priority: int
    visibility: Visibility
    start_date: date | None
    due_date: date | None
    parent_goal_id: UUID | None
    learning_resource_id: UUID | None
    skill_id: UUID | None
    proposed_by: UUID | None


class GoalProposed(GoalFact, type="waymark.goals.goal.proposed.v1"):
    """Waits for approval."""


class GoalActivated(GoalFact, type="waymark.goals.goal.activated.v1"):
    """Approved, or activated by its owner."""


class GoalChanged(GoalFact, type="waymark.goals.goal.changed.v1"):
    """Another wording, measure, date or milestone."""


class GoalProgressed(GoalFact, type="waymark.goals.goal.progressed.v1"):
    """Somebody or some system reported how far it is."""

    source: Source
    value: float | None


class GoalHealthChanged(GoalFact, type="waymark.goals.goal.health_changed.v1"):
    """Time alone has changed how it goes."""


class GoalHeld(GoalFact, type="waymark.goals.goal.held.v1"):
    """Put on hold."""


class GoalResumed(GoalFact, type="waymark.goals.goal.resumed.v1"):
    """Taken up again."""


class GoalAchieved(GoalFact, type="waymark.goals.goal.achieved.v1"):
    """Closed as achieved."""


class GoalPartiallyAchieved(GoalFact, type="waymark.goals.goal.partially_achieved.v1"):
    """Closed as achieved in part."""


class GoalNotAchieved(GoalFact, type="waymark.goals.goal.not_achieved.v1"):
    """Closed as not achieved."""


class GoalCancelled(GoalFact, type="waymark.goals.goal.cancelled.v1"):
    """Given up with a reason."""


class GoalArchived(GoalFact, type="waymark.goals.goal.archived.v1"):
    """Put away."""


class MilestoneCompleted(GoalFact, type="waymark.goals.milestone.completed.v1"):
    """A step is done; the goal's progress already counts it."""

    milestone_id: UUID
    milestone_title: str
    source: Source


class MilestoneMissed(GoalFact, type="waymark.goals.milestone.missed.v1"):
    """A step's date has passed."""

    milestone_id: UUID
    milestone_title: str


FACTS: tuple[type[GoalFact], ...] = (
    GoalProposed,
    GoalActivated,
    GoalChanged,
    GoalProgressed,
    GoalHealthChanged,
    GoalHeld,
    GoalResumed,
    GoalAchieved,
    GoalPartiallyAchieved,
    GoalNotAchieved,
    GoalCancelled,
    GoalArchived,
    MilestoneCompleted,
    MilestoneMissed,
)
CLOSING: dict[GoalState, type[GoalFact]] = {
    GoalState.ACHIEVED: GoalAchieved,
    GoalState.PARTIALLY_ACHIEVED: GoalPartiallyAchieved,
    GoalState.NOT_ACHIEVED: GoalNotAchieved,
}


def snapshot(goal: Goal) -> dict[str, object]:
    """The members of `GoalFact`."""
    return {
        "goal_id": goal.id,
        "person_id": goal.person_id,
        "title": goal.title,
        "kind": goal.kind,
        "state": goal.state,
        "health": goal.health,
        "progress": goal.progress,
        "priority": goal.priority,
        "visibility": goal.visibility,
        "start_date": goal.start_on,
        "due_date": goal.due_on,
        "parent_goal_id": goal.parent_goal_id,
        "learning_resource_id": goal.learning_resource_id,
        "skill_id": goal.skill_id,
        "proposed_by": goal.proposed_by,
    }


def of_milestone(milestone: GoalMilestone) -> dict[str, object]:
    return {"milestone_id": milestone.id, "milestone_title": milestone.title}
