"""What finished learning does to the goals and milestones that name it."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.goals.goals import milestones, queries, rules, tracking
from services.goals.goals.events import GoalProgressed
from services.goals.goals.models import Goal, GoalMilestone
from services.goals.goals.rules import AmountType, GoalState, Source
from shared.tenancy import Principal

_MOVING = (GoalState.ACTIVE, GoalState.ON_HOLD)


async def apply(
    session: AsyncSession,
    principal: Principal,
    *,
    person_id: UUID,
    resource_id: UUID,
    source: Source,
) -> None:
    """Completes linked milestones, whatever they depend on, since it has happened; moves linked goals."""
    for goal in await _linked(session, person_id, resource_id):
        everyone = await queries.milestones_of(session, goal.id)
        finished = False
        for milestone in everyone:
            done = rules.MilestoneState.DONE in rules.milestone_steps_from(milestone.state)
            if milestone.learning_resource_id == resource_id and done:
                await milestones.finish(
                    session, principal, goal, milestone, everyone, source=source
                )
                finished = True
        if goal.learning_resource_id == resource_id and not finished:
            await _advance(session, principal, goal, everyone, source)


async def _linked(session: AsyncSession, person_id: UUID, resource_id: UUID) -> list[Goal]:
    by_milestone = select(GoalMilestone.goal_id).where(
        GoalMilestone.learning_resource_id == resource_id
    )
    goals = await session.scalars(
        select(Goal)
        .where(
            Goal.person_id == person_id,
            Goal.state.in_(_MOVING),
            or_(Goal.learning_resource_id == resource_id, Goal.id.in_(by_milestone)),
        )
        .order_by(Goal.id)
        .with_for_update()
    )
    return list(goals)


async def _advance(
    session: AsyncSession,
    principal: Principal,
    goal: Goal,
    everyone: Sequence[GoalMilestone],
    source: Source,
) -> None:
    """A counting measure takes one step of its unit towards the target, any other measure is reached."""
    measure = tracking.measure_of(goal)
    if goal.amount_type is AmountType.NUMBER:
        goal.current_value = rules.one_step(measure)
    else:
        goal.current_value = measure.target
    tracking.recompute(goal, everyone)
    tracking.log(session, goal, source=source, value=goal.current_value)
    value = goal.current_value
    await tracking.save(session, principal, goal, GoalProgressed, source=source, value=value)
