"""Collecting what changed for a person, from the facts of goals and profile, for the agenda of the next check-in.

Until a check-in is held there is one row for each thing that changed, from its first value to its last: an agenda
reads "from 40 to 70 %", not every step between. Holding a check-in takes the rows along; what comes later starts anew.
"""

from datetime import datetime
from uuid import UUID

from pydantic import Field
from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.feedback.checkins.models import Change, SkillName
from services.feedback.checkins.rules import ChangeKind
from services.feedback.registry import handlers
from shared.events import Incoming, Payload
from shared.ids import new_id
from shared.tenancy import Principal

PRIVATE = "PRIVATE"


class GoalSnapshot(Payload):
    """A goal as it is; `visibility` PRIVATE keeps it out of what a manager reads."""

    goal_id: UUID
    person_id: UUID
    title: str
    progress: float | None = None
    visibility: str | None = None


class MilestoneCompleted(Payload):
    """A step of a goal is done; the goal's title stands in for a milestone without one."""

    goal_id: UUID
    person_id: UUID
    title: str
    milestone_id: UUID
    milestone_title: str | None = None
    visibility: str | None = None


class LearningCompleted(Payload):
    """A course or the like is done."""

    record_id: UUID
    person_id: UUID
    title: str = "Learning"


class SkillSnapshot(Payload):
    """What a skill is called."""

    skill_id: UUID
    statement: str


class EstimateChanged(Payload):
    """A skill's estimated level, 0 to 5."""

    person_id: UUID
    skill_id: UUID
    from_level: float | None = Field(default=None, alias="from")
    level: float | None = None


@handlers.on("waymark.goals.goal.progressed.v1", group="goals")
async def goal_progressed(
    session: AsyncSession, principal: Principal, event: Incoming[GoalSnapshot]
) -> None:
    await _goal(session, principal, event, ChangeKind.GOAL_PROGRESSED)


@handlers.on(
    "waymark.goals.goal.achieved.v1",
    "waymark.goals.goal.partially_achieved.v1",
    "waymark.goals.goal.not_achieved.v1",
    "waymark.goals.goal.cancelled.v1",
    group="goals",
)
async def goal_closed(
    session: AsyncSession, principal: Principal, event: Incoming[GoalSnapshot]
) -> None:
    await _goal(session, principal, event, ChangeKind.GOAL_CLOSED)


@handlers.on("waymark.goals.goal.*.v1", group="goals")
async def goal_hidden(
    session: AsyncSession, _principal: Principal, event: Incoming[GoalSnapshot]
) -> None:
    """A goal that its owner has made private leaves the agendas that are still to come.

    One group for all that is said of a goal: what is older than the hiding is not shown after it.
    """
    if event.payload.visibility == PRIVATE:
        mine = Change.goal_id == event.payload.goal_id
        await session.execute(delete(Change).where(mine, Change.check_in_id.is_(None)))


@handlers.on("waymark.goals.milestone.completed.v1", group="goals")
async def milestone_completed(
    session: AsyncSession, principal: Principal, event: Incoming[MilestoneCompleted]
) -> None:
    told = event.payload
    if told.visibility == PRIVATE:
        return
    change = Change(
        person_id=told.person_id,
        kind=ChangeKind.MILESTONE_COMPLETED,
        subject_id=told.milestone_id,
        goal_id=told.goal_id,
        title=told.milestone_title or told.title,
        occurred_at=event.occurred_at,
    )
    await _keep(session, principal, change)


@handlers.on("waymark.goals.learning_record.completed.v1", group="learning")
async def learning_completed(
    session: AsyncSession, principal: Principal, event: Incoming[LearningCompleted]
) -> None:
    change = Change(
        person_id=event.payload.person_id,
        kind=ChangeKind.LEARNING_COMPLETED,
        subject_id=event.payload.record_id,
        title=event.payload.title,
        occurred_at=event.occurred_at,
    )
    await _keep(session, principal, change)


@handlers.on("waymark.profile.skill_estimate.changed.v1", group="skills")
async def skill_changed(
    session: AsyncSession, principal: Principal, event: Incoming[EstimateChanged]
) -> None:
    told = event.payload
    if told.level is None or told.level == told.from_level:
        return
    change = Change(
        person_id=told.person_id,
        kind=ChangeKind.SKILL_CHANGED,
        subject_id=told.skill_id,
        title=await _skill_name(session, told.skill_id),
        from_value=told.from_level,
        to_value=told.level,
        occurred_at=event.occurred_at,
    )
    await _keep(session, principal, change)


@handlers.on("waymark.profile.skill.changed.v1", group="skills")
async def skill_named(
    session: AsyncSession, principal: Principal, event: Incoming[SkillSnapshot]
) -> None:
    """A skill may be told after its first estimate: what waits for a check-in gets the name."""
    told = event.payload
    named = {"statement": told.statement}
    statement = insert(SkillName).values(tenant_id=principal.tenant_id, id=told.skill_id, **named)
    await session.execute(
        statement.on_conflict_do_update(index_elements=["tenant_id", "id"], set_=named)
    )
    waiting = (Change.subject_id == told.skill_id, Change.check_in_id.is_(None))
    await session.execute(update(Change).where(*waiting).values(title=told.statement))


async def _skill_name(session: AsyncSession, skill_id: UUID) -> str:
    found = select(SkillName.statement).where(SkillName.id == skill_id)
    return await session.scalar(found) or "A skill"


async def _goal(
    session: AsyncSession, principal: Principal, event: Incoming[GoalSnapshot], kind: ChangeKind
) -> None:
    told = event.payload
    if told.visibility == PRIVATE:
        return
    change = Change(
        person_id=told.person_id,
        kind=kind,
        subject_id=told.goal_id,
        goal_id=told.goal_id,
        title=told.title,
        from_value=await _last_shown(session, kind, told.goal_id),
        to_value=told.progress,
        occurred_at=event.occurred_at,
    )
    await _keep(session, principal, change)


async def _last_shown(session: AsyncSession, kind: ChangeKind, subject_id: UUID) -> float | None:
    """The value that the agenda of an earlier check-in ended with."""
    earlier = select(Change.to_value).where(Change.subject_id == subject_id, Change.kind == kind)
    return await session.scalar(earlier.order_by(Change.occurred_at.desc()).limit(1))


async def _keep(session: AsyncSession, principal: Principal, change: Change) -> None:
    """Joins the waiting row of the same thing, keeping where that began."""
    latest: dict[str, str | float | datetime | None] = {
        "title": change.title,
        "to_value": change.to_value,
        "occurred_at": change.occurred_at,
    }
    statement = insert(Change).values(
        tenant_id=principal.tenant_id,
        id=new_id(),
        person_id=change.person_id,
        kind=change.kind,
        subject_id=change.subject_id,
        goal_id=change.goal_id,
        from_value=change.from_value,
        **latest,
    )
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=["tenant_id", "person_id", "kind", "subject_id"],
            index_where=Change.check_in_id.is_(None),
            set_=latest,
        )
    )
