"""Collecting what changed for a person, from the facts of goals and profile, for the agenda of the next check-in.

Until a check-in is held there is one row for each thing that changed, from its first value to its last: an agenda
reads "from 40 to 70 %", not every step between. Holding a check-in takes the rows along; what comes later starts anew.
"""

from collections.abc import Collection, Sequence
from uuid import UUID

from pydantic import Field
from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.feedback.checkins.models import Change, SkillName
from services.feedback.checkins.rules import ChangeKind
from services.feedback.registry import handlers
from shared import copies
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
async def skills_changed(
    session: AsyncSession, principal: Principal, events: Sequence[Incoming[EstimateChanged]]
) -> None:
    moved = [
        event for event in events if event.payload.level not in (None, event.payload.from_level)
    ]
    names = await _skill_names(session, {event.payload.skill_id for event in moved})
    changes = [
        Change(
            person_id=event.payload.person_id,
            kind=ChangeKind.SKILL_CHANGED,
            subject_id=event.payload.skill_id,
            title=names.get(event.payload.skill_id, "A skill"),
            from_value=event.payload.from_level,
            to_value=event.payload.level,
            occurred_at=event.occurred_at,
        )
        for event in moved
    ]
    await _keep(session, principal, *changes)


@handlers.on("waymark.profile.skill.changed.v1", group="skills")
async def skills_named(
    session: AsyncSession, principal: Principal, events: Sequence[Incoming[SkillSnapshot]]
) -> None:
    """A skill may be told after its first estimate: what waits for a check-in gets the name."""
    told = {event.payload.skill_id: event.payload.statement for event in events}
    known = await _skill_names(session, told)
    renamed = {each: name for each, name in told.items() if known.get(each) != name}
    if not renamed:
        return
    rows = [
        {"tenant_id": principal.tenant_id, "id": each, "statement": name}
        for each, name in renamed.items()
    ]
    await copies.keep(session, SkillName, rows)
    waiting = (Change.subject_id.in_(renamed), Change.check_in_id.is_(None))
    title = select(SkillName.statement).where(SkillName.id == Change.subject_id).scalar_subquery()
    await session.execute(
        update(Change).where(*waiting).values(title=title), execution_options=_UNSEEN
    )


async def _skill_names(session: AsyncSession, skill_ids: Collection[UUID]) -> dict[UUID, str]:
    if not skill_ids:
        return {}
    rows = await session.execute(
        select(SkillName.id, SkillName.statement).where(SkillName.id.in_(skill_ids))
    )
    return {row.id: row.statement for row in rows}


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


async def _last_shown(session: AsyncSession, kind: ChangeKind, goal_id: UUID) -> float | None:
    """The value that the agenda of an earlier check-in ended with."""
    earlier = select(Change.to_value).where(Change.goal_id == goal_id, Change.kind == kind)
    return await session.scalar(earlier.order_by(Change.occurred_at.desc()).limit(1))


async def _keep(session: AsyncSession, principal: Principal, *changes: Change) -> None:
    """Each joins the waiting row of the same thing, keeping where that began."""
    rows = [
        {
            "tenant_id": principal.tenant_id,
            "id": new_id(),
            "person_id": change.person_id,
            "kind": change.kind,
            "subject_id": change.subject_id,
            "goal_id": change.goal_id,
            "title": change.title,
            "from_value": change.from_value,
            "to_value": change.to_value,
            "occurred_at": change.occurred_at,
        }
        for change in changes
    ]
    if rows:
        await session.execute(_JOIN, rows)


_UNSEEN = {"synchronize_session": False}
_NEW = insert(Change.metadata.tables[Change.__tablename__])
_JOIN = _NEW.on_conflict_do_update(
    index_elements=["tenant_id", "person_id", "kind", "subject_id"],
    index_where=Change.check_in_id.is_(None),
    set_={name: _NEW.excluded[name] for name in ("title", "to_value", "occurred_at")},
)
