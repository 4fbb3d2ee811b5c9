"""What an administrator of a tenant sees and repairs in a service: dead letters, jobs, what is on its way.

The tenant's rows only: what is of the whole installation is read by `waymark`, which has the databases' addresses.
"""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import structlog
from fastapi import APIRouter, Query, Request, Response
from sqlalchemy import ColumnElement, false, true
from sqlalchemy.ext.asyncio import AsyncSession

from shared.door import Acting, Transaction, router
from shared.events import Handlers, backlog, inbox, letters
from shared.events.letters import LetterKey, LetterState, Outcome
from shared.jobs import upkeep
from shared.jobs.upkeep import JobState
from shared.paging import Paging, link_next
from shared.policy import Policy, scoped
from shared.problems import Conflict, NotFound
from shared.schemas import Output
from shared.service import Service
from shared.tenancy import Principal

log = structlog.get_logger("operations")

OPERATIONS = "OPERATIONS"


class JobNotFailed(Conflict):
    """Only a job that failed for good can be retried or removed."""


class BeingRebuilt(Conflict):
    """The read model of this group is being rebuilt."""


class DeadLetterRead(Output):
    """An event that a group could not apply, without its contents."""

    id: str
    group: str
    event_id: UUID
    type: str
    subject: str
    sequence: int | None
    state: LetterState
    reason: str
    attempts: int
    occurred_at: datetime
    failed_at: datetime
    dead_at: datetime | None


class ReplayRead(Output):
    """What became of a replayed event; a failure with its reason."""

    id: str
    outcome: Outcome
    reason: str | None


class JobRead(Output):
    """A job in the queue; its arguments are ids."""

    id: UUID
    name: str
    arguments: dict[str, Any]
    state: JobState
    attempts: int
    reason: str | None
    due_at: datetime
    failed_at: datetime | None


class OutboxRead(Output):
    """Facts that the broker has not stored yet."""

    events: int
    oldest_seconds: float


class GroupRead(Output):
    """What a group has not applied; `pending` is null when the broker did not say."""

    group: str
    source: str
    pending: int | None
    waiting: int
    retrying: int
    dead: int
    newest_applied_at: datetime | None


class JobLoadRead(Output):
    """The jobs of one name."""

    name: str
    waiting: int
    running: int
    failed: int
    oldest_seconds: float


class BacklogRead(Output):
    """All that is on its way in this service for the tenant."""

    outbox: OutboxRead
    groups: list[GroupRead]
    jobs: list[JobLoadRead]


def _whole_tenant(principal: Principal, _person: ColumnElement[UUID]) -> ColumnElement[bool]:
    """An administrator of all of it: these rows belong to no unit."""
    grants = principal.granted("ADMIN")
    return true() if any(grant.org_unit_id is None for grant in grants) else false()


POLICY = Policy(
    {
        (OPERATIONS, "READ"): (
            _whole_tenant,
            scoped("operations:read"),
            scoped("operations:write"),
        ),
        (OPERATIONS, "REPAIR"): (_whole_tenant, scoped("operations:write")),
    }
)

routes: APIRouter = router("/operations", "operations")


@routes.get("/dead-letters")
async def list_dead_letters(
    request: Request,
    response: Response,
    session: Transaction,
    principal: Acting,
    paging: Paging,
    group: str | None = None,
    state: LetterState | None = LetterState.DEAD,
) -> list[DeadLetterRead]:
    """Oldest event first, DEAD ones unless another state is asked for."""
    await POLICY.require(session, principal, OPERATIONS, "READ", None)
    found, after = await letters.page(
        session, group=group, state=state, after=paging.after, limit=paging.limit
    )
    link_next(request, response, after)
    return [DeadLetterRead.model_validate(each) for each in found]


@routes.get("/dead-letters/{letter_id}")
async def read_dead_letter(
    session: Transaction, principal: Acting, letter_id: str
) -> DeadLetterRead:
    await POLICY.require(session, principal, OPERATIONS, "READ", None)
    found = await letters.find(session, _key(letter_id))
    if found is None:
        raise NotFound
    return DeadLetterRead.model_validate(found)


