"""What time alone does to an active goal, once a day: milestones are missed, health fades."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.goals.events import jobs
from services.goals.goals import queries, rules, tracking
from services.goals.goals.events import GoalHealthChanged, MilestoneMissed, of_milestone
from services.goals.goals.models import Goal
from services.goals.goals.rules import GoalState, MilestoneState
from shared import clock
from shared.db import Database
from shared.jobs import Job
from shared.tenancy import Principal


@jobs.job(tracking.LOOK_AFTER)
async def look_after(database: Database, principal: Principal, job: Job) -> None:
    async with database.transaction(principal.tenant_id) as session:
        await look_after_goal(session, principal, UUID(job.arguments["goalId"]))


async def look_after_goal(session: AsyncSession, principal: Principal, goal_id: UUID) -> None:
    """Plans itself for tomorrow as long as the goal is active; a goal that is resumed plans it anew."""
    goal = await session.scalar(select(Goal).where(Goal.id == goal_id).with_for_update())
    if goal is None or goal.state is not GoalState.ACTIVE:
        return
    everyone = await queries.milestones_of(session, goal.id)
    for milestone in everyone:
        if rules.is_missed(milestone.state, milestone.due_on, clock.today()):
            milestone.state = MilestoneState.MISSED
            await tracking.save(
                session, principal, goal, MilestoneMissed, **of_milestone(milestone)
            )
    before = goal.health
    tracking.recompute(goal, everyone)
    if goal.health is not before:
        await tracking.save(session, principal, goal, GoalHealthChanged)
    await tracking.look_after_tomorrow(session, principal, goal.id)
