"""When somebody's goals and their milestones are due, as whole days of a calendar."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.goals.accesses.commands import noted
from services.goals.accesses.rules import Kept
from services.goals.goals import queries
from services.goals.goals.models import Goal, GoalMilestone
from services.goals.goals.rules import GoalState, MilestoneState
from shared.calendars import Entry, calendar
from shared.problems import NotFound
from shared.tenancy import Principal

STILL_DUE = (GoalState.ACTIVE, GoalState.ON_HOLD)
OPEN = (MilestoneState.PENDING, MilestoneState.IN_PROGRESS, MilestoneState.MISSED)


async def of_person(session: AsyncSession, principal: Principal, *, person_id: UUID | None) -> str:
    """One's own, or of a person's goals those that one may see. Raises `NotFound`."""
    whose = person_id or principal.person_id
    if whose is None:
        raise NotFound
    goals = (
        await session.scalars(
            queries.matching(principal, person_id=whose, states=STILL_DUE).order_by(Goal.id)
        )
    ).all()
    await noted(session, principal, what=Kept.GOALS, people={each.person_id for each in goals})
    milestones = await _milestones(session, goals)
    return calendar("Waymark goals", _entries({each.id: each for each in goals}, milestones))


async def _milestones(session: AsyncSession, goals: Sequence[Goal]) -> Sequence[GoalMilestone]:
    found = await session.scalars(
        select(GoalMilestone).where(
            GoalMilestone.goal_id.in_([each.id for each in goals]),
            GoalMilestone.state.in_(OPEN),
            GoalMilestone.due_on.is_not(None),
        )
    )
    return found.all()


def _entries(goals: dict[UUID, Goal], milestones: Sequence[GoalMilestone]) -> Iterator[Entry]:
    """A milestone changes together with its goal's version, so it takes that for its own."""
    for goal in goals.values():
        if goal.due_on is not None:
            yield Entry(
                uid=f"{goal.id}@goals.waymark",
                title=f"Due: {goal.title}",
                at=goal.due_on,
                changed_at=goal.updated_at,
                sequence=goal.version,
                note=f"{goal.progress * 100:.0f} % done",
            )
    for each in milestones:
        if each.due_on is not None:
            goal = goals[each.goal_id]
            yield Entry(
                uid=f"{each.id}@goals.waymark",
                title=f"Due: {each.title}",
                at=each.due_on,
                changed_at=goal.updated_at,
                sequence=goal.version,
                note=f"Milestone of {goal.title}",
            )
