"""Reading goals as the visibility of each allows."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, not_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.goals.goals.models import Goal, GoalMilestone, GoalPolicy, GoalUpdate
from services.goals.goals.rules import GoalState, Visibility
from services.goals.policy import POLICY
from shared.policy import me
from shared.problems import Forbidden, NotFound
from shared.tenancy import Principal

MOST_UPDATES = 100


def told(row: Any) -> ColumnElement[bool]:
    """Others know of it: it is no draft, nor was it given up as one. Of a draft its visibility opens nothing yet."""
    given_up = or_(row.state == GoalState.CANCELLED.value, row.state == GoalState.ARCHIVED.value)
    said = or_(row.proposed_by.is_not(None), row.activated_at.is_not(None))
    return and_(row.state != GoalState.DRAFT.value, or_(not_(given_up), said))


def visible(principal: Principal, row: Any) -> ColumnElement[bool]:
    """One's own; of others what is told and their visibility opens: to managers and HR, to the team, to everybody."""
    team = and_(row.visibility == Visibility.TEAM.value, told(row))
    company = and_(row.visibility == Visibility.ORG.value, told(row))
    return or_(
        POLICY.visible(principal, "GOAL", "READ", row.person_id),
        and_(
            _shared(principal, row), POLICY.visible(principal, "SHARED_GOAL", "READ", row.person_id)
        ),
        and_(team, POLICY.visible(principal, "TEAM_GOAL", "READ", row.person_id)),
        and_(company, POLICY.visible(principal, "COMPANY_GOAL", "READ", row.person_id)),
    )


def matching(
    principal: Principal, *, person_id: UUID | None, states: Collection[GoalState]
) -> Select[Goal]:
    rows = select(Goal).where(visible(principal, Goal))
    if person_id is not None:
        rows = rows.where(Goal.person_id == person_id)
    return rows.where(Goal.state.in_(states)) if states else rows


async def get_one(session: AsyncSession, principal: Principal, goal_id: UUID) -> Goal:
    """Raises `NotFound`."""
    goal = await session.scalar(select(Goal).where(Goal.id == goal_id, visible(principal, Goal)))
    if goal is None:
        raise NotFound
    return goal


async def for_change(
    session: AsyncSession, principal: Principal, goal_id: UUID, action: str
) -> Goal:
    """The goal, locked. Raises `NotFound` for who may not even read it, `Forbidden` for who may not do that."""
    open_to = or_(
        _shared(principal, Goal), POLICY.visible(principal, "GOAL", "READ", Goal.person_id)
    )
    may = and_(open_to, POLICY.visible(principal, "GOAL", action, Goal.person_id))
    found = await session.execute(
        select(Goal, may.label("may"))
        .where(Goal.id == goal_id, or_(may, visible(principal, Goal)))
        .with_for_update(of=Goal)
    )
    row = found.one_or_none()
    if row is None:
        raise NotFound
    goal, allowed = row
    if not allowed:
        raise Forbidden(f"You may read this goal, but not {action.lower()} it.")
    return goal


def _shared(principal: Principal, row: Any) -> ColumnElement[bool]:
    """What the line above may know of; who began a draft for somebody goes on with it."""
    mine = row.created_by == me(principal)
    return and_(row.visibility != Visibility.PRIVATE.value, or_(told(row), mine))


async def goal_of_milestone(session: AsyncSession, milestone_id: UUID) -> UUID:
    """Raises `NotFound`; whether the goal may be seen is asked next."""
    goal_id = await session.scalar(
        select(GoalMilestone.goal_id).where(GoalMilestone.id == milestone_id)
    )
    if goal_id is None:
        raise NotFound
    return goal_id


async def line_above(session: AsyncSession, goal_id: UUID) -> Collection[UUID]:
    """The goal, its parent, and so on up."""
    up = select(Goal.id, Goal.parent_goal_id).where(Goal.id == goal_id).cte(recursive=True)
    up = up.union(select(Goal.id, Goal.parent_goal_id).where(Goal.id == up.c.parent_goal_id))
    return set(await session.scalars(select(up.c.id)))


async def milestones_of(session: AsyncSession, goal_id: UUID) -> Sequence[GoalMilestone]:
    return (
        await session.scalars(
            select(GoalMilestone).where(GoalMilestone.goal_id == goal_id).order_by(GoalMilestone.id)
        )
    ).all()


async def updates_of(session: AsyncSession, goal_id: UUID) -> Sequence[GoalUpdate]:
    """The newest hundred, newest first."""
    return (
        await session.scalars(
            select(GoalUpdate)
            .where(GoalUpdate.goal_id == goal_id)
            .order_by(GoalUpdate.id.desc())
            .limit(MOST_UPDATES)
        )
    ).all()


async def policy_of(session: AsyncSession) -> GoalPolicy:
    """The tenant's policy, or the one that holds until somebody sets it."""
    stored = await session.scalar(select(GoalPolicy))
    return stored or GoalPolicy(
        tenant_id=session.info["tenant_id"], self_activation=True, version=0
    )
