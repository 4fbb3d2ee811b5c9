"""A goal's verbs."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.goals.goals import fields, queries, rules, tracking
from services.goals.goals.events import (
    CLOSING,
    GoalActivated,
    GoalArchived,
    GoalCancelled,
    GoalChanged,
    GoalHeld,
    GoalProgressed,
    GoalProposed,
    GoalResumed,
)
from services.goals.goals.models import Goal, GoalMilestone
from services.goals.goals.rules import GoalState, Health, Source, Verb, Visibility
from services.goals.goals.schemas import GoalChange, GoalClose, GoalCreate, GoalProgress
from services.goals.goals.smart import SmartVerdict, Verdict
from services.goals.learning import catalogue
from services.goals.policy import POLICY
from shared import clock
from shared.ids import new_id
from shared.problems import Conflict, Forbidden, Invalid, NotFound, PreconditionFailed
from shared.tenancy import Actor, Principal


class GoalNotSmart(Invalid):
    """The goal does not pass the SMART rules yet."""


class OwnProposal(Forbidden):
    """Nobody approves their own proposal."""


class GoalNotActive(Conflict):
    """Progress is reported on goals that are active."""


async def create(session: AsyncSession, principal: Principal, *, wanted: GoalCreate) -> Goal:
    """A draft, with the linter's verdict. Raises `NotFound` for a person that is neither oneself nor a report."""
    person_id = wanted.person_id or principal.person_id
    await POLICY.require(session, principal, "GOAL", "CREATE", person_id)
    if person_id is None:
        raise NotFound
    if person_id != principal.person_id and wanted.visibility is Visibility.PRIVATE:
        raise Invalid.field("/visibility", "a goal for somebody else cannot be PRIVATE")
    now = clock.now()
    goal = Goal(
        id=new_id(),
        person_id=person_id,
        state=GoalState.DRAFT,
        health=Health.ON_TRACK,
        created_by=principal.person_id,
        created_at=now,
        last_update_at=now,
        evidence=[],
        **fields.new(wanted),
    )
    await _check_links(session, principal, goal)
    tracking.recompute(goal, [])
    tracking.judge(goal, 0)
    session.add(goal)
    await tracking.save(session, principal, goal, None)
    return goal


async def change(
    session: AsyncSession,
    principal: Principal,
    *,
    goal_id: UUID,
    expected_version: int,
    wanted: GoalChange,
) -> Goal:
    """Raises `PreconditionFailed`, `GoalAlreadyClosed`, `NotFound`, `Forbidden`."""
    goal = await _goal(session, principal, goal_id, "UPDATE", expected_version)
    tracking.refuse_closed(goal)
    milestones = await queries.milestones_of(session, goal.id)
    with session.no_autoflush:
        for name, value in fields.changed(wanted).items():
            setattr(goal, name, value)
        await _check_links(session, principal, goal)
    if goal.person_id != principal.person_id and goal.visibility is Visibility.PRIVATE:
        raise Invalid.field("/visibility", "only the owner makes a goal PRIVATE")
    tracking.recompute(goal, milestones)
    tracking.judge(goal, len(milestones))
    await tracking.save(session, principal, goal, GoalChanged)
    return goal


async def propose(
    session: AsyncSession, principal: Principal, *, goal_id: UUID, expected_version: int | None
) -> Goal:
    """Raises `GoalNotSmart` with the letters that fail."""
    goal = await _goal(session, principal, goal_id, "UPDATE", expected_version)
    tracking.refuse_closed(goal)
    milestones = await queries.milestones_of(session, goal.id)
    tracking.step(goal, Verb.PROPOSE, GoalState.PROPOSED)
    _require_smart(goal, milestones)
    goal.proposed_by = principal.person_id
    await tracking.save(session, principal, goal, GoalProposed)
    return goal


async def activate(
    session: AsyncSession, principal: Principal, *, goal_id: UUID, expected_version: int | None
) -> Goal:
    """By approval, or by the owner where the tenant lets them. Raises `OwnProposal`, `GoalNotSmart`."""
    goal = await _goal(session, principal, goal_id, "APPROVE", expected_version)
    tracking.refuse_closed(goal)
    state, policy = goal.state, await queries.policy_of(session)
    milestones = await queries.milestones_of(session, goal.id)
    tracking.step(goal, Verb.ACTIVATE, GoalState.ACTIVE)
    if not rules.may_activate(
        by_owner=goal.person_id == principal.person_id,
        is_proposer=goal.proposed_by == principal.person_id,
        state=state,
        self_activation=policy.self_activation,
    ):
        raise OwnProposal("Propose the goal and let the other one of owner and manager approve it.")
    _require_smart(goal, milestones)
    goal.activated_by, goal.activated_at = principal.person_id, clock.now()
    goal.last_update_at = clock.now()
    tracking.recompute(goal, milestones)
    await tracking.save(session, principal, goal, GoalActivated)
    await tracking.look_after_tomorrow(session, principal, goal.id)
    return goal


