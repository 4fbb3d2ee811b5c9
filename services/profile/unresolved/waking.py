"""Who arrives or changes wakes what waits for them: a job tries it again once that has committed.

Whoever keeps something holds the locks of people and units while looking, so that nobody arrives unseen in between.
"""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, any_, literal, select, union
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.types import Uuid

from services.profile.people.models import ExternalIdentifier, Person, org_tree, reporting_line
from services.profile.reactions import jobs as profile_jobs
from services.profile.unresolved.commands import RESOLVERS
from services.profile.unresolved.models import Unresolved
from services.profile.unresolved.rules import Awaited, Reason
from shared import jobs, trees
from shared.db import Database
from shared.jobs import Job, NewJob
from shared.tenancy import Principal

RETRY = "unresolved.retry"
MOST_AT_ONCE = 100


async def people_changed(
    session: AsyncSession, principal: Principal, people: Sequence[UUID], *, moved: bool
) -> None:
    """Wakes what waits for them or is blocked by them, and when some moved, what would have closed a circle."""
    if not await _anything(session):
        return
    chosen = any_(literal(list(people), ARRAY(Uuid)))
    by_email = (
        select(Unresolved.id)
        .join(Person, Person.work_email == Unresolved.email)
        .where(Person.id == chosen)
    )
    blocked = select(Unresolved.id).where(Unresolved.blocked_by == chosen)
    found = [_named(Awaited.PERSON, ExternalIdentifier.person_id == chosen)]
    found += [by_email, blocked]
    if moved:
        found.append(_refused(Reason.CIRCULAR_REPORTING))
    await _wake(session, principal, found)


async def units_changed(session: AsyncSession, principal: Principal, units: Iterable[UUID]) -> None:
    chosen = any_(literal(list(units), ARRAY(Uuid)))
    named = _named(Awaited.ORG_UNIT, ExternalIdentifier.org_unit_id == chosen)
    if await _anything(session):
        await _wake(session, principal, [named, _refused(Reason.CIRCULAR_ORGANISATION)])


async def role_published(session: AsyncSession, principal: Principal, code: str) -> None:
    waits = Unresolved.awaited == Awaited.ROLE
    await _wake(session, principal, [select(Unresolved.id).where(waits, Unresolved.value == code)])


@profile_jobs.job(RETRY, at_once=2)
async def retry(database: Database, principal: Principal, job: Job) -> None:
    async with database.transaction(principal.tenant_id) as session:
        await try_again(session, principal, [UUID(each) for each in job.arguments["ids"]])


async def try_again(session: AsyncSession, principal: Principal, ids: Sequence[UUID]) -> None:
    """In the order in which it was said; locked before it is read, so that no newer word is undone."""
    for tree in (org_tree, reporting_line):
        await trees.lock(session, tree)
    rows = select(Unresolved).where(Unresolved.id.in_(ids))
    entries = await session.scalars(rows.order_by(Unresolved.said_at, Unresolved.id))
    for entry in entries.all():
        await RESOLVERS[entry.kind](session, principal, entry)


async def _anything(session: AsyncSession) -> bool:
    """Mostly nothing waits: a bulk import asks no more than this."""
    return await session.scalar(select(Unresolved.id).limit(1)) is not None


def _named(awaited: Awaited, arrived: Any) -> Select[UUID]:
    same = (Unresolved.system == ExternalIdentifier.system) & (
        Unresolved.value == ExternalIdentifier.value
    )
    return (
        select(Unresolved.id)
        .join(ExternalIdentifier, same)
        .where(arrived, Unresolved.awaited == awaited)
    )


def _refused(reason: Reason) -> Select[UUID]:
    return select(Unresolved.id).where(Unresolved.reason == reason)


async def _wake(session: AsyncSession, principal: Principal, found: Sequence[Select[UUID]]) -> None:
    entries = select(union(*found).subquery().c.id) if len(found) > 1 else found[0]
    ids = sorted(str(each) for each in await session.scalars(entries))
    await jobs.enqueue_many(
        session,
        principal,
        jobs=[
            NewJob(RETRY, arguments={"ids": ids[first : first + MOST_AT_ONCE]})
            for first in range(0, len(ids), MOST_AT_ONCE)
        ],
    )
