"""A goal that is proposed is its owner's manager's to approve; when the manager changes, so does whose task that is.

So it is with whatever else waits for somebody's manager.
"""

from uuid import UUID

from sqlalchemy import delete, exists, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.feedback.checkins.models import CheckIn
from services.feedback.checkins.rules import CheckInState
from services.feedback.people.events import PERSON_EVENTS
from services.feedback.registry import handlers
from services.feedback.registry import jobs as registry
from services.feedback.tasks import commands, preparing, turns
from services.feedback.tasks.models import Proposal, Waiting
from services.feedback.tasks.rules import TaskKind, Wanted
from shared import jobs
from shared.db import Database
from shared.events import Incoming, Payload
from shared.jobs import Job
from shared.tenancy import Principal

MOVED = "tasks.moved"
PROPOSED, PRIVATE = "PROPOSED", "PRIVATE"


class GoalSnapshot(Payload):
    """What tasks read of a goal; a PRIVATE one is nobody's but its owner's."""

    goal_id: UUID
    person_id: UUID
    state: str
    visibility: str | None = None


class Whose(Payload):
    """Somebody of whom something was told."""

    person_id: UUID


@handlers.on("waymark.goals.goal.*.v1", group="tasks")
async def keep_proposal(
    session: AsyncSession, principal: Principal, event: Incoming[GoalSnapshot]
) -> None:
    told = event.payload
    wanted: Wanted = {}
    if told.state == PROPOSED and told.visibility != PRIVATE:
        kept = {"id": told.goal_id, "person_id": told.person_id}
        statement = insert(Proposal).values(tenant_id=principal.tenant_id, **kept)
        await session.execute(
            statement.on_conflict_do_update(index_elements=["tenant_id", "id"], set_=kept)
        )
        wanted = await _to_approve(session, told.person_id)
    else:
        await session.execute(delete(Proposal).where(Proposal.id == told.goal_id))
    there = await commands.of_subject(session, told.goal_id)
    await commands.settle(
        session,
        principal,
        subject_id=told.goal_id,
        there=there,
        wanted=wanted,
        told_at=event.occurred_at,
    )


@handlers.rebuilt_after("tasks")
async def reset(session: AsyncSession) -> None:
    """Tasks stay, and are put right by the replay: what was told of them is not told again."""
    await session.execute(delete(Proposal))


@handlers.on(*PERSON_EVENTS, group="people")
async def may_move(session: AsyncSession, principal: Principal, event: Incoming[Whose]) -> None:
    """Later, by what the copy of people then says: a replay of it moves nothing back and forth."""
    person_id = event.payload.person_id
    held = (CheckIn.employee_id == person_id, CheckIn.state == CheckInState.HELD)
    proposed = exists().where(Proposal.person_id == person_id)
    waits = exists().where(*turns.for_manager_of(person_id))
    if await session.scalar(select(or_(proposed, waits, exists().where(*held)))):
        await jobs.enqueue(
            session,
            principal,
            name=MOVED,
            arguments={"person": str(person_id)},
            dedupe_key=str(person_id),
        )


@registry.job(MOVED)
async def move(database: Database, principal: Principal, job: Job) -> None:
    """What others have to do because of a person becomes their manager's of now."""
    person_id = UUID(job.arguments["person"])
    async with database.transaction(principal.tenant_id) as session:
        proposals = select(Proposal.id).where(Proposal.person_id == person_id)
        for goal_id in (await session.scalars(proposals.with_for_update())).all():
            there = await commands.of_subject(session, goal_id)
            wanted = await _to_approve(session, person_id)
            await commands.settle(
                session, principal, subject_id=goal_id, there=there, wanted=wanted
            )
        waiting = select(Waiting.subject_id).where(*turns.for_manager_of(person_id)).distinct()
        for subject_id in (await session.scalars(waiting.order_by(Waiting.subject_id))).all():
            await turns.settle(session, principal, subject_id)
        held = select(CheckIn).where(
            CheckIn.employee_id == person_id, CheckIn.state == CheckInState.HELD
        )
        for check_in in (await session.scalars(held.with_for_update())).all():
            await preparing.settle(session, principal, check_in)


async def _to_approve(session: AsyncSession, owner_id: UUID) -> Wanted:
    manager_id = await turns.manager_of(session, owner_id)
    return {} if manager_id is None else {(manager_id, TaskKind.APPROVE_GOAL): None}
