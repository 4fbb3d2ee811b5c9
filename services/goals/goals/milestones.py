"""A milestone's verbs; each is a change of its goal, under the goal's lock and version."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from pydantic.alias_generators import to_camel
from sqlalchemy.ext.asyncio import AsyncSession

from services.goals.goals import queries, rules, tracking
from services.goals.goals.events import GoalChanged, MilestoneCompleted, of_milestone
from services.goals.goals.models import Goal, GoalMilestone
from services.goals.goals.rules import GoalState, MilestoneState, Source
from services.goals.goals.schemas import MilestoneChange, MilestoneComplete, MilestoneCreate
from services.goals.learning import catalogue
from shared import clock
from shared.ids import new_id
from shared.problems import Conflict, Invalid, StateTransition
from shared.tenancy import Principal


class DependencyOpen(Conflict):
    """A milestone waits for the milestones that it depends on."""


class MilestoneGoalNotActive(Conflict):
    """Milestones are worked on while their goal is active."""


class _Found(NamedTuple):
    goal: Goal
    milestone: GoalMilestone
    all: Sequence[GoalMilestone]


async def add(
    session: AsyncSession, principal: Principal, *, goal_id: UUID, wanted: MilestoneCreate
) -> GoalMilestone:
    """Raises `GoalAlreadyClosed`, `NotFound`, `Forbidden`, and `Invalid` for an unknown dependency."""
    goal = await queries.for_change(session, principal, goal_id, "UPDATE")
    tracking.refuse_closed(goal)
    await catalogue.require_known(session, wanted.learning_resource_id)
    others = await queries.milestones_of(session, goal.id)
    milestone = GoalMilestone(
        id=new_id(),
        goal_id=goal.id,
        state=MilestoneState.PENDING,
        evidence_ids=[],
        created_at=clock.now(),
        **wanted.model_dump(),
    )
    _check_dependencies(milestone, others)
    session.add(milestone)
    await _changed(session, principal, goal, [*others, milestone])
    return milestone


async def change(
    session: AsyncSession, principal: Principal, *, milestone_id: UUID, wanted: MilestoneChange
) -> GoalMilestone:
    """A later due date reopens a missed milestone."""
    goal, milestone, everyone = await _find(session, principal, milestone_id)
    for name in sorted(wanted.model_fields_set):
        value = getattr(wanted, name)
        if value is None and name != "due_on":
            raise Invalid.field(f"/{to_camel(name)}", "cannot be empty")
        setattr(milestone, name, value)
    _check_dependencies(milestone, [each for each in everyone if each is not milestone])
    missed = milestone.state is MilestoneState.MISSED
    if missed and (milestone.due_on is None or milestone.due_on >= clock.today()):
        milestone.state = MilestoneState.PENDING
    await _changed(session, principal, goal, everyone)
    return milestone


async def start(
    session: AsyncSession, principal: Principal, *, milestone_id: UUID
) -> GoalMilestone:
    """Raises `DependencyOpen`, `MilestoneGoalNotActive`, `StateTransition`."""
    goal, milestone, everyone = await _find(session, principal, milestone_id)
    _require_active(goal)
    _step(milestone, MilestoneState.IN_PROGRESS)
    _require_dependencies_done(milestone, everyone)
    await _changed(session, principal, goal, everyone)
    return milestone


async def complete(
    session: AsyncSession, principal: Principal, *, milestone_id: UUID, told: MilestoneComplete
) -> GoalMilestone:
    """Raises `DependencyOpen`, `MilestoneGoalNotActive`, `StateTransition`."""
    goal, milestone, everyone = await _find(session, principal, milestone_id)
    _require_active(goal)
    _require_dependencies_done(milestone, everyone)
    milestone.evidence_ids = told.evidence_ids
    await finish(session, principal, goal, milestone, everyone, source=Source.MANUAL)
    return milestone


async def cancel(
    session: AsyncSession, principal: Principal, *, milestone_id: UUID
) -> GoalMilestone:
    """It no longer counts; what depended on it no longer waits for it."""
    goal, milestone, everyone = await _find(session, principal, milestone_id)
    _step(milestone, MilestoneState.CANCELLED)
    await _changed(session, principal, goal, everyone)
    return milestone


async def finish(
    session: AsyncSession,
    principal: Principal,
    goal: Goal,
    milestone: GoalMilestone,
    everyone: Sequence[GoalMilestone],
    *,
    source: Source,
) -> None:
    """Done, counted in the goal's progress, logged and told. Raises `StateTransition`."""
    _step(milestone, MilestoneState.DONE)
    milestone.completed_at, milestone.completed_source = clock.now(), source
    goal.last_update_at = clock.now()
    tracking.recompute(goal, everyone)
    tracking.log(
        session,
        goal,
        source=source,
        reported_by=principal.person_id,
        milestone_id=milestone.id,
    )
    await tracking.save(
        session, principal, goal, MilestoneCompleted, source=source, **of_milestone(milestone)
    )


async def _find(session: AsyncSession, principal: Principal, milestone_id: UUID) -> _Found:
    goal_id = await queries.goal_of_milestone(session, milestone_id)
    goal = await queries.for_change(session, principal, goal_id, "UPDATE")
    tracking.refuse_closed(goal)
    everyone = await queries.milestones_of(session, goal.id)
    return _Found(goal, next(each for each in everyone if each.id == milestone_id), everyone)


async def _changed(
    session: AsyncSession, principal: Principal, goal: Goal, everyone: Sequence[GoalMilestone]
) -> None:
    tracking.recompute(goal, everyone)
    tracking.judge(goal, len(everyone))
    await tracking.save(session, principal, goal, GoalChanged)


def _step(milestone: GoalMilestone, wanted: MilestoneState) -> None:
    allowed = rules.milestone_steps_from(milestone.state)
    if wanted not in allowed:
        states = [each.value for each in allowed]
        raise StateTransition(milestone.state.value, wanted.value, states)
    milestone.state = wanted


def _require_active(goal: Goal) -> None:
    if goal.state is not GoalState.ACTIVE:
        raise MilestoneGoalNotActive(f"Goal {goal.id} is {goal.state.value}: activate it first.")


def _require_dependencies_done(milestone: GoalMilestone, everyone: Sequence[GoalMilestone]) -> None:
    over = {MilestoneState.DONE, MilestoneState.CANCELLED}
    waited_for = [
        each.title
        for each in everyone
        if each.id in milestone.depends_on and each.state not in over
    ]
    if waited_for:
        raise DependencyOpen(f"First complete: {', '.join(sorted(waited_for))}.")


def _check_dependencies(milestone: GoalMilestone, others: Sequence[GoalMilestone]) -> None:
    known = {each.id for each in others}
    if not known.issuperset(milestone.depends_on):
        raise Invalid.field("/dependsOn", "name other milestones of the same goal")
    graph = {each.id: each.depends_on for each in (*others, milestone)}
    if rules.closes_circle(graph):
        raise Invalid.field("/dependsOn", "milestones would wait for each other: leave one out")