@routes.post("/dead-letters/{letter_id}/replay")
async def replay_dead_letter(
    request: Request,
    session: Transaction,
    principal: Acting,
    letter_id: str,
    overtaken: Annotated[
        bool, Query(description="Also when a newer fact of its subject was applied since.")
    ] = False,
) -> ReplayRead:
    """Gives the event to its handler once more; the letter is gone when it is APPLIED or was a DUPLICATE."""
    await POLICY.require(session, principal, OPERATIONS, "REPAIR", None)
    key = _key(letter_id)
    try:
        replayed = await letters.replay(session, _handlers(request), key, overtaken=overtaken)
    except inbox.Rebuilding:
        raise BeingRebuilt("Replay again when the rebuild is done.") from None
    if replayed is None:
        raise NotFound
    _note("dead letter replayed", principal, id=str(key), outcome=replayed.outcome)
    return ReplayRead.model_validate(replayed)


@routes.delete("/dead-letters/{letter_id}", status_code=204)
async def drop_dead_letter(
    session: Transaction,
    principal: Acting,
    letter_id: str,
    reason: Annotated[str, Query(min_length=3, max_length=300, description="Kept in the log.")],
) -> None:
    """Gives the event up for its group."""
    await POLICY.require(session, principal, OPERATIONS, "REPAIR", None)
    key = _key(letter_id)
    if await letters.drop(session, key) is None:
        raise NotFound
    _note("dead letter dropped", principal, id=str(key), because=reason)


@routes.get("/jobs")
async def list_jobs(
    request: Request,
    response: Response,
    session: Transaction,
    principal: Acting,
    paging: Paging,
    state: JobState | None = None,
    name: str | None = None,
) -> list[JobRead]:
    """The tenant's jobs, oldest first."""
    await POLICY.require(session, principal, OPERATIONS, "READ", None)
    found, after = await upkeep.page(
        session,
        tenant_id=principal.tenant_id,
        state=state,
        name=name,
        after=paging.after,
        limit=paging.limit,
    )
    link_next(request, response, after)
    return [JobRead.model_validate(each) for each in found]


@routes.post("/jobs/{job_id}/retry")
async def retry_job(session: Transaction, principal: Acting, job_id: UUID) -> JobRead:
    """Makes a FAILED job due now, with all its attempts."""
    await POLICY.require(session, principal, OPERATIONS, "REPAIR", None)
    tenant_id = principal.tenant_id
    changed = await upkeep.retry(session, job_id, tenant_id=tenant_id)
    found = await _job(session, job_id, tenant_id)
    if not changed:
        raise JobNotFailed(f"Job {job_id} is {found.state}.")
    _note("job retried", principal, id=str(job_id))
    return JobRead.model_validate(found)


@routes.delete("/jobs/{job_id}", status_code=204)
async def drop_job(session: Transaction, principal: Acting, job_id: UUID) -> None:
    """Removes a FAILED job."""
    await POLICY.require(session, principal, OPERATIONS, "REPAIR", None)
    found = await _job(session, job_id, principal.tenant_id)
    if not await upkeep.drop(session, job_id, tenant_id=principal.tenant_id):
        raise JobNotFailed(f"Job {job_id} is {found.state}.")
    _note("job dropped", principal, id=str(job_id), name=found.name)


@routes.get("/backlog")
async def read_backlog(request: Request, session: Transaction, principal: Acting) -> BacklogRead:
    """How far the tenant's facts and jobs are; within two seconds, with or without the broker."""
    await POLICY.require(session, principal, OPERATIONS, "READ", None)
    service: Service = request.app.state.service
    handlers, tenant_id = service.blueprint.handlers, principal.tenant_id
    pending = await backlog.pending_of(
        handlers, nats_url=service.settings.nats_url, tenant_id=tenant_id
    )
    groups = await backlog.groups(session, handlers, pending=pending)
    loads = await upkeep.loads(session, tenant_id=tenant_id)
    return BacklogRead(
        outbox=OutboxRead.model_validate(await backlog.outbox(session)),
        groups=[GroupRead.model_validate(each) for each in groups],
        jobs=[JobLoadRead.model_validate(each) for each in loads],
    )


async def _job(session: AsyncSession, job_id: UUID, tenant_id: UUID) -> upkeep.Kept:
    found = await upkeep.find(session, job_id, tenant_id=tenant_id)
    if found is None:
        raise NotFound
    return found


def _key(letter_id: str) -> LetterKey:
    try:
        return LetterKey.parse(letter_id)
    except ValueError:
        raise NotFound from None


def _handlers(request: Request) -> Handlers:
    service: Service = request.app.state.service
    return service.blueprint.handlers or Handlers(service.blueprint.name)


def _note(what: str, principal: Principal, **members: str) -> None:
    """The tenant and the person's id or the client's name: a person's account stays out of logs."""
    who = str(principal.person_id) if principal.person_id else principal.subject
    log.info(what, tenant=str(principal.tenant_id), by=who, **members)
