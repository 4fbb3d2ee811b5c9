"""A goal that its owner proposed is their manager's to approve; when the manager changes, so does whose task that is.

One that somebody else proposed is its owner's. Whatever else waits for somebody's manager moves with them too.
"""

from uuid import UUID

from sqlalchemy import ColumnElement, delete, exists, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.feedback.checkins.models import CheckIn
from services.feedback.checkins.rules import CheckInState
from services.feedback.people.events import PERSON_EVENTS, GrantSnapshot
from services.feedback.registry import handlers
from services.feedback.registry import jobs as registry
from services.feedback.tasks import commands, partners, preparing, turns
from services.feedback.tasks.models import Proposal, Waiting
from services.feedback.tasks.rules import TaskKind, Wanted
from shared import jobs
from shared.db import Database
from shared.events import Incoming, Payload
from shared.jobs import Job
from shared.tenancy import Principal

MOVED, UNLED = "tasks.moved", "tasks.unled"
PROPOSED, PRIVATE, PARTNER = "PROPOSED", "PRIVATE", "HR_PARTNER"


class GoalSnapshot(Payload):
    """What tasks read of a goal; a PRIVATE one is nobody's but its owner's."""

    goal_id: UUID
    person_id: UUID
    state: str
    visibility: str | None = None
    proposed_by: UUID | None = None

    @property
    def by_another(self) -> bool:
        return self.proposed_by not in (None, self.person_id)


class Whose(Payload):
    """Somebody of whom something was told."""

    person_id: UUID
    grants: tuple[GrantSnapshot, ...] = ()


class UnitSnapshot(Payload):
    """A unit of which something was told."""

    org_unit_id: UUID


@handlers.on("waymark.goals.goal.*.v1", group="tasks")
async def keep_proposal(
    session: AsyncSession, principal: Principal, event: Incoming[GoalSnapshot]
) -> None:
    told = event.payload
    wanted: Wanted = {}
    if told.state == PROPOSED and (told.by_another or told.visibility != PRIVATE):
        kept = {
            "id": told.goal_id,
            "person_id": told.person_id,
            "proposed_by": told.proposed_by,
        }
        statement = insert(Proposal).values(tenant_id=principal.tenant_id, **kept)
        await session.execute(
            statement.on_conflict_do_update(index_elements=["tenant_id", "id"], set_=kept)
        )
        wanted = await _to_approve(session, told.person_id, told.proposed_by)
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
    is_partner = any(grant.role == PARTNER for grant in event.payload.grants)
    of_partner = partners.may_change(person_id, is_partner=is_partner)
    moves, turn_over = (
        await session.execute(select(or_(proposed, waits, exists().where(*held)), of_partner))
    ).one()
    if turn_over:
        await _turn_over_later(session, principal)
    if moves:
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
        proposals = select(Proposal).where(Proposal.person_id == person_id)
        for each in (await session.scalars(proposals.with_for_update())).all():
            there = await commands.of_subject(session, each.id)
            wanted = await _to_approve(session, person_id, each.proposed_by)
            await commands.settle(
                session, principal, subject_id=each.id, there=there, wanted=wanted
            )
        await _settle_all(session, principal, turns.for_manager_of(person_id))
        held = select(CheckIn).where(
            CheckIn.employee_id == person_id, CheckIn.state == CheckInState.HELD
        )
        for check_in in (await session.scalars(held.with_for_update())).all():
            await preparing.settle(session, principal, check_in)


@handlers.on("waymark.profile.org_unit.changed.v1", group="people")
async def may_turn_over(
    session: AsyncSession, principal: Principal, _event: Incoming[UnitSnapshot]
) -> None:
    """A unit that moves may have other partners."""
    if await session.scalar(select(exists().where(*partners.unled()))):
        await _turn_over_later(session, principal)


@registry.job(UNLED)
async def turn_over(database: Database, principal: Principal, _job: Job) -> None:
    """What waits because of people whom nobody leads becomes their HR partners' of now."""
    async with database.transaction(principal.tenant_id) as session:
        await _settle_all(session, principal, partners.unled())


async def _turn_over_later(session: AsyncSession, principal: Principal) -> None:
    key = str(principal.tenant_id)
    await jobs.enqueue(session, principal, name=UNLED, dedupe_key=key)


async def _settle_all(
    session: AsyncSession, principal: Principal, which: tuple[ColumnElement[bool], ...]
) -> None:
    waiting = select(Waiting.subject_id).where(*which).distinct()
    for subject_id in (await session.scalars(waiting.order_by(Waiting.subject_id))).all():
        await turns.settle(session, principal, subject_id)


async def _to_approve(session: AsyncSession, owner_id: UUID, proposer_id: UUID | None) -> Wanted:
    """Nobody approves what they proposed; of an old fact nobody knows who did, most often its owner."""
    if proposer_id not in (None, owner_id):
        return {(owner_id, TaskKind.APPROVE_GOAL): None}
    manager_id = await turns.manager_of(session, owner_id)
    return {} if manager_id is None else {(manager_id, TaskKind.APPROVE_GOAL): None}
