"""What every change of a goal ends with: its numbers made anew, its log written, its fact published."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.goals.goals import rules, smart
from services.goals.goals.events import GoalFact, snapshot
from services.goals.goals.models import Goal, GoalMilestone, GoalUpdate
from services.goals.goals.rules import AmountType, GoalState, Measure, Source, Verb, Weighed
from shared import clock, events, jobs
from shared.ids import new_id
from shared.problems import Conflict, StateTransition
from shared.tenancy import Principal

LOOK_AFTER = "goals.look_after"
EACH = timedelta(days=1)


class GoalAlreadyClosed(Conflict):
    """A goal that is closed, cancelled or archived cannot change."""


def refuse_closed(goal: Goal) -> None:
    if goal.state in rules.CLOSED:
        raise GoalAlreadyClosed(f"Goal {goal.id} is {goal.state.value}.")


def step(goal: Goal, verb: Verb, wanted: GoalState) -> None:
    """Moves the goal on. Raises `StateTransition` with what can be done instead."""
    possible = rules.verbs_from(goal.state)
    if verb not in possible:
        raise StateTransition(goal.state.value, verb.value, [each.value for each in possible])
    goal.state = wanted


def measure_of(goal: Goal) -> Measure:
    """Without a measure the reported value is the share itself."""
    if goal.amount_type is None or goal.target_value is None:
        return Measure(AmountType.NUMBER, 0.0, 1.0, goal.current_value)
    return Measure(goal.amount_type, goal.start_value, goal.target_value, goal.current_value)


def recompute(goal: Goal, milestones: Sequence[GoalMilestone]) -> None:
    """Progress, then the health that follows from it while the goal is active."""
    weighed = [Weighed(each.state, each.weight) for each in milestones]
    goal.progress = rules.progress(measure_of(goal), weighed)
    if goal.state is GoalState.ACTIVE:
        goal.health = health_now(goal)


def is_told(goal: Goal) -> bool:
    """Others know of it: not as long as it is a draft, nor when it was given up as one."""
    return goal.proposed_by is not None or goal.activated_at is not None


def health_now(goal: Goal) -> rules.Health:
    start = goal.start_on or (goal.activated_at.date() if goal.activated_at else None)
    return rules.health(
        progress=goal.progress,
        start=start,
        due=goal.due_on,
        last_update=goal.last_update_at.date(),
        today=clock.today(),
    )


def judge(goal: Goal, milestones: int) -> smart.SmartVerdict:
    """The linter's verdict, which is also stored with the goal."""
    verdict = smart.judge(
        smart.Wording(
            title=goal.title,
            specific=goal.specific,
            metric=goal.metric,
            amount_type=goal.amount_type,
            start=goal.start_value,
            target=goal.target_value,
            rationale=goal.rationale,
            effort_hours=goal.effort_hours,
            why=goal.why,
            alignments=len(goal.alignment),
            start_on=goal.start_on,
            due_on=goal.due_on,
            milestones=milestones,
        ),
        today=clock.today(),
    )
    goal.smart_verdict = _wire(verdict)
    return verdict


def _wire(verdict: smart.SmartVerdict) -> dict[str, Any]:
    letters = [
        {
            "letter": each.letter,
            "verdict": each.verdict.value,
            "passed": each.verdict is not smart.Verdict.FAIL,
            "reason": " ".join(each.reasons) or smart.PRAISE[each.letter],
        }
        for each in verdict.letters
    ]
    return {"passes": verdict.passes, "letters": letters, "engineVersion": verdict.engine_version}


def log(
    session: AsyncSession,
    goal: Goal,
    *,
    source: Source,
    value: float | None = None,
    note: str | None = None,
    reported_by: UUID | None = None,
    milestone_id: UUID | None = None,
) -> None:
    """An entry of the goal's log; silence ends with it."""
    goal.last_update_at = clock.now()
    session.add(
        GoalUpdate(
            id=new_id(),
            goal_id=goal.id,
            at=goal.last_update_at,
            value=value,
            progress=goal.progress,
            note=note,
            source=source,
            reported_by=reported_by,
            milestone_id=milestone_id,
        )
    )


async def save(
    session: AsyncSession,
    principal: Principal,
    goal: Goal,
    fact: type[GoalFact] | None,
    **particulars: object,
) -> None:
    """Stores the goal under its next version and publishes the fact under the same number; of a draft none is."""
    goal.updated_at = clock.now()
    await session.flush()
    if fact is not None and is_told(goal):
        said = fact.model_validate({**snapshot(goal), **particulars})
        await events.publish(session, principal, said, subject=goal.id, sequence=goal.version)


async def look_after_tomorrow(session: AsyncSession, principal: Principal, goal_id: UUID) -> None:
    """One job a goal and day, as long as the goal is active: time alone makes milestones late and goals unhealthy."""
    await jobs.enqueue(
        session,
        principal,
        name=LOOK_AFTER,
        arguments={"goalId": str(goal_id)},
        dedupe_key=str(goal_id),
        delay=EACH,
    )
