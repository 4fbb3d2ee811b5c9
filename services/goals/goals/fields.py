"""From the nested SMART fields of the wire to the flat columns of a goal."""

from typing import Any

from pydantic import BaseModel

from services.goals.goals.schemas import GoalChange, GoalCreate, Smart

_PLAIN = (
    "title", "description", "kind", "horizon", "weight", "priority", "visibility",
    "parent_goal_id", "learning_resource_id", "skill_id", "blockers",
)  # fmt: skip


def new(wanted: GoalCreate) -> dict[str, Any]:
    """All columns that a caller decides, the unsent ones by their defaults."""
    columns = {name: getattr(wanted, name) for name in _PLAIN}
    return columns | _measure(wanted.smart) | _rest(wanted.smart)


def changed(wanted: GoalChange) -> dict[str, Any]:
    """The columns of the members that were sent."""
    columns = {name: getattr(wanted, name) for name in _PLAIN if name in wanted.model_fields_set}
    if "smart" not in wanted.model_fields_set:
        return columns
    sent = wanted.smart.model_fields_set
    if "measure" in sent:
        measure = _measure(wanted.smart)
        given = wanted.smart.measure
        if given is not None and given.current is None:
            del measure["current_value"]
        columns |= measure
    return columns | {
        name: value for name, value in _rest(wanted.smart).items() if _was_sent(wanted.smart, name)
    }


_PLACES = {
    "specific": (),
    "rationale": ("achievable", "rationale"),
    "effort_hours": ("achievable", "effort_hours"),
    "budget_amount": ("achievable", "budget"),
    "budget_currency": ("achievable", "budget"),
    "why": ("relevant", "why"),
    "alignment": ("relevant", "alignment"),
    "start_on": ("time_bound", "start_date"),
    "due_on": ("time_bound", "due_date"),
}


def _was_sent(smart: Smart, column: str) -> bool:
    place = _PLACES[column]
    if not place:
        return column in smart.model_fields_set
    group, member = place
    nested: BaseModel = getattr(smart, group)
    return group in smart.model_fields_set and member in nested.model_fields_set


def _measure(smart: Smart) -> dict[str, Any]:
    measure = smart.measure
    if measure is None:
        return {
            "metric": None,
            "unit": None,
            "amount_type": None,
            "start_value": 0.0,
            "target_value": None,
            "current_value": 0.0,
        }
    return {
        "metric": measure.metric,
        "unit": measure.unit,
        "amount_type": measure.amount_type,
        "start_value": measure.start,
        "target_value": measure.target,
        "current_value": measure.start if measure.current is None else measure.current,
    }


def _rest(smart: Smart) -> dict[str, Any]:
    budget = smart.achievable.budget
    return {
        "specific": smart.specific,
        "rationale": smart.achievable.rationale,
        "effort_hours": smart.achievable.effort_hours,
        "budget_amount": budget.amount if budget else None,
        "budget_currency": budget.currency if budget else None,
        "why": smart.relevant.why,
        "alignment": [each.model_dump(by_alias=True) for each in smart.relevant.alignment],
        "start_on": smart.time_bound.start_date,
        "due_on": smart.time_bound.due_date,
    }
