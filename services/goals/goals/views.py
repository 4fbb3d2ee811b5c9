"""What the gateway reads of goals."""

from typing import Any, cast

from sqlalchemy import ColumnElement, Table, any_, select

from services.goals.accesses.rules import Kept
from services.goals.goals.models import Goal, GoalMilestone, GoalUpdate
from services.goals.goals.queries import visible
from services.goals.learning.views import LEARNING_RESOURCES
from shared.tenancy import Principal
from shared.views import (
    Argument,
    Elements,
    Embedded,
    Logged,
    Many,
    One,
    Scalar,
    View,
    column,
    columns,
    global_id,
)


def _of_visible_goal(principal: Principal, row: Any) -> ColumnElement[bool]:
    return cast(
        ColumnElement[bool],
        row.goal_id.in_(select(Goal.id).where(visible(principal, Goal))),
    )


def _whose(row: Any) -> ColumnElement[Any]:
    return select(Goal.person_id).where(Goal.id == row.goal_id).scalar_subquery()


LOGGED = Logged(Kept.GOALS)
OF_GOAL = Logged(Kept.GOALS, person=_whose)

SMART = Embedded(
    {
        "specific": column("specific"),
        "measure": Embedded(
            {
                "metric": column("metric"),
                "unit": column("unit"),
                "amountType": column("amount_type"),
                "start": column("start_value"),
                "target": column("target_value"),
                "current": column("current_value"),
            }
        ),
        "achievable": Embedded(
            {
                "rationale": column("rationale"),
                "effortHours": column("effort_hours"),
                "budgetAmount": column("budget_amount"),
                "budgetCurrency": column("budget_currency"),
            }
        ),
        "relevant": Embedded({"why": column("why"), "alignment": column("alignment")}),
        "timeBound": Embedded({"startDate": column("start_on"), "dueDate": column("due_on")}),
    }
)

MILESTONES: View = View(
    name="milestones",
    source=cast(Table, GoalMilestone.__table__),
    visible=_of_visible_goal,
    fields={
        "id": global_id("Milestone"),
        **columns("title", "weight", "state", "dependsOn", "evidenceIds", "completedAt"),
        **columns("completedSource", "createdAt", "skillId"),
        "goalId": column("goal_id"),
        "dueDate": column("due_on"),
        "learningResource": One(lambda: LEARNING_RESOURCES, on="learning_resource_id"),
        "goal": One(lambda: GOALS, on="goal_id", belongs=True),
    },
    lists={"goal": "goal_id"},
    logged=OF_GOAL,
)

UPDATES: View = View(
    name="goal_updates",
    source=cast(Table, GoalUpdate.__table__),
    visible=_of_visible_goal,
    fields=columns("at", "value", "progress", "note", "source", "reportedBy", "milestoneId"),
    lists={"goal": "goal_id"},
    order=("-id",),
    logged=OF_GOAL,
)

GOALS: View = View(
    name="goals",
    source=cast(Table, Goal.__table__),
    visible=visible,
    fields={
        "id": global_id("Goal"),
        **columns("title", "description", "kind", "horizon", "weight", "priority", "visibility"),
        **columns("state", "health", "progress", "confidence", "blockers", "version"),
        **columns("rating", "evidence", "closingNote", "activatedAt", "closedAt", "lastUpdateAt"),
        **columns("createdAt", "updatedAt", "personId", "skillId", "parentGoalId"),
        "proposedById": column("proposed_by"),
        "dueDate": column("due_on"),
        "startDate": column("start_on"),
        "smart": SMART,
        "smartPasses": Scalar(lambda row: row["smart_verdict"]["passes"]),
        "smartVerdict": Elements(
            lambda row: row["smart_verdict"]["letters"],
            {name: name for name in ("letter", "verdict", "passed", "reason")},
        ),
        "parent": One(lambda: GOALS, on="parent_goal_id"),
        "children": Many(lambda: GOALS, by="parent"),
        "learningResource": One(lambda: LEARNING_RESOURCES, on="learning_resource_id"),
        "milestones": Many(lambda: MILESTONES, by="goal", belong=True),
        "updates": Many(lambda: UPDATES, by="goal", belong=True),
    },
    lists={"person": "person_id", "parent": "parent_goal_id"},
    order=("priority", "-id"),
    orders={"PRIORITY": ("priority", "-id"), "NEWEST": ("-id",)},
    arguments={"states": Argument(str, lambda row, states: row.state == any_(states), many=True)},
    logged=LOGGED,
)

VIEWS = (GOALS, MILESTONES, UPDATES)