async def report_progress(
    session: AsyncSession,
    principal: Principal,
    *,
    goal_id: UUID,
    expected_version: int | None,
    told: GoalProgress,
) -> Goal:
    """Raises `GoalNotActive`, `GoalAlreadyClosed`."""
    goal = await _goal(session, principal, goal_id, "PROGRESS", expected_version)
    tracking.refuse_closed(goal)
    if goal.state is not GoalState.ACTIVE:
        raise GoalNotActive(f"Goal {goal.id} is {goal.state.value}: activate or resume it first.")
    milestones = await queries.milestones_of(session, goal.id)
    source = Source.HRIS if principal.actor is Actor.CLIENT else Source.MANUAL
    if told.value is not None:
        goal.current_value = told.value
    if told.confidence is not None:
        goal.confidence = told.confidence
    goal.last_update_at = clock.now()
    tracking.recompute(goal, milestones)
    if told.health is not None:
        goal.health = told.health
    tracking.log(
        session,
        goal,
        source=source,
        value=told.value,
        note=told.note,
        reported_by=principal.person_id,
    )
    await tracking.save(session, principal, goal, GoalProgressed, source=source, value=told.value)
    return goal


async def hold(
    session: AsyncSession, principal: Principal, *, goal_id: UUID, expected_version: int | None
) -> Goal:
    goal = await _goal(session, principal, goal_id, "UPDATE", expected_version)
    tracking.refuse_closed(goal)
    tracking.step(goal, Verb.HOLD, GoalState.ON_HOLD)
    await tracking.save(session, principal, goal, GoalHeld)
    return goal


async def resume(
    session: AsyncSession, principal: Principal, *, goal_id: UUID, expected_version: int | None
) -> Goal:
    goal = await _goal(session, principal, goal_id, "UPDATE", expected_version)
    tracking.refuse_closed(goal)
    milestones = await queries.milestones_of(session, goal.id)
    tracking.step(goal, Verb.RESUME, GoalState.ACTIVE)
    goal.last_update_at = clock.now()
    tracking.recompute(goal, milestones)
    await tracking.save(session, principal, goal, GoalResumed)
    await tracking.look_after_tomorrow(session, principal, goal.id)
    return goal


async def close(
    session: AsyncSession,
    principal: Principal,
    *,
    goal_id: UUID,
    expected_version: int | None,
    told: GoalClose,
) -> Goal:
    """Raises `GoalAlreadyClosed`; evidence or a rating is in `told`."""
    goal = await _goal(session, principal, goal_id, "UPDATE", expected_version)
    tracking.refuse_closed(goal)
    tracking.step(goal, Verb.CLOSE, GoalState(told.outcome.value))
    goal.rating, goal.evidence, goal.closing_note = told.rating, told.evidence, told.note
    goal.closed_at = clock.now()
    await tracking.save(session, principal, goal, CLOSING[goal.state])
    return goal


async def cancel(
    session: AsyncSession,
    principal: Principal,
    *,
    goal_id: UUID,
    expected_version: int | None,
    reason: str,
) -> Goal:
    goal = await _goal(session, principal, goal_id, "UPDATE", expected_version)
    tracking.refuse_closed(goal)
    tracking.step(goal, Verb.CANCEL, GoalState.CANCELLED)
    goal.closing_note, goal.closed_at = reason, clock.now()
    await tracking.save(session, principal, goal, GoalCancelled)
    return goal


async def archive(
    session: AsyncSession, principal: Principal, *, goal_id: UUID, expected_version: int | None
) -> Goal:
    goal = await _goal(session, principal, goal_id, "UPDATE", expected_version)
    tracking.step(goal, Verb.ARCHIVE, GoalState.ARCHIVED)
    await tracking.save(session, principal, goal, GoalArchived)
    return goal


async def _goal(
    session: AsyncSession,
    principal: Principal,
    goal_id: UUID,
    action: str,
    expected_version: int | None,
) -> Goal:
    goal = await queries.for_change(session, principal, goal_id, action)
    if expected_version is not None and goal.version != expected_version:
        raise PreconditionFailed(f"The goal is at version {goal.version} by now.")
    return goal


def _require_smart(goal: Goal, milestones: Sequence[GoalMilestone]) -> None:
    verdict = tracking.judge(goal, len(milestones))
    if not verdict.passes:
        errors = _faults(verdict)
        raise GoalNotSmart(" ".join(each["detail"] for each in errors), errors=errors)


def _faults(verdict: SmartVerdict) -> list[dict[str, Any]]:
    members = {
        "S": "specific",
        "M": "measure",
        "A": "achievable",
        "R": "relevant",
        "T": "timeBound",
    }
    return [
        {"pointer": f"/smart/{members[each.letter]}", "detail": reason}
        for each in verdict.letters
        if each.verdict is Verdict.FAIL
        for reason in each.reasons
    ]


async def _check_links(session: AsyncSession, principal: Principal, goal: Goal) -> None:
    if goal.parent_goal_id is not None:
        if goal.id in await queries.line_above(session, goal.parent_goal_id):
            raise Invalid.field("/parentGoalId", "a goal cannot stand above itself")
        try:
            await queries.get_one(session, principal, goal.parent_goal_id)
        except NotFound:
            raise Invalid.field("/parentGoalId", "name a goal that you may see") from None
    await catalogue.require_known(session, goal.learning_resource_id)
